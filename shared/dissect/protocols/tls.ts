/**
 * Transport Layer Security: record layer, handshake, alerts (RFC 8446, 5246; extensions RFC 6066, 7301). Nothing is
 * decrypted, certificates are not opened, and a handshake message that spans several records is named only.
 */
import { utf8Text } from '../../bytes/text.ts';
import { strings } from '../dispatch.ts';
import { bytes, none, string, u8, u16, u24, u32 } from '../field.ts';
import { InfoList } from '../info-list.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import { type Framed, type Framing, type Message, needs } from '../streams/frame.ts';
import {
  alertDescriptions,
  alertLevels,
  cipherSuites,
  contentTypes,
  extensionTypes,
  handshakeTypes,
  supportedGroups,
  tlsShortVersions,
  tlsVersions,
} from '../tls-names.ts';
import type { View } from '../view.ts';

/** What a stream's records so far tell the next ones. Replaced, never changed. */
interface TlsState {
  /** Negotiated version; 0 before the Server Hello. */
  readonly version: number;
  /** Version of the first record that only a known one has (none are hellos); 0 before it. */
  readonly shown: number;
  /** Direction has sent Change Cipher Spec: its handshake messages are encrypted. */
  readonly encrypted: readonly [boolean, boolean];
}
const fresh: TlsState = { version: 0, shown: 0, encrypted: [false, false] };

const sslVersion2 = 0x0002;
const knownVersion = (state: TlsState): number => state.version || state.shown;

/** A Server Hello with this random is a Hello Retry Request (RFC 8446 section 4.1.3). */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** RFC 5246 section 6.2.3: ciphertext may be 2048 bytes longer than the longest plaintext. */
const maxRecord = 16_384 + 2048;

const versionName = (v: number): string => tlsVersions[v] ?? `Unknown (0x${v.toString(16).padStart(4, '0')})`;

const fields = {
  record: none('TLS Record Layer'),
  'record.content_type': u8('Content Type', { values: contentTypes }),
  'record.opaque_type': u8('Opaque Type', { values: contentTypes }),
  'record.version': u16('Version', { base: 'hex', values: tlsVersions }),
  'record.length': u16('Length'),
  change_cipher_spec: none('Change Cipher Spec Message'),
  alert_message: none('Alert Message'),
  'alert_message.level': u8('Level', { values: alertLevels }),
  'alert_message.desc': u8('Description', { values: alertDescriptions }),
  app_data: bytes('Encrypted Application Data'),
  handshake: none('Handshake Protocol'),
  'handshake.type': u8('Handshake Type', { values: handshakeTypes }),
  'handshake.length': u24('Length'),
  'handshake.version': u16('Version', { base: 'hex', values: tlsVersions }),
  'handshake.random': bytes('Random'),
  'handshake.session_id_length': u16('Session ID Length', { length: 1 }),
  'handshake.session_id': bytes('Session ID'),
  'handshake.cipher_suites_length': u16('Cipher Suites Length'),
  'handshake.ciphersuite': u16('Cipher Suite', { base: 'hex', values: cipherSuites }),
  'handshake.cipher_spec_len': u16('Cipher Spec Length'),
  'handshake.challenge_length': u16('Challenge Length'),
  'handshake.cipherspec': u24('Cipher Spec', { base: 'hex', values: (v: number) => cipherSuites[v] }),
  'handshake.comp_methods_length': u8('Compression Methods Length'),
  'handshake.comp_method': u8('Compression Method', { values: { 0: 'null', 1: 'DEFLATE' } }),
  'handshake.extensions_length': u16('Extensions Length'),
  'handshake.extension.type': u16('Type', { values: extensionTypes }),
  'handshake.extension.len': u16('Length'),
  'handshake.extension.data': bytes('Data'),
  'handshake.extensions_server_name_list_len': u16('Server Name list length'),
  'handshake.extensions_server_name_type': u8('Server Name Type', { values: { 0: 'host_name' } }),
  'handshake.extensions_server_name_len': u16('Server Name length'),
  'handshake.extensions_server_name': string('Server Name'),
  'handshake.extensions_alpn_len': u16('ALPN Extension Length'),
  'handshake.extensions_alpn_str_len': u8('ALPN string length'),
  'handshake.extensions_alpn_str': string('ALPN Next Protocol'),
  'handshake.extensions_supported_groups_length': u16('Supported Groups List Length'),
  'handshake.extensions_supported_group': u16('Supported Group', { base: 'hex', values: supportedGroups }),
  'handshake.extensions_ec_point_formats_length': u8('EC point formats Length'),
  'handshake.extensions_ec_point_format': u8('EC point format', {
    values: { 0: 'uncompressed', 1: 'ansiX962_compressed_prime', 2: 'ansiX962_compressed_char2' },
  }),
  'handshake.extensions.supported_versions_len': u8('Supported Versions length'),
  'handshake.extensions.supported_version': u16('Supported Version', { base: 'hex', values: tlsVersions }),
  'handshake.session_ticket_lifetime_hint': u32('Session Ticket Lifetime Hint'),
  'handshake.certificates_length': u24('Certificates Length'),
  'handshake.certificate_length': u24('Certificate Length'),
} as const;

