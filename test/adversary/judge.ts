/** Reads a capture from memory and says of each stream what `-z handshakes -T json` says. */
import { handshakeJson } from '../../electron/cli/handshakes.ts';
import type { Check, Closing, Endpoint, HandshakeTimes, Opening, ToldConnection } from '../../shared/model/stream.ts';
import { openBytes } from '../support/dissect.ts';

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
  const { store } = openBytes(file);
  const { registry } = store;
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
