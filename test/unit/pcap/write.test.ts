import { describe, expect, it } from 'vitest';
import { hexBytes } from '../../../shared/bytes/hex.ts';
import { utf8Bytes, utf8Text } from '../../../shared/bytes/text.ts';
import { linkTypeOf } from '../../../shared/pcap/link-type.ts';
import { pcapHeader, pcapngHeader, pcapngPacket, pcapRecord } from '../../../shared/pcap/write.ts';
import { hex } from '../../support/capture-builder.ts';

describe('writing', () => {
  const packet = { sec: 1, nsec: 2_003, bytes: Uint8Array.of(1, 2, 3), wireLen: 60 };

  it('pcap', () => {
    expect(pcapHeader({ linkType: 1 })).toEqual(hex('d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000'));
    expect(pcapHeader({ linkType: 113, nano: true, bigEndian: true, snapLength: 96 })).toEqual(
      hex('a1b23c4d 0002 0004 00000000 00000000 00000060 00000071'),
    );
    expect(pcapRecord(packet, { linkType: 1 })).toEqual(hex('01000000 02000000 03000000 3c000000 010203'));
    expect(pcapRecord(packet, { linkType: 1, nano: true })).toEqual(hex('01000000 d3070000 03000000 3c000000 010203'));
  });

  it('pcapng', () => {
    expect(pcapngHeader({ comment: 'hi' })).toEqual(
      hex('0a0d0d0a 28000000 4d3c2b1a 0100 0000 ffffffffffffffff 0100 0200 6869 0000 00000000 28000000'),
    );
    // 1,000,002,003 ticks of a nanosecond.
    expect(pcapngPacket({ ...packet, comment: 'c' })).toEqual(
      hex(
        '06000000 30000000 00000000 00000000 d3d19a3b 03000000 3c000000 01020300 0100 0100 63000000 00000000 30000000',
      ),
    );
  });

  it('UTF-8 both ways', () => {
    for (const text of ['', 'plain', 'für 中文 😀']) expect(utf8Text(utf8Bytes(text), 0, 99)).toBe(text);
    expect(utf8Bytes('é中😀')).toEqual(hex('c3a9 e4b8ad f09f9880'));
    expect(utf8Bytes('\ud800')).toEqual(hex('efbfbd'));
  });

  it('hexadecimal digits', () => {
    expect(hexBytes('00:fF-0a 1\n2')).toEqual(Uint8Array.of(0, 255, 10, 0x12));
    expect(hexBytes('0')).toBeNull();
    expect(hexBytes('0x12')).toBeNull();
  });

  it('names link types', () => {
    expect(linkTypeOf(1).name).toBe('ETHERNET');
    expect(linkTypeOf(14)).toEqual(linkTypeOf(101));
    expect(linkTypeOf(160).name).toBe('USER13');
    expect(linkTypeOf(9999)).toEqual({ name: '9999', description: 'Link type 9999' });
  });
});
