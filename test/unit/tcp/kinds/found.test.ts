/** Kinds of captures that the adversary (`test/adversary`) found the model to be wrong about: each with its packets, as few as show it. */
import { describe, expect, it } from 'vitest';
import type { ToldConnection } from '../../../../shared/model/stream.ts';
import { judgeStream } from '../../../../shared/tcp/judge.ts';
import type { StreamContext } from '../../../../shared/tcp/segments.ts';
import { connectionsOf } from '../../../../shared/tcp/summary.ts';
import { segments } from '../../../support/segments.ts';

const context: StreamContext = { captureId: 1, stream: 0 };

function told(text: string): readonly ToldConnection[] {
  return connectionsOf(judgeStream(segments(text), context, (view) => (index) => view.options(index)));
}

const codes = (text: string) => told(text).map(({ open, close }) => [...open.codes, ...close.codes].join(' '));
const claims = (text: string, n = 0) => told(text)[n].claims.map(({ what, by, proved }) => `${what}${by === null ? '' : ` ${by}`}${proved ? ' proved' : ''}`);
const open = 'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';

describe('an acknowledgment a little ahead of the SYN', () => {
  const behind = (ack: number, last: string) => codes(`A SYN seq=100; +700 B ACK seq=300 ack=${ack} len=44; ${last}`);

  it('and the reset of just that number may be of this connection or of an older one', () => {
    expect(behind(105, 'A RST seq=105')).toEqual(['O20']);
    expect(behind(105, 'A RST,ACK seq=105 ack=300')).toEqual(['O20']);
  });

  it('is an older connection’s where the SYN comes again', () => expect(behind(105, 'A RST seq=105; +1000 A SYN seq=100')[0]).toMatch(/^O12/));
  it('is an older connection’s where no sender could have come so far', () => expect(behind(2_000_000_000, 'A RST seq=2000000000')[0]).toMatch(/^O12/));
});

describe('a SYN+ACK sent twice within a moment', () => {
  it('may answer a SYN that was not captured: neither repeated nor captured again is said', () => {
    const said = claims('A SYN seq=100 id=0; B SYN,ACK seq=300 ack=101 id=0; +2 B SYN,ACK seq=300 ack=101 id=0');
    expect(said.filter((one) => /twice/.test(one))).toEqual([]);
  });

  it('was captured again where its neighbours were', () => {
    const twice =
      'A SYN seq=100 id=0; +1 A SYN seq=100 id=0; B SYN,ACK seq=300 ack=101 id=0; +1 B SYN,ACK seq=300 ack=101 id=0; A ACK seq=101 ack=301 id=0; +0.5 A ACK seq=101 ack=301 id=0';
    expect(codes(twice)[0]).toContain('O22');
  });
});

describe('a connection whose SYN was not captured', () => {
  const first = `${open}; A FIN,ACK seq=101 ack=301; B ACK seq=301 ack=102`;
  const second = 'B SYN,ACK seq=9000 ack=5001; A ACK seq=5001 ack=9001; A FIN,ACK seq=5001 ack=9001; B FIN,ACK seq=9001 ack=5002; A ACK seq=5002 ack=9002';

  it('is not mixed up with the one before it', () => {
    const [one, two] = told(`${first}; +3000 ${second}`);
    expect([one.close.codes[0], two.open.codes[0], two.close.codes[0], two.close.initiator]).toEqual(['C11', 'O9', 'C2', 'client']);
  });

  it('over the end of the numbers', () => {
    const over = 'B SYN,ACK seq=4294967295 ack=4000000000; A ACK seq=4000000000 ack=0; A PSH,ACK seq=4000000000 ack=0 len=5';
    expect(told(`${first}; +3000 ${over}`)).toHaveLength(2);
  });

  it('is none where its SYN only stands behind, or the same data before it', () => {
    expect(told(`A ACK seq=5001 ack=9001 len=5; ${second}`)).toHaveLength(1);
    expect(told('B SYN,ACK seq=300 ack=101; A SYN seq=100; A ACK seq=101 ack=301')).toHaveLength(1);
  });
});

describe('a SYN behind an open connection, with the number of its own SYN', () => {
  it('is another connection where the SYN+ACK behind it has a number of its own', () => {
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=5; B ACK seq=301 ack=106; +9000 A SYN seq=100; B ACK seq=301 ack=106; A RST seq=106; +1000 A SYN seq=100; B SYN,ACK seq=7000 ack=101; A ACK seq=101 ack=7001`;
    expect(codes(text)).toHaveLength(2);
    expect(codes(text)[1]).toContain('O12');
  });
});

describe('a reset', () => {
  it('of the side that took its SYN+ACK back is proved only where its sender is known, whatever else is said of the opening', () => {
    const said = claims('A SYN seq=100 len=5 tfo=8; B SYN,ACK seq=300 ack=106; A ACK seq=106 ack=301; B RST seq=301');
    expect(said).toContain('aborted server');
    expect(said).not.toContain('not-opened');
  });

  it('of one hop less or more is nobody’s for sure', () => {
    const said = claims('A SYN seq=100 ttl=64 id=1; B SYN,ACK seq=300 ack=101 ttl=50 id=1; A ACK seq=101 ack=301 ttl=64 id=2; A RST seq=101 ttl=63 id=3');
    expect(said.filter((one) => /^reset/.test(one))).toEqual([]);
  });

  it('right before a segment with the same number may have been exchanged with it', () => {
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=4; A RST seq=105; A FIN,ACK seq=105 ack=301`;
    expect(claims(text)).not.toContain('reset-injected client proved');
  });

  it('that nothing of its side stands before says nothing of other numbers behind it', () => {
    expect(
      claims('A RST seq=70100; +1000 A PSH,ACK seq=101 ack=301 len=5; B PSH,ACK seq=301 ack=106 len=7; A PSH,ACK seq=106 ack=308 len=5').filter((one) => /injected/.test(one)),
    ).toEqual([]);
  });

  it('in the handshake ends an attempt, and the SYN that comes again another one', () => {
    const text = 'A SYN seq=100; B SYN,ACK seq=900 ack=101; A RST seq=101 ttl=9; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';
    expect(codes(text)[0]).toMatch(/O1/);
    expect(claims(text)).not.toContain('half-open');
  });

  it('of number 0 that refused an earlier SYN leaves no number open', () => {
    const text =
      'A SYN seq=100; B RST,ACK seq=0 ack=101; +500 A SYN seq=100; B SYN,ACK seq=4294966320 ack=101; A ACK seq=101 ack=4294966321; A FIN,ACK seq=101 ack=4294966321; B RST,ACK seq=4294966321 ack=102';
    expect(codes(text)[0]).toMatch(/C6/);
  });
});

