/**
 * Each block of a pcapng file at its edges: the shortest that holds anything, one byte less, and where in the file what
 * is wrong with it is reported.
 */
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../../shared/bytes/text.ts';
import { BlockType } from '../../../shared/pcap/format.ts';
import { noInterface } from '../../../shared/pcap/no-interface.ts';
import { PcapngReader } from '../../../shared/pcap/pcapng.ts';
import { openReader } from '../../../shared/pcap/reader.ts';
import { hex, joinBytes, packet, pcapng, u32 } from '../../support/capture-builder.ts';
import { type Collector, readAll } from './collect.ts';

const syn = packet().eth().ip().tcp({ flags: 'S' }).bytes();
const start = pcapng().interface().packet(syn).bytes();
const little = pcapng();
const words = (...values: readonly number[]): Uint8Array => joinBytes(values.map((value) => little.u32(value)));

/**
 * What a block makes of itself between two packets, in every division of the file. `offset`s count from the start of
 * the block.
 */
function between(block: Uint8Array): {
  readonly packets: Collector['packets'];
  readonly issues: readonly (readonly [string, number])[];
  readonly sink: ReturnType<typeof readAll>;
} {
  const file = joinBytes([start, block, pcapng().interface().packet(syn).bytes()]);
  const whole = readAll(file);
  for (const size of [1, 7, 40]) {
    const pieces = readAll(file, size);
    expect([pieces.packets, pieces.issues, pieces.custom]).toEqual([whole.packets, whole.issues, whole.custom]);
  }
  expect(whole.packets[0].bytes).toEqual(syn);
  expect(whole.packets.at(-1)?.bytes).toEqual(syn);
  return {
    packets: whole.packets.slice(1, -1),
    issues: whole.issues.map(({ kind, offset }) => [kind, offset - start.length]),
    sink: whole,
  };
}
const block = (type: number, body: Uint8Array, options?: Parameters<typeof little.block>[2]): Uint8Array => {
  const file = pcapng().section().block(type, body, options).bytes();
  return file.subarray(pcapng().section().bytes().length);
};

describe('the shortest block', () => {
  it.each([
    ['enhanced packet', BlockType.EnhancedPacket, 20],
    ['obsolete packet', BlockType.Packet, 20],
    ['simple packet', BlockType.SimplePacket, 4],
    ['custom, to be copied', BlockType.CustomCopied, 4],
    ['custom, to be left out', BlockType.CustomKept, 4],
  ])('%s: of nothing, and one word less', (_name, type, size) => {
    const whole = between(block(type, new Uint8Array(size)));
    expect(whole.packets.map((p) => p.bytes.length)).toEqual([0]);
    expect(whole.issues).toEqual([]);
    const cut = between(block(type, new Uint8Array(size - 4)));
    expect(cut.packets).toEqual([]);
    expect(cut.issues).toEqual([['bad-record-length', 0]]);
  });

  it('of a kind that nobody knows holds nothing but its lengths', () => {
    expect(between(block(0x7777, new Uint8Array(0)))).toMatchObject({ packets: [], issues: [] });
  });
});

