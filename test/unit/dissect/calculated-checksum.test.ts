import { describe, expect, it } from 'vitest';
import type { TreeItem } from '../../../shared/dissect/out.ts';
import { packet } from '../../support/capture-builder.ts';
import { decode, openFrames } from '../../support/dissect.ts';

/** Lines about calculated checksums, in order of the layers. */
function lines(items: readonly TreeItem[]): string[] {
  return items.flatMap((item) => [
    ...(item.label?.startsWith('[Calculated') === true ? [item.label] : []),
    ...lines(item.children ?? []),
  ]);
}

describe('calculated checksums', () => {
  it('agree with what IP, TCP and UDP of either version state', () => {
    for (const frame of [
      packet().eth().ip().tcp({ payload: 'odd' }).bytes(),
      packet().eth().ip().udp({ payload: 'even' }).bytes(),
    ]) {
      const shown = lines(decode(frame).dissection.items);
      expect(shown.length).toBe(2);
      for (const line of shown) expect(line).toMatch(/^\[Calculated: 0x[0-9a-f]{4}, as stated\]$/);
    }
    expect(lines(decode(packet().eth().ipv6().tcp({ payload: 'odd' }).bytes()).dissection.items)).toMatchObject([
      expect.stringContaining('as stated]'),
    ]);
  });

  it('say where the packet states another one', () => {
    const frame = packet().eth().ip().udp({ payload: 'text' }).bytes();
    frame[frame.length - 1] ^= 1;
    const [ip, udp] = lines(decode(frame).dissection.items);
    expect(ip).toContain('as stated]');
    expect(udp).toContain('not as stated');
  });

  it('are not worked out of bytes that are not there', () => {
    const frame = packet().eth().ip().udp({ payload: 'text' }).bytes();
    expect(
      lines(
        openFrames([{ bytes: frame.subarray(0, frame.length - 1), wireLen: frame.length }]).packet(1).dissection.items,
      ).length,
    ).toBe(1);
    expect(
      lines(decode(packet().eth().ip().udp({ payload: 'text', noChecksum: true }).bytes()).dissection.items).length,
    ).toBe(1);
  });
});