describe('two places of capture', () => {
  // At the client (link 1), then at the server (link 2), one file behind the other: the reset was seen at the server only.
  const client =
    'A SYN seq=100 id=1 ttl=64 link=1; B SYN,ACK seq=300 ack=101 id=9 ttl=58 link=1; A ACK seq=101 ack=301 id=2 ttl=64 link=1; A PSH,ACK seq=101 ack=301 len=33 id=3 ttl=64 link=1; B RST seq=301 id=10 ttl=58 link=1';
  const server =
    'A SYN seq=100 id=1 ttl=58 link=2; B SYN,ACK seq=300 ack=101 id=9 ttl=64 link=2; A ACK seq=101 ack=301 id=2 ttl=58 link=2; A RST,ACK seq=101 ack=301 id=77 ttl=58 link=2; A PSH,ACK seq=101 ack=301 len=33 id=3 ttl=58 link=2; B RST seq=301 id=10 ttl=64 link=2';

  it('show together what came from in between', () => {
    const [one] = told(`${client}; +50 ${server}`);
    expect(one.close.codes).not.toContain('C15');
    expect(one.close.initiator).toBeNull();
  });
});

describe('large segments that vanish', () => {
  const large = (seq: number) => `B ACK seq=${seq} ack=106 len=1400`;
  const again = 'A ACK seq=106 ack=301';

  it('are not told of where more were acknowledged again than small ones were sent', () => {
    const burst = [301, 1701, 3101, 4501].map(large).join('; ');
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=5; ${burst}; B PSH,ACK seq=5901 ack=106 len=290; ${again}; ${again}; ${again}; +200 ${large(301)}; +400 ${large(301)}`;
    expect(claims(text)).not.toContain('path-mtu server');
    expect(claims(text.replace(`${again}; ${again}; ${again}`, again))).toContain('path-mtu server');
  });
});

describe('an opening from both sides', () => {
  const both = 'A SYN seq=100; +0 B SYN seq=300; A SYN,ACK seq=100 ack=301; B SYN,ACK seq=300 ack=101';
  const openedBy = (text: string) => told(text)[0].claims.filter(({ what }) => what === 'opened' || what === 'simultaneous-open');

  it('is proved only where later segments show that both SYN+ACKs arrived', () => {
    const used = `${both}; A PSH,ACK seq=101 ack=301 len=10; B PSH,ACK seq=301 ack=111 len=10; A ACK seq=111 ack=311`;
    expect(told(used)[0].open).toMatchObject({ codes: ['O10'], proved: true });
    for (const text of [both, `${both}; +1000 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301`]) {
      expect(told(text)[0].open.proved).toBe(false);
      expect(openedBy(text).filter(({ what, proved }) => what === 'opened' && proved)).toEqual([]);
    }
  });
});

describe('a program that sends past its own system', () => {
  // The system, which knows of no connection, resets the attempt; the program sends data all the same, and the other side has forgotten it.
  const scan = 'A SYN seq=0; +1 B SYN,ACK seq=300 ack=1; +100 A RST seq=1';

  it('opens nothing: its system reset the attempt', () => {
    for (const more of ['', '; +15000 A ACK seq=1 ack=301 len=109', '; +15000 A ACK seq=1 ack=301 len=109; B RST seq=301', '; +15000 A ACK seq=1 ack=301; B RST seq=301']) {
      const [one] = told(scan + more);
      expect(one.open).toMatchObject({ codes: ['O14'], proved: false });
      expect(claims(scan + more).filter((what) => /^(opened|reset-injected)/.test(what))).toEqual([]);
    }
  });

  it('and where the server goes on, something in between spoke', () => {
    const text = `${scan}; +50 A ACK seq=1 ack=301; A PSH,ACK seq=1 ack=301 len=20; +1 B ACK seq=301 ack=21; B PSH,ACK seq=301 ack=21 len=20; A ACK seq=21 ack=321`;
    expect(codes(text)[0]).toMatch(/^O1 /);
    expect(claims(text).filter((what) => what.startsWith('reset-injected'))).toHaveLength(1);
  });
});
