import type { Check, Ladder, LadderSegment, TcpState } from '../../../shared/model/stream.ts';

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

const check = (frame: number, rule: string, relative: string, raw: string): Check => ({ frame, rule, equation: `${relative} (raw ${raw})`, relative, raw, holds: true });
const states = (clientState: TcpState, serverState: TcpState): { clientState: TcpState; serverState: TcpState } => ({ clientState, serverState });

/** Three segments to open, data, four segments to close by the client. */
export function cleanLadder(stream = 3): Ladder {
  return {
    captureId: 1,
    stream,
    client: { address: '192.168.1.20', port: 51734 },
    server: { address: '121.36.52.10', port: 443 },
    roleEvidence: 'sent-syn',
    initialClientState: 'CLOSED',
    initialServerState: 'LISTEN',
    items: [
      segment({ frame: 37, step: 'syn', stepNumber: 1, from: 'client', flags: ['SYN'], ...states('SYN-SENT', 'SYN-RECEIVED'), options: ['MSS=1460', 'WS=128', 'SACK_PERM'] }),
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
      { kind: 'band', firstRow: 39, lastRow: 50, segments: 11, bytesFromClient: 581, bytesFromServer: 8412, retransmissions: 0, durationNs: 182_600_000, deltaNs: 1_184_000 },
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
    close: { codes: ['C1'], frames: [52, 53, 54, 55], label: { en: 'four segments, by the client', zh: '客户端发起四次挥手' }, proved: true, initiator: 'client' },
    handshakeNs: { total: 23_411_000, synToSynAck: 22_959_000, synAckToAck: 452_000 },
    verdict: { en: 'Opened in 3 segments, closed in 4 by the client.', zh: '三次握手建立，客户端发起四次挥手关闭。' },
    detail: { en: 'Every number checks out · handshake 23.41 ms · capture taken near the client', zh: '所有序号均已验证 · 握手耗时 23.41 ms · 抓包位置靠近客户端' },
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
      segment({ frame: 5, step: 'syn', stepNumber: 1, from: 'client', flags: ['SYN'], ...states('SYN-SENT', 'LISTEN'), serverProved: false }),
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
    verdict: { en: 'Refused: nobody listens on port 8443 of the server.', zh: '连接被拒绝：服务器的 8443 端口没有程序在监听。' },
    detail: { en: 'The reset in frame 6 acknowledges the SYN, so it is an answer to it.', zh: '帧 6 的 RST 确认了这个 SYN，因此它正是对该 SYN 的回答。' },
    tone: 'bad',
    handshakeNs: null,
  };
}

/** A SYN sent again and again, never answered. */
export function unansweredLadder(stream = 5, times = 12): Ladder {
  const clean = cleanLadder(stream);
  return {
    ...clean,
    items: Array.from({ length: times }, (_, i) =>
      segment({
        frame: 10 + i * 7,
        step: 'syn',
        stepNumber: i === 0 ? 1 : 0,
        from: 'client',
        flags: ['SYN'],
        ...states('SYN-SENT', 'UNKNOWN'),
        clientProved: i > 0,
        retransmission: i > 0,
        sinceOriginalNs: i === 0 ? null : 1e9 * (2 ** Math.min(i, 6) - 1),
        deltaNs: i === 0 ? 0 : 1e9 * 2 ** Math.min(i - 1, 6),
        timeNs: i === 0 ? 0 : 1e9 * (2 ** Math.min(i, 6) - 1),
      }),
    ),
    initialServerState: 'UNKNOWN',
    verdict: { en: `No answer: the client sent ${times} SYNs and gave up.`, zh: `没有应答：客户端发送了 ${times} 次 SYN 后放弃。` },
    detail: { en: 'The gaps double from 1 s to 64 s, as a retransmission timer does.', zh: '间隔从 1 秒倍增到 64 秒，正是重传定时器的行为。' },
    tone: 'warn',
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