type TlsOut = Out<typeof fields>;

/** Facts of the hello at `at` (its handshake header), where the record holds it whole. */
function helloFacts(
  b: Uint8Array,
  at: number,
  end: number,
): { readonly type: number; readonly version: number } | null {
  if (at + 4 + 34 > end) return null;
  const type = b[at];
  const legacy = (b[at + 4] << 8) | b[at + 5];
  if (type !== 2) return { type, version: legacy };
  let p = at + 38;
  if (p >= end) return { type, version: legacy };
  p += 1 + b[p] + 3;
  if (p + 2 > end) return { type, version: legacy };
  const stop = Math.min(end, p + 2 + ((b[p] << 8) | b[p + 1]));
  for (p += 2; p + 4 <= stop; ) {
    const kind = (b[p] << 8) | b[p + 1];
    const size = (b[p + 2] << 8) | b[p + 3];
    if (kind === 43 && size === 2 && p + 6 <= stop) {
      const chosen = (b[p + 4] << 8) | b[p + 5];
      // Drafts of TLS 1.3 were numbered 0x7fNN.
      return { type, version: chosen >> 8 === 0x7f ? 0x0304 : chosen };
    }
    p += 4 + size;
  }
  return { type, version: legacy };
}

/** The state after the record at `at`. */
function afterRecord(before: TlsState, b: Uint8Array, at: number, end: number, direction: 0 | 1): TlsState {
  const type = b[at];
  const plainHandshake = type === 22 && !before.encrypted[direction];
  const shows =
    type === 22 ? plainHandshake && b[at + 5] !== 1 && handshakeTypes[b[at + 5]] !== undefined : type !== 24;
  const state = shows && before.shown === 0 ? { ...before, shown: (b[at + 1] << 8) | b[at + 2] } : before;
  if (type === 20 && state.version !== 0x0304)
    return { ...state, encrypted: direction === 0 ? [true, state.encrypted[1]] : [state.encrypted[0], true] };
  if (!plainHandshake) return state;
  const facts = helloFacts(b, at + 5, end);
  return facts !== null && facts.type === 2 ? { ...state, version: facts.version } : state;
}

function isRecord(b: Uint8Array, at: number, end: number): boolean {
  return b[at] >= 20 && b[at] <= 24 && (at + 1 >= end || b[at + 1] === 3) && (at + 2 >= end || b[at + 2] <= 4);
}

/**
 * A record of SSL 2.0: its length with the two or three bytes before it, 0 where it is none. Of the types only those
 * that a plain record can have, as long as nothing else tells the version.
 */
function oldRecord(b: Uint8Array, at: number, end: number, state: TlsState): number {
  if (at + 3 > end) return 0;
  const known = knownVersion(state);
  if (known === sslVersion2)
    return b[at] & 0x80 ? 2 + (((b[at] & 0x7f) << 8) | b[at + 1]) : 3 + (((b[at] & 0x3f) << 8) | b[at + 1]);
  const type = b[at + 2];
  const possible = type === 1 || (known === 0 && (type === 0 || type === 2 || type === 4));
  return b[at] & 0x80 && possible ? 2 + (((b[at] & 0x7f) << 8) | b[at + 1]) : 0;
}