describe('a packet', () => {
  const enhanced = (captured: number, wire: number, bytes = syn) => joinBytes([words(0, 0, 7, captured, wire), bytes]);

  it('that says more was captured than there was on the wire is reported', () => {
    const { packets, issues } = between(block(BlockType.EnhancedPacket, enhanced(54, 53)));
    expect(packets.map((p) => [p.bytes.length, p.wireLen])).toEqual([[54, 53]]);
    expect(issues).toEqual([['caplen-over-wirelen', 0]]);
  });

  it('that says more than its block has is shown as far as it goes', () => {
    const { packets, issues } = between(block(BlockType.EnhancedPacket, enhanced(57, 57)));
    expect(packets.map((p) => [p.bytes.length, p.wireLen])).toEqual([[56, 57]]);
    expect(issues).toEqual([['bad-record-length', 0]]);
  });

  it('of an interface that nobody described is reported where it stands', () => {
    const { packets, issues } = between(block(BlockType.EnhancedPacket, joinBytes([words(5, 0, 7, 54, 54), syn])));
    expect(packets.map((p) => p.iface)).toEqual([noInterface]);
    expect(issues).toEqual([['unknown-interface', 0]]);
  });

  it('has a length on the wire of at most 31 bits', () => {
    for (const type of ['enhanced', 'simple'] as const)
      for (const [said, kept] of [
        [0x7ffffffe, 0x7ffffffe],
        [0x7fffffff, 0x7fffffff],
        [0x80000000, 0x7fffffff],
        [0xffffffff, 0x7fffffff],
      ]) {
        const made =
          type === 'enhanced'
            ? block(BlockType.EnhancedPacket, enhanced(54, said))
            : block(BlockType.SimplePacket, joinBytes([words(said), syn]));
        expect(between(made).packets.map((p) => p.wireLen)).toEqual([kept]);
      }
  });

  it('tells where its bytes lie in the file', () => {
    for (const [made, head] of [
      [block(BlockType.EnhancedPacket, enhanced(54, 54)), 28],
      [block(BlockType.SimplePacket, joinBytes([words(54), syn])), 12],
      [block(BlockType.CustomKept, joinBytes([words(32_473), syn])), 12],
    ] as const)
      expect(between(made).packets.map((p) => p.offset - start.length)).toEqual([head]);
  });

  it('has flags where the option is four bytes long, and none else', () => {
    const flags = (length: number) =>
      between(block(BlockType.EnhancedPacket, enhanced(54, 54), [[2, new Uint8Array(length)]]));
    expect(flags(4)).toMatchObject({ packets: [{ flagged: true, comments: [] }], issues: [] });
    expect(flags(3)).toMatchObject({ packets: [{ flagged: false }], issues: [['bad-record-length', 0]] });
    const other = between(block(BlockType.EnhancedPacket, enhanced(54, 54), [[4, new Uint8Array(4)]]));
    expect(other).toMatchObject({ packets: [{ flagged: false, comments: [] }], issues: [] });
    const empty = between(block(BlockType.EnhancedPacket, enhanced(54, 54), [[1, new Uint8Array(0)]]));
    expect(empty.packets.map((p) => p.comments)).toEqual([['']]);
  });

  it('is given to who asks for nothing else of it', () => {
    const seen: number[] = [];
    const file = joinBytes([
      start,
      block(BlockType.EnhancedPacket, enhanced(54, 54), [
        [1, utf8Bytes('x')],
        [2, new Uint8Array(4)],
      ]),
      block(BlockType.CustomCopied, words(1)),
    ]);
    const open = openReader(file, 'x');
    if (!open.ok) throw new Error(open.error.code);
    open.value.push(file, { packet: (...[, , , , capLen]) => seen.push(capLen), health: () => seen.push(-1) });
    expect(seen).toEqual([54, 54, 0]);
  });
});

describe('a simple packet', () => {
  /** In a section of its own whose only interface has a snap length. */
  const simple = (snapLength: number, wire: number, bytes: number) => {
    const { packets, kinds } = readAll(
      joinBytes([
        pcapng()
          .interface({ snapLength })
          .block(BlockType.SimplePacket, joinBytes([words(wire), new Uint8Array(bytes)]))
          .bytes(),
      ]),
    );
    return [packets.map((p) => p.bytes.length), kinds];
  };

  it.each([
    // Snap length, length on the wire, bytes in the block without padding; bytes that were captured, what is wrong
    [0, 9, 9, 9, []],
    [8, 9, 8, 8, []],
    [9, 9, 9, 9, []],
    [10, 9, 9, 9, []],
    [8, 7, 8, 7, []],
    [0, 8, 12, 12, ['bad-record-length']],
    [0, 9, 12, 9, []],
    [0, 13, 12, 12, ['bad-record-length']],
    [4, 9, 12, 12, ['bad-record-length']],
  ])(
    'with a snap length of %i, %i on the wire and %i bytes: %i were captured',
    (snapLength, wire, bytes, captured, issues) => {
      expect(simple(snapLength, wire, bytes)).toEqual([[captured], issues]);
    },
  );

  it('belongs to the first interface of its section, and to none where there is none', () => {
    const file = joinBytes([
      pcapng().interface().interface().bytes(),
      pcapng().interface().interface().simplePacket(syn).bytes(),
      pcapng().section().simplePacket(syn).bytes(),
    ]);
    const { packets, issues } = readAll(file);
    expect(packets.map((p) => p.iface)).toEqual([2, noInterface]);
    expect(issues.map(({ kind, offset }) => [kind, offset])).toEqual([['unknown-interface', file.length - 16 - 56]]);
  });
});

