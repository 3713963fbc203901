/** Columns of fields and the forms of the Time column, as tshark prints columns of the same kind. */
import { expect, test } from 'vitest';
import { planColumns } from '../../electron/worker/list-columns.ts';
import { openCapture } from '../../electron/worker/load.ts';
import { timeText } from '../../electron/worker/time-column.ts';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { escapeControls } from '../../shared/format/escape.ts';
import { type ColumnSetting, defaultListSettings, type TimeFormat } from '../../shared/model/list-settings.ts';
import { describeWhere } from '../support/needs.ts';
import { corpusFiles, missing, print, shortName } from './oracle.ts';

const registry = createRegistry(protocols);
const catalogue = new Map(catalogueOf(registry).map((facts) => [facts.name, facts]));
const packetsOfFile = 60;
/** One in so many files of the corpus: what differs from file to file is tested field by field elsewhere. */
const every = 6;

const times: readonly (readonly [format: TimeFormat, column: string])[] = [
  ['relative', '%Rt'],
  ['delta', '%Tt'],
  ['delta-displayed', '%Gt'],
  ['utc-date-time', '%Yut'],
  ['utc-year-day', '%YDOYut'],
  ['utc-time-of-day', '%Aut'],
];

const column = (field: string, occurrence: number, names: boolean): ColumnSetting => ({
  id: `${field}:${occurrence}:${names}`,
  kind: 'field',
  title: '',
  field,
  occurrence,
  names,
  align: 'auto',
  visible: true,
});
const columns: readonly ColumnSetting[] = [
  column('ip.proto', 0, true),
  column('ip.proto', 0, false),
  column('ip.addr', 0, true),
  column('ip.src', 1, true),
  column('ip.dst', -1, true),
  column('ipv6.dst', 0, true),
  column('tcp', 0, true),
  column('tcp.port', 0, true),
  column('tcp.port', 1, true),
  column('tcp.port', -1, true),
  column('tcp.port', 2, true),
  column('tcp.port', 3, true),
  column('udp.port', 0, true),
  column('tcp.flags', 0, true),
  column('tcp.flags.syn', 0, true),
  column('tcp.flags.syn', 0, false),
  column('tcp.option_kind', 0, true),
  column('tcp.option_kind', 0, false),
  column('tcp.options', 0, true),
  column('tcp.connection.syn', 0, true),
  column('tcp.window_size', 0, true),
  column('eth.src', 0, true),
  column('eth.type', 0, true),
  column('eth.type', 0, false),
  column('frame.time_delta', 0, true),
  column('frame.len', 0, true),
  column('icmp.type', 0, false),
  column('arp.opcode', 0, true),
  column('dns.qry.name', 0, true),
  column('dns.qry.type', 0, false),
  column('dns.flags.response', 0, true),
  column('http.request.method', 0, true),
];

const files = corpusFiles().filter((_, i) => i % every === 0);

describeWhere(missing, 'columns as tshark has them', () => {
  test('there are files enough', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  test.each(files.map((path) => [shortName(path), path] as const))(
    '%s',
    async (_name, path) => {
      const opened = openCapture(path, registry);
      if (!opened.ok) return;
      const { store, source } = opened.value;
      while (opened.value.advance());
      const formats = [
        ...times.map(([format, code]) => `"${format}","${code}"`),
        ...columns.map(
          ({ id, field, occurrence, names }) =>
            `"${id.replaceAll(':', '_')}","%Cus:${field}:${occurrence}:${names ? 'R' : 'U'}"`,
        ),
      ].join(',');
      const text = await print(path, [
        '-c',
        String(packetsOfFile),
        '-o',
        `gui.column.format:"No.","%m",${formats}`,
        '-T',
        'json',
        '-j',
        '_ws.col',
        '-e',
        '_ws.col.No.',
        ...[...times.map(([format]) => format), ...columns.map(({ id }) => id.replaceAll(':', '_'))].flatMap((name) => [
          '-e',
          `_ws.col.${name}`,
        ]),
      ]);
      const lines =
        text === ''
          ? []
          : (JSON.parse(text) as readonly {
              readonly _source: { readonly layers: Readonly<Record<string, readonly string[]>> };
            }[]);
      const plan = planColumns(columns, registry, catalogue);
      // Differences of times whose fraction is a second or more are subtracted there without a carry.
      const hasInvalidTimes = path.includes('timestamp_invalid');
      const differing: string[] = [];
      for (const [row, line] of lines.entries()) {
        if (row >= store.table.length) break;
        const said = (name: string): string => line._source.layers[`_ws.col.${name}`]?.[0] ?? '';
        const compare = (name: string, ours: string): void => {
          if (said(name) !== ours && !(hasInvalidTimes && /delta/.test(name)))
            differing.push(`#${row + 1} ${name}: ${ours} for ${said(name)}`);
        };
        for (const [format] of times)
          compare(
            format,
            timeText(store, row, { ...defaultListSettings, timeFormat: format }, (each) => each - 1),
          );
        const reading = store.engine.read(row, plan.want);
        for (const each of plan.columns) compare(each.id.replaceAll(':', '_'), escapeControls(each.text(reading)));
      }
      source.close();
      expect(differing.slice(0, 20)).toEqual([]);
    },
    60_000,
  );
});
