/** The exported picture, read by an XML parser. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportLadder } from '../../shared/tcp/export/export.ts';
import { anyLadder, anyName, named } from '../support/hostile-ladders.ts';

fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 9293) });

const drawnWith = new Set(['svg', 'title', 'desc', 'rect', 'line', 'path', 'circle', 'text']);

it('is well-formed and made of plain shapes and words, whatever the capture holds', () => {
  fc.assert(
    fc.property(anyLadder, anyName, anyName, fc.boolean(), (ladder, client, server, raw) => {
      const svg = exportLadder(named(ladder, client, server), 'svg', raw ? 'en' : 'zh-CN', raw);
      const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
      const elements = [...document.querySelectorAll('*')];
      expect([...new Set(elements.map((element) => element.localName))].filter((name) => !drawnWith.has(name))).toEqual(
        [],
      );
      const handlers = elements.flatMap((element) =>
        element.getAttributeNames().filter((name) => /^on|href|^style$|src/.test(name)),
      );
      expect(handlers).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
