/** Where a segment stands among those of its direction, by its numbers and what was found of it. */
import { describe, expect, it } from 'vitest';
import { type Arrival, SegmentOrder } from '../../../shared/dissect/streams/order.ts';
import { Finding } from '../../../shared/dissect/tcp-findings.ts';

/** A direction of which number `next` is expected next. */
function expecting(next: number): SegmentOrder {
  const order = new SegmentOrder();
  order.passed(next);
  return order;
}

describe('a segment', () => {
  it.each<[string, number, number, number, Arrival]>([
    ['follows what was there', 1000, 10, 0, 'next'],
    ['leaves a hole before it', 1001, 10, 0, 'ahead'],
    ['leaves a hole of half the numbers but one', 1000 + 0x7fffffff, 10, 0, 'ahead'],
    ['of one byte in front of what comes next is a probe', 999, 1, 0, 'probe'],
    ['of one byte further in front begins again', 998, 1, 0, 'again'],
    ['of two bytes in front begins again', 999, 2, 0, 'again'],
    ['of one byte that comes next is no probe', 1000, 1, 0, 'next'],
    ['in front that nothing was found of begins again', 500, 10, 0, 'again'],
    ['that was sent again is repeated', 990, 10, Finding.Retransmission, 'repeated'],
    ['that was acknowledged before is of no use', 990, 10, Finding.SpuriousRetransmission, 'acknowledged'],
    [
      'that was acknowledged and sent again is of no use',
      990,
      10,
      Finding.SpuriousRetransmission | Finding.Retransmission,
      'acknowledged',
    ],
    ['of one byte is a probe, whatever was found', 999, 1, Finding.Retransmission, 'probe'],
    ['that was overtaken is late', 990, 10, Finding.OutOfOrder, 'late'],
    ['that was overtaken and follows is late', 1000, 10, Finding.OutOfOrder, 'late'],
    ['that was asked for is sent again', 990, 10, Finding.FastRetransmission, 'resent'],
    ['that was asked for and follows is next', 1000, 10, Finding.FastRetransmission, 'next'],
    ['that was asked for and leaves a hole is ahead', 1010, 10, Finding.FastRetransmission, 'ahead'],
    ['of which something else was found is next', 1000, 10, Finding.WindowFull | Finding.LostSegment, 'next'],
    ['in front of which something else was found begins again', 990, 10, Finding.WindowFull, 'again'],
  ])('%s', (_name, start, length, findings, expected) => {
    expect(expecting(1000).judge(start, length, findings)).toBe(expected);
    // Numbers go around at 2³².
    const turned = (1000 + 0xfffffc20) >>> 0;
    expect(expecting(turned).judge((start + 0xfffffc20) >>> 0, length, findings)).toBe(expected);
  });

  it('is next wherever it is, while nothing is known of its direction', () => {
    const order = new SegmentOrder();
    for (const start of [0, 1, 0x7fffffff, 0xffffffff]) {
      expect(order.judge(start, 1, 0)).toBe('next');
      expect(order.distance(start)).toBe(0);
    }
  });
});

describe('what comes next', () => {
  it('is behind the farthest byte that was there, around 2³² as well', () => {
    for (const base of [1000, 0xfffffffa]) {
      const order = expecting(base);
      order.passed((base - 1) >>> 0);
      expect(order.next).toBe(base);
      order.passed((base + 20) >>> 0);
      expect(order.next).toBe((base + 20) >>> 0);
      order.passed((base + 10) >>> 0);
      expect(order.next).toBe((base + 20) >>> 0);
      expect(order.distance((base + 30) >>> 0)).toBe(10);
      expect(order.distance((base + 5) >>> 0)).toBe(-15);
    }
    const zero = expecting(0);
    zero.passed(0xffffffff);
    expect(zero.next).toBe(0);
    expect(zero.distance(0xffffffff)).toBe(-1);
  });

  it('is not known after a SYN that begins the direction anew, and stays where that SYN comes again', () => {
    const order = new SegmentOrder();
    expect(order.beginsAnew(100)).toBe(true);
    order.passed(101);
    expect(order.beginsAnew(100)).toBe(false);
    expect(order.next).toBe(101);
    expect(order.beginsAnew(5000)).toBe(true);
    expect(order.next).toBe(-1);
    expect(order.beginsAnew(100)).toBe(true);
  });

  it('goes its own way in a copy', () => {
    const order = new SegmentOrder();
    order.beginsAnew(100);
    order.passed(101);
    const copy = order.copy();
    expect(copy.next).toBe(101);
    copy.passed(200);
    expect([order.next, copy.next]).toEqual([101, 200]);
    expect(copy.beginsAnew(100)).toBe(false);
  });
});