describe('a section', () => {
  it('says how long it is, or does not', () => {
    const sized = (low: number, high: number) => {
      const file = pcapng().section().interface().packet(syn).bytes();
      file.set(words(low, high), 16);
      return readAll(joinBytes([start, file]), 33).reader.sizedSections;
    };
    expect(sized(0xffffffff, 0xffffffff)).toEqual([]);
    for (const [low, high] of [
      [100, 0],
      [0xffffffff, 0],
      [0, 0xffffffff],
      [0, 0],
    ])
      expect(sized(low, high)).toEqual([start.length]);
  });

  it('too short for what it must say is passed over', () => {
    const header = joinBytes([hex('0a0d0d0a'), words(24, 0x1a2b3c4d), new Uint8Array(8), words(24)]);
    expect(between(header)).toMatchObject({ packets: [], issues: [['bad-record-length', 0]] });
    const least = joinBytes([hex('0a0d0d0a'), words(28, 0x1a2b3c4d), hex('0100 0000 ffffffffffffffff'), words(28)]);
    expect(between(joinBytes([least, pcapng().interface().packet(syn).bytes().subarray(28)]))).toMatchObject({
      packets: [{ bytes: syn }],
      issues: [],
    });
  });

  it('with a byte order mark that is none is passed over, in both byte orders, and the next one found', () => {
    for (const bigEndian of [false, true]) {
      const wrong = pcapng().section({ bigEndian }).interface().packet(syn).bytes();
      wrong.set(hex('11223344'), 8);
      const next = pcapng().section({ bigEndian }).interface({ linkType: 101 }).packet(syn).bytes();
      const { packets, issues, reader } = readAll(joinBytes([start, wrong, next]), 30);
      expect(issues).toEqual([{ kind: 'bad-record-length', offset: start.length, before: 1 }]);
      // Where it was of the byte order that was in force its blocks are found one by one.
      expect(packets).toHaveLength(bigEndian ? 2 : 3);
      expect(reader.interfaces.at(-1)?.linkType).toBe(101);
    }
  });

  it('has at most a thousand comments', () => {
    const one = pcapng().section({ comment: 'c' }).bytes();
    const { reader } = readAll(joinBytes(Array.from({ length: 1002 }, () => one)));
    expect(reader.comments).toHaveLength(1000);
  });
});

