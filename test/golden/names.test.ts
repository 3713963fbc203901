/**
 * Field names are Wireshark's, so that a user's filters carry over: each declared one is looked up in tshark's
 * catalogue.
 */
import { expect, it } from 'vitest';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { FieldType } from '../../shared/model/value.ts';
import { describeWhere } from '../support/needs.ts';
import { catalogue, missingTshark } from './oracle.ts';

/**
 * tshark's types that one of ours may stand for: the same kind of value and the same way to write it. A count that is
 * never negative may be signed there.
 */
const compatible: Readonly<Record<FieldType, RegExp>> = {
  u8: /^FT_(UINT8|CHAR)$/,
  u16: /^FT_U?INT16$/,
  u24: /^FT_UINT24$/,
  u32: /^FT_(U?INT32|FRAMENUM)$/,
  u64: /^FT_UINT(40|48|56|64)$/,
  i8: /^FT_INT8$/,
  i16: /^FT_INT16$/,
  i32: /^FT_INT(24|32)$/,
  i64: /^FT_INT(40|48|56|64)$/,
  bool: /^FT_BOOLEAN$/,
  double: /^FT_(DOUBLE|FLOAT|IEEE_11073_FLOAT|IEEE_11073_SFLOAT)$/,
  string: /^FT_(STRING|STRINGZ|UINT_STRING|STRINGZPAD|STRINGZTRUNC|AX25)$/,
  bytes: /^FT_(BYTES|UINT_BYTES|PROTOCOL)$/,
  ether: /^FT_ETHER$/,
  eui64: /^FT_EUI64$/,
  ipv4: /^FT_IPv4$/,
  ipv6: /^FT_IPv6$/,
  guid: /^FT_GUID$/,
  absTime: /^FT_ABSOLUTE_TIME$/,
  relTime: /^FT_RELATIVE_TIME$/,
  frame: /^FT_(FRAMENUM|UINT32)$/,
  none: /^FT_NONE$/,
  protocol: /^FT_PROTOCOL$/,
};

/** Names of ours that tshark does not have or types otherwise, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  sll2: 'tshark files version 2 under sll',
  'tcp.completeness.str': 'a name of later versions',
};

describeWhere(missingTshark, 'field names', () => {
  const known = catalogue();
  const { fields } = createRegistry(protocols);

  it('tshark knows every name', () => {
    const strangers = fields.filter((f) => !known.has(f.name) && exceptions[f.name] === undefined).map((f) => f.name);
    expect(strangers).toEqual([]);
  });

  it('types are compatible', () => {
    const clashes = fields
      .filter(
        (f) =>
          known.has(f.name) &&
          exceptions[f.name] === undefined &&
          !compatible[f.type].test(known.get(f.name)?.type ?? ''),
      )
      .map((f) => `${f.name}: ours ${f.type}, tshark ${known.get(f.name)?.type}`);
    expect(clashes).toEqual([]);
  });

  it('no exception is out of date', () => {
    const stale = Object.keys(exceptions).filter((name) => {
      const field = fields.find((f) => f.name === name);
      return field === undefined || compatible[field.type].test(known.get(name)?.type ?? '');
    });
    expect(stale).toEqual([]);
  });
});
