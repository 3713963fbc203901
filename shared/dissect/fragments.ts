/** IP fragments put back together (RFC 791 section 3.2, RFC 8200 section 4.5). */

/** A piece of a datagram: where its bytes are. */
interface Piece {
  readonly row: number;
  /** Offset in the datagram's payload. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Pending {
  readonly pieces: Piece[];
  /** Payload length, known from the fragment without "more fragments"; -1 before. */
  total: number;
  held: number;
}

/** A datagram that was completed by `row`. */
export interface Reassembled {
  readonly rows: readonly number[];
  readonly bytes: Uint8Array;
}

const maxPending = 4096;
const maxDatagram = 65_535 * 4;
const keptBytes = 128 << 20;

/**
 * Fragments wait here for the rest of their datagram. The row that completes one holds the reassembled payload, in the
 * indexing pass and whenever it is looked at again. Bounded: old incomplete datagrams are dropped first, and past
 * `keptBytes` of finished ones the oldest are.
 */
export class FragmentStore {
  private readonly pending = new Map<string, Pending>();
  private readonly finished = new Map<number, Reassembled>();
  private finishedBytes = 0;

  /**
   * Indexing pass: adds a fragment. Copies its bytes.
   * @param key what the fragments of one datagram share
   * @param offset of these bytes in the payload, in bytes
   * @returns the whole payload where this fragment completes it, else null
   */
  add(
    key: string,
    row: number,
    offset: number,
    more: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): Uint8Array | null {
    if (offset + (end - start) > maxDatagram) return null;
    let entry = this.pending.get(key);
    if (entry === undefined) {
      if (this.pending.size >= maxPending) {
        const oldest = this.pending.keys().next().value;
        if (oldest !== undefined) this.pending.delete(oldest);
      }
      entry = { pieces: [], total: -1, held: 0 };
      this.pending.set(key, entry);
    }
    entry.pieces.push({ row, offset, bytes: bytes.slice(start, end) });
    entry.held += end - start;
    if (!more) entry.total = offset + (end - start);
    if (entry.total < 0 || entry.held < entry.total) {
      if (entry.held > maxDatagram * 2) this.pending.delete(key);
      return null;
    }
    const whole = assemble(entry.pieces, entry.total);
    if (whole === null) return null;
    this.pending.delete(key);
    this.finished.set(row, { rows: entry.pieces.map((p) => p.row), bytes: whole });
    this.finishedBytes += whole.length;
    while (this.finishedBytes > keptBytes) {
      const oldest = this.finished.entries().next().value;
      if (oldest === undefined) break;
      this.finished.delete(oldest[0]);
      this.finishedBytes -= oldest[1].bytes.length;
    }
    return whole;
  }

  /** The datagram that `row` completed, or undefined. */
  completedBy(row: number): Reassembled | undefined {
    return this.finished.get(row);
  }
}

/**
 * Null while there is a hole. Of bytes that came twice those of the fragment that begins first count, and of two that
 * begin at one place those of the first (as tshark has it).
 */
function assemble(pieces: readonly Piece[], total: number): Uint8Array | null {
  const sorted = [...pieces].sort((x, y) => x.offset - y.offset);
  const whole = new Uint8Array(total);
  let reach = 0;
  for (const { offset, bytes } of sorted) {
    if (offset > reach) return null;
    const end = Math.min(total, offset + bytes.length);
    if (end > reach) whole.set(bytes.subarray(reach - offset, end - offset), reach);
    reach = Math.max(reach, offset + bytes.length);
  }
  return reach < total ? null : whole;
}
