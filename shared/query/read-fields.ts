import type { Reading } from '../dissect/engine.ts';
import type { TreeItem } from '../dissect/out.ts';
import type { Occurrence, PacketFields } from '../filter/packet-fields.ts';
import type { Value } from '../model/value.ts';

const none: readonly Occurrence[] = [];

class Found implements Occurrence {
  constructor(
    private readonly item: TreeItem,
    readonly layer: number,
    private readonly reading: Reading,
  ) {}

  get value(): Value {
    return this.item.value ?? true;
  }

  ownBytes(): Uint8Array {
    const { start, length, source, field } = this.item;
    return field?.type !== 'protocol' || whole.has(field.name)
      ? this.bytes()
      : (this.reading.sources[source]?.bytes.subarray(start, start + length) ?? new Uint8Array(0));
  }

  bytes(): Uint8Array {
    const { start, length, source, reach, field } = this.item;
    const bytes = this.reading.sources[source]?.bytes ?? new Uint8Array(0);
    return bytes.subarray(start, field?.type === 'protocol' ? Math.max(reach, start + length) : start + length);
  }
}

/** Layers that count with all they carry. */
const whole: ReadonlySet<string> = new Set(['tcp', 'icmp', 'icmpv6', 'frame']);

/** What was read of a packet, as a filter sees it. Good as long as the reading is. */
export class ReadFields implements PacketFields {
  constructor(private readonly reading: Reading) {}

  of(name: string): readonly Occurrence[] {
    const { items, layers } = this.reading.found;
    let list: Occurrence[] | null = null;
    for (let i = 0; i < items.length; i++) {
      if (items[i].field?.name !== name) continue;
      list ??= [];
      list.push(new Found(items[i], layers[i], this.reading));
    }
    return list ?? none;
  }
}
