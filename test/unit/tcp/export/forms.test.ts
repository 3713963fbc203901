/** Lab report, sequence diagram, script and picture of small connections. */
import { describe, expect, it } from 'vitest';
import type { Ladder } from '../../../../shared/model/stream.ts';
import { displayFilters } from '../../../../shared/tcp/export/display-filters.ts';
import { exportLadder } from '../../../../shared/tcp/export/export.ts';
import { buildLadder } from '../../../../shared/tcp/ladder.ts';
import { segments } from '../../../support/segments.ts';

const ladderOf = (text: string): Ladder => buildLadder(segments(text), { captureId: 1, stream: 3 });

const refused = ladderOf('A SYN seq=100 win=64240 mss=1460 sack ws=7; B RST,ACK seq=0 ack=101 win=0');
const closed = ladderOf(
  `A SYN seq=100 win=64240 mss=1460; B SYN,ACK seq=300 ack=101 win=65160 mss=1460; A ACK seq=101 ack=301 win=502; A PSH,ACK seq=101 ack=301 len=20 win=502;
  B ACK seq=301 ack=121 win=510; B PSH,ACK seq=301 ack=121 len=7 win=510; A ACK seq=121 ack=308 win=502; +100 B FIN,ACK seq=308 ack=121 win=510;
  A FIN,ACK seq=121 ack=309 win=502; B ACK seq=309 ack=122 win=510`,
);

