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

const segmentsJudged = (text: string) => judgeStream(segments(text), context, (view) => (index) => view.options(index))[0];
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

describe('two packets of one identification at one place of two', () => {
  it('are no pair of the two places', () => {
    const at = (link: number, ttl: number) =>
      `A SYN seq=100 id=1 ttl=${ttl} link=${link}; B SYN,ACK seq=300 ack=101 id=7 ttl=${ttl} link=${link}; A ACK seq=101 ack=301 id=2 ttl=${ttl} link=${link}; ` +
      `A PSH,ACK seq=101 ack=301 len=9 id=3 ttl=${ttl} link=${link}; B PSH,ACK seq=301 ack=110 len=3 id=8 ttl=${ttl} link=${link}`;
    const resets = '+0.1 A RST,ACK seq=110 ack=304 id=12345 ttl=100 link=2; +0.1 A RST,ACK seq=110 ack=304 id=12345 ttl=100 link=2';
    const answered = (link: number, ttl: number) => `+300 A ACK seq=110 ack=304 id=4 ttl=${ttl} link=${link}; +1 B RST seq=304 id=9 ttl=${ttl} link=${link}`;
    const [one] = told(`${at(1, 58)}; ${answered(1, 58)}; +5000 ${at(2, 57)}; ${resets}; ${answered(2, 57)}`);
    expect(one.close.codes[0]).toBe('C16');
    expect(one.close.initiator).toBeNull();
  });
});

describe('a packet without an identification that a mirror captured twice', () => {
  const seen = (text: string) => text.split('; ').flatMap((one) => [one, `+3 ${one.replace(/^\+\S+ /, '')}`]);

  it('is a pair where the others are: sent once', () => {
    const text = seen('A SYN seq=100 id=5; B SYN,ACK seq=300 ack=101 id=0; A ACK seq=101 ack=301 id=6; A PSH,ACK seq=101 ack=301 len=5 id=7; B ACK seq=301 ack=106 id=21').join(
      '; ',
    );
    expect(codes(text)[0]).toMatch(/^O1 .*O22/);
    expect(claims(text).filter((what) => what.startsWith('sent-twice'))).toEqual([]);
  });

  it('is sent again where its timer ran out, and captured twice each time', () => {
    const text = seen(
      'A SYN seq=100 id=5; B SYN,ACK seq=300 ack=101 id=0; +1000 B SYN,ACK seq=300 ack=101 id=0; A ACK seq=101 ack=301 id=6; A PSH,ACK seq=101 ack=301 len=5 id=7',
    ).join('; ');
    expect(told(text)[0].claims.find(({ what }) => what === 'sent-twice')?.text.en).toMatch(/2 times/);
  });

  it('and a SYN between two copies of its own reset is a copy where its neighbours are', () => {
    const text = `A SYN seq=100 id=0; +0.5 B SYN,ACK seq=300 ack=101 id=0; A RST seq=101 id=9; +0.8 A SYN seq=100 id=0; +0.1 A RST seq=101 id=9; +0.4 B SYN,ACK seq=300 ack=101 id=0`;
    expect(claims(text).filter((what) => what.startsWith('sent-twice'))).toEqual([]);
  });
});

describe('what a host does behind a reset in the name of the other', () => {
  it('data that crossed it, and then resets of a stranger: it had obeyed', () => {
    const [one] = told(
      'A SYN seq=100 id=1 ttl=60; +110 B SYN,ACK seq=300 ack=101 id=1 ttl=50; A PSH,ACK seq=101 ack=301 len=9 id=2 ttl=60; A RST,ACK seq=110 ack=301 id=9 ttl=128; ' +
        '+111 B PSH,ACK seq=301 ack=110 len=5 id=2 ttl=50; +200 A ACK seq=110 ack=306 id=3 ttl=60; +110 B RST seq=306 id=3 ttl=50',
    );
    expect(one.close.codes[0]).toBe('C16');
    expect(one.close.label.en).not.toMatch(/by server/);
  });

  it('a reset without ACK behind one that was passed over does not begin the end', () => {
    const [one] = told(
      'A PSH,ACK seq=101 ack=301 len=4 id=1 ttl=54; +0 B RST,ACK seq=301 ack=105 id=1 ttl=64; +1 B ACK seq=301 ack=105 id=5 ttl=61; +45 A ACK seq=105 ack=301 id=2 ttl=54; ' +
        '+190 B PSH,ACK seq=301 ack=105 len=9 id=6 ttl=61; +46 A RST seq=105 id=0 ttl=54',
    );
    expect(one.close.initiator).toBeNull();
  });

  it('behind a long silence the same numbers may be another connection’s: nothing is proved', () => {
    const text =
      'B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A RST,ACK seq=101 ack=301; +8000 B PSH,ACK seq=301 ack=175 len=66; A PSH,ACK seq=175 ack=367 len=74; A ACK seq=249 ack=367';
    expect(claims(text)).not.toContain('reset-injected client proved');
  });
});

