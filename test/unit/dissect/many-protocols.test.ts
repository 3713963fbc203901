/**
 * Room for thousands of protocols: a number above 255 is read back as what it was, wherever numbers of protocols are
 * kept.
 */
import { describe, expect, it } from 'vitest';
import { planColumns } from '../../../electron/worker/list-columns.ts';
import { RowColours } from '../../../electron/worker/row-colours.ts';
import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { u8 } from '../../../shared/dissect/field.ts';
import { LayerChains, maxProtocols } from '../../../shared/dissect/layer-chains.ts';
import { type AnyProtocol, defineProtocol } from '../../../shared/dissect/protocol.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { readFilter } from '../../../shared/filter/filter.ts';
import { type ColumnSetting, defaultColumns } from '../../../shared/model/list-settings.ts';
import { Matcher } from '../../../shared/query/matcher.ts';
import { PacketTable } from '../../../shared/table/packet-table.ts';
import { packet } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const firstPort = 20_000;
const made = (n: number): AnyProtocol =>
  defineProtocol(`many${n}`, {
    label: `Protocol ${n}`,
    short: `MANY${n}`,
    bind: [{ table: 'udp.port', keys: [firstPort + n] }],
    fields: { kind: u8('Kind', { at: 0 }) },
    dissect(view, out) {
      out.info(`kind ${view.get('kind')}`);
    },
  });

describe('four hundred protocols more', () => {
  const numbers = Array.from({ length: 400 }, (_, n) => n);
  const registry = createRegistry([...protocols, ...numbers.map(made)]);
  const frames = numbers.map((n) =>
    packet()
      .eth()
      .ip()
      .udp({ sport: 60_000, dport: firstPort + n, payload: Uint8Array.of(n & 255) })
      .bytes(),
  );
  const { store } = openFrames(frames, {}, registry);
  const catalogue = new Map(catalogueOf(registry).map((facts) => [facts.name, facts]));
  const filterOf = (text: string) => {
    const { filter } = readFilter(text, catalogue);
    if (filter === null) throw new Error(`${text} was refused`);
    return filter;
  };

  it('stand in rows and chains', () => {
    const names = (indexes: readonly number[] | null) => indexes?.map((index) => registry.protocols[index].name);
    for (const n of numbers) {
      expect(registry.protocols[store.table.get('protocol', n)].name).toBe(`many${n}`);
      expect(names(store.chains.layers(store.table.get('chain', n)))).toEqual([
        'frame',
        'eth',
        'ip',
        'udp',
        `many${n}`,
      ]);
    }
  });

  it('are found by filters, each in its packet and in no other', () => {
    for (const n of numbers) {
      for (const text of [`many${n}`, `many${n}.kind == ${n & 255}`]) {
        const found: number[] = [];
        for (const _ of new Matcher(filterOf(text), store).scan(0, numbers.length, (row) => found.push(row)));
        expect(found).toEqual([n]);
      }
    }
  });

  it('colour their rows', () => {
    const colours = new RowColours(
      store,
      catalogue,
      numbers.map((n) => `many${n}`),
    );
    for (const n of numbers) expect(colours.of(n)).toBe(n + 1);
  });

  it('fill their columns', () => {
    for (const n of numbers) {
      const setting: ColumnSetting = { ...defaultColumns[0], id: 'c', kind: 'field', field: `many${n}.kind` };
      const { columns, want } = planColumns([setting], registry, catalogue);
      expect(columns[0].text(store.engine.read(n, want))).toBe(String(n & 255));
      const { protocol, info } = store.engine.dissect(n).columns;
      expect([protocol, info]).toEqual([`MANY${n}`, `kind ${n & 255}`]);
    }
  });
});

describe('the bound', () => {
  it('is what chains and rows have room for', () => {
    const chains = new LayerChains();
    const table = new PacketTable();
    const row = {
      sec: 0,
      nsec: 0,
      fileOffset: 0,
      capLen: 0,
      wireLen: 0,
      src: 0,
      dst: 0,
      srcPort: 0,
      dstPort: 0,
      stream: -1,
      prevInStream: -1,
    };
    const rest = { tcpFlags: 0, tcpSeq: 0, tcpAck: 0, payloadLen: 0, tcpWindow: 0 };
    for (let protocol = 0; protocol < maxProtocols; protocol++) {
      const chain = chains.longer(chains.longer(1, protocol), maxProtocols - 1 - protocol);
      expect(chains.layers(chain)).toEqual([protocol, maxProtocols - 1 - protocol]);
      const at = table.append({ ...row, ...rest, iface: 0xffff, protocol, transport: 255, chain, marks: 255 });
      const cursor = table.cursor().move(at);
      expect([cursor.iface, cursor.protocol, cursor.transport, cursor.chain, cursor.marks]).toEqual([
        0xffff,
        protocol,
        255,
        chain,
        255,
      ]);
    }
  });

  it('is said where more are declared', () => {
    const one = made(0);
    const list = Array.from({ length: maxProtocols + 1 }, () => one);
    expect(() => createRegistry(list)).toThrow('4097 protocols are declared, but there is room for 4096 only');
  });
});
