/** What is told of a packet without reading it is what its tree holds. */
import { expect, test } from 'vitest';
import { openCapture } from '../../electron/worker/load.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { plainValue } from '../../shared/format/value.ts';
import { Answer } from '../../shared/query/answer.ts';
import { ColumnFields } from '../../shared/query/column-fields.ts';
import { HeaderFields } from '../../shared/query/header-fields.ts';
import { passedOver } from '../../shared/query/passed-over.ts';
import { Presence } from '../../shared/query/presence.ts';
import { describeWhere } from '../support/needs.ts';
import { corpusFiles, missingCorpus, shortName } from './oracle.ts';

const registry = createRegistry(protocols);
const packetsOfFile = 2000;
/** Fields of messages over TCP, of some kinds of messages only, and protocols; each may let messages be passed over. */
const overTcp =
  'http http.host http.request.method http.request.line http.response.code tls tls.record.version tls.handshake.type tls.handshake.extensions_server_name tls.alert_message.desc dns.qry.name'
    .split(' ')
    .map((name) => ({ name, passes: passedOver(registry, new Set([name])) }));
let passed = 0;
const names = [...registry.fieldByName.keys()];
let told = 0;
let asked = 0;

describeWhere(missingCorpus, 'columns and layers of packets', () => {
  test.each(corpusFiles().map((path) => [shortName(path), path] as const))(
    '%s',
    (_name, path) => {
      const opened = openCapture(path, registry);
      if (!opened.ok) return;
      const { store, source } = opened.value;
      while (opened.value.advance());
      const columns = new HeaderFields(registry, store, new ColumnFields(registry, store));
      const fields = names.flatMap((name) => {
        const field = columns.of(name);
        return field === undefined ? [] : [{ name, field }];
      });
      const presences = registry.protocols.map((protocol) => ({
        protocol,
        presence: new Presence(protocol, registry, store),
      }));
      const cursor = store.table.cursor();
      const wrong: string[] = [];
      for (let row = 0; row < Math.min(packetsOfFile, store.table.length) && wrong.length < 10; row++) {
        const values = new Map<string, string[]>();
        const present = new Set<string>();
        const walk = (items: readonly TreeItem[], layer: string): void => {
          for (const item of items) {
            const owner =
              item.field?.type === 'protocol' && item.field.name === item.field.protocol ? item.field.protocol : layer;
            present.add(owner);
            if (item.field !== null)
              values.set(item.field.name, [...(values.get(item.field.name) ?? []), plainValue(item.field, item.value)]);
            walk(item.children ?? [], owner);
          }
        };
        walk(store.engine.dissect(row).items, '');
        cursor.move(row);
        columns.bytes = store.readBytes(row);
        if (cursor.transport === 6 && cursor.stream >= 0) {
          for (const { name, passes } of overTcp) {
            if (!store.contents.givesNothing(cursor.stream, row, columns.bytes, passes)) continue;
            passed++;
            if (values.has(name) || present.has(name)) wrong.push(`#${row + 1} ${name} was passed over`);
          }
        }
        for (const { name, field } of fields) {
          const answer = field.presence(cursor, row);
          asked++;
          if (answer === Answer.Unknown) continue;
          told++;
          const info = registry.fieldByName.get(name);
          if (info === undefined) throw new Error(name);
          const expected = values.get(name) ?? [];
          const numbers =
            answer === Answer.No
              ? []
              : [field.first(cursor, row), ...(field.second === undefined ? [] : [field.second(cursor, row)])];
          const got = numbers.map((n) => plainValue(info, field.valueOf(n)));
          if (
            name.startsWith('tcp.analysis.') ? got.length > 0 !== expected.length > 0 : got.join() !== expected.join()
          )
            wrong.push(`#${row + 1} ${name}: ${got} for ${expected}`);
        }
        for (const { protocol, presence } of presences) {
          const answer = presence.of(cursor);
          asked++;
          if (answer === Answer.Unknown) continue;
          told++;
          if ((answer === Answer.Yes) !== present.has(protocol.name))
            wrong.push(`#${row + 1} ${protocol.name}: ${answer} in ${[...present]}`);
        }
      }
      source.close();
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  test('most can be told', () => {
    expect(passed).toBeGreaterThan(100_000);
    expect(told / asked).toBeGreaterThan(0.8);
  });
});