describe('the lab report', () => {
  it('tells a refused connection', () => {
    const report = exportLadder(refused, 'markdown', 'en', false);
    expect(report.split('\n').slice(0, 6)).toEqual([
      '# Lab report: TCP connection 3',
      '',
      '`10.0.0.1:50000` → `10.0.0.2:80`',
      '',
      '## Result',
      '',
    ]);
    expect(report).toContain('**Refused: a reset answered the SYN.**');
    expect(report).toContain(
      '| ① | 1 | 0 ms | client → server | SYN<br>MSS=1460 WS=128 SACK_PERM | 0 | – | 0 | 64240 | SYN-SENT | CLOSED |  |\n| ② | 2 | 10 ms | server → client | RST, ACK | 1 | 1 | 0 | 0 | CLOSED † | CLOSED | ✓ Ack 1 = 0 + 1 |',
    );
    expect(report).toContain('- The opening: `tcp.stream == 3 && frame.number in {1,2}`');
    expect(report).toContain('*RFC 9293');
  });

  it('has every row of a table as wide as its head', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const tables = exportLadder(closed, 'markdown', language, true)
        .split('\n\n')
        .filter((part) => part.startsWith('|'));
      expect(tables.length).toBeGreaterThanOrEqual(2);
      for (const table of tables) expect(new Set(table.split('\n').map((line) => line.split('|').length)).size).toBe(1);
    }
  });

  it('has the words of each language and no others', () => {
    const zh = exportLadder(closed, 'markdown', 'zh-CN', false);
    expect(zh).toContain('# 实验报告：TCP 连接 3');
    expect(zh).toContain('客户端 → 服务器');
    expect(zh.replace(/`[^`]*`/g, '')).not.toMatch(/\b(client|server|frame|the)\b/);
    expect(exportLadder(closed, 'markdown', 'en', false)).not.toMatch(/[一-鿿]/);
  });

  it('says which names come from where', () => {
    const named: Ladder = {
      ...refused,
      names: { client: null, server: { name: 'www.example.com', source: 'sni', row: 6 } },
    };
    expect(exportLadder(named, 'markdown', 'en', false)).toContain(
      '| Server | `10.0.0.2` | 80 | `www.example.com` (TLS server name in frame 7) |',
    );
  });

  it('says what was offered and what holds', () => {
    const ladder: Ladder = {
      ...refused,
      negotiation: [
        {
          option: 'sack',
          client: 'yes',
          server: null,
          inForce: 'unknown',
          effect: { en: 'No SYN+ACK.', zh: '没有 SYN+ACK。' },
          rfc: 'RFC 2018, section 2',
        },
      ],
    };
    expect(exportLadder(ladder, 'markdown', 'en', false)).toContain(
      '| SACK | yes | not captured | not known | No SYN+ACK. | RFC 2018, section 2 |',
    );
  });
});

describe('the sequence diagram', () => {
  it('has arrows, states and folded data', () => {
    expect(exportLadder(refused, 'mermaid', 'en', true)).toBe(
      `
sequenceDiagram
  title Refused#58; a reset answered the SYN.
  participant C as Client<br/>10.0.0.1#58;50000
  participant S as Server<br/>10.0.0.2#58;80
  Note left of C: CLOSED
  Note right of S: CLOSED
  C->>S: ① SYN Seq 100 #35;1
  Note left of C: SYN-SENT
  S-xC: ② RST, ACK Seq 0 Ack 101 #35;2
  Note left of C: CLOSED ?
`.slice(1),
    );
    expect(exportLadder(closed, 'mermaid', 'zh-CN', false)).toContain(
      'Note over C,S: 其间 4 个报文段<br/>客户端 20 B，服务器 7 B\n',
    );
  });

  it('dashes what was sent again', () => {
    expect(exportLadder(ladderOf('A SYN seq=1; +1000 A SYN seq=1'), 'mermaid', 'en', false)).toContain(
      'Seq 0 (retransmission, 1 s later) #35;2',
    );
  });
});

describe('the packetdrill script', () => {
  it('plays the server where it agreed', () => {
    expect(exportLadder(closed, 'packetdrill', 'en', false)).toBe(
      `
// Opened in 3 segments, closed in 3 by the server.
// Client 10.0.0.1:50000, server 10.0.0.2:80.
// From the server’s view: < is what the client sent, > what the server must answer.
--tolerance_usecs=100000

0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0

+0 < S 0:0(0) win 64240 <mss 1460>
+0.01 > S. 0:0(0) ack 1 <...>  // <mss 1460>
+0.01 < . 1:1(0) ack 1 win 502
+0 accept(3, ..., ...) = 4
// 4 segments not written out (20 bytes from the client, 7 from the server): add them before running this.
+0.1 close(4) = 0
+0 > F. 8:8(0) ack 21
+0.01 < F. 21:21(0) ack 9 win 502
+0.01 > . 9:9(0) ack 22
`.slice(1),
    );
  });

  it('plays the client where the server did not agree', () => {
    const script = exportLadder(refused, 'packetdrill', 'en', true);
    expect(script).toContain(
      '+0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n\n+0 > S 100:100(0) <...>  // <mss 1460,sackOK,wscale 7,nop,nop,nop>\n+0.01 < R. 0:0(0) ack 101 win 0\n',
    );
  });

  it('fills options up to whole words and never writes what was captured twice', () => {
    const script = exportLadder(
      ladderOf('A SYN seq=1 id=3 mss=1400 ws=7; +0.01 A SYN seq=1 id=3 mss=1400 ws=7; B SYN,ACK seq=5 ack=2 id=9'),
      'packetdrill',
      'en',
      false,
    );
    expect(script).toContain('+0 < S 0:0(0) win 8192 <mss 1400,wscale 7,nop>\n// < S 0:0(0)');
  });

  it('says that it cannot run where the SYN is missing', () => {
    expect(exportLadder(ladderOf('A ACK seq=1 ack=2 len=5; B ACK seq=2 ack=6'), 'packetdrill', 'en', false)).toContain(
      '// The capture does not hold the SYN',
    );
  });
});

describe('the picture', () => {
  it('shows verdict, ends, steps, states, numbers and checks', () => {
    const svg = exportLadder(closed, 'svg', 'en', false);
    for (const words of [
      'Opened in 3 segments, closed in 3 by the server.',
      '10.0.0.1:50000',
      '>SYN ACK<',
      '>ESTABLISHED<',
      'Seq 0 · Ack 1 · Win 65160',
      '✓ Ack 1 = 0 + 1',
      '4 segments between',
      'state inferred',
    ]) {
      expect(svg).toContain(words);
    }
    expect(svg.match(/r="9.5"/g)).toHaveLength(6);
    expect(svg).not.toMatch(/<(script|style|image|foreignObject|a)\b|href|url\(|on\w+="/);
  });

  it('dashes what was sent again and ends a reset with a cross', () => {
    const svg = exportLadder(ladderOf('A SYN seq=1; +1000 A SYN seq=1; B RST,ACK seq=0 ack=2'), 'svg', 'zh-CN', false);
    expect(svg).toContain('stroke-dasharray="7 5"');
    expect(svg).toContain('重传，间隔 1 s');
    expect(svg).toMatch(/M239 \d+L249/);
  });
});

it('display filters name each frame once, long runs as ranges', () => {
  const ladder: Ladder = {
    ...refused,
    open: { ...refused.open, frames: [3, 1, 2, 2, 9, 10, 11, 12] },
    close: { ...refused.close, frames: [] },
  };
  expect(displayFilters(ladder)).toEqual({
    all: 'tcp.stream == 3',
    opening: 'tcp.stream == 3 && frame.number in {1,2,3,9..12}',
    closing: null,
  });
});

it('JSON is the whole model', () => {
  expect(JSON.parse(exportLadder(closed, 'json', 'en', false))).toEqual(closed);
});
