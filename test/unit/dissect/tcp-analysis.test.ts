import { describe, expect, it } from 'vitest';
import { openFrames } from '../../support/dissect.ts';
import { type Numbering, segmentFrames } from '../../support/segment-frames.ts';

const handshake = '0 A S 0 0 0 1000 mss; 30000 B SA 0 1 0 1000 mss; 30000 A A 1 1 0 1000;';

/** The words before Info of the last packet, without brackets. */
function prefix(text: string, numbering?: Numbering): string {
  const frames = segmentFrames(text, numbering);
  const { info } = openFrames(frames).packet(frames.length);
  return [...info.matchAll(/\[TCP ([^\]]+)\] /g)].map((found) => found[1]).join(', ');
}

describe('what the sequence analysis says of the last segment', () => {
  const cases: readonly (readonly [what: string, text: string, expected: string])[] = [
    ['new data', '100 A AP 1 1 100 1000', ''],
    ['data again', '100 A AP 1 1 100 1000; 300000 A AP 1 1 100 1000', 'Retransmission'],
    [
      'data again that was acknowledged',
      '100 A AP 1 1 100 1000; 10 B A 1 101 0 1000; 300000 A AP 1 1 100 1000',
      'Spurious Retransmission',
    ],
    [
      'data again after two repeated acknowledgments',
      '100 A AP 1 1 100 1000; 10 A AP 101 1 100 1000; 9 B A 1 1 0 1000; 9 B A 1 1 0 1000; 9 A AP 1 1 100 1000',
      'Fast Retransmission',
    ],
    [
      'data again too late for a fast one',
      '100 A AP 1 1 100 1000; 10 A AP 101 1 100 1000; 9 B A 1 1 0 1000; 9 B A 1 1 0 1000; 90000 A AP 1 1 100 1000',
      'Retransmission',
    ],
    ['a gap', '100 A AP 101 1 100 1000', 'Previous segment not captured'],
    ['the gap filled within the handshake time', '100 A AP 101 1 100 1000; 500 A AP 1 1 100 1000', 'Out-Of-Order'],
    ['the gap filled later', '100 A AP 101 1 100 1000; 90000 A AP 1 1 100 1000', 'Retransmission'],
    [
      'an acknowledgment of more than was captured',
      '100 A AP 1 1 100 1000; 9 B A 1 301 0 1000',
      'ACKed unseen segment',
    ],
    ['the same once more', '100 A AP 1 1 100 1000; 9 B A 1 301 0 1000; 9 B A 1 401 0 1000', ''],
    ['a repeated acknowledgment', '100 B A 1 1 0 1000', 'Dup ACK 2#1'],
    ['the second of them', '9 B A 1 1 0 1000; 9 B A 1 1 0 1000', 'Dup ACK 2#2'],
    ['another window', '9 B A 1 1 0 1000; 9 B A 1 1 0 900', 'Window Update'],
    ['no window', '9 B A 1 1 0 0', 'ZeroWindow'],
    ['the window filled', '9 B A 1 1 0 100; 9 A A 1 1 100 1000', 'Window Full'],
    ['a probe of no window', '9 B A 1 1 0 0; 9 A A 1 1 1 1000', 'ZeroWindowProbe'],
    ['its answer', '9 B A 1 1 0 0; 9 A A 1 1 1 1000; 9 B A 1 1 0 0', 'ZeroWindowProbeAck, ZeroWindow'],
    ['a keep-alive', '9 A A 0 1 0 1000', 'Keep-Alive'],
    ['a keep-alive with a byte', '9 A AP 1 1 100 1000; 9 A A 100 1 1 1000', 'Keep-Alive'],
    ['its answer', '9 B A 1 1 0 1000; 9 A A 0 1 0 1000; 9 B A 1 1 0 1000', 'Keep-Alive ACK'],
    ['a SYN again', '0 A S 0 0 0 1000; 1000000 A S 0 0 0 1000', 'Retransmission'],
    ['a SYN with another number', '9 A S 7777 0 0 1000', 'Port numbers reused'],
    ['a FIN', '9 A FA 1 1 0 1000', ''],
    ['a FIN again', '9 A FA 1 1 0 1000; 300000 A FA 1 1 0 1000', 'Retransmission'],
    ['a reset', '9 A R 900 0 0 0', ''],
    [
      'data after a reset ahead and the same SYN',
      '0 A S 0 0 0 1000; 9 A R 500 0 0 0; 1000000 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000; 9 A AP 1 1 10 1000',
      '',
    ],
    [
      'a FIN after a challenge, its reset and the same SYN',
      '0 A S 0 0 0 1000; 9 B A 700 50 0 1000; 9 A R 50 0 0 0; 1000000 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000; 9 A FA 1 1 0 1000',
      '',
    ],
    [
      'the SYN once more behind a reset ahead',
      '0 A S 0 0 0 1000; 9 A R 500 0 0 0; 99 A S 0 0 0 1000; 99 A S 0 0 0 1000',
      'Retransmission',
    ],
    ['a SYN again behind a gap and a FIN, at once', '9 A FA 2 1 0 1000; 9 A S 0 0 0 1000', 'Retransmission'],
    [
      'what was sent behind that gap',
      '9 A FA 2 1 0 1000; 9 A S 0 0 0 1000; 9 A FA 2 1 0 1000',
      'Previous segment not captured',
    ],
    ['a SYN again behind data and no gap, at once', '9 A AP 1 1 10 1000; 9 A S 0 0 0 1000', 'Out-Of-Order'],
    [
      'data before the gap after a SYN again',
      '9 A AP 1 1 10 1000; 9 A AP 20 1 10 1000; 90000 A S 0 0 0 1000; 9 A AP 1 1 9 1000',
      'Retransmission',
    ],
    [
      'data behind the gap after a SYN again',
      '9 A AP 1 1 10 1000; 9 A AP 20 1 10 1000; 90000 A S 0 0 0 1000; 9 A AP 11 1 9 1000',
      '',
    ],
    [
      'data before the gap after a SYN-ACK again',
      '9 B AP 20 1 10 1000; 90000 B SA 0 1 0 1000; 90000 B AP 1 1 10 1000',
      'Retransmission',
    ],
    [
      'a gap filled where the clock stood still',
      '0 A S 0 0 0 1000; 0 B SA 0 1 0 1000; 0 A A 1 1 0 1000; 0 A AP 11 1 10 1000; 0 A AP 1 1 10 1000',
      'Out-Of-Order',
    ],
    [
      'a gap filled where it ran backwards',
      '90 A S 0 0 0 1000; -9 B SA 0 1 0 1000; -9 A A 1 1 0 1000; 0 A AP 11 1 10 1000; 99999 A AP 1 1 9 1000',
      'Out-Of-Order',
    ],
    [
      'a window filled that a SYN-ACK announced again',
      '0 A S 0 0 0 1000 ws=2; 9 B SA 0 1 0 1000 ws=2; 9 B SA 0 1 0 1000 ws=2; 9 A A 1 1 0 1000; 9 A AP 1 1 1000 1000',
      'Window Full',
    ],
    [
      'a scaled window not filled',
      '0 A S 0 0 0 1000 ws=2; 9 B SA 0 1 0 1000 ws=2; 9 A A 1 1 0 1000; 9 B A 1 1 0 1000; 9 A AP 1 1 1000 1000',
      '',
    ],
  ];

  it.each(cases)('%s', (_what, text, expected) => {
    const whole = /^\d+ A S/.test(text) && text.includes(';') ? text : handshake + text;
    // Wherever the numbers wrap around, the findings are the same.
    for (const numbering of [
      { a: 1000, b: 5000 },
      { a: 0xffff_ffc0, b: 0xffff_fff0 },
      { a: 0x7fff_ffc0, b: 0x8000_0000 },
    ])
      expect(prefix(whole, numbering)).toBe(expected);
  });
});

