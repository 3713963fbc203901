import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import type { StreamSegments, WireFacts } from '../../../shared/tcp/segments.ts';
import {
  type Frame,
  hex,
  joinBytes,
  type PcapFile,
  packet,
  pcap,
  pcapng,
  u16,
  u32,
} from '../../support/capture-builder.ts';
import { openBytes } from '../../support/dissect.ts';

const macs = { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' };
const back = { src: macs.dst, dst: macs.src };
const there = { src: '10.0.0.1', dst: '10.0.0.2' };
const answer = { src: '10.0.0.2', dst: '10.0.0.1' };
const ports = { sport: 40_000, dport: 80 };
const portsBack = { sport: 80, dport: 40_000 };

function streamIn(file: Uint8Array, stream = 0): StreamSegments {
  const { store } = openBytes(file);
  const segments = new StreamReader(store, store.registry, 1).segments(stream);
  if (segments === null) throw new Error('no segments');
  return segments;
}
const facts = (frames: readonly Frame[], options?: PcapFile): (WireFacts | null)[] => {
  const segments = streamIn(pcap(frames, options));
  return Array.from({ length: segments.count }, (_, i) => segments.wire?.(i) ?? null);
};

const segment = (ip: Parameters<ReturnType<typeof packet>['ip']>[0] = there) =>
  packet()
    .ip(ip)
    .tcp({ ...ports, payload: 'hello' });

describe('the packet around a segment', () => {
  it('says identification and time to live of IPv4', () => {
    const [one] = facts([
      packet()
        .eth()
        .ip({ ...there, id: 0xabcd, ttl: 57 })
        .tcp(ports)
        .bytes(),
    ]);
    expect(one).toMatchObject({ version: 4, id: 0xabcd, hopLimit: 57, outgoing: null });
  });

  it('says the hop limit of IPv6, behind extension headers too', () => {
    const inner = packet().tcp(ports).bytes();
    const hopByHop = joinBytes([hex('06 00 01 04 00000000'), inner]);
    const atomic = joinBytes([hex('06 00 0000 00000007'), inner]);
    const found = facts([
      packet().eth(macs).ipv6({ hopLimit: 3 }).tcp(ports).bytes(),
      packet().eth(macs).ipv6({ hopLimit: 4, nextHeader: 0 }).payload(hopByHop).bytes(),
      packet().eth(macs).ipv6({ hopLimit: 5, nextHeader: 44 }).payload(atomic).bytes(),
    ]);
    expect(found).toMatchObject([3, 4, 5].map((hopLimit) => ({ version: 6, id: null, hopLimit, outgoing: null })));
    // The same link, whatever stands between the IP header and the segment.
    expect(new Set(found.map((one) => one?.link)).size).toBe(1);
  });

  it('reads the header next to the segment, in tunnels', () => {
    const outer = { src: '192.0.2.1', dst: '192.0.2.2', id: 9, ttl: 200 };
    const inside = { ...there, id: 77, ttl: 12 };
    const gre = packet()
      .eth()
      .ip({ ...outer, protocol: 47 })
      .payload(joinBytes([hex('0000 0800'), packet().ip(inside).tcp(ports).bytes()]));
    const vxlan = packet()
      .eth()
      .ip(outer)
      .udp({
        dport: 4789,
        payload: joinBytes([hex('08000000 00000500'), packet().eth().ip(inside).tcp(ports).bytes()]),
      });
    const sixInFour = packet().eth().ip(outer).ipv6({ hopLimit: 13 }).tcp(ports);
    expect(facts([gre.bytes()])).toMatchObject([{ version: 4, id: 77, hopLimit: 12 }]);
    expect(facts([vxlan.bytes()])).toMatchObject([{ version: 4, id: 77, hopLimit: 12 }]);
    expect(facts([sixInFour.bytes()])).toMatchObject([{ version: 6, id: null, hopLimit: 13 }]);
  });

  it('is known of raw IP, PPP and BSD loopback', () => {
    const ip = packet()
      .ip({ ...there, id: 5, ttl: 6 })
      .tcp(ports)
      .bytes();
    expect(facts([ip], { linkType: 101 })).toMatchObject([{ id: 5, hopLimit: 6 }]);
    expect(facts([joinBytes([hex('ff03 0021'), ip])], { linkType: 9 })).toMatchObject([{ id: 5, hopLimit: 6 }]);
    expect(facts([joinBytes([hex('02000000'), ip])], { linkType: 0 })).toMatchObject([{ id: 5, hopLimit: 6 }]);
  });

  it('is that of the fragment that completed the datagram', () => {
    const whole = packet()
      .ip(there)
      .tcp({ ...ports, payload: 'x'.repeat(28) });
    const body = whole.bytes().subarray(20);
    const part = (from: number, to: number, more: boolean, ttl: number) =>
      packet()
        .eth()
        .ip({ ...there, id: 42, ttl, protocol: 6, moreFragments: more, fragmentOffset: from / 8 })
        .payload(body.subarray(from, to))
        .bytes();
    const segments = streamIn(pcap([part(0, 24, true, 60), part(24, 48, false, 61)]));
    expect(segments.count).toBe(1);
    expect(segments.wire?.(0)).toMatchObject({ id: 42, hopLimit: 61 });
    expect(segments.payload?.(0, 100)).toEqual(Uint8Array.from('x'.repeat(28), (c) => c.charCodeAt(0)));
  });
});

describe('the link of a packet', () => {
  const links = (frames: readonly Frame[], options?: PcapFile) => facts(frames, options).map((one) => one?.link);
  const to = (eth: typeof macs) => packet().eth(eth).ip(there).tcp(ports).bytes();

  it('is the same both ways, and another one between other hosts', () => {
    const [one, other, third] = links([
      to(macs),
      packet().eth(back).ip(answer).tcp(portsBack).bytes(),
      to({ ...macs, dst: '02:00:00:00:00:03' }),
    ]);
    expect(other).toBe(one);
    expect(third).not.toBe(one);
  });

  it('is another one by VLAN, not by priority', () => {
    const tagged = (id: number, priority: number) =>
      packet().eth(macs).vlan(id, { priority }).ip(there).tcp(ports).bytes();
    const [none, seven, urgent, eight, twice] = links([
      to(macs),
      tagged(7, 0),
      tagged(7, 5),
      tagged(8, 0),
      packet().eth(macs).vlan(8, { etherType: 0x88a8 }).vlan(7).ip(there).tcp(ports).bytes(),
    ]);
    expect(urgent).toBe(seven);
    expect(new Set([none, seven, eight, twice]).size).toBe(4);
  });

  it('is another one by tunnel, the same in both directions of it', () => {
    const ends = { src: '192.0.2.1', dst: '192.0.2.2' };
    const tunnel = (outer: { src: string; dst: string }, inner: Uint8Array) =>
      packet()
        .eth()
        .ip({ ...outer, protocol: 47 })
        .payload(joinBytes([hex('0000 0800'), inner]))
        .bytes();
    const [bare, one, other, elsewhere] = links([
      to(macs),
      tunnel(ends, segment().bytes()),
      tunnel({ src: ends.dst, dst: ends.src }, packet().ip(answer).tcp(portsBack).bytes()),
      tunnel({ ...ends, dst: '192.0.2.3' }, segment().bytes()),
    ]);
    expect(other).toBe(one);
    expect(new Set([bare, one, elsewhere]).size).toBe(3);
  });

  it('is another one by VXLAN network and by interface', () => {
    const vxlan = (network: string) =>
      packet()
        .eth()
        .ip()
        .udp({ dport: 4789, payload: joinBytes([hex(`08000000 ${network}00`), to(macs)]) })
        .bytes();
    expect(new Set(links([vxlan('000005'), vxlan('000006')])).size).toBe(2);
    const segments = streamIn(
      pcapng()
        .interface()
        .interface()
        .packet({ bytes: to(macs) })
        .packet({ bytes: to(macs), interfaceId: 1 })
        .bytes(),
    );
    expect(segments.wire?.(0)?.link).not.toBe(segments.wire?.(1)?.link);
  });

  it('of a cooked capture does not depend on who sent the packet', () => {
    const cooked = (type: number, face: number, mac: string, ip: Uint8Array) =>
      joinBytes([hex('0800 0000'), u32(face), u16(1), Uint8Array.of(type, 6), hex(`${mac} 0000`), ip]);
    const answered = packet().ip(answer).tcp(portsBack).bytes();
    const [one, other, face] = links(
      [cooked(4, 2, macs.src, segment().bytes()), cooked(0, 2, macs.dst, answered), cooked(0, 3, macs.dst, answered)],
      { linkType: 276 },
    );
    expect(other).toBe(one);
    expect(face).not.toBe(one);
  });
});

describe('who sent a packet', () => {
  const ip = segment().bytes();

  it.each([
    [0, false],
    [1, false],
    [2, false],
    [3, null],
    [4, true],
  ])('cooked captures say: type %i', (type, outgoing) => {
    const first = joinBytes([u16(type), hex('0001 0006 020000000001 0000 0800'), ip]);
    const second = joinBytes([hex('0800 0000 00000002 0001'), Uint8Array.of(type, 6), hex('020000000001 0000'), ip]);
    expect(facts([first], { linkType: 113 })[0]?.outgoing).toBe(outgoing);
    expect(facts([second], { linkType: 276 })[0]?.outgoing).toBe(outgoing);
  });

  it('flags of pcapng say, where the link does not', () => {
    const cooked = (type: number) => joinBytes([u16(type), hex('0001 0006 020000000001 0000 0800'), ip]);
    const said = (linkType: number, frame: Uint8Array) => {
      const flags = [undefined, 0, 1, 2, 3, 0x1c2];
      const { store } = openBytes(
        pcap(
          flags.map(() => frame),
          { linkType },
        ),
      );
      const flagged = Object.assign(Object.create(store) as typeof store, { packetFlags: (row: number) => flags[row] });
      const segments = new StreamReader(flagged, store.registry, 1).segments(0);
      return flags.map((_, i) => segments?.wire?.(i)?.outgoing);
    };
    expect(said(101, ip)).toEqual([null, null, false, true, null, true]);
    expect(said(113, cooked(4))).toEqual([true, true, true, true, true, true]);
  });
});

describe('the data of a segment', () => {
  it('is its first bytes, without padding of the link', () => {
    const bytes = joinBytes([
      packet()
        .eth()
        .ip(there)
        .tcp({ ...ports, payload: 'abc' })
        .bytes(),
      hex('ffffff'),
    ]);
    const segments = streamIn(pcap([bytes]));
    expect(segments.payload?.(0, 64)).toEqual(hex('616263'));
    expect(segments.payload?.(0, 2)).toEqual(hex('6162'));
    expect(segments.payload?.(0, 0)).toHaveLength(0);
    expect(segments.payload?.(0, -1)).toHaveLength(0);
  });

  it('is empty where it has none, null where none was captured, what there is where it was cut', () => {
    const full = packet()
      .eth()
      .ip(there)
      .tcp({ ...ports, payload: 'abcdef' })
      .bytes();
    const cut = (length: number) => ({ bytes: full.subarray(0, length), wireLen: full.length });
    const none = packet().eth().ip(there).tcp(ports).bytes();
    const segments = streamIn(pcap([none, cut(54), cut(56), cut(50)]));
    expect([0, 1, 2, 3].map((i) => segments.payload?.(i, 64))).toEqual([new Uint8Array(0), null, hex('6162'), null]);
    expect(segments.wire?.(3)).toMatchObject({ hopLimit: 64 });
  });
});

describe('damaged packets', () => {
  it('never make it throw', () => {
    const frames = [
      packet()
        .eth()
        .vlan(7)
        .ip(there)
        .tcp({ ...ports, payload: 'GET / HTTP/1.1\r\n\r\n' })
        .bytes(),
      packet()
        .eth()
        .ipv6({ nextHeader: 0 })
        .payload(joinBytes([hex('06 00 01 04 00000000'), packet().tcp(ports).bytes()]))
        .bytes(),
      packet()
        .eth()
        .ip({ protocol: 47 })
        .payload(joinBytes([hex('0000 0800'), segment().bytes()]))
        .bytes(),
      packet().eth().ip(answer).icmp(11, 0).payload(segment().bytes().subarray(0, 28)).bytes(),
      packet()
        .eth()
        .ipv6()
        .icmp(137, 0, joinBytes([new Uint8Array(36), hex('0400 0000 0000 0000')]))
        .bytes(),
    ];
    const broken = fc
      .record({
        frame: fc.constantFrom(...frames),
        keep: fc.nat(120),
        changes: fc.array(fc.tuple(fc.nat(119), fc.nat(255)), { maxLength: 4 }),
      })
      .map(({ frame, keep, changes }) => {
        const bytes = frame.slice(0, Math.max(1, keep));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        return { bytes, wireLen: frame.length };
      });
    fc.assert(
      fc.property(fc.array(broken, { minLength: 1, maxLength: 8 }), (list) => {
        const { store } = openBytes(pcap([...frames, ...list]));
        const reader = new StreamReader(store, store.registry, 1);
        reader.each((stream, segments) => {
          reader.context(stream, segments);
          for (let i = 0; i < segments.count; i++) {
            segments.wire?.(i);
            segments.payload?.(i, 64);
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});