describe('a reset one number farther on', () => {
  it('may stand behind a FIN that was not captured', () => {
    const text = `${open}; B PSH,ACK seq=301 ack=101 len=1; A RST seq=101; +0.1 A RST seq=102`;
    expect(claims(text).filter((what) => what.startsWith('reset-injected'))).toEqual([]);
  });

  it('in the name of each side, one with a hop limit of its own: that one is made up', () => {
    const text =
      'A SYN seq=100 ttl=56 id=1; B SYN,ACK seq=300 ack=101 ttl=128 id=1; A ACK seq=101 ack=301 ttl=56 id=2; +100 A FIN,ACK seq=101 ack=301 ttl=56 id=3; ' +
      '+0 B RST,ACK seq=301 ack=102 ttl=128 id=3; +0.01 A RST,ACK seq=102 ack=301 ttl=57 id=12345';
    expect(claims(text)).not.toContain('reset-injected server');
  });
});

describe('a refusal whose number the client acknowledges', () => {
  it('took back a SYN+ACK that was not captured', () => {
    const [one] = told('A SYN seq=100; B RST,ACK seq=301 ack=101; +70 A ACK seq=101 ack=301');
    expect([one.open.codes[0], one.close.codes[0]]).toEqual(['O20', 'C5']);
    expect(one.claims.map(({ what }) => what)).not.toContain('refused');
  });

  it('over the end of the numbers', () => {
    const [one] = told('A SYN seq=4294967295; B RST,ACK seq=5 ack=0; +70 A ACK seq=0 ack=5; B RST seq=5');
    expect(one.claims.map(({ what }) => what)).not.toContain('refused');
  });

  it('but its SYN+ACK stands behind it where two packets were exchanged', () => {
    const [one] = told('A SYN seq=100; B RST,ACK seq=301 ack=101; +0 B SYN,ACK seq=300 ack=101; +30 A ACK seq=101 ack=301');
    expect(one.close.codes[0]).not.toBe('C12');
  });
});

describe('a reset without ACK to a SYN', () => {
  it('is void where a SYN+ACK answers the SYN', () => {
    const [one] = told('A SYN seq=100; B RST seq=7000; +1 B SYN,ACK seq=300 ack=101');
    expect([one.open.codes[0], one.close.initiator]).toEqual(['O19', null]);
    expect(one.claims.map(({ what }) => what)).not.toContain('reset');
  });

  it('and two answers of opposite sense stay two, whatever the client answers to the second', () => {
    const [one] = told(
      'A SYN seq=100; B RST,ACK seq=5 ack=101; +27 B SYN,ACK seq=300 ack=101; +500 A SYN seq=100; B RST,ACK seq=77 ack=101; +27 B SYN,ACK seq=300 ack=101; A RST seq=101',
    );
    expect(one.open.codes).not.toContain('O14');
  });
});

