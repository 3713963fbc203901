import { describe, expect, it } from 'vitest';
import { planColumns } from '../../../electron/worker/list-columns.ts';
import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { readColumnExpression } from '../../../shared/filter/expression.ts';
import { packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const request = packet()
  .eth()
  .ip({ src: '10.1.2.3', dst: '10.0.0.9' })
  .tcp({ sport: 1000, dport: 80, seq: 5, ack: 1, flags: 'AP', payload: 'GET / HTTP/1.1\r\nHost: Example.org\r\n\r\n' })
  .bytes();
const { store } = openFrames([request]);
const catalogue = new Map(catalogueOf(store.registry).map((facts) => [facts.name, facts]));

function cell(field: string, occurrence = 0): string {
  const plan = planColumns(
    [{ id: 'x', kind: 'field', title: '', field, occurrence, names: true, align: 'auto', visible: true }],
    store.registry,
    catalogue,
  );
  return plan.columns[0]?.text(store.engine.read(0, plan.want)) ?? 'refused';
}

describe('columns of expressions', () => {
  it.each([
    ['len(tcp.payload)', '37'],
    ['tcp.payload[0:3]', '474554'],
    ['@ip.src', '0a010203'],
    ['ip.proto#1', '6'],
    ['tcp.dstport - tcp.srcport', '-920'],
    ['upper(http.host)', 'EXAMPLE.ORG'],
    ['count(tcp.port)', '2'],
    ['tcp.port + 1', '1001,81'],
    ['ip.addr#1', '10.1.2.3,10.0.0.9'],
    ['tcp.flags.syn == 0 && http', '✓'],
    ['tcp.flags.syn == 1', ''],
    ['udp.length + 8', ''],
    ['tcp.flags.syn ==', 'refused'],
    ['no.such.field', 'refused'],
    ['len(', 'refused'],
    ['', 'refused'],
  ])('%s', (field, text) => {
    expect(cell(field)).toBe(text);
  });

  it('take one of several values', () => {
    expect(cell('tcp.port + 1', -1)).toBe('81');
    expect(cell('tcp.port + 1', 3)).toBe('');
  });

  it('are told from filters', () => {
    expect(readColumnExpression('len(tcp.payload)', catalogue)?.kind).toBe('values');
    expect(readColumnExpression('len(tcp.payload) > 3', catalogue)?.kind).toBe('filter');
    expect(readColumnExpression('tcp or udp', catalogue)?.kind).toBe('filter');
  });
});