describe('numbers of the sequence analysis', () => {
  const at = (text: string, frame: number) => openFrames(segmentFrames(handshake + text)).packet(frame);

  it('an acknowledgment names the segment that ends where it points, and its time', () => {
    const p = at('100 A AP 1 1 100 1000; 20 A AP 101 1 100 1000; 300 B A 1 201 0 1000', 6);
    expect(p.value('tcp.analysis.acks_frame')).toBe('5');
    expect(p.value('tcp.analysis.ack_rtt')).toBe('0.000300000');
    expect(p.value('tcp.analysis.initial_rtt')).toBe('0.060000000');
  });

  it('of two copies the first is acknowledged', () => {
    expect(
      at('100 A AP 1 1 100 1000; 300000 A AP 1 1 100 1000; 300 B A 1 101 0 1000', 6).value('tcp.analysis.acks_frame'),
    ).toBe('4');
  });

  it('counts the bytes in flight and those since the last push', () => {
    const open = openFrames(
      segmentFrames(
        `${handshake}9 A A 1 1 100 1000; 9 A A 101 1 50 1000; 9 B A 1 101 0 1000; 9 A AP 151 1 30 1000; 9 A A 181 1 7 1000`,
      ),
    );
    expect([4, 5, 7, 8].map((frame) => open.packet(frame).value('tcp.analysis.bytes_in_flight'))).toEqual([
      '100',
      '150',
      '80',
      '87',
    ]);
    expect([4, 5, 7, 8].map((frame) => open.packet(frame).value('tcp.analysis.push_bytes_sent'))).toEqual([
      '100',
      '150',
      '180',
      '7',
    ]);
  });

  it('leaves out what is missing, and what was acknowledged selectively', () => {
    const lost = openFrames(
      segmentFrames(
        `${handshake}9 A A 1 1 100 1000; 9 A A 201 1 100 1000; 9 A A 301 1 100 1000; 9 B A 1 101 0 1000 sack=201-301; 9 A A 401 1 100 1000`,
      ),
    );
    expect([4, 5, 6, 8].map((frame) => lost.packet(frame).value('tcp.analysis.bytes_in_flight'))).toEqual([
      '100',
      '',
      '',
      '200',
    ]);
  });

  it('a retransmission is timed from the oldest segment that waits', () => {
    const p = at('100 A AP 1 1 100 1000; 20 A AP 101 1 100 1000; 300000 A AP 101 1 100 1000', 6);
    expect(p.value('tcp.analysis.rto_frame')).toBe('4');
    expect(p.value('tcp.analysis.rto')).toBe('0.300020000');
  });

  it.each<[what: string, text: string, expected: readonly string[]]>([
    [
      'the time from the SYN to the acknowledgment',
      '0 A S 0 0 0 1000; 9 B SA 0 1 0 1000; 9 A A 1 1 0 1000; 9 A AP 1 1 9 1000',
      ['', '', '0.000018000', '0.000018000'],
    ],
    [
      'none where both have one time',
      '0 A S 0 0 0 1000; 0 B SA 0 1 0 1000; 0 A A 1 1 0 1000; 0 A AP 1 1 9 1000',
      ['', '', '', ''],
    ],
    [
      'that of the next one whose time differs',
      '0 A S 0 0 0 1000; 0 B SA 0 1 0 1000; 0 A A 1 1 0 1000; 7 A AP 1 1 9 1000; 5 A AP 10 1 9 1000',
      ['', '', '', '0.000007000', '0.000007000'],
    ],
    [
      'from the latest SYN',
      '0 A S 0 0 0 1000; 500 A S 0 0 0 1000; 0 B SA 0 1 0 1000; 6 A A 1 1 0 1000',
      ['', '', '', '0.000006000'],
    ],
    [
      'from a SYN again where nothing else told it',
      '0 A S 0 0 0 1000; 0 B SA 0 1 0 1000; 0 A A 1 1 0 1000; 5 A S 0 0 0 1000; 5 B SA 0 1 0 1000; 5 A A 1 1 0 1000',
      ['', '', '', '', '', '0.000010000'],
    ],
    [
      'also where the clock ran backwards',
      '90 A S 0 0 0 1000; 0 B SA 0 1 0 1000; -5 A A 1 1 0 1000',
      ['', '', '-0.000005000'],
    ],
  ])('the initial round trip is %s', (_what, text, expected) => {
    const opened = openFrames(segmentFrames(text));
    expect(expected.map((_, i) => opened.packet(i + 1).value('tcp.analysis.initial_rtt'))).toEqual(expected);
  });

  it('looking at packets in any order gives the same answers', () => {
    const frames = segmentFrames(`${handshake}100 A AP 1 1 100 1000; 300000 A AP 1 1 100 1000; 300 B A 1 101 0 1000`);
    const forward = openFrames(frames);
    const backward = openFrames(frames);
    const infos = frames.map((_, i) => forward.packet(i + 1).info);
    expect(frames.map((_, i) => backward.packet(frames.length - i).info).reverse()).toEqual(infos);
  });
});

