import type { Check, Ladder, LadderPage, LadderSegment, TcpState } from '../../../shared/model/stream.ts';
import { buildLadder, ladderPage } from '../../../shared/tcp/ladder.ts';
import type { StreamContext } from '../../../shared/tcp/segments.ts';
import { segments as segmentsOf } from '../../support/segments.ts';

/** Ladders as the engine gives them, for panels that only draw. */
type Draft = Partial<LadderSegment> & Pick<LadderSegment, 'frame' | 'step' | 'from' | 'flags'>;

export function segment(draft: Draft): LadderSegment {
  return {
    kind: 'segment',
    row: draft.frame - 1,
    phase: 'opening',
    stepNumber: 0,
    seqRelative: 0,
    seqRaw: 1_234_567,
    ackRelative: null,
    ackRaw: null,
    length: 0,
    windowRaw: 64_240,
    window: 64_240,
    options: [],
    timeNs: 0,
    deltaNs: 0,
    clientState: 'UNKNOWN',
    serverState: 'UNKNOWN',
    clientProved: true,
    serverProved: true,
    retransmission: false,
    sinceOriginalNs: null,
    duplicate: false,
    crossing: false,
    checks: [],
    ...draft,
  };
}

const check = (frame: number, rule: string, relative: string, raw: string): Check => ({
  frame,
  rule,
  equation: `${relative} (raw ${raw})`,
  relative,
  raw,
  holds: true,
});
const states = (clientState: TcpState, serverState: TcpState): { clientState: TcpState; serverState: TcpState } => ({
  clientState,
  serverState,
});

