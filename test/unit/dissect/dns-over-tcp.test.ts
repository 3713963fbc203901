/** DNS behind the length that each message has over TCP (RFC 1035 section 4.2.2), one and several to a segment. */
import { describe, expect, it } from 'vitest';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { decode, openFrames, type Packet } from '../../support/dissect.ts';
import { name, pointer, record } from '../../support/dns-response.ts';

const question = (owner: Uint8Array) => joinBytes([owner, u16(1), u16(1)]);
const message = (flags: number, sections: readonly [Uint8Array[], Uint8Array[], Uint8Array[], Uint8Array[]]) =>
  joinBytes([u16(0x1234), u16(flags), ...sections.map((section) => u16(section.length)), ...sections.flat()]);

describe('over TCP', () => {
  const asked = message(0x0100, [[question(name('a.x'))], [], [], []]);
  const stream = (...payloads: readonly Uint8Array[]) => {
    let seq = 1;
    return openFrames(
      payloads.map((payload) => {
        seq += payload.length;
        return packet()
          .eth()
          .ip()
          .tcp({ sport: 1000, dport: 53, seq: seq - payload.length, flags: 'PA', payload })
          .bytes();
      }),
    );
  };

  it('waits for the two bytes of its length, then for as many', () => {
    const whole = joinBytes([u16(asked.length), asked]);
    const opened = stream(whole.subarray(0, 1), whole.subarray(1, 2), whole.subarray(2, 9), whole.subarray(9));
    expect([1, 2, 3].map((frame) => opened.packet(frame).layers.includes('dns'))).toEqual([false, false, false]);
    expect(opened.packet(4).info).toBe('Standard query 0x1234 A a.x');
  });

  it('holds several messages, each with its length and names of its own', () => {
    const other = message(0x8180, [[question(name('b.y'))], [record(pointer, 5, pointer)], [], []]);
    const p = stream(joinBytes([u16(asked.length), asked, u16(other.length), other])).packet(1);
    expect(p.values('dns.length')).toEqual([String(asked.length), String(other.length)]);
    expect(p.values('dns.qry.name')).toEqual(['a.x', 'b.y']);
    expect(p.value('dns.cname')).toBe('b.y');
    expect(p.info).toBe('Standard query response 0x1234 A b.y CNAME b.y');
    expect(p.layers).toBe('eth:ethertype:ip:tcp:dns');
  });

  it('waits for the length of a message that begins with the last byte of a segment', () => {
    const whole = joinBytes([u16(asked.length), asked]);
    const opened = stream(joinBytes([whole, whole.subarray(0, 1)]), whole.subarray(1));
    expect([1, 2].map((frame) => opened.packet(frame).values('dns.qry.name'))).toEqual([['a.x'], ['a.x']]);
    expect([1, 2].flatMap((frame) => opened.packet(frame).dissection.diagnostics)).toEqual([]);
  });

  it('needs no more than a header to be a question and an answer, and no less', () => {
    const [query, answer] = [0x0100, 0x8180].map((flags) => message(flags, [[], [], [], []]));
    const told = (sent: Uint8Array) =>
      stream(joinBytes([u16(sent.length), sent]), joinBytes([u16(answer.length), answer]))
        .packet(2)
        .value('dns.response_to');
    expect(told(query)).toBe('1');
    expect(told(query.subarray(0, 11))).toBe('');
  });

  it('tells a question that is asked again while it waits from one that was answered before', () => {
    const [query, answer] = [0x0100, 0x8180].map((flags) => {
      const sent = message(flags, [[], [], [], []]);
      return joinBytes([u16(sent.length), sent]);
    });
    const { packet: at } = stream(query, query, answer, query, answer);
    expect([1, 2, 4].map((frame) => at(frame).value('dns.retransmit_request_in'))).toEqual(['', '1', '']);
    expect(at(2).values('_ws.expert.message')).toContain('DNS query retransmission. Original request in frame 1');
    expect([3, 5].map((frame) => at(frame).value('dns.response_to'))).toEqual(['1', '4']);
  });

  it('is malformed where a message has no bytes', () => {
    expect(
      stream(hex('0000'))
        .packet(1)
        .dissection.diagnostics.map(({ kind }) => kind),
    ).toEqual(['malformed']);
  });

  it('is malformed where a message is no header long, or a record runs over its message into the next', () => {
    expect(
      stream(hex('0002 1234 0002 5678'))
        .packet(1)
        .dissection.diagnostics.map(({ kind }) => kind),
    ).toEqual(['malformed', 'malformed']);
    const lying = message(0x8180, [[], [record(name('a.x'), 1, hex('01020304'))], [], []]);
    lying.set(u16(20), lying.length - 6);
    const p = stream(joinBytes([u16(lying.length), lying, u16(asked.length), asked])).packet(1);
    expect(p.dissection.diagnostics.map(({ kind }) => kind)).toEqual(['malformed']);
    expect(p.value('dns.a')).toBe('');
  });
});

describe('in what an ICMP error quotes of a TCP segment', () => {
  const asked = message(0x0100, [[question(name('a.x'))], [], [], []]);
  const quoted = (...messages: readonly Uint8Array[]): Packet =>
    decode(
      packet()
        .eth()
        .ip()
        .icmp(3, 3)
        .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
        .tcp({ sport: 1000, dport: 53, flags: 'PA', payload: joinBytes(messages.flatMap((m) => [u16(m.length), m])) })
        .bytes(),
    );
  const kinds = (p: Packet) => p.dissection.diagnostics.map(({ kind }) => kind);

  it('messages are told apart by their lengths, down to a header', () => {
    const p = quoted(asked, message(0x0100, [[], [], [], []]), asked);
    expect(p.values('dns.length')).toEqual([asked.length, 12, asked.length].map(String));
    expect(p.values('dns.qry.name')).toEqual(['a.x', 'a.x']);
    expect(kinds(p)).toEqual([]);
    expect(kinds(quoted(asked.subarray(0, 11), asked))).toEqual(['malformed']);
  });

  it('names and records end with their message, though another follows', () => {
    const pointing = (to: number) => message(0x0100, [[question(u16(0xc000 | to))], [], [], []]);
    const end = pointing(0).length;
    expect(quoted(pointing(end - 1), asked).values('dns.qry.name')[0]).not.toBe('');
    expect(kinds(quoted(pointing(end), asked))).toEqual(['malformed']);
    expect(kinds(quoted(pointing(end + 4), asked))).toEqual(['malformed']);
    const lying = message(0x8180, [[], [record(name('a.x'), 1, hex('01020304'))], [], []]);
    lying.set(u16(8), lying.length - 6);
    const p = quoted(lying, asked);
    expect(kinds(p)).toEqual(['malformed']);
    expect(p.values('dns.qry.name')).toEqual([]);
  });

  it('nothing is told of questions and answers', () => {
    expect(quoted(message(0x8180, [[], [], [], []])).value('dns.unsolicited')).toBe('');
  });
});
