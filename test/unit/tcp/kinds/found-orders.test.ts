/**
 * Kinds of captures that the adversary (`test/adversary`) found the model to be wrong about: segments that stand behind
 * what followed them, or that belong to another connection, another place of capture or a device on the way.
 */
import { describe, expect, it } from 'vitest';
import { claims, codes, open, told } from '../../../support/told-connections.ts';

describe('two that ask each other at once', () => {
  const close = '+20 A FIN,ACK seq=101 ack=301; +20 B FIN,ACK seq=301 ack=102; A ACK seq=102 ack=302';

  it('may have a SYN overtaken by its SYN+ACK, and close as others do', () => {
    const text = `A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; +1 B SYN seq=300; A ACK seq=101 ack=301; ${close}`;
    const [one] = told(text);
    expect([one.close.codes, one.close.initiator]).toEqual([['C2'], 'client']);
  });

  it('are ended by a reset though a SYN was not captured', () => {
    const [one] = told(
      'B SYN seq=300; B SYN,ACK seq=300 ack=101; A SYN,ACK seq=100 ack=301; B ACK seq=301 ack=101; +30 A RST seq=101',
    );
    expect(one.open.codes).not.toContain('O8');
    expect(one.close.codes[0]).toBe('C5');
  });
});

describe('a SYN+ACK behind its acknowledgment', () => {
  it('was captured', () => {
    const [one] = told(
      'A SYN seq=100; A ACK seq=101 ack=301; +200 A FIN,ACK seq=101 ack=301; B RST,ACK seq=301 ack=102; B SYN,ACK seq=300 ack=101',
    );
    expect(one.open.label.en).toBe('3-way');
    expect(one.close.codes[0]).toBe('C6');
  });

  it('of a file whose times say so does not hide the reset in between', () => {
    const text =
      'A SYN seq=100; +1 A ACK seq=101 ack=301; +190 B RST,ACK seq=301 ack=101; -190 B SYN,ACK seq=300 ack=101';
    expect(codes(text)[0]).toMatch(/C5/);
  });

  it('is not moved in front of resets that came seconds before it', () => {
    const [one] = told(
      'A SYN seq=100 ttl=64; +20 B RST seq=301 ttl=253; +980 A SYN seq=100 ttl=64; +2000 B SYN,ACK seq=300 ack=101 ttl=52; A ACK seq=101 ack=301 ttl=64; +1 B RST seq=301 ttl=253',
    );
    expect(one.open.codes).not.toContain('O23');
    expect(one.close.codes[0]).toBe('C16');
  });
});

describe('an acknowledgment that the other side resets', () => {
  it('is an older connection’s, though this one comes to its number later', () => {
    const text =
      'A SYN seq=100; B PSH,ACK seq=7000 ack=1000 len=60; A RST seq=1000; +3000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=2000; B ACK seq=301 ack=2101';
    const [one] = told(text);
    expect(one.open.codes[0]).toBe('O12');
    expect(told(text)).toHaveLength(1);
  });
});

describe('a connection behind another of the same ports', () => {
  it('begins where only what the other side acknowledged tells the numbers apart', () => {
    const text =
      'A SYN seq=100; A ACK seq=101 ack=301; A RST,ACK seq=101 ack=301; +79000 B SYN,ACK seq=2000000000 ack=101; A ACK seq=101 ack=2000000001; A PSH,ACK seq=101 ack=2000000001 len=9; B ACK seq=2000000001 ack=110';
    expect(told(text)).toHaveLength(2);
  });

  it('is none where a SYN+ACK waits for its acknowledgment, by a timer that grows', () => {
    const again = 'B SYN,ACK seq=300 ack=101';
    const text = `A SYN seq=100; ${again}; A ACK seq=101 ack=301; A FIN,ACK seq=101 ack=301; +3000 ${again}; +6000 ${again}; +12000 ${again}; A RST seq=101; +24000 ${again}; A RST seq=101`;
    expect(told(text)).toHaveLength(1);
  });

  it('is none where an older packet comes late, or times go back', () => {
    const text =
      'A SYN seq=100; -28000 B ACK seq=2000000000 ack=900000; +28060 A ACK seq=101 ack=301; B SYN,ACK seq=300 ack=101; A PSH,ACK seq=101 ack=301 len=9; B ACK seq=301 ack=110';
    expect(told(text)).toHaveLength(1);
  });

  it('does not take over the FIN that closed the one before', () => {
    const text =
      'A SYN seq=100; A FIN,ACK seq=131 ack=2000000001; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=30; B FIN,ACK seq=301 ack=131; A FIN,ACK seq=131 ack=302; B ACK seq=302 ack=132';
    expect(told(text).at(-1)?.close.initiator).toBe('server');
  });

  it('does not take over the reset that ended the one before', () => {
    const text =
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; A RST,ACK seq=101 ack=2000000000; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=9; B ACK seq=301 ack=110';
    expect(claims(text).join()).not.toMatch(/reset/);
  });

  it('may have had a SYN+ACK of an older one in front of it', () => {
    const [one] = told(
      'A SYN seq=100; B SYN,ACK seq=7000 ack=90000000; A RST seq=90000000; +1000 A SYN seq=100; A ACK seq=101 ack=2000000001; +100 B RST,ACK seq=2000000001 ack=101',
    );
    expect(one.open.codes.slice(0, 3)).toEqual(['O8', 'O3', 'O1']);
    expect([one.close.codes[0], one.close.label.en]).toEqual(['C5', 'reset by server']);
  });
});