/** The version that a hello of SSL 2.0 names can be meant: its own, or a later one (RFC 5246 appendix E.2). */
const isHelloVersion = (high: number, low: number): boolean =>
  (high === 3 && low <= 4) || (high === 0 && low === 2) || (high === 1 && low === 0);

/** What a record of SSL 2.0 says, where it is not encrypted. */
function oldMessage(b: Uint8Array, at: number, end: number, size: number): string {
  const u16 = (offset: number): number => (b[at + offset] << 8) | b[at + offset + 1];
  if ((b[at] & 0x80) === 0) return 'Encrypted Data';
  const type = b[at + 2];
  if (type === 1 && isHelloVersion(b[at + 3], b[at + 4])) return 'Client Hello';
  if (type === 2 && at + 12 <= end && 12 + u16(6) + u16(8) + u16(10) <= size) return 'Client Master Key';
  if (type === 4 && at + 13 <= end && isHelloVersion(b[at + 5], b[at + 6]) && 13 + u16(7) + u16(9) + u16(11) <= size)
    return 'Server Hello';
  return 'Encrypted Data';
}

/** The state after a record of SSL 2.0: a server's hello or a master key leaves no doubt of the version. */
function afterOldRecord(state: TlsState, type: number): TlsState {
  return knownVersion(state) === 0 && (type === 2 || type === 4) ? { ...state, shown: sslVersion2 } : state;
}

const isOldRecord = (b: Uint8Array, at: number, end: number, state: TlsState): boolean =>
  knownVersion(state) === sslVersion2 || !isRecord(b, at, end);

/** A message of the stream is a record. */
function frame(b: Uint8Array, at: number, end: number, { state }: Framing<TlsState>): Framed {
  if (end - at < 5) return needs(5);
  return isOldRecord(b, at, end, state)
    ? oldRecord(b, at, end, state) || 'as-it-came'
    : 5 + ((b[at + 3] << 8) | b[at + 4]);
}

function learn(state: TlsState, { bytes, start, end, side, framed }: Message): TlsState {
  if (framed === 'as-it-came') return state;
  return isOldRecord(bytes, start, end, state)
    ? afterOldRecord(state, bytes[start + 2])
    : afterRecord(state, bytes, start, end, side);
}

/** No record begins with four characters of ASCII: some other protocol came to this port. */
function refuses(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5) return false;
  for (let i = at; i < at + 4; i++) if (b[i] < 0x20 || b[i] > 0x7e) return false;
  return true;
}

/** Handshakes and alerts lie in records of their own type. */
function glance(b: Uint8Array, start: number, end: number, _count: number, keys: readonly string[]): boolean {
  const handshake = keys.some((key) => key.startsWith('handshake'));
  const alert = keys.some((key) => key.startsWith('alert_message'));
  if (!keys.every((key) => key.startsWith('handshake') || key.startsWith('alert_message'))) return true;
  for (let at = start; at < end; at += 5 + ((b[at + 3] << 8) | b[at + 4])) {
    if (!isRecord(b, at, end) || at + 5 > end || (handshake && b[at] === 22) || (alert && b[at] === 21)) return true;
  }
  return false;
}

/** Ports of services over TLS (IANA). Records on any other are recognised. */
const tlsPorts = [
  324, 443, 465, 636, 802, 853, 993, 995, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3496, 5061, 5671, 5684, 5868, 8883,
  11_207, 19_999, 27_017,
] as const;

