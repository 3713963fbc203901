import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { Finding } from '../../shared/dissect/tcp-findings.ts';
import { BandMark, bandStart, levelOf, type Overview } from '../../shared/model/overview.ts';
import { RowMark } from '../../shared/table/columns.ts';
import type { DisplayedRows } from './displayed-rows.ts';

/** Colours may need the packet itself: of each band so many rows, evenly spread, are asked for theirs. */
const tintSamples = 6;
/** Rows whose marks are looked at between two yields. */
const rowsAtOnce = 2048;

const rst = 0x04;
const warnings =
  Finding.Retransmission |
  Finding.FastRetransmission |
  Finding.SpuriousRetransmission |
  Finding.OutOfOrder |
  Finding.LostSegment |
  Finding.AckLostSegment |
  Finding.WindowFull |
  Finding.ZeroWindow;

/**
 * Looks at the rows shown, all of them for marks and findings, some of each band for its colour.
 * @param tintOf place of the colouring rule of a row, from 1; 0 none
 */
export function* overviewOf(
  captureId: number,
  store: CaptureStore,
  displayed: DisplayedRows,
  tintOf: (row: number) => number,
  wanted: number,
): Generator<void, Overview> {
  const { count } = displayed;
  const bands = Math.min(wanted, count);
  const tints = new Uint8Array(bands);
  const marks = new Uint8Array(bands);
  const levels = new Uint8Array(bands);
  const { annotations, table } = store;
  const { findings } = store.tcpStreams.analysis;
  const cursor = table.cursor();
  const votes = new Map<number, number>();
  let looked = 0;
  for (let band = 0; band < bands; band++) {
    const first = bandStart(band, bands, count);
    const end = bandStart(band + 1, bands, count);
    let mark = 0;
    let found = 0;
    for (let position = first; position < end; position++) {
      if (++looked % rowsAtOnce === 0) yield;
      // The list may have become shorter meanwhile: then it is asked about anew.
      if (position >= displayed.count) return { captureId, count, tints, marks, levels };
      const row = displayed.rowAt(position);
      const c = cursor.move(row);
      let finding = 0;
      if ((c.marks & RowMark.Malformed) !== 0) finding |= BandMark.Malformed;
      if (c.transport === 6) {
        if ((c.tcpFlags & rst) !== 0) finding |= BandMark.Reset;
        if ((findings.flagsOf(row) & warnings) !== 0) finding |= BandMark.Warning;
      }
      if (finding !== 0) found++;
      mark |= finding;
      if (annotations.marked.has(row)) mark |= BandMark.Marked;
      if (annotations.references.has(row)) mark |= BandMark.Reference;
      if (annotations.commented > 0 && annotations.comments(row).length > 0) mark |= BandMark.Commented;
    }
    marks[band] = mark;
    levels[band] = levelOf(found, end - first);
    const samples = Math.min(tintSamples, end - first);
    votes.clear();
    let best = 0;
    let most = 0;
    for (let i = 0; i < samples; i++) {
      const position = first + Math.floor(((end - first) * i) / samples);
      if (position >= displayed.count) break;
      const tint = tintOf(displayed.rowAt(position));
      const n = (votes.get(tint) ?? 0) + 1;
      votes.set(tint, n);
      // Of two that are as frequent the one whose rule comes first.
      if (n > most || (n === most && tint !== 0 && (best === 0 || tint < best))) [best, most] = [tint, n];
    }
    tints[band] = best;
    yield;
  }
  return { captureId, count, tints, marks, levels };
}