/** Three segments to open, data, four segments to close by the client. */
export function cleanLadder(stream = 3): Ladder {
  return {
    captureId: 1,
    stream,
    client: { address: '192.168.1.20', port: 51734 },
    server: { address: '121.36.52.10', port: 443 },
    roleEvidence: 'sent-syn',
    connections: [],
    initialClientState: 'CLOSED',
    initialServerState: 'LISTEN',
    items: [
      segment({
        frame: 37,
        step: 'syn',
        stepNumber: 1,
        from: 'client',
        flags: ['SYN'],
        ...states('SYN-SENT', 'SYN-RECEIVED'),
        options: ['MSS=1460', 'WS=128', 'SACK_PERM'],
      }),
      segment({
        frame: 38,
        step: 'syn-ack',
        stepNumber: 2,
        from: 'server',
        flags: ['SYN', 'ACK'],
        seqRaw: 2_915_013_347,
        ackRelative: 1,
        ackRaw: 1_234_568,
        deltaNs: 22_959_000,
        timeNs: 22_959_000,
        ...states('ESTABLISHED', 'SYN-RECEIVED'),
        checks: [check(38, 'syn-ack-acknowledges-syn', 'Ack 1 = client ISN 0 + 1', '1234568 = 1234567 + 1')],
      }),
      segment({
        frame: 39,
        step: 'ack',
        stepNumber: 3,
        from: 'client',
        flags: ['ACK'],
        seqRelative: 1,
        seqRaw: 1_234_568,
        ackRelative: 1,
        ackRaw: 2_915_013_348,
        deltaNs: 452_000,
        timeNs: 23_411_000,
        ...states('ESTABLISHED', 'ESTABLISHED'),
        checks: [check(39, 'ack-acknowledges-syn-ack', 'Ack 1 = server ISN 0 + 1', '2915013348 = 2915013347 + 1')],
      }),
      {
        kind: 'band',
        firstRow: 39,
        lastRow: 50,
        segments: 11,
        bytesFromClient: 581,
        bytesFromServer: 8412,
        retransmissions: 0,
        durationNs: 182_600_000,
        deltaNs: 1_184_000,
      },
      segment({
        frame: 52,
        phase: 'closing',
        step: 'fin',
        stepNumber: 1,
        from: 'client',
        flags: ['FIN', 'ACK'],
        seqRelative: 582,
        seqRaw: 1_235_149,
        ackRelative: 8413,
        ackRaw: 2_915_021_760,
        deltaNs: 146_298_000,
        timeNs: 207_882_000,
        ...states('FIN-WAIT-1', 'CLOSE-WAIT'),
      }),
      segment({
        frame: 53,
        phase: 'closing',
        step: 'ack',
        stepNumber: 2,
        from: 'server',
        flags: ['ACK'],
        seqRelative: 8413,
        seqRaw: 2_915_021_760,
        ackRelative: 583,
        ackRaw: 1_235_150,
        deltaNs: 22_820_000,
        timeNs: 230_702_000,
        ...states('FIN-WAIT-2', 'CLOSE-WAIT'),
        checks: [check(53, 'ack-acknowledges-fin', 'Ack 583 = Seq 582 + 1', '1235150 = 1235149 + 1')],
      }),
      segment({
        frame: 54,
        phase: 'closing',
        step: 'fin',
        stepNumber: 3,
        from: 'server',
        flags: ['FIN', 'ACK'],
        seqRelative: 8413,
        seqRaw: 2_915_021_760,
        ackRelative: 583,
        ackRaw: 1_235_150,
        deltaNs: 782_000,
        timeNs: 231_484_000,
        ...states('TIME-WAIT', 'LAST-ACK'),
      }),
      segment({
        frame: 55,
        phase: 'closing',
        step: 'ack',
        stepNumber: 4,
        from: 'client',
        flags: ['ACK'],
        seqRelative: 583,
        seqRaw: 1_235_150,
        ackRelative: 8414,
        ackRaw: 2_915_021_761,
        deltaNs: 442_000,
        timeNs: 231_926_000,
        ...states('TIME-WAIT', 'CLOSED'),
        serverProved: false,
        checks: [check(55, 'ack-acknowledges-fin', 'Ack 8414 = Seq 8413 + 1', '2915021761 = 2915021760 + 1')],
      }),
    ],
    open: { codes: ['O1'], frames: [37, 38, 39], label: { en: 'three-way handshake', zh: '三次握手' }, proved: true },
    close: {
      codes: ['C1'],
      frames: [52, 53, 54, 55],
      label: { en: 'four segments, by the client', zh: '客户端发起四次挥手' },
      proved: true,
      initiator: 'client',
    },
    handshakeNs: { total: 23_411_000, synToSynAck: 22_959_000, synAckToAck: 452_000 },
    verdict: { en: 'Opened in 3 segments, closed in 4 by the client.', zh: '三次握手建立，客户端发起四次挥手关闭。' },
    detail: {
      en: 'Every number checks out · handshake 23.41 ms · capture taken near the client',
      zh: '所有序号均已验证 · 握手耗时 23.41 ms · 抓包位置靠近客户端',
    },
    tone: 'good',
    explanations: [
      {
        title: { en: 'Why does opening take three segments?', zh: '为什么建立连接需要三次握手？' },
        body: {
          en: 'Each side picks its own starting number and must hear that the other received it. The server’s SYN and its acknowledgement of yours fit in one segment, so two announcements and two confirmations travel in three.',
          zh: '双方各自选择初始序号，并且都必须确认对方已经收到。服务器的 SYN 与它对客户端 SYN 的确认可以放在同一个报文段里，因此两次通告加两次确认只需三个报文段。',
        },
        rfc: 'RFC 9293 §3.5',
        row: -1,
      },
    ],
    negotiation: [],
    clocks: [],
    capturedNear: 'client',
    completeness: 31,
    zeek: 'SF',
    previousStream: null,
    names: { client: null, server: null },
  };
}

