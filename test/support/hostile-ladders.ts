/** Ladders of random segments, and names that nobody should trust. */
import fc from 'fast-check';
import type { Ladder } from '../../shared/model/stream.ts';
import { buildLadder } from '../../shared/tcp/ladder.ts';
import { streamOf, type TestSegment } from './segments.ts';

const anySegment: fc.Arbitrary<TestSegment> = fc.record({
  fromA: fc.boolean(),
  flags: fc.nat(0x1ff),
  seq: fc.oneof(fc.nat(5), fc.nat({ max: 0xffffffff })),
  ack: fc.oneof(fc.nat(5), fc.nat({ max: 0xffffffff })),
  length: fc.oneof(fc.constant(0), fc.nat(3000)),
  window: fc.nat(0xffff),
  timeNs: fc.integer({ min: -1e9, max: 1e12 }),
  wire: fc.constant(null),
  options: fc.option(
    fc.record({
      mss: fc.option(fc.nat(65_535)),
      windowScale: fc.option(fc.nat(255)),
      sackPermitted: fc.boolean(),
      timestamp: fc.option(fc.nat({ max: 0xffffffff })),
      timestampEcho: fc.option(fc.nat({ max: 0xffffffff })),
      fastOpenCookie: fc.option(fc.nat(16)),
      multipath: fc.boolean(),
      multipathSubtype: fc.option(fc.nat(15)),
      multipathVersion: fc.option(fc.nat(15)),
    }),
  ),
});
export const anyLadder = fc
  .array(anySegment, { maxLength: 14 })
  .map((list) => buildLadder(streamOf(list), { captureId: 1, stream: 0 }));

/** Names that are markup, structure or unreadable somewhere. */
export const nastyNames = [
  '<script>alert(1)</script>',
  ']]><svg onload="x">',
  '"\' onload=x //',
  '[x](javascript:alert(1)) ![y](http://evil.example/z.png)',
  '| a | b |\n| --- | --- |\n# head',
  '`code` ``two`` \\`',
  'x\nparticipant Z as evil\nZ->>Z: y; end',
  '%%{init: {"theme":"x"}}%% #lt;b#gt;',
  '*/ `rm -rf` %{ code }%\n+0 `reboot`',
  '\u202etxt.exe\u0000\u0007\ufffe\ud800',
  '<!-- &amp; &#60; -->',
  'http://evil.example www.evil.example a@evil.example',
  'a'.repeat(5000),
  '1. one',
  '',
];
export const anyName = fc.oneof(
  fc.constantFrom(...nastyNames),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 40 }),
);

export const named = (ladder: Ladder, client: string, server: string): Ladder => ({
  ...ladder,
  client: { ...ladder.client, address: client.slice(0, 40) },
  names: { client: { name: client, source: 'dns', row: 1 }, server: { name: server, source: 'sni', row: 2 } },
});
