/** Whatever a capture holds, every form of its ladder is made, is well-formed, and holds no markup from packets. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LadderFormat } from '../../../../shared/model/stream.ts';
import { exportLadder } from '../../../../shared/tcp/export/export.ts';
import { buildLadder } from '../../../../shared/tcp/ladder.ts';
import { anyLadder, anyName, named, nastyNames } from '../../../support/hostile-ladders.ts';
import { segments } from '../../../support/segments.ts';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 9293) });

const formats: readonly LadderFormat[] = ['svg', 'markdown', 'mermaid', 'rfc', 'packetdrill', 'json'];

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
});

describe('hostile names', () => {
  const ladder = buildLadder(segments('A SYN seq=1; B SYN,ACK seq=5 ack=2; A ACK seq=2 ack=6; A RST seq=2'), {
    captureId: 1,
    stream: 0,
  });
  const plain = (format: LadderFormat): string[] =>
    exportLadder(named(ladder, 'client.example', 'server.example'), format, 'en', false).split('\n');

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
    for (const name of nastyNames) {
      const report = exportLadder(named(ladder, '10.0.0.1', name), 'markdown', 'en', false);
      const row = report.split('\n').find((line) => line.startsWith('| Server')) ?? '';
      const cells = row.split('|');
      expect(cells).toHaveLength(6);
      expect(cells[4].replace(/^ `[\w.:-]+`/, '')).not.toMatch(/[<>`*[\]\\~]|:\/\/|www\./i);
    }
  });

  it('are nothing but labels in Mermaid', () => {
    for (const name of nastyNames) {
      const line = exportLadder(named(ladder, '10.0.0.1', name), 'mermaid', 'en', false).split('\n')[3];
      expect(line).toMatch(
        /^ {2}participant S as Server(<br\/>[^<>;#%"`]*(#\d+;[^<>;#%"`]*)*)?<br\/>10\.0\.0\.2#58;80$/,
      );
    }
  });

  it('stay in the comments of a script', () => {
    for (const name of nastyNames) {
      const lines = exportLadder(named(ladder, '10.0.0.1', name), 'packetdrill', 'en', false).split('\n');
      expect(
        lines.filter((line) => /evil|rm -rf|reboot|script|participant/.test(line) && !line.startsWith('// ')),
      ).toEqual([]);
    }
  });
});