/** Two arrows: the SYN and the reset that answers it. */
export function refusedLadder(stream = 4): Ladder {
  const clean = cleanLadder(stream);
  return {
    ...clean,
    client: { address: '2001:db8:85a3:1234:5678:8a2e:370:7334', port: 51734 },
    server: { address: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff', port: 8443 },
    items: [
      segment({
        frame: 5,
        step: 'syn',
        stepNumber: 1,
        from: 'client',
        flags: ['SYN'],
        ...states('SYN-SENT', 'LISTEN'),
        serverProved: false,
      }),
      segment({
        frame: 6,
        step: 'rst',
        stepNumber: 2,
        from: 'server',
        flags: ['RST', 'ACK'],
        seqRaw: 0,
        ackRelative: 1,
        ackRaw: 1_234_568,
        deltaNs: 412_000,
        timeNs: 412_000,
        ...states('CLOSED', 'CLOSED'),
        checks: [check(6, 'reset-acknowledges-syn', 'Ack 1 = client ISN 0 + 1', '1234568 = 1234567 + 1')],
      }),
    ],
    initialServerState: 'CLOSED',
    verdict: {
      en: 'Refused: nobody listens on port 8443 of the server.',
      zh: '连接被拒绝：服务器的 8443 端口没有程序在监听。',
    },
    detail: {
      en: 'The reset in frame 6 acknowledges the SYN, so it is an answer to it.',
      zh: '帧 6 的 RST 确认了这个 SYN，因此它正是对该 SYN 的回答。',
    },
    tone: 'bad',
    handshakeNs: null,
  };
}

/** Every segment drawn: for views that must stay quick. */
export function longLadder(stream: number, count: number): Ladder {
  const clean = cleanLadder(stream);
  return {
    ...clean,
    items: Array.from({ length: count }, (_, i) =>
      segment({
        frame: i + 1,
        step: 'data',
        phase: 'data',
        from: i % 2 === 0 ? 'client' : 'server',
        flags: ['PSH', 'ACK'],
        seqRelative: i * 100,
        ackRelative: i * 90,
        ackRaw: i,
        length: 100,
        ...states('ESTABLISHED', 'ESTABLISHED'),
        deltaNs: 1_000_000,
        timeNs: i * 1_000_000,
      }),
    ),
  };
}

/**
 * The same connection with everything that a ladder can tell: names, negotiation, a stream before it, an explanation
 * for each step.
 */
export function richLadder(stream = 3): Ladder {
  const clean = cleanLadder(stream);
  return {
    ...clean,
    names: {
      client: { name: 'laptop.example', source: 'dns', row: 4 },
      server: { name: 'www.huawei.com', source: 'sni', row: 39 },
    },
    previousStream: 1,
    negotiation: [
      {
        option: 'mss',
        client: '1460',
        server: '1452',
        inForce: 'yes',
        effect: {
          en: 'The client sends at most 1452 bytes a segment, the server at most 1460.',
          zh: '客户端每个报文段最多发送 1452 字节，服务器最多 1460 字节。',
        },
        rfc: 'RFC 9293, section 3.7.1',
      },
      {
        option: 'window-scale',
        client: '7 (×128)',
        server: '',
        inForce: 'no',
        effect: {
          en: 'Off: the server’s SYN, ACK did not carry it, so no window is scaled.',
          zh: '未启用：服务器的 SYN, ACK 没有携带此选项，因此窗口不缩放。',
        },
        rfc: 'RFC 7323, section 2.2',
      },
      {
        option: 'sack',
        client: 'yes',
        server: 'yes',
        inForce: 'yes',
        effect: { en: 'Both sides may report what arrived out of order.', zh: '双方都可以报告乱序到达的数据。' },
        rfc: 'RFC 2018, section 2',
      },
      {
        option: 'timestamps',
        client: null,
        server: 'yes',
        inForce: 'unknown',
        effect: { en: 'Not known: the SYN was not captured.', zh: '无法判断：没有捕获到 SYN。' },
        rfc: 'RFC 7323, section 3.2',
      },
    ],
    explanations: [
      ...clean.explanations,
      ...clean.items.flatMap((item) =>
        item.kind === 'segment'
          ? [
              {
                title: { en: `Why frame ${item.frame}?`, zh: `为什么有帧 ${item.frame}？` },
                body: { en: `Because of what frame ${item.frame} says.`, zh: `因为帧 ${item.frame} 的内容。` },
                rfc: 'RFC 9293 §3.5',
                row: item.row,
              },
            ]
          : [],
      ),
    ],
  };
}

/** A SYN that was lost twice, each wait twice as long, then an answer. */
export function repeatedLadder(stream = 6): Ladder {
  const clean = cleanLadder(stream);
  const syn = (frame: number, timeNs: number, gapNs: number | null): LadderSegment =>
    segment({
      frame,
      step: 'syn',
      stepNumber: gapNs === null ? 1 : 0,
      from: 'client',
      flags: ['SYN'],
      ...states('SYN-SENT', 'LISTEN'),
      serverProved: false,
      options: ['MSS=1460', 'WS=128', 'SACK_PERM', 'TSval=4021', 'TSecr=0'],
      timeNs,
      deltaNs: gapNs ?? 0,
      retransmission: gapNs !== null,
      sinceOriginalNs: gapNs,
    });
  const [answer, ack] = clean.items.slice(1, 3).filter((item): item is LadderSegment => item.kind === 'segment');
  return {
    ...clean,
    items: [
      syn(1, 0, null),
      syn(2, 1_020_000_000, 1_020_000_000),
      syn(3, 3_060_000_000, 2_040_000_000),
      { ...answer, frame: 4, row: 3 },
      { ...ack, frame: 5, row: 4 },
    ],
    clocks: [
      {
        step: 'syn',
        from: 'client',
        rows: [0, 1, 2],
        gapsNs: [1_020_000_000, 2_040_000_000],
        doubling: true,
        text: {
          en: 'The SYN was sent 3 times; each wait is twice the one before.',
          zh: 'SYN 共发送 3 次，每次等待时间都是上次的两倍。',
        },
      },
    ],
    verdict: { en: 'Opened after the SYN was sent 3 times.', zh: 'SYN 发送 3 次后才建立连接。' },
    tone: 'warn',
  };
}

/** The capture began after the SYN: what came before is known from the answer only. */
export function impliedLadder(stream = 7): Ladder {
  const clean = cleanLadder(stream);
  return {
    ...clean,
    roleEvidence: 'sent-syn-ack',
    items: [
      {
        kind: 'implied',
        step: 'syn',
        from: 'client',
        flags: ['SYN'],
        seqRaw: 1_234_567,
        seqRelative: 0,
        ackRaw: null,
        ackRelative: null,
        provedByRow: 37,
        reason: { en: 'Frame 38 acknowledges it.', zh: '帧 38 确认了它。' },
        ...states('SYN-SENT', 'SYN-RECEIVED'),
      },
      ...clean.items.slice(1),
    ],
    verdict: {
      en: 'Opened (the SYN was not captured), closed in 4 by the client.',
      zh: '连接已建立（未捕获到 SYN），客户端发起四次挥手关闭。',
    },
    tone: 'neutral',
  };
}

/** Both sides open at once: the two SYNs cross on the way (RFC 9293, figure 7), and so do their FINs (figure 13). */
export function simultaneousLadder(stream = 8): Ladder {
  const clean = cleanLadder(stream);
  const ms = 1_000_000;
  return {
    ...clean,
    initialServerState: 'CLOSED',
    items: [
      segment({
        frame: 1,
        step: 'syn',
        stepNumber: 1,
        from: 'client',
        flags: ['SYN'],
        ...states('SYN-SENT', 'CLOSED'),
        crossing: true,
        seqRaw: 100,
      }),
      segment({
        frame: 2,
        step: 'syn',
        stepNumber: 2,
        from: 'server',
        flags: ['SYN'],
        ...states('SYN-RECEIVED', 'SYN-RECEIVED'),
        seqRaw: 300,
        deltaNs: 2 * ms,
        timeNs: 2 * ms,
      }),
      segment({
        frame: 3,
        step: 'syn-ack',
        stepNumber: 3,
        from: 'client',
        flags: ['SYN', 'ACK'],
        ackRelative: 1,
        ackRaw: 301,
        ...states('SYN-RECEIVED', 'ESTABLISHED'),
        seqRaw: 100,
        deltaNs: 20 * ms,
        timeNs: 22 * ms,
        crossing: true,
        checks: [check(3, 'syn-ack-acknowledges-syn', 'Ack 1 = server ISN 0 + 1', '301 = 300 + 1')],
      }),
      segment({
        frame: 4,
        step: 'syn-ack',
        stepNumber: 4,
        from: 'server',
        flags: ['SYN', 'ACK'],
        ackRelative: 1,
        ackRaw: 101,
        ...states('ESTABLISHED', 'ESTABLISHED'),
        seqRaw: 300,
        deltaNs: ms,
        timeNs: 23 * ms,
        checks: [check(4, 'syn-ack-acknowledges-syn', 'Ack 1 = client ISN 0 + 1', '101 = 100 + 1')],
      }),
    ],
    verdict: { en: 'Opened by both sides at once: their SYNs crossed.', zh: '双方同时打开：两个 SYN 在途中交错。' },
    tone: 'good',
  };
}

/** What the engine answers for segments inside a band: as many as asked for, up to `total`. */
export function bandPage(stream: number, firstRow: number, first: number, count: number, total: number): LadderPage {
  return {
    captureId: 1,
    stream,
    first,
    total,
    segments: Array.from({ length: Math.max(0, Math.min(count, total - first)) }, (_, i) => {
      const at = first + i;
      return segment({
        frame: firstRow + at + 1,
        step: at % 2 === 0 ? 'data' : 'ack',
        phase: 'data',
        from: at % 2 === 0 ? 'client' : 'server',
        flags: at % 2 === 0 ? ['PSH', 'ACK'] : ['ACK'],
        seqRelative: 1 + at * 100,
        ackRelative: 1,
        ackRaw: 2_915_013_348,
        length: at % 2 === 0 ? 100 : 0,
        ...states('ESTABLISHED', 'ESTABLISHED'),
        deltaNs: 1_000_000,
        timeNs: 24_000_000 + at * 1_000_000,
        retransmission: at % 37 === 36,
      });
    }),
  };
}

/** A band of any size between opening and closing. */
export function bandLadder(stream: number, segments: number): Ladder {
  const clean = cleanLadder(stream);
  const band = clean.items.findIndex((item) => item.kind === 'band');
  // What follows the band comes after all that is in it.
  const more = Math.max(0, segments - 11);
  return {
    ...clean,
    items: clean.items.map((item, i) => {
      if (item.kind === 'band') return { ...item, segments, lastRow: 39 + segments - 1 };
      return item.kind === 'segment' && i > band ? { ...item, row: item.row + more, frame: item.frame + more } : item;
    }),
  };
}

const context = (stream: number): StreamContext => ({ captureId: 1, stream });

/** The engine's own answer about segments written as text (`test/support/segments.ts`), and pages of its bands. */
export function realLadder(text: string): {
  readonly ladder: (stream: number) => Ladder;
  readonly segments: (
    stream: number,
    firstRow: number,
    lastRow: number,
    first: number,
    count: number,
  ) => LadderPage | null;
} {
  const parsed = segmentsOf(text);
  return {
    ladder: (stream) => buildLadder(parsed, context(stream)),
    segments: (stream, firstRow, lastRow, first, count) =>
      ladderPage(parsed, context(stream), firstRow, lastRow, first, count),
  };
}

/** A device in between resets in the server's name; the server goes on, and the client has forgotten the connection. */
export const injectedText =
  'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK,PSH seq=101 ack=301 len=100; B RST seq=301; B ACK seq=301 ack=201; B ACK,PSH seq=301 ack=201 len=500; A RST seq=201';

/** The same initial numbers again, after the first connection was closed. */
export const twiceText = [1, 2]
  .map((n) =>
    [
      `A SYN seq=100 id=${n}1`,
      `B SYN,ACK seq=300 ack=101 id=${n}2`,
      `A ACK seq=101 ack=301 id=${n}3`,
      ...[0, 1, 2, 3].map((i) => `A ACK,PSH seq=${101 + i * 10} ack=301 len=10 id=${n}${4 + i}`),
      `A FIN,ACK seq=141 ack=301 id=${n}8`,
      `B FIN,ACK seq=301 ack=142 id=${n}9`,
      `A ACK seq=142 ack=302 id=${n}0`,
    ].join('; '),
  )
  .join('; +5000 ');

/** The clock of B's capture is behind: in the file each of its segments stands before the one that it answers. */
export const clocksApartText = [
  'B SYN,ACK seq=300 ack=101',
  'A SYN seq=100',
  'B ACK seq=301 ack=111',
  'A ACK seq=101 ack=301',
  'A ACK,PSH seq=101 ack=301 len=10',
  ...[1, 2, 3, 4].flatMap((i) => [`B ACK seq=301 ack=${111 + i * 10}`, `A ACK,PSH seq=${101 + i * 10} ack=301 len=10`]),
  'B ACK seq=301 ack=152',
  'B FIN,ACK seq=301 ack=152',
  'A FIN,ACK seq=151 ack=301',
  'A ACK seq=152 ack=302',
].join('; ');