describe('an interface', () => {
  const described = (...options: readonly (readonly [number, Uint8Array])[]) => {
    const body = joinBytes([words(1, 96)]);
    const file = pcapng()
      .section()
      .block(
        BlockType.InterfaceDescription,
        body,
        options.map(([code, value]) => [code, value]),
      )
      .bytes();
    return readAll(file).reader.interfaces[0];
  };
  const plain = { index: 0, idInSection: 0, linkType: 1, snapLength: 96, ticksPerSecond: 1e6, offsetSeconds: 0 };

  it('is described by its options, as far as they can be right', () => {
    expect(described()).toEqual(plain);
    expect(described([2, utf8Bytes('eth0')], [3, utf8Bytes('first')], [12, utf8Bytes('Linux')])).toEqual({
      ...plain,
      name: 'eth0',
      description: 'first',
      os: 'Linux',
    });
    expect(described([9, Uint8Array.of(9)])).toEqual({ ...plain, ticksPerSecond: 1e9 });
    expect(described([9, new Uint8Array(0)])).toEqual(plain);
    expect(described([14, hex('0a00000000000000')])).toEqual({ ...plain, offsetSeconds: 10 });
    expect(described([14, hex('0a000000')])).toEqual(plain);
    // Unknown options do no harm.
    expect(described([8, new Uint8Array(8)])).toEqual(plain);
  });

  it('has a filter where it is a text', () => {
    expect(described([11, utf8Bytes('\0tcp')])).toEqual({ ...plain, filter: 'tcp' });
    expect(described([11, utf8Bytes('\x01tcp')])).toEqual(plain);
    expect(described([11, utf8Bytes('\0')])).toEqual(plain);
    // Its end is the option's, whatever stands behind.
    expect(described([11, utf8Bytes('\0tc')], [8, hex('6162')])).toEqual({ ...plain, filter: 'tc' });
  });

  it('may be as short as its numbers, and counts where it is shorter', () => {
    expect(between(block(BlockType.InterfaceDescription, words(1, 5)))).toMatchObject({ packets: [], issues: [] });
    const { issues, sink } = between(block(BlockType.InterfaceDescription, words(1)));
    expect(issues).toEqual([['bad-record-length', 0]]);
    expect(sink.reader.interfaces.map((i) => [i.index, i.idInSection, i.linkType, i.snapLength])).toEqual([
      [0, 0, 1, 262_144],
      [1, 1, 0xffff, 0],
      [2, 0, 1, 262_144],
    ]);
  });

  it('is one of at most 65,535', () => {
    const one = block(BlockType.InterfaceDescription, words(1, 0));
    const many = new Uint8Array(one.length * 65_537);
    for (let i = 0; i < 65_537; i++) many.set(one, i * one.length);
    const head = pcapng().section().bytes();
    const { reader, issues } = readAll(joinBytes([head, many]));
    expect(reader.interfaces).toHaveLength(65_535);
    expect(issues.map(({ kind, offset }) => [kind, offset])).toEqual(
      [65_535, 65_536].map((i) => ['unknown-interface', head.length + i * one.length]),
    );
  });

  it('has statistics of its own section, eight bytes each', () => {
    const counts = (id: number, ...options: readonly (readonly [number, Uint8Array])[]) => {
      const file = pcapng()
        .interface()
        .interface()
        .block(
          BlockType.InterfaceStatistics,
          words(id, 0, 0),
          options.map(([code, value]) => [code, value]),
        )
        .bytes();
      return readAll(joinBytes([start, file])).reader.interfaces.map((i) => [i.received, i.dropped]);
    };
    const none = [undefined, undefined];
    expect(counts(1, [4, words(5, 0)], [5, words(6, 0)], [6, words(7, 0)])).toEqual([none, none, [5, 6]]);
    expect(counts(0, [5, words(6, 1)])).toEqual([none, [undefined, 0x100000006], none]);
    expect(counts(1, [4, words(5)])).toEqual([none, none, none]);
    expect(counts(2, [4, words(5, 0)])).toEqual([none, none, none]);
    for (const short of [words(0), words(0, 0)])
      expect(between(block(BlockType.InterfaceStatistics, short)).issues).toEqual([]);
    expect(
      between(block(BlockType.InterfaceStatistics, words(0, 0, 0))).sink.reader.interfaces[0].received,
    ).toBeUndefined();
  });
});

it('a custom block says whether it may be copied', () => {
  expect(between(block(BlockType.CustomCopied, words(7))).sink.custom).toEqual([[7, true]]);
  expect(between(block(BlockType.CustomKept, words(8))).sink.custom).toEqual([[8, false]]);
});

