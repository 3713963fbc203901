/**
 * Kinds of captures that the adversary (`test/adversary`) found the model to be wrong about, resets aside: each with
 * its packets, as few as show it.
 */
import { describe, expect, it } from 'vitest';
import { claims, codes, judged, open, told } from '../../../support/told-connections.ts';

describe('an acknowledgment a little ahead of the SYN', () => {
  const behind = (ack: number, last: string) => codes(`A SYN seq=100; +700 B ACK seq=300 ack=${ack} len=44; ${last}`);

  it('and the reset of just that number may be of this connection or of an older one', () => {
    expect(behind(105, 'A RST seq=105')).toEqual(['O20']);
    expect(behind(105, 'A RST,ACK seq=105 ack=300')).toEqual(['O20']);
  });

  it('is an older connection’s where the SYN comes again', () =>
    expect(behind(105, 'A RST seq=105; +1000 A SYN seq=100')[0]).toMatch(/^O12/));
  it('is an older connection’s where no sender could have come so far', () =>
    expect(behind(2_000_000_000, 'A RST seq=2000000000')[0]).toMatch(/^O12/));
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
  const second =
    'B SYN,ACK seq=9000 ack=5001; A ACK seq=5001 ack=9001; A FIN,ACK seq=5001 ack=9001; B FIN,ACK seq=9001 ack=5002; A ACK seq=5002 ack=9002';

  it('is not mixed up with the one before it', () => {
    const [one, two] = told(`${first}; +3000 ${second}`);
    expect([one.close.codes[0], two.open.codes[0], two.close.codes[0], two.close.initiator]).toEqual([
      'C11',
      'O9',
      'C2',
      'client',
    ]);
  });

  it('over the end of the numbers', () => {
    const over =
      'B SYN,ACK seq=4294967295 ack=4000000000; A ACK seq=4000000000 ack=0; A PSH,ACK seq=4000000000 ack=0 len=5';
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

describe('two places of capture', () => {
  // At the client (link 1), then at the server (link 2), one file behind the other: the reset was seen at the server
  // only.
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
  const openedBy = (text: string) =>
    told(text)[0].claims.filter(({ what }) => what === 'opened' || what === 'simultaneous-open');

  it('is proved only where later segments show that both SYN+ACKs arrived', () => {
    const used = `${both}; A PSH,ACK seq=101 ack=301 len=10; B PSH,ACK seq=301 ack=111 len=10; A ACK seq=111 ack=311`;
    expect(told(used)[0].open).toMatchObject({ codes: ['O10'], proved: true });
    for (const text of [both, `${both}; +1000 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301`]) {
      expect(told(text)[0].open.proved).toBe(false);
      expect(openedBy(text).filter(({ what, proved }) => what === 'opened' && proved)).toEqual([]);
    }
  });
});

describe('two packets of one identification at one place of two', () => {
  it('are no pair of the two places', () => {
    const at = (link: number, ttl: number) =>
      `A SYN seq=100 id=1 ttl=${ttl} link=${link}; B SYN,ACK seq=300 ack=101 id=7 ttl=${ttl} link=${link}; A ACK seq=101 ack=301 id=2 ttl=${ttl} link=${link}; ` +
      `A PSH,ACK seq=101 ack=301 len=9 id=3 ttl=${ttl} link=${link}; B PSH,ACK seq=301 ack=110 len=3 id=8 ttl=${ttl} link=${link}`;
    const resets =
      '+0.1 A RST,ACK seq=110 ack=304 id=12345 ttl=100 link=2; +0.1 A RST,ACK seq=110 ack=304 id=12345 ttl=100 link=2';
    const answered = (link: number, ttl: number) =>
      `+300 A ACK seq=110 ack=304 id=4 ttl=${ttl} link=${link}; +1 B RST seq=304 id=9 ttl=${ttl} link=${link}`;
    const [one] = told(`${at(1, 58)}; ${answered(1, 58)}; +5000 ${at(2, 57)}; ${resets}; ${answered(2, 57)}`);
    expect(one.close.codes[0]).toBe('C16');
    expect(one.close.initiator).toBeNull();
  });
});

describe('a packet without an identification that a mirror captured twice', () => {
  const seen = (text: string) => text.split('; ').flatMap((one) => [one, `+3 ${one.replace(/^\+\S+ /, '')}`]);

  it('is a pair where the others are: sent once', () => {
    const text = seen(
      'A SYN seq=100 id=5; B SYN,ACK seq=300 ack=101 id=0; A ACK seq=101 ack=301 id=6; A PSH,ACK seq=101 ack=301 len=5 id=7; B ACK seq=301 ack=106 id=21',
    ).join('; ');
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
    const [one] = told(
      'B ACK seq=301 ack=101; B FIN,ACK seq=301 ack=101; A ACK seq=101 ack=302; +50000 A PSH,ACK seq=101 ack=40000302 len=6',
    );
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
    const [one] = told(
      'A SYN seq=4294967295; B SYN,ACK seq=300 ack=0; +8000 A ACK seq=4294967295 ack=301; B ACK seq=301 ack=0',
    );
    expect(one.open.codes[0]).toBe('O1');
    expect(one.claims.map(({ what }) => what)).not.toContain('half-open');
  });

  it('and a challenge in front of it acknowledges nothing of this connection', () => {
    const [one] = told(
      'A SYN seq=100; B ACK seq=300 ack=800000; A RST seq=800000; +3000 A SYN seq=100; B SYN,ACK seq=9000000 ack=101; +1000 B SYN,ACK seq=9000000 ack=101',
    );
    expect(one.claims.map(({ what }) => what)).not.toContain('opened');
  });
});

describe('an acknowledgment with the last number once more', () => {
  it('soon behind what it acknowledges was overtaken: no keep-alive', () => {
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=1; B PSH,ACK seq=301 ack=102 len=3; +40 B PSH,ACK seq=304 ack=103 len=3; +300 A ACK seq=102 ack=304; +40 A ACK seq=103 ack=307`;
    expect(judged(text)[0].connection.client.keepAliveCount).toBe(0);
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
    const text =
      'A SYN seq=100; A ACK seq=101 ack=301; B FIN,ACK seq=301 ack=101; A RST,ACK seq=101 ack=302; B SYN,ACK seq=300 ack=101';
    expect(judged(text)[0].opening.missing).not.toBe('syn-ack');
    expect(codes(text)[0]).not.toMatch(/C12/);
  });
});

describe('two equal SYN+ACKs of one identification, far apart in time', () => {
  it('are neither sent twice nor captured twice for sure', () => {
    const said = claims(
      'B SYN,ACK seq=300 ack=101 id=1149; +1015 A SYN seq=100 id=5; B SYN,ACK seq=300 ack=101 id=1149; A ACK seq=101 ack=301 id=6',
    );
    expect(said.filter((one) => /twice/.test(one))).toEqual([]);
  });
});

describe('a SYN+ACK without its SYN', () => {
  it('and a reset in front of the third segment: it opened and was reset', () => {
    const [one] = told('B SYN,ACK seq=300 ack=101; B RST,ACK seq=301 ack=101; +19 A ACK seq=101 ack=301');
    expect([one.open.codes[0], one.close.codes[0]]).toEqual(['O9', 'C5']);
  });

  it('whose acknowledgment stands in front of it was asked for', () => {
    const said = claims(
      'A ACK seq=101 ack=301 ttl=48 id=9; +50 B SYN,ACK seq=300 ack=101 ttl=128 id=1; A RST seq=101 ttl=51',
    );
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