export const tls = defineProtocol('tls', {
  label: 'Transport Layer Security',
  tables: { 'tls.alpn': strings('TLS application protocol (ALPN)') },
  short: 'TLS',
  bind: [{ table: 'tcp.port', keys: [...tlsPorts] }, { heuristicOn: 'tcp' }],
  fields,
  start: () => fresh,
  frame,
  learn,
  together: true,
  refuses,
  glance,
  waitingInfo: () => '',
  namedWhileWaiting: true,
  matches(view) {
    // A handshake or application data in a record header that can be right: other types are too easily met by chance.
    // TLS 1.3 writes 0x0303 (RFC 8446 section 5.1).
    if (view.captured < 5 || (view.u8(0) !== 22 && view.u8(0) !== 23) || view.u8(1) !== 3 || view.u8(2) > 3)
      return false;
    const size = view.u16(3);
    return size > 0 && size < maxRecord;
  },
  dissect(view, out, { side, messages }) {
    // Records that a second message of the same packet holds follow the first one's in the column.
    const infos = InfoList.of(view, 'tls');
    for (const { start: at, before, after } of messages) {
      const start = view.start + at;
      const end = view.start + view.captured;
      const isOld = isOldRecord(view.source, start, end, before);
      const old = isOld ? oldRecord(view.source, start, end, before) : 0;
      if (old > 0) {
        const name = oldMessage(view.source, start, end, old);
        out.protocol('SSLv2');
        infos.push(name);
        version2Record(view, out, at, old, name);
        continue;
      }
      if (isOld) {
        const known = knownVersion(before);
        infos.push(known === 0 ? 'Continuation Data' : 'Ignored Unknown Record');
        if (at === 0) out.protocol(tlsShortVersions[known] ?? 'SSL');
        break;
      }
      const size = view.u16(at + 3);
      out.protocol(tlsShortVersions[before.version !== 0 ? before.version : view.u16(at + 1)] ?? 'TLS');
      record(view, out, at, size, before, side, infos);
      infos.show(out);
      view.need(at, 5 + size);
      if (after.version !== 0) out.protocol(tlsShortVersions[after.version] ?? 'TLS');
    }
    infos.show(out);
  },
});

function version2Record(view: View, out: TlsOut, at: number, size: number, name: string): void {
  const here = Math.min(size, view.captured - at);
  out.group(out.add('record', at, here, true, { text: `SSLv2 Record Layer: ${name}` }), () => {
    out.add('record.version', at, 0, sslVersion2, { generated: true });
    if (name === 'Encrypted Data') return;
    out.add('record.length', at, 2, size - 2);
    out.add('handshake.type', at + 2, 1, view.u8(at + 2));
    if (name === 'Client Hello') version2Hello(view, out, at, size);
    else if (name === 'Server Hello') out.add('handshake.version', at + 5, 2, view.u16(at + 5));
  });
}

function version2Hello(view: View, out: TlsOut, at: number, size: number): void {
  out.add('handshake.version', at + 3, 2, view.u16(at + 3));
  const specs = view.u16(at + 5);
  out.add('handshake.cipher_spec_len', at + 5, 2, specs);
  out.add('handshake.session_id_length', at + 7, 2, view.u16(at + 7) & 0xff);
  out.add('handshake.challenge_length', at + 9, 2, view.u16(at + 9));
  if (11 + specs > size) view.malformed(at + 5, 'cipher specs run over the message');
  for (let p = at + 11; p + 3 <= at + 11 + specs; p += 3) out.add('handshake.cipherspec', p, 3, view.u24(p));
}

function record(
  view: View,
  out: TlsOut,
  at: number,
  size: number,
  state: TlsState,
  side: 0 | 1,
  infos: InfoList,
): void {
  const type = view.u8(at);
  const version = view.u16(at + 1);
  const here = Math.min(size, view.captured - at - 5);
  const shown = tlsShortVersions[state.version !== 0 ? state.version : version] ?? 'TLS';
  const encrypted = state.encrypted[side] && type !== 20;
  const name = contentTypes[type] ?? 'Unknown';
  const layer = out.add('record', at, 5 + here, true, { text: `${shown} Record Layer: ${name} Protocol` });
  out.group(layer, () => {
    out.add(type === 23 && state.version === 0x0304 ? 'record.opaque_type' : 'record.content_type', at, 1, type);
    out.add('record.version', at + 1, 2, version);
    out.add('record.length', at + 3, 2, size);
    const body = at + 5;
    switch (type) {
      case 20:
        infos.push('Change Cipher Spec');
        layer.label = `${shown} Record Layer: Change Cipher Spec Protocol: Change Cipher Spec`;
        out.add('change_cipher_spec', body, here, true);
        return;
      case 21: {
        if (encrypted || size !== 2) {
          infos.push('Encrypted Alert');
          layer.label = `${shown} Record Layer: Encrypted Alert`;
          out.add('alert_message', body, here, true, { text: 'Alert Message: Encrypted Alert' });
          return;
        }
        const [level, description] = [view.u8(body), view.u8(body + 1)];
        const text = `Alert (Level: ${alertLevels[level] ?? 'Unknown'}, Description: ${alertDescriptions[description] ?? 'Unknown'})`;
        infos.push(text);
        layer.label = `${shown} Record Layer: ${text}`;
        out.group(out.add('alert_message', body, 2, true), () => {
          out.add('alert_message.level', body, 1, level);
          out.add('alert_message.desc', body + 1, 1, description);
        });
        return;
      }
      case 22:
        handshakes(view, out, body, body + here, encrypted, infos, layer, shown);
        return;
      case 23:
        infos.push('Application Data');
        layer.label = `${shown} Record Layer: Application Data Protocol: Application Data`;
        out.add('app_data', body, here, view.slice(body, here));
        return;
      default:
        infos.push(name);
    }
  });
}