describe('a FIN', () => {
  it('whose answer is a reset of nobody for sure: how it ended is not told', () => {
    const [one] = told(
      'A SYN seq=100 ttl=115 id=1; B SYN,ACK seq=300 ack=101 ttl=128 id=1; A ACK seq=101 ack=301 ttl=115 id=2; B FIN,ACK seq=301 ack=101 ttl=128 id=2; ' +
        '+0.4 A RST,ACK seq=101 ack=302 ttl=116 id=12345; +40 A ACK seq=101 ack=302 ttl=115 id=3; B RST seq=302 ttl=128 id=3',
    );
    expect([one.close.codes[0], one.close.initiator]).toEqual(['C10', 'server']);
    expect(one.claims.map(({ what }) => what)).not.toContain('reset');
  });

  it('in front of another connection’s numbers: the other side’s FIN may be missing', () => {
    const [one] = told('B ACK seq=301 ack=101; B FIN,ACK seq=301 ack=101; A ACK seq=101 ack=302; +50000 A PSH,ACK seq=101 ack=40000302 len=6');
    expect(one.close).toMatchObject({ proved: false, initiator: null });
  });

  it('that acknowledges numbers nowhere near is another connection’s', () => {
    const text = `${open}; B FIN,ACK seq=301 ack=101; A ACK seq=101 ack=302; +36000 A FIN,ACK seq=75000 ack=2000000000; B ACK seq=2000000000 ack=75001; B FIN,ACK seq=2000000000 ack=75001`;
    expect(told(text).flatMap(({ close }) => close.codes)).not.toContain('C4');
    expect(told(text)).toHaveLength(2);
  });

  it('of an older connection in front of the SYN+ACK is none of this one', () => {
    const text =
      'A SYN seq=900000; B PSH,ACK seq=301 ack=1000500 len=39; A RST seq=1000500; B FIN,ACK seq=340 ack=1000500; A RST seq=1000500; B SYN,ACK seq=2000000000 ack=900001; A ACK seq=900001 ack=2000000001; ' +
      'A FIN,ACK seq=900001 ack=2000000001; B FIN,ACK seq=2000000001 ack=900002; A ACK seq=900002 ack=2000000002';
    expect(codes(text)[0]).toMatch(/C2/);
  });

  it('alone says nothing of a connection', () => expect(claims('A FIN,ACK seq=100 ack=200')).not.toContain('opened'));
});

describe('a SYN+ACK that is acknowledged by nothing but a keep-alive', () => {
  it('was taken up', () => {
    const [one] = told('A SYN seq=4294967295; B SYN,ACK seq=300 ack=0; +8000 A ACK seq=4294967295 ack=301; B ACK seq=301 ack=0');
    expect(one.open.codes[0]).toBe('O1');
    expect(one.claims.map(({ what }) => what)).not.toContain('half-open');
  });

  it('and a challenge in front of it acknowledges nothing of this connection', () => {
    const [one] = told('A SYN seq=100; B ACK seq=300 ack=800000; A RST seq=800000; +3000 A SYN seq=100; B SYN,ACK seq=9000000 ack=101; +1000 B SYN,ACK seq=9000000 ack=101');
    expect(one.claims.map(({ what }) => what)).not.toContain('opened');
  });
});