describe('the end of the file', () => {
  it('may lack the padding of the last block', () => {
    const last = joinBytes([words(BlockType.CustomKept, 17, 7), Uint8Array.of(65), words(17)]);
    const { packets, issues } = readAll(joinBytes([start, last]), 11);
    expect(packets.map((p) => p.bytes)).toEqual([syn, Uint8Array.of(65)]);
    expect(issues).toEqual([]);
    // One byte less, and the block is not whole.
    const cut = readAll(joinBytes([start, last.subarray(0, 16)]), 11);
    expect(cut.packets).toHaveLength(1);
    expect(cut.issues).toEqual([{ kind: 'truncated-tail', offset: start.length, before: 1 }]);
  });

  it('within a block that claims more than there is: what follows is found', () => {
    const lie = joinBytes([words(0x7777, 400), new Uint8Array(8)]);
    const { packets, issues } = readAll(joinBytes([start, lie, pcapng().interface().packet(syn).bytes()]), 50);
    expect(packets.map((p) => p.bytes)).toEqual([syn, syn]);
    expect(issues).toEqual([{ kind: 'bad-record-length', offset: start.length, before: 1 }]);
  });

  it('right behind a block whose lengths differ: the block is believed', () => {
    const wrong = joinBytes([words(BlockType.CustomKept, 20, 7, 9), words(24)]);
    for (const size of [1, 13, 1000]) {
      const { packets, issues } = readAll(joinBytes([start, wrong]), size);
      expect(packets.map((p) => p.bytes)).toEqual([syn, words(9)]);
      expect(issues).toEqual([{ kind: 'bad-record-length', offset: start.length, before: 1 }]);
    }
  });
});

describe('the beginning of the file', () => {
  const head = pcapng().section().bytes();
  const code = (bytes: Uint8Array) => {
    const opened = openReader(bytes, 'x');
    return opened.ok ? opened.value.format : opened.error.code;
  };

  it('is told by twelve bytes, and its version by fourteen', () => {
    expect(code(head.subarray(0, 11))).toBe('not-a-capture');
    expect(code(head.subarray(0, 12))).toBe('pcapng');
    const newer = head.slice();
    newer[12] = 9;
    expect(code(newer.subarray(0, 13))).toBe('pcapng');
    expect(code(newer.subarray(0, 14))).toBe('unsupported-version');
    const big = pcapng().section({ bigEndian: true }).bytes();
    expect(code(big)).toBe('pcapng');
    big[13] = 9;
    expect(code(big)).toBe('unsupported-version');
  });

  it('is a section header with a byte order mark', () => {
    for (const [at, value] of [
      [0, 0x0b],
      [3, 0],
      [8, 0],
      [11, 0],
    ]) {
      const wrong = head.slice();
      wrong[at] = value;
      expect(code(wrong)).toBe('not-a-capture');
    }
    expect(PcapngReader.open(head)).toMatchObject({ format: 'pcapng', sizedSections: [], comments: [] });
  });
});

it('looks for blocks of every known kind after damage, and for no others', () => {
  const known = [
    BlockType.InterfaceDescription,
    BlockType.Packet,
    BlockType.SimplePacket,
    BlockType.NameResolution,
    BlockType.InterfaceStatistics,
    BlockType.EnhancedPacket,
    BlockType.DecryptionSecrets,
    BlockType.CustomCopied,
    BlockType.CustomKept,
  ];
  for (const type of [...known, 0x7777]) {
    const damage = words(0x7777, 5, 1);
    const marked = block(type, joinBytes([words(0, 0, 0), u32(0)]));
    const next = joinBytes([block(BlockType.CustomKept, words(1))]);
    // The damaged block's neighbour is found if its kind is known; a custom block behind it is in any case.
    const { custom, reader } = readAll(joinBytes([start, damage, marked, next]), 21);
    expect([type, custom.at(-1)]).toEqual([type, [1, false]]);
    if (type === BlockType.InterfaceDescription) expect(reader.interfaces).toHaveLength(2);
  }
});
