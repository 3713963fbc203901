/**
 * Who gets the bytes above TCP and UDP: Decode As, what was announced, what the conversation is known to be, the lower
 * port, the higher, who recognises them, nobody.
 */
import { describe, expect, it } from 'vitest';
import { listener } from '../../../shared/dissect/listener.ts';
import { type Declared, defineProtocol } from '../../../shared/dissect/protocol.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import type { DecodeAsRule } from '../../../shared/model/decode-as.ts';
import { packet, pcap } from '../../support/capture-builder.ts';
import { openBytes } from '../../support/dissect.ts';

const transports = ['udp', 'tcp'] as const;

/**
 * Both transports alike: ports 100 and 200 are bound, `guess` recognises an exclamation mark, `told` is announced for
 * port 900 by whatever port 50 hears.
 */
const own = transports.flatMap((transport): Declared[] => {
  const table = `${transport}.port` as const;
  const bound = (name: string, keys: readonly number[]) =>
    defineProtocol(`${name}${transport}`, { label: name, bind: [{ table, keys }], fields: {} });
  return [
    bound('low', [100]),
    bound('high', [200]),
    bound('other', []),
    bound('told', []),
    defineProtocol(`guess${transport}`, {
      label: 'Guess',
      bind: [{ heuristicOn: transport }],
      matches: (view) => view.u8(0) === 33,
      fields: {},
    }),
    listener<null>({
      table,
      ports: [50],
      start: () => null,
      hear: (s) => s.expect(table, s.dst, 900, `told${transport}`),
    }),
  ];
});
const registry = createRegistry([...protocols, ...own]);

describe.each(transports)('above %s', (transport) => {
  let seq = 1;
  const from = (sport: number, dport: number, payload = 'x'): Uint8Array => {
    const built = packet().eth().ip({ src: '10.0.0.1', dst: '10.0.0.2' });
    seq += 10;
    return (
      transport === 'udp'
        ? built.udp({ sport, dport, payload })
        : built.tcp({ sport, dport, seq, ack: 1, flags: 'PA', payload })
    ).bytes();
  };
  const rule = (key: number, name: string): DecodeAsRule => ({
    table: `${transport}.port`,
    key,
    protocol: name === 'data' ? name : name + transport,
  });
  const layers = (frames: readonly Uint8Array[], rules: readonly DecodeAsRule[] = []): string[] => {
    const opened = openBytes(pcap(frames), registry, rules);
    const found = frames.map((_, i) => opened.packet(i + 1).layers.replace(/^.*:(udp|tcp):?/, ''));
    // In any order of looking.
    const again = openBytes(pcap(frames), registry, rules);
    expect(
      frames.map((_, i) => again.packet(frames.length - i).layers.replace(/^.*:(udp|tcp):?/, '')).toReversed(),
    ).toEqual(found);
    return found;
  };

  it('the lower port goes before the higher, both ways', () => {
    expect(layers([from(200, 100), from(100, 200), from(200, 5000), from(5000, 200)])).toEqual([
      `low${transport}`,
      `low${transport}`,
      `high${transport}`,
      `high${transport}`,
    ]);
  });

  it('ports go before who recognises the bytes, and nobody is last', () => {
    expect(layers([from(5000, 200, '!'), from(5000, 6000, '!'), from(5001, 6000)])).toEqual([
      `high${transport}`,
      `guess${transport}`,
      'data',
    ]);
  });

  it('who recognised the bytes has the conversation from there on', () => {
    const expected = ['data', `guess${transport}`, `guess${transport}`, `guess${transport}`, 'data'];
    expect(
      layers([from(5000, 6000), from(5000, 6000, '!'), from(5000, 6000), from(5000, 6000), from(5001, 6000)]),
    ).toEqual(expected);
  });

  it('what was announced goes before ports and guesses, from then on', () => {
    expect(layers([from(100, 900), from(4000, 50), from(101, 900), from(4001, 900, '!')])).toEqual([
      `low${transport}`,
      'data',
      `told${transport}`,
      `told${transport}`,
    ]);
  });

  it('what the user chose goes before everything, the lower port first', () => {
    const frames = [from(100, 5000), from(200, 100), from(4000, 50), from(5000, 900), from(5000, 6000, '!')];
    expect(layers(frames, [rule(5000, 'other')])).toEqual([
      `other${transport}`,
      `low${transport}`,
      'data',
      `other${transport}`,
      `other${transport}`,
    ]);
    expect(layers(frames.slice(0, 2), [rule(5000, 'other'), rule(100, 'high')])).toEqual([
      `high${transport}`,
      `high${transport}`,
    ]);
    expect(layers(frames.slice(0, 2), [rule(200, 'other')])).toEqual([`low${transport}`, `other${transport}`]);
    expect(layers(frames.slice(1, 2), [rule(100, 'data')])).toEqual(['data']);
  });
});

describe('a choice that changes while the capture is open', () => {
  const segment = packet()
    .eth()
    .ip({ src: '10.0.0.1', dst: '10.0.0.2' })
    .tcp({ sport: 5000, dport: 6000, seq: 1, ack: 1, flags: 'PA', payload: 'x' })
    .bytes();
  const datagram = packet()
    .eth()
    .ip({ src: '10.0.0.1', dst: '10.0.0.2' })
    .udp({ sport: 5000, dport: 6000, payload: 'x' })
    .bytes();
  const of = (table: string, protocol: string): DecodeAsRule => ({ table, key: 6000, protocol });

  it('is followed at once by what is above TCP, forth and back', () => {
    const opened = openBytes(pcap([segment]), registry);
    const layer = (): string | undefined => opened.packet(1).layers.split(':').at(-1);
    expect(layer()).toBe('data');
    expect(opened.store.decode([of('tcp.port', 'othertcp')])).toBe(true);
    expect(layer()).toBe('othertcp');
    expect(opened.store.decode([of('tcp.port', 'lowtcp')])).toBe(true);
    expect(layer()).toBe('lowtcp');
    expect(opened.store.decode([])).toBe(true);
    expect(layer()).toBe('data');
  });

  it('says where the rows were indexed by other tables', () => {
    const { store } = openBytes(pcap([datagram]), registry);
    expect(store.decode([of('tcp.port', 'othertcp'), of('udp.port', 'otherudp')])).toBe(false);
    // The same once more changes nothing.
    expect(store.decode([of('tcp.port', 'othertcp'), of('udp.port', 'otherudp')])).toBe(true);
    expect(store.decode([of('tcp.port', 'othertcp')])).toBe(false);
    expect(store.tables['udp.port'][6000]).toBe(-1);
  });
});