function handshakes(
  view: View,
  out: TlsOut,
  from: number,
  to: number,
  encrypted: boolean,
  infos: InfoList,
  layer: { label: string | undefined },
  shown: string,
): void {
  let at = from;
  let first = true;
  while (at < to) {
    const known = to - at >= 4 && handshakeTypes[view.u8(at)] !== undefined;
    const size = to - at >= 4 ? view.u24(at + 1) : 0;
    // What is not a plausible message after the keys changed is encrypted.
    if (
      encrypted ||
      !known ||
      size > 0x20000 ||
      (size > to - at - 4 &&
        first &&
        view.u8(at) !== 1 &&
        view.u8(at) !== 2 &&
        view.u8(at) !== 11 &&
        view.u8(at) !== 12 &&
        view.u8(at) !== 4)
    ) {
      infos.push('Encrypted Handshake Message');
      layer.label = `${shown} Record Layer: Handshake Protocol: Encrypted Handshake Message`;
      out.add('handshake', at, to - at, true, { text: 'Handshake Protocol: Encrypted Handshake Message' });
      return;
    }
    const type = view.u8(at);
    let name = handshakeTypes[type] ?? 'Unknown';
    const whole = at + 4 + size <= to;
    if (type === 2 && whole && size >= 34) {
      const random = view.slice(at + 6, 32);
      let text = '';
      for (const b of random) text += b.toString(16).padStart(2, '0');
      if (text === retryRandom) name = 'Hello Retry Request';
    }
    infos.push(name);
    layer.label = `${shown} Record Layer: Handshake Protocol: ${first && at + 4 + size >= to ? name : 'Multiple Handshake Messages'}`;
    const start = at;
    const item = out.add('handshake', at, Math.min(4 + size, to - at), true, {
      text: `Handshake Protocol: ${name}${whole ? '' : ' (fragment)'}`,
    });
    out.group(item, () => {
      out.add('handshake.type', start, 1, type);
      out.add('handshake.length', start + 1, 3, size);
      if (!whole) return;
      if (type === 1 || type === 2) hello(view, out, start + 4, start + 4 + size, type);
      else if (type === 11 && size >= 3) certificates(view, out, start + 4, start + 4 + size);
      else if (type === 4 && size >= 4)
        out.add('handshake.session_ticket_lifetime_hint', start + 4, 4, view.u32(start + 4));
    });
    at += 4 + size;
    first = false;
  }
}

function certificates(view: View, out: TlsOut, from: number, to: number): void {
  const total = view.u24(from);
  if (from + 3 + total !== to) return;
  out.add('handshake.certificates_length', from, 3, total);
  view.items(
    from + 3,
    to,
    (p) => 3 + view.u24(p),
    (p, size) => {
      out.add('handshake.certificate_length', p, 3, size - 3);
    },
  );
}

