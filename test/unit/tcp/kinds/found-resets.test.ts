/**
 * Kinds of resets that the adversary (`test/adversary`) found the model to be wrong about: each with its packets, as
 * few as show it.
 */
import { describe, expect, it } from 'vitest';
import { claims, codes, open, told } from '../../../support/told-connections.ts';

describe('a reset', () => {
  it('of the side that took its SYN+ACK back is proved only where its sender is known, whatever else is said of the opening', () => {
    const said = claims('A SYN seq=100 len=5 tfo=8; B SYN,ACK seq=300 ack=106; A ACK seq=106 ack=301; B RST seq=301');
    expect(said).toContain('aborted server');
    expect(said).not.toContain('not-opened');
  });

  it('of one hop less or more is nobody’s for sure', () => {
    const said = claims(
      'A SYN seq=100 ttl=64 id=1; B SYN,ACK seq=300 ack=101 ttl=50 id=1; A ACK seq=101 ack=301 ttl=64 id=2; A RST seq=101 ttl=63 id=3',
    );
    expect(said.filter((one) => /^reset/.test(one))).toEqual([]);
  });

  it('right before a segment with the same number may have been exchanged with it', () => {
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=4; A RST seq=105; A FIN,ACK seq=105 ack=301`;
    expect(claims(text)).not.toContain('reset-injected client proved');
  });

  it('that nothing of its side stands before says nothing of other numbers behind it', () => {
    expect(
      claims(
        'A RST seq=70100; +1000 A PSH,ACK seq=101 ack=301 len=5; B PSH,ACK seq=301 ack=106 len=7; A PSH,ACK seq=106 ack=308 len=5',
      ).filter((one) => /injected/.test(one)),
    ).toEqual([]);
  });

  it('in the handshake ends an attempt, and the SYN that comes again another one', () => {
    const text =
      'A SYN seq=100; B SYN,ACK seq=900 ack=101; A RST seq=101 ttl=9; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';
    expect(codes(text)[0]).toMatch(/O1/);
    expect(claims(text)).not.toContain('half-open');
  });

  it('of number 0 that refused an earlier SYN leaves no number open', () => {
    const text =
      'A SYN seq=100; B RST,ACK seq=0 ack=101; +500 A SYN seq=100; B SYN,ACK seq=4294966320 ack=101; A ACK seq=101 ack=4294966321; A FIN,ACK seq=101 ack=4294966321; B RST,ACK seq=4294966321 ack=102';
    expect(codes(text)[0]).toMatch(/C6/);
  });
});

describe('a program that sends past its own system', () => {
  // The system, which knows of no connection, resets the attempt; the program sends data all the same, and the other
  // side has forgotten it.
  const scan = 'A SYN seq=0; +1 B SYN,ACK seq=300 ack=1; +100 A RST seq=1';

  it('opens nothing: its system reset the attempt', () => {
    for (const more of [
      '',
      '; +15000 A ACK seq=1 ack=301 len=109',
      '; +15000 A ACK seq=1 ack=301 len=109; B RST seq=301',
      '; +15000 A ACK seq=1 ack=301; B RST seq=301',
    ]) {
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
    const [one] = told(
      'A SYN seq=100; B RST,ACK seq=301 ack=101; +0 B SYN,ACK seq=300 ack=101; +30 A ACK seq=101 ack=301',
    );
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

describe('a reset of just the first number behind a SYN+ACK', () => {
  it('shows nothing of the third segment, whatever an older connection said before', () => {
    const text =
      'A SYN seq=100; B ACK seq=700 ack=900000; A RST seq=900000; +1000 A SYN seq=100; B SYN,ACK seq=5000 ack=101; +1000 B SYN,ACK seq=5000 ack=101; +3000 A RST seq=101';
    expect(claims(text)).not.toContain('opened');
  });

  it('nor does a burst whose later number stands first', () => {
    const text =
      'A SYN seq=100 ttl=60 id=1; B SYN,ACK seq=300 ack=101; +34 A RST,ACK seq=102 ack=301 ttl=125 id=0; +0.1 A RST,ACK seq=101 ack=301 ttl=125 id=0';
    expect(claims(text)).not.toContain('opened');
  });

  it('of the server, with a number in front of its SYN+ACK’s, is an older connection’s', () => {
    const [one] = told(
      'A SYN seq=100; B SYN,ACK seq=3000000 ack=101; A ACK seq=80000000 ack=2000000; +600 B RST seq=2000000; +400 B SYN,ACK seq=3000000 ack=101; A RST seq=101',
    );
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

describe('a client that gave up asking whether the server is there', () => {
  it('had opened, though only its probes were captured', () => {
    const text =
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; +11000 A ACK seq=100 ack=301; +3000 A ACK seq=100 ack=301; +3000 A RST,ACK seq=101 ack=301';
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
