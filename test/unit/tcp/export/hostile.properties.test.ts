/** Whatever a capture holds, every form of its ladder is made, is well-formed, and holds no markup from packets. */
import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import type { Ladder, LadderFormat } from '../../../../shared/model/stream.ts';
import { exportLadder } from '../../../../shared/tcp/export/export.ts';
import { buildLadder } from '../../../../shared/tcp/ladder.ts';
import { segments, streamOf, type TestSegment } from '../../../support/segments.ts';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 9293) });

const { DOMParser } = new JSDOM('').window;
const formats: readonly LadderFormat[] = ['svg', 'markdown', 'mermaid', 'rfc', 'packetdrill', 'json'];

const anySegment: fc.Arbitrary<TestSegment> = fc.record({
  fromA: fc.boolean(),
  flags: fc.nat(0x1ff),
  seq: fc.oneof(fc.nat(5), fc.nat({ max: 0xffffffff })),
  ack: fc.oneof(fc.nat(5), fc.nat({ max: 0xffffffff })),
  length: fc.oneof(fc.constant(0), fc.nat(3000)),
  window: fc.nat(0xffff),
  timeNs: fc.integer({ min: -1e9, max: 1e12 }),
  ipId: fc.constant(null),
  options: fc.option(
    fc.record({
      mss: fc.option(fc.nat(65_535)),
      windowScale: fc.option(fc.nat(255)),
      sackPermitted: fc.boolean(),
      timestamp: fc.option(fc.nat({ max: 0xffffffff })),
      timestampEcho: fc.option(fc.nat({ max: 0xffffffff })),
      fastOpenCookie: fc.option(fc.nat(16)),
      multipath: fc.boolean(),
    }),
  ),
});
const anyLadder = fc.array(anySegment, { maxLength: 14 }).map((list) => buildLadder(streamOf(list), { captureId: 1, stream: 0 }));

const nasty = [
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
const anyName = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 40 }));

const named = (ladder: Ladder, client: string, server: string): Ladder => ({
  ...ladder,
  client: { ...ladder.client, address: client.slice(0, 40) },
  names: { client: { name: client, source: 'dns', row: 1 }, server: { name: server, source: 'sni', row: 2 } },
});

function elementsOf(svg: string): string[] {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(document.querySelector('parsererror')).toBeNull();
  return [...new Set([...document.querySelectorAll('*')].map((element) => element.localName))].sort();
}

describe('every form of every ladder', () => {
  it('is made, in both languages, with either numbers', () => {
    fc.assert(
      fc.property(anyLadder, fc.boolean(), (ladder, raw) => {
        for (const format of formats) {
          for (const language of ['en', 'zh-CN'] as const) {
            const text = exportLadder(ladder, format, language, raw);
            expect(text.length).toBeGreaterThan(20);
            expect(text.replace(/ in \{[\d.,]+\}/g, '')).not.toMatch(/\{\w+\}|undefined|NaN|Infinity/);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is a well-formed picture of the elements that we draw with, whatever the names', () => {
    fc.assert(
      fc.property(anyLadder, anyName, anyName, (ladder, client, server) => {
        const known = new Set(['svg', 'title', 'desc', 'rect', 'line', 'path', 'circle', 'text']);
        expect(elementsOf(exportLadder(named(ladder, client, server), 'svg', 'en', false)).filter((name) => !known.has(name))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('hostile names', () => {
  const ladder = buildLadder(segments('A SYN seq=1; B SYN,ACK seq=5 ack=2; A ACK seq=2 ack=6; A RST seq=2'), { captureId: 1, stream: 0 });
  const plain = (format: LadderFormat): string[] => exportLadder(named(ladder, 'client.example', 'server.example'), format, 'en', false).split('\n');

  it('add no line to any form', () => {
    fc.assert(
      fc.property(anyName, anyName, (client, server) => {
        for (const format of ['markdown', 'mermaid', 'packetdrill'] as const) {
          const lines = exportLadder(named(ladder, client, server), format, 'en', false).split('\n');
          // A name that is not there is not written either; nothing else changes.
          expect(lines.length).toBe(plain(format).length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are no markup in Markdown', () => {
    for (const name of nasty) {
      const report = exportLadder(named(ladder, '10.0.0.1', name), 'markdown', 'en', false);
      const row = report.split('\n').find((line) => line.startsWith('| Server')) ?? '';
      const cells = row.split('|');
      expect(cells).toHaveLength(6);
      expect(cells[4].replace(/^ `[\w.:-]+`/, '')).not.toMatch(/[<>`*[\]\\~]|:\/\/|www\./i);
    }
  });

  it('are nothing but labels in Mermaid', () => {
    for (const name of nasty) {
      const line = exportLadder(named(ladder, '10.0.0.1', name), 'mermaid', 'en', false).split('\n')[3];
      expect(line).toMatch(/^ {2}participant S as Server(<br\/>[^<>;#%"`]*(#\d+;[^<>;#%"`]*)*)?<br\/>10\.0\.0\.2#58;80$/);
    }
  });

  it('stay in the comments of a script', () => {
    for (const name of nasty) {
      const lines = exportLadder(named(ladder, '10.0.0.1', name), 'packetdrill', 'en', false).split('\n');
      expect(lines.filter((line) => /evil|rm -rf|reboot|script|participant/.test(line) && !line.startsWith('// '))).toEqual([]);
    }
  });
});