describe('completeness', () => {
  it('says what was captured before the packet', () => {
    const open = openFrames(
      segmentFrames(`${handshake}9 A AP 1 1 10 1000; 9 B FA 1 11 0 1000; 9 A FA 11 2 0 1000; 9 B A 2 12 0 1000`),
    );
    expect([1, 2, 3, 4, 5, 6, 7].map((frame) => open.packet(frame).value('tcp.completeness'))).toEqual([
      '0',
      '1',
      '3',
      '7',
      '15',
      '31',
      '31',
    ]);
  });

  it('counts nothing of a first segment that is no SYN', () => {
    const open = openFrames(segmentFrames('0 A A 1 1 10 1000; 9 A A 11 1 10 1000; 9 B R 1 0 0 0; 9 A A 21 1 0 1000'));
    expect([1, 2, 3, 4].map((frame) => open.packet(frame).value('tcp.completeness'))).toEqual(['0', '0', '8', '40']);
  });
});

describe('expert items', () => {
  const messages = (text: string) => {
    const frames = segmentFrames(text);
    return openFrames(frames).packet(frames.length).values('_ws.expert.message');
  };

  it('tell how connections open and close', () => {
    expect(messages('0 A S 0 0 0 1000 mss')).toEqual(['Connection establish request (SYN): server port 9999']);
    expect(messages('0 A S 0 0 0 1000 mss; 9 B SA 0 1 0 1000 mss')).toEqual([
      'Connection establish acknowledge (SYN+ACK): server port 9999',
    ]);
    expect(messages(`${handshake}9 A FA 1 1 0 1000`)).toEqual([
      'Connection finish (FIN)',
      'This frame initiates the connection closing',
    ]);
    expect(messages(`${handshake}9 A FA 1 1 0 1000; 9 B FA 1 2 0 1000`)).toEqual([
      'Connection finish (FIN)',
      'This frame undergoes the connection closing',
    ]);
    expect(messages(`${handshake}9 A RA 1 1 0 0`)).toEqual(['Connection reset (RST)']);
  });

  it('have a severity and a group', () => {
    const frames = segmentFrames(`${handshake}9 B A 1 1 0 0`);
    const p = openFrames(frames).packet(4);
    expect(p.values('_ws.expert.severity')).toEqual(['6291456']);
    expect(p.values('_ws.expert.group')).toEqual(['33554432']);
    expect(p.values('tcp.analysis.zero_window')).toHaveLength(1);
  });
});
