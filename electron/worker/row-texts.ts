import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { listColumns, type RowPage, RowTint } from '../../shared/model/packet.ts';
import { RowMark } from '../../shared/table/columns.ts';
import { timeColumn } from '../../shared/table/row-time.ts';

import type { DisplayedRows } from './displayed-rows.ts';

/** Rows whose texts are kept: some screens back and forth. */
const keptRows = 4000;

/** Texts of the packet list, made for the rows that are looked at. */
export class RowTexts {
  private readonly texts = new Map<number, readonly string[]>();

  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
    private readonly displayed: DisplayedRows,
  ) {}

  page(first: number, count: number): RowPage {
    const { table } = this.store;
    const size = Math.max(0, Math.min(count, this.displayed.count - first));
    const cells: string[][] = listColumns.map(() => []);
    const rows = new Uint32Array(size);
    const streams = new Int32Array(size);
    const tints = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      const row = this.displayed.rowAt(first + i);
      rows[i] = row;
      streams[i] = table.get('transport', row) === 6 ? table.get('stream', row) : -1;
      const texts = this.of(row);
      for (let c = 0; c < cells.length; c++) cells[c].push(texts[c]);
      tints[i] = this.tint(row, texts);
    }
    return { captureId: this.captureId, first, rows, cells, streams, tints };
  }

  /** The texts are made anew: something about how packets are shown has changed. */
  forget(): void {
    this.texts.clear();
  }

  private of(row: number): readonly string[] {
    const known = this.texts.get(row);
    if (known !== undefined) return known;
    const { table, interfaces, engine } = this.store;
    const { columns } = engine.dissect(row);
    const texts = [
      String(row + 1),
      timeColumn(table, row, interfaces[table.get('iface', row)]?.ticksPerSecond),
      columns.source,
      columns.destination,
      columns.protocol,
      String(table.get('wireLen', row)),
      columns.info,
    ];
    if (this.texts.size >= keptRows) {
      const oldest = this.texts.keys().next().value;
      if (oldest !== undefined) this.texts.delete(oldest);
    }
    this.texts.set(row, texts);
    return texts;
  }

  private tint(row: number, texts: readonly string[]): RowTint {
    const { table } = this.store;
    if ((table.get('marks', row) & RowMark.Malformed) !== 0) return RowTint.Bad;
    const transport = table.get('transport', row);
    if (transport === 6) {
      const flags = table.get('tcpFlags', row);
      if (flags & 0x04) return RowTint.Rst;
      if (flags & 0x02) return flags & 0x10 ? RowTint.SynAck : RowTint.Syn;
      if (flags & 0x01) return RowTint.Fin;
      return table.get('payloadLen', row) > 0 ? RowTint.Data : RowTint.Ack;
    }
    if (transport === 17) return RowTint.Udp;
    const protocol = texts[4];
    if (protocol.startsWith('ICMP')) return RowTint.Icmp;
    return protocol === 'ARP' ? RowTint.Arp : RowTint.None;
  }
}