describe('a FIN of numbers that this connection does not use', () => {
  it('is not passed over: something closed', () =>
    expect(codes('B PSH,ACK seq=7000 ack=4000 len=60; +1000 A FIN,ACK seq=5000 ack=2000000000')[0]).toMatch(/C10/));
  it('behind numbers of a challenge does not prove that the other side is open', () => {
    const text =
      'A SYN seq=100; B ACK seq=7000 ack=2000000000; A RST seq=2000000000; +1000 A SYN seq=100; A ACK seq=101 ack=5001; A PSH,ACK seq=101 ack=5001 len=2; B PSH,ACK seq=5001 ack=103 len=3; A ACK seq=103 ack=5005; A FIN,ACK seq=103 ack=5005; B ACK seq=5005 ack=104';
    expect(told(text)[0].close.codes[0]).toBe('C10');
  });
});

describe('numbers that end at 2^32', () => {
  it('with data in the SYN do not hide the third segment', () => {
    const [one] = told(
      'A SYN seq=4294967006 len=289; B SYN,ACK seq=300 ack=0; A ACK seq=0 ack=301; A PSH,ACK seq=0 ack=301 len=4; B ACK seq=301 ack=4',
    );
    expect(one.claims.map(({ what }) => what)).toContain('opening-captured');
  });
});

describe('resets of which nobody can tell who sent them', () => {
  it('right behind each other on both sides, after a silence, may both have given up', () => {
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=9; B ACK seq=301 ack=110 len=9; +9000 B RST,ACK seq=310 ack=110; A RST,ACK seq=110 ack=301`;
    expect(claims(text).join()).not.toMatch(/reset-injected/);
  });

  it('and a FIN with its number behind it may have exchanged their places', () => {
    const text = `${open}; B PSH,ACK seq=301 ack=101 len=9; +1 A RST seq=101 ttl=64; +1 A FIN,ACK seq=101 ack=301 ttl=64`;
    expect(claims(text).join()).not.toMatch(/reset-injected/);
  });

  it('alone in a stream name nobody', () => {
    const text = 'B RST seq=7000; +0.1 A RST seq=4000; A RST seq=4040';
    expect(claims(text).join()).not.toMatch(/reset/);
  });

  it('are never told as somebody’s where eight of them were found to be made up', () => {
    const forged = Array.from({ length: 40 }, (_, k) => `B RST seq=${301 + k * 5} ttl=87`).join('; ');
    const text = `${open.replaceAll('ack=301', 'ack=301 ttl=64')}; A PSH,ACK seq=101 ack=301 len=9 ttl=64; ${forged}; +300 B PSH,ACK seq=301 ack=110 len=9 ttl=113; A ACK seq=110 ack=310 ttl=64; +300 B PSH,ACK seq=310 ack=110 len=9 ttl=113; A ACK seq=110 ack=319 ttl=64`;
    expect(told(text)[0].close.label.en).not.toMatch(/by server/);
  });

  it('past the handshake, where a guess lies, do not show that it opened', () => {
    const text =
      'A SYN seq=100 ttl=240; B SYN,ACK seq=300 ack=101 ttl=64; +50 A RST seq=1561 ttl=241; +30 A RST seq=101 ttl=241';
    expect(claims(text)).not.toContain('opened');
  });
});

describe('acknowledgments that two hosts send each other without end', () => {
  it('are not one capture merged with another', () => {
    const storm = Array.from({ length: 60 }, () => '+0.4 B ACK seq=7000 ack=900000; A ACK seq=110 ack=301').join('; ');
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=9; ${storm}`;
    expect(claims(text).join()).not.toMatch(/merged/);
  });
});