function hello(view: View, out: TlsOut, from: number, to: number, type: number): void {
  out.add('handshake.version', from, 2, view.u16(from));
  out.add('handshake.random', from + 2, 32, view.slice(from + 2, 32));
  let p = from + 34;
  const session = view.u8(p);
  out.add('handshake.session_id_length', p, 1, session);
  if (session > 0) out.add('handshake.session_id', p + 1, session, view.slice(p + 1, session));
  p += 1 + session;
  if (type === 1) {
    const suites = view.u16(p);
    out.add('handshake.cipher_suites_length', p, 2, suites);
    if (p + 2 + suites > to) view.malformed(p, 'cipher suites run over the message');
    out.group(out.line(`Cipher Suites (${suites >> 1} suites)`, p + 2, suites), () => {
      for (let i = 0; i + 2 <= suites; i += 2) out.add('handshake.ciphersuite', p + 2 + i, 2, view.u16(p + 2 + i));
    });
    p += 2 + suites;
    const methods = view.u8(p);
    out.add('handshake.comp_methods_length', p, 1, methods);
    if (p + 1 + methods > to) view.malformed(p, 'compression methods run over the message');
    out.group(out.line(`Compression Methods (${methods} method${methods === 1 ? '' : 's'})`, p + 1, methods), () => {
      for (let i = 0; i < methods; i++) out.add('handshake.comp_method', p + 1 + i, 1, view.u8(p + 1 + i));
    });
    p += 1 + methods;
  } else {
    out.add('handshake.ciphersuite', p, 2, view.u16(p));
    out.add('handshake.comp_method', p + 2, 1, view.u8(p + 2));
    p += 3;
  }
  if (p + 2 > to) return;
  const length = view.u16(p);
  out.add('handshake.extensions_length', p, 2, length);
  view.items(
    p + 2,
    Math.min(to, p + 2 + length),
    (q) => 4 + view.u16(q + 2),
    (q, size) => {
      const kind = view.u16(q);
      out.group(
        out.line(`Extension: ${extensionTypes[kind] ?? `Unknown type ${kind}`} (len=${size - 4})`, q, size),
        () => {
          out.add('handshake.extension.type', q, 2, kind);
          out.add('handshake.extension.len', q + 2, 2, size - 4);
          if (kind === 35 || extensionTypes[kind] === undefined)
            out.add('handshake.extension.data', q + 4, size - 4, view.slice(q + 4, size - 4));
          else extension(view, out, kind, q + 4, q + size, type);
        },
      );
    },
  );
}

function extension(view: View, out: TlsOut, kind: number, from: number, to: number, type: number): void {
  if (from === to) return;
  switch (kind) {
    case 0:
      out.add('handshake.extensions_server_name_list_len', from, 2, view.u16(from));
      view.items(
        from + 2,
        to,
        (p) => 3 + view.u16(p + 1),
        (p, size) => {
          out.add('handshake.extensions_server_name_type', p, 1, view.u8(p));
          out.add('handshake.extensions_server_name_len', p + 1, 2, size - 3);
          out.add(
            'handshake.extensions_server_name',
            p + 3,
            size - 3,
            utf8Text(view.slice(p + 3, size - 3), 0, size - 3),
          );
        },
      );
      return;
    case 10:
      out.add('handshake.extensions_supported_groups_length', from, 2, view.u16(from));
      for (let p = from + 2; p + 2 <= to; p += 2) out.add('handshake.extensions_supported_group', p, 2, view.u16(p));
      return;
    case 11:
      out.add('handshake.extensions_ec_point_formats_length', from, 1, view.u8(from));
      for (let p = from + 1; p < to; p++) out.add('handshake.extensions_ec_point_format', p, 1, view.u8(p));
      return;
    case 16:
      out.add('handshake.extensions_alpn_len', from, 2, view.u16(from));
      view.items(
        from + 2,
        to,
        (p) => 1 + view.u8(p),
        (p, size) => {
          out.add('handshake.extensions_alpn_str_len', p, 1, size - 1);
          out.add('handshake.extensions_alpn_str', p + 1, size - 1, utf8Text(view.slice(p + 1, size - 1), 0, size - 1));
        },
      );
      return;
    case 43:
      if (type === 1) {
        out.add('handshake.extensions.supported_versions_len', from, 1, view.u8(from));
        for (let p = from + 1; p + 2 <= to; p += 2)
          out.add('handshake.extensions.supported_version', p, 2, view.u16(p), {
            text: `Supported Version: ${versionName(view.u16(p))}`,
          });
      } else if (to - from === 2) out.add('handshake.extensions.supported_version', from, 2, view.u16(from));
      return;
    default:
      return;
  }
}