describe('an acknowledgment with the last number once more', () => {
  it('soon behind what it acknowledges was overtaken: no keep-alive', () => {
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=1; B PSH,ACK seq=301 ack=102 len=3; +40 B PSH,ACK seq=304 ack=103 len=3; +300 A ACK seq=102 ack=304; +40 A ACK seq=103 ack=307`;
    expect(segmentsJudged(text).connection.client.keepAliveCount).toBe(0);
  });
});

describe('a reset of just the first number behind a SYN+ACK', () => {
  it('shows nothing of the third segment, whatever an older connection said before', () => {
    const text =
      'A SYN seq=100; B ACK seq=700 ack=900000; A RST seq=900000; +1000 A SYN seq=100; B SYN,ACK seq=5000 ack=101; +1000 B SYN,ACK seq=5000 ack=101; +3000 A RST seq=101';
    expect(claims(text)).not.toContain('opened');
  });

  it('nor does a burst whose later number stands first', () => {
    const text = 'A SYN seq=100 ttl=60 id=1; B SYN,ACK seq=300 ack=101; +34 A RST,ACK seq=102 ack=301 ttl=125 id=0; +0.1 A RST,ACK seq=101 ack=301 ttl=125 id=0';
    expect(claims(text)).not.toContain('opened');
  });

  it('of the server, with a number in front of its SYN+ACK’s, is an older connection’s', () => {
    const [one] = told('A SYN seq=100; B SYN,ACK seq=3000000 ack=101; A ACK seq=80000000 ack=2000000; +600 B RST seq=2000000; +400 B SYN,ACK seq=3000000 ack=101; A RST seq=101');
    expect([one.open.codes[0], one.close.initiator]).not.toContain('server');
    expect(one.claims.map(({ what }) => what)).not.toContain('aborted');
  });
});

describe('a refusal in front of a SYN+ACK that answers another SYN', () => {
  it('is what answered this one', () => {
    const [one] = told('A SYN seq=100; B RST,ACK seq=0 ack=101; +9 B SYN,ACK seq=5000 ack=4000; A RST seq=4000');
    expect(one.open.codes[0]).toBe('O5');
  });
});

describe('the SYN+ACK of the next connection, whose SYN was not captured', () => {
  it('begins it even where its first data were not captured either', () => {
    const text =
      'A SYN seq=100; B ACK seq=900000000 ack=700; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; B FIN,ACK seq=301 ack=101; ' +
      '+1700 B SYN,ACK seq=2000000000 ack=29000; +30 A FIN,ACK seq=29005 ack=2000000003; B FIN,ACK seq=2000000003 ack=29006; A ACK seq=29006 ack=2000000004';
    expect(told(text)).toHaveLength(2);
    expect(told(text).flatMap(({ close }) => close.codes)).not.toContain('C4');
  });

  it('is this one’s where it acknowledges data of a SYN that was not captured', () => {
    const text = 'A SYN seq=100; B SYN,ACK seq=300 ack=373; A ACK seq=373 ack=301 len=4; B ACK seq=301 ack=377';
    expect(told(text)).toHaveLength(1);
  });

  it('stands behind its own FIN and the reset that acknowledges it, where the order of the capture is wrong', () => {
    const text = 'A SYN seq=100; A ACK seq=101 ack=301; B FIN,ACK seq=301 ack=101; A RST,ACK seq=101 ack=302; B SYN,ACK seq=300 ack=101';
    expect(segmentsJudged(text).opening.missing).not.toBe('syn-ack');
    expect(codes(text)[0]).not.toMatch(/C12/);
  });
});

describe('two equal SYN+ACKs of one identification, far apart in time', () => {
  it('are neither sent twice nor captured twice for sure', () => {
    const said = claims('B SYN,ACK seq=300 ack=101 id=1149; +1015 A SYN seq=100 id=5; B SYN,ACK seq=300 ack=101 id=1149; A ACK seq=101 ack=301 id=6');
    expect(said.filter((one) => /twice/.test(one))).toEqual([]);
  });
});

describe('a SYN+ACK without its SYN', () => {
  it('and a reset in front of the third segment: it opened and was reset', () => {
    const [one] = told('B SYN,ACK seq=300 ack=101; B RST,ACK seq=301 ack=101; +19 A ACK seq=101 ack=301');
    expect([one.open.codes[0], one.close.codes[0]]).toEqual(['O9', 'C5']);
  });

  it('whose acknowledgment stands in front of it was asked for', () => {
    const said = claims('A ACK seq=101 ack=301 ttl=48 id=9; +50 B SYN,ACK seq=300 ack=101 ttl=128 id=1; A RST seq=101 ttl=51');
    expect(said).not.toContain('not-opened');
  });

  it('with the same numbers, long behind a FIN, is another connection’s', () => {
    const text =
      'B SYN,ACK seq=300 ack=101; A PSH,ACK seq=101 ack=301 len=9; A FIN,ACK seq=110 ack=301; B ACK seq=301 ack=111; +18000 B SYN,ACK seq=300 ack=101; A PSH,ACK seq=101 ack=301 len=5; ' +
      'B FIN,ACK seq=301 ack=106; A FIN,ACK seq=106 ack=302; B ACK seq=302 ack=107';
    expect(told(text)).toHaveLength(2);
    expect(told(text)[1].close.initiator).toBe('server');
  });
});

describe('numbers that are nowhere near, behind a long silence', () => {
  it('are another connection’s, whose beginning was not captured', () => {
    const text = `${open}; +8700 A PSH,ACK seq=32784 ack=1500000000 len=2; A FIN,ACK seq=32786 ack=1500000003`;
    expect(told(text)).toHaveLength(2);
  });

  it('but not where only much was sent meanwhile', () => {
    const text = `${open}; +8700 A PSH,ACK seq=101 ack=3000301 len=2; A FIN,ACK seq=103 ack=3000301`;
    expect(told(text)).toHaveLength(1);
  });
});

describe('a client that gave up asking whether the server is there', () => {
  it('had opened, though only its probes were captured', () => {
    const text = 'A SYN seq=100; B SYN,ACK seq=300 ack=101; +11000 A ACK seq=100 ack=301; +3000 A ACK seq=100 ack=301; +3000 A RST,ACK seq=101 ack=301';
    const [one] = told(text);
    expect([one.open.codes[0], one.close.codes[0]]).toEqual(['O1', 'C5']);
  });
});

describe('a reset behind a FIN that only answers as one that knows no connection', () => {
  it('behind a reset of the other side with the right number, does not say who ended it', () => {
    const text = `${open}; B RST seq=301; A FIN,ACK seq=101 ack=301; +10 B ACK seq=301 ack=102; A RST seq=102`;
    expect(told(text)[0].close.initiator).toBeNull();
  });
});