describe('two that knew of several attempts', () => {
  it('one that gave up before the other’s answer came had not opened', () => {
    const text =
      'A SYN seq=100; B SYN seq=300; A SYN,ACK seq=100 ack=301; +1000 A SYN,ACK seq=100 ack=301; +2000 B SYN,ACK seq=300 ack=101; +0.01 A RST seq=101';
    expect(claims(text).filter((one) => one.startsWith('opened'))).toEqual([]);
  });

  it('a SYN that was challenged first may be refused in the end', () => {
    const [one] = told(
      'A SYN seq=500; B ACK seq=7001 ack=90000; A RST seq=90000; +3000 A SYN seq=500; B RST,ACK seq=0 ack=501',
    );
    expect(one.open.codes.slice(0, 2)).toEqual(['O12', 'O5']);
    expect(one.claims.map(({ what }) => what)).toContain('refused');
  });

  it('a reset that cleared a strange SYN+ACK away ended nothing, one behind data with the same number did', () => {
    const strange = 'A SYN seq=100; B SYN,ACK seq=7000 ack=102; A RST seq=102; +1000 A SYN seq=100';
    const opened = 'B SYN,ACK seq=300 ack=101; A PSH,ACK seq=101 ack=301 len=1; B PSH,ACK seq=301 ack=102 len=2';
    expect(codes(`${strange}; ${opened}`)[0]).toMatch(/C12/);
    expect(codes(`${strange}; ${opened}; +0.01 A RST seq=102`)[0]).toMatch(/C5/);
  });

  it('each of two equal resets that answer two acknowledgments was sent', () => {
    const ask = 'B SYN,ACK seq=300 ack=101 ttl=59 id=0; A ACK seq=101 ack=301 ttl=64 id=';
    const rst = 'B RST seq=301 ttl=59 id=0';
    const text = `A SYN seq=100 ttl=64 id=1; ${ask}2; +5 ${ask}3; +10 ${rst}; +0.001 ${rst}`;
    expect(claims(text).join()).not.toMatch(/captured-twice server/);
  });

  it('a SYN+ACK captured again behind its own reset was not sent again', () => {
    const text =
      'A SYN seq=100 ttl=54 id=1; B SYN,ACK seq=300 ack=101 ttl=64 id=0; +0.002 B RST,ACK seq=301 ack=101 ttl=64 id=9; +1.7 B SYN,ACK seq=300 ack=101 ttl=64 id=0; +0.001 B RST,ACK seq=301 ack=101 ttl=64 id=9';
    expect(claims(text).join()).not.toMatch(/sent-twice/);
  });

  it('what comes after a long silence does not say that a reset was made up', () => {
    const text = `${open}; A PSH,ACK seq=101 ack=301 len=9; A RST,ACK seq=110 ack=301; +133000 A PSH,ACK seq=400 ack=900 len=9; B ACK seq=900 ack=409`;
    expect(claims(text).join()).not.toMatch(/reset-injected/);
  });
});

describe('that the server was open, too,', () => {
  const proved = (text: string) => claims(text).includes('opened proved');
  const third = 'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';

  it('is proved by its acknowledgment of what came behind the third segment', () =>
    expect(proved(`${third}; A PSH,ACK seq=101 ack=301 len=9; B ACK seq=301 ack=110`)).toBe(true));

  it('is not proved by numbers of another connection, before or behind', () => {
    expect(proved(`${third}; B SYN,ACK seq=9000 ack=800000000; A ACK seq=101 ack=301`)).toBe(false);
    expect(
      proved(
        'A SYN seq=100; B SYN,ACK seq=325100386 ack=101; A PSH,ACK seq=101 ack=325100387 len=81; +3400 A PSH,ACK seq=45378 ack=62446643 len=8; B ACK seq=62446643 ack=45386 len=1400',
      ),
    ).toBe(false);
    expect(
      proved(
        'A SYN seq=3871465389; B ACK seq=2830405061 ack=1723916205; A RST seq=1723916205; +1000 A SYN seq=3871465389; B SYN,ACK seq=300 ack=3871465390; A ACK seq=3871465390 ack=301; +30000 B ACK seq=2830405061 ack=1723916205',
      ),
    ).toBe(false);
  });
});
