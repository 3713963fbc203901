import type { CaptureStore } from '../dissect/capture-store.ts';
import { Engine } from '../dissect/engine.ts';
import type { PacketBytes } from '../dissect/packet-bytes.ts';
import type { RowSet } from '../dissect/row-set.ts';
import type { Part } from '../dissect/streams/contents.ts';
import { StreamContents } from '../dissect/streams/stream-contents.ts';
import { type Want, wantOf } from '../dissect/want.ts';
import type { Filter } from '../filter/filter.ts';
import type { PacketFields } from '../filter/packet-fields.ts';
import type { PacketCursor } from '../table/packet-table.ts';
import { Answer } from './answer.ts';
import { ColumnFields } from './column-fields.ts';
import { HeaderFields } from './header-fields.ts';
import { passedOver } from './passed-over.ts';
import type { PresenceHint } from './presence.ts';
import { ReadFields } from './read-fields.ts';
import { type RowTest, RowTests } from './row-test.ts';

/** Rows that are answered from columns, or packets that are read, between two looks at the clock. */
const rowsAtOnce = 4096;
const packetsAtOnce = 32;
const tcpNumber = 6;
const fin = 0x01;

/**
 * Runs one filter over the rows of a capture: from the packet table where that is enough, else from the fields that it
 * reads of the packet.
 */
export class Matcher {
  private readonly cursor: PacketCursor;
  private readonly known: RowTest;
  /** From columns and from fixed places of the packet's bytes. */
  private readonly inHeaders: RowTest;
  private readonly headers: HeaderFields;
  private readonly want: Want;
  private readonly bytes: PacketBytes;
  private readonly engine: Engine;
  private readonly passedOver: (part: Part, bytes: Uint8Array) => boolean;
  private readonly hint: PresenceHint = { nothingAboveTcp: false };
  private readonly selected: PacketFields | null;
  /** What columns know of them is not what they show. */
  private readonly ignored: RowSet;

  /** @param selectedRow what `${field}` reads; -1 none */
  constructor(
    readonly filter: Filter,
    store: CaptureStore,
    selectedRow = -1,
  ) {
    const { registry, table } = store;
    const columns = new ColumnFields(registry, store);
    this.headers = new HeaderFields(registry, store, columns);
    this.cursor = table.cursor();
    this.ignored = store.annotations.ignored;
    this.known =
      filter.tree === null ? () => Answer.Yes : new RowTests(registry, store, columns, this.hint).of(filter.tree);
    this.inHeaders =
      filter.tree === null ? this.known : new RowTests(registry, store, this.headers, this.hint).of(filter.tree);
    this.want = wantOf(registry, filter.fields, false);
    this.bytes = store.packetBytes();
    this.engine = engineForScans(store);
    this.passedOver = passedOver(registry, filter.fields);
    this.selected =
      filter.usesSelected && selectedRow >= 0 && selectedRow < table.length
        ? readFields(store, selectedRow, filter)
        : null;
  }

  /** Whether the packet of a row passes. Rows that are asked for in ascending order are read fastest. */
  test(row: number): boolean {
    const answer = this.ignored.has(row) ? Answer.Unknown : this.known(this.cursor.move(row), row);
    return answer === Answer.Unknown ? this.read(row) : answer === Answer.Yes;
  }

  /**
   * Calls `found` for each row from `first` up to `end` that passes; yields now and then, with the next row to look at.
   */
  *scan(first: number, end: number, found: (row: number) => void): Generator<number, void> {
    let weight = 0;
    const anyIgnored = this.ignored.size > 0;
    for (let row = first; row < end; row++) {
      const answer = anyIgnored && this.ignored.has(row) ? Answer.Unknown : this.known(this.cursor.move(row), row);
      weight++;
      if (answer === Answer.Yes) found(row);
      else if (answer === Answer.Unknown) {
        weight += rowsAtOnce / packetsAtOnce;
        if (this.read(row)) found(row);
      }
      if (weight >= rowsAtOnce) {
        weight = 0;
        yield row + 1;
      }
    }
  }

  private read(row: number): boolean {
    const bytes = this.bytes.of(row);
    let answer: Answer = Answer.Unknown;
    if (!this.ignored.has(row)) {
      this.headers.bytes = bytes;
      if (this.headers.usesBytes) answer = this.inHeaders(this.cursor, row);
      if (answer === Answer.Unknown) answer = this.withoutLayers(row, bytes);
    }
    return answer === Answer.Unknown
      ? this.filter.test(new ReadFields(this.engine.read(row, this.want, bytes)), this.selected)
      : answer === Answer.Yes;
  }

  /**
   * Most segments give no protocol anything, being the middle of a message, or nothing that is asked for. That is told
   * without decoding them.
   */
  private withoutLayers(row: number, bytes: Uint8Array): Answer {
    const { cursor, hint } = this;
    // The end of a stream may be the end of a message.
    if (cursor.transport !== tcpNumber || (cursor.payloadLen === 0 && (cursor.tcpFlags & fin) === 0))
      return Answer.Unknown;
    hint.nothingAboveTcp = true;
    const answer = this.inHeaders(cursor, row);
    hint.nothingAboveTcp = false;
    return answer === Answer.Unknown ||
      !this.engine.state.contents.givesNothing(cursor.stream, row, bytes, this.passedOver)
      ? Answer.Unknown
      : answer;
  }
}

/**
 * An engine that goes through streams from their beginning and keeps nothing of what it has passed: what is kept for
 * the rows on screen stays as it is.
 */
export function engineForScans(store: CaptureStore): Engine {
  // The store itself, as it is and as it grows (its prototype), but for two things.
  const state: CaptureStore = Object.create(store);
  Object.defineProperty(state, 'contents', { value: new StreamContents(state, store.registry, false) });
  // What is displayed changes while a filter runs: its answers do not depend on it.
  state.displayedBefore = null;
  return new Engine(store.registry, state);
}

/** The fields of the selected packet that a filter may refer to: all of them, since its text does not say which. */
function readFields(store: CaptureStore, row: number, filter: Filter): PacketFields {
  const names = new Set([...filter.text.matchAll(/\$\{\s*([\w.-]+)\s*\}/g)].map(([, name]) => name));
  return new ReadFields(store.engine.read(row, wantOf(store.registry, names, false)));
}
