/** The notation of RFC 9293's figures, held against figures 6, 7, 12 and 13 with their own numbers. */
import { describe, expect, it } from 'vitest';
import type { Ladder, LadderImplied } from '../../../../shared/model/stream.ts';
import { exportLadder } from '../../../../shared/tcp/export/export.ts';
import { buildLadder } from '../../../../shared/tcp/ladder.ts';
import { segments } from '../../../support/segments.ts';

const ladderOf = (text: string): Ladder => buildLadder(segments(text), { captureId: 1, stream: 0 });
/** Without the two lines that name the ends. */
const figure = (ladder: Ladder, raw = true): string =>
  exportLadder(ladder, 'rfc', 'en', raw).split('\n').slice(2).join('\n');

const open = 'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';

describe('the figures of RFC 9293', () => {
  it('6: the basic handshake', () => {
    expect(exportLadder(ladderOf(`${open}; A PSH,ACK seq=101 ack=301 len=5`), 'rfc', 'en', true)).toBe(
      `
      Client                                                   Server
      10.0.0.1:50000                                           10.0.0.2:80
  1.  CLOSED                                                   LISTEN
  2.  SYN-SENT     --> <SEQ=100><CTL=SYN>                  --> SYN-RECEIVED
  3.  ESTABLISHED  <-- <SEQ=300><ACK=101><CTL=SYN,ACK>     <-- SYN-RECEIVED
  4.  ESTABLISHED  --> <SEQ=101><ACK=301><CTL=ACK>         --> ESTABLISHED
  5.  ESTABLISHED  --> <SEQ=101><ACK=301><CTL=ACK><DATA=5> --> ESTABLISHED
`.slice(1),
    );
  });

  it('7: both open at once, each SYN underway while the other leaves', () => {
    expect(
      figure(ladderOf('A SYN seq=100; B SYN seq=300; A SYN,ACK seq=100 ack=301; B SYN,ACK seq=300 ack=101')),
    ).toContain(
      `
  1.  CLOSED                                               CLOSED
  2.  SYN-SENT     --> <SEQ=100><CTL=SYN>              ...
  3.  SYN-RECEIVED <-- <SEQ=300><CTL=SYN>              <-- SYN-SENT
  4.               ... <SEQ=100><CTL=SYN>              --> SYN-RECEIVED
`.slice(1),
    );
  });

  it('12: the normal close', () => {
    expect(
      figure(
        ladderOf(
          `${open}; A FIN,ACK seq=101 ack=301; B ACK seq=301 ack=102; B FIN,ACK seq=301 ack=102; A ACK seq=102 ack=302`,
        ),
      ),
    ).toContain(
      `
  5.  FIN-WAIT-1   --> <SEQ=101><ACK=301><CTL=FIN,ACK> --> CLOSE-WAIT
  6.  FIN-WAIT-2   <-- <SEQ=301><ACK=102><CTL=ACK>     <-- CLOSE-WAIT
  7.  TIME-WAIT    <-- <SEQ=301><ACK=102><CTL=FIN,ACK> <-- LAST-ACK
  8.  TIME-WAIT    --> <SEQ=102><ACK=302><CTL=ACK>     --> CLOSED
`.slice(1),
    );
  });

  it('13: both close at once', () => {
    expect(
      figure(
        ladderOf(
          `${open}; A FIN,ACK seq=101 ack=301; B FIN,ACK seq=301 ack=101; A ACK seq=102 ack=302; B ACK seq=302 ack=102`,
        ),
      ),
    ).toContain(
      `
  5.  FIN-WAIT-1   --> <SEQ=101><ACK=301><CTL=FIN,ACK> ...
  6.  CLOSING      <-- <SEQ=301><ACK=101><CTL=FIN,ACK> <-- FIN-WAIT-1
  7.               ... <SEQ=101><ACK=301><CTL=FIN,ACK> --> CLOSING
`.slice(1),
    );
  });
});

describe('what the figures do not have', () => {
  it('counts relative numbers from each side’s own', () => {
    expect(figure(ladderOf(open), false)).toContain('<-- <SEQ=0><ACK=1><CTL=SYN,ACK> <--');
  });

  it('says what was sent again and how much later', () => {
    expect(figure(ladderOf('A SYN seq=100; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101'))).toMatch(
      /^ {2}3\. {2}SYN-SENT .*--> SYN-RECEIVED {2}\(retransmission, 1 s later\)$/m,
    );
  });

  it('says what was captured twice', () => {
    const ladder = ladderOf('A SYN seq=100 id=7; +0.01 A SYN seq=100 id=7; B SYN,ACK seq=300 ack=101 id=1');
    expect(figure(ladder).match(/\(duplicate\)/g)).toHaveLength(1);
  });

  it('puts a segment that was not captured in parentheses, with what proves it', () => {
    const implied: LadderImplied = {
      kind: 'implied',
      step: 'syn',
      from: 'client',
      flags: ['SYN'],
      seqRaw: 100,
      seqRelative: 0,
      ackRaw: null,
      ackRelative: null,
      provedByRow: 4,
      reason: { en: 'Frame 5 acknowledges it.', zh: '第 5 帧确认了它。' },
      clientState: 'SYN-SENT',
      serverState: 'SYN-RECEIVED',
    };
    const ladder = { ...ladderOf('B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301'), items: [implied] };
    expect(figure(ladder)).toContain(
      'SYN-SENT     --> (<SEQ=100><CTL=SYN>) --> SYN-RECEIVED  (not captured; frame 5 proves it)',
    );
  });

  it('folds the data in one line', () => {
    const data = Array.from({ length: 6 }, (_, i) => `A ACK seq=${101 + i * 10} ack=301 len=10`).join('; ');
    expect(figure(ladderOf(`${open}; ${data}; A RST seq=161`))).toMatch(
      /^ +\[ 6 segments: 60 bytes -->, 0 bytes <-- \]$/m,
    );
  });

  it('keeps the columns under Chinese headings', () => {
    const lines = exportLadder(ladderOf(open), 'rfc', 'zh-CN', true).split('\n');
    expect(lines[0]).toMatch(/^ {6}客户端 +服务器$/);
    // Each of the six characters is as wide as two.
    expect(lines[0].indexOf('服务器') + 3).toBe(lines[1].indexOf('10.0.0.2'));
  });
});
