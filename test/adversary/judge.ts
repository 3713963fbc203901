/** Reads a capture from memory and says of each stream what `-z handshakes -T json` says. */
import { handshakeJson } from '../../electron/cli/handshakes.ts';
import { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { Check, Closing, Endpoint, HandshakeTimes, Opening, ToldConnection } from '../../shared/model/stream.ts';
import { openReader } from '../../shared/pcap/reader.ts';

const registry = createRegistry(protocols);
const tcp = 6;

/** One object of the JSON. */
export interface Said {
  readonly stream: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly open: Opening;
  readonly close: Closing;
  readonly handshakeNs: HandshakeTimes | null;
  readonly checks: readonly Check[];
  readonly verdict: { readonly en: string; readonly zh: string };
  readonly packets: number;
  /** Where the model makes claims one by one. */
  readonly connections?: readonly ToldConnection[];
}

export interface Heard {
  readonly said: readonly Said[];
  /** Rows of each stream, and those of none. */
  readonly rowsOf: ReadonlyMap<number, readonly number[]>;
}

export type Tell = typeof handshakeJson;

export function judge(file: Uint8Array, told: Tell = handshakeJson): Heard {
  const opened = openReader(file, 'memory');
  if (!opened.ok) throw new Error(`not a capture: ${opened.error.code}`);
  const store = new CaptureStore(registry, opened.value, (target, length, position) => {
    const piece = file.subarray(position, position + length);
    target.set(piece);
    return piece.length;
  });
  opened.value.push(file, store);
  opened.value.end(store);
  const rowsOf = new Map<number, number[]>();
  const packet = store.table.cursor();
  for (let row = 0; row < store.table.length; row++) {
    packet.move(row);
    if (packet.transport !== tcp || packet.stream < 0) continue;
    const rows = rowsOf.get(packet.stream);
    if (rows === undefined) rowsOf.set(packet.stream, [row]);
    else rows.push(row);
  }
  return { said: JSON.parse(told(store, registry)) as Said[], rowsOf };
}
