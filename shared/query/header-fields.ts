import type { CaptureState } from '../dissect/context.ts';
import type { FieldInfo } from '../dissect/field.ts';
import type { CompiledProtocol, Registry } from '../dissect/registry.ts';
import type { Value } from '../model/value.ts';
import { RowMark } from '../table/columns.ts';
import { Answer } from './answer.ts';
import type { ColumnField, ColumnFields } from './column-fields.ts';

/** Headers that contradict themselves, are cut, or lie in other bytes than the frame's, are left to dissection. */
const doubtful = RowMark.Malformed | RowMark.Bug | RowMark.HeaderCut | RowMark.Reassembled;
/** Where a header lies is not known. */
const nowhere = -1;

/** The way to one protocol's header in packets of one chain. */
interface Way {
  /** No: the chain has no such layer. Yes: one, behind `before`. */
  readonly answer: Answer;
  readonly before: readonly CompiledProtocol[];
}

/**
 * Fields that lie at a fixed place of a header, read from the packet's bytes without dissecting it, beside those that
 * are columns. `bytes` must be set to the captured bytes of the packet at hand.
 */
export class HeaderFields {
  bytes: Uint8Array = new Uint8Array(0);
  /** A field was asked for that needs `bytes`. */
  usesBytes = false;
  private readonly known = new Map<string, ColumnField | undefined>();

  constructor(
    private readonly registry: Registry,
    private readonly state: CaptureState,
    private readonly columns: ColumnFields,
  ) {}

  of(name: string): ColumnField | undefined {
    const column = this.columns.of(name);
    if (column !== undefined) return column;
    if (!this.known.has(name)) this.known.set(name, this.inHeader(name));
    const field = this.known.get(name);
    if (field !== undefined) this.usesBytes = true;
    return field;
  }

  private inHeader(name: string): ColumnField | undefined {
    const declared = this.registry.fields.filter((field) => field.name === name);
    const [field] = declared;
    if (declared.length !== 1 || field.at === undefined || field.get !== undefined) return undefined;
    const protocol = this.registry.protocols.find(({ fields }) => fields.get(field.key) === field);
    if (protocol === undefined) return undefined;
    const read = readerOf(field);
    const transport =
      protocol.name === 'tcp' || protocol.name === 'udp' ? this.columns.of(`${protocol.name}.srcport`) : undefined;
    if (read === undefined || (protocol.size === undefined && transport === undefined)) return undefined;
    const ways: Way[] = [];
    const { at } = field;
    const wayOf = (chain: number): Way => {
      ways[chain] ??= this.wayTo(protocol, chain);
      return ways[chain];
    };
    return {
      presence: (c, row) => {
        const { answer, before } = wayOf(c.chain);
        if (answer !== Answer.Yes) return answer;
        if ((c.marks & doubtful) !== 0 || (transport !== undefined && transport.presence(c, row) !== Answer.Yes))
          return Answer.Unknown;
        const start = this.startBehind(before);
        if (start === nowhere) return Answer.Unknown;
        const size = protocol.size?.(this.bytes, start) ?? 0;
        return start + Math.max(size, at + field.length) <= this.bytes.length ? Answer.Yes : Answer.Unknown;
      },
      first: ({ chain }) => read.number(this.bytes, this.startBehind(wayOf(chain).before) + at),
      second: undefined,
      valueOf: read.valueOf,
    };
  }

  private wayTo(protocol: CompiledProtocol, chain: number): Way {
    const { registry } = this;
    const { protocols, byName } = registry;
    const layers = this.state.chains.layers(chain)?.map((index) => protocols[index]);
    if (layers === undefined) return { answer: Answer.Unknown, before: [] };
    const place = layers.indexOf(protocol);
    // Who hands payloads on by itself may hand on anything, except TCP, which has messages only.
    const tcp = byName.get('tcp');
    if (layers.some((layer) => layer.carry !== undefined && layer !== tcp))
      return { answer: Answer.Unknown, before: [] };
    if (place < 0) return { answer: Answer.No, before: [] };
    const before = layers.slice(0, place);
    const oneWay = layers.lastIndexOf(protocol) === place && before.every(({ size }) => size !== undefined);
    return { answer: oneWay ? Answer.Yes : Answer.Unknown, before };
  }

  private startBehind(before: readonly CompiledProtocol[]): number {
    const { bytes } = this;
    let at = 0;
    for (let i = 0; i < before.length; i++) {
      if (at >= bytes.length && at > 0) return nowhere;
      at += before[i].size?.(bytes, at) ?? 0;
    }
    return at;
  }
}

interface Read {
  /** A number that stands for the value. */
  number(bytes: Uint8Array, at: number): number;
  valueOf(n: number): Value;
}

const itself = (n: number): Value => n;
const etherOf = (n: number): Value =>
  Uint8Array.from([40, 32, 24, 16, 8, 0], (bits) => Math.floor(n / 2 ** bits) & 255);

/** Big-endian, unsigned. */
function unsigned(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + bytes[at + i];
  return value;
}

/** As the engine reads a field at a fixed place; undefined for what is no number there. */
function readerOf({ type, length, mask, shift, scale, little }: FieldInfo): Read | undefined {
  switch (type) {
    case 'u8':
    case 'u16':
    case 'u24':
    case 'u32':
      if (little) return undefined;
      return {
        number: (bytes, at) =>
          (mask === 0 ? unsigned(bytes, at, length) : (unsigned(bytes, at, length) & mask) >>> shift) * scale,
        valueOf: itself,
      };
    case 'bool':
      return {
        number: (bytes, at) => (mask === 0 ? unsigned(bytes, at, length) : (unsigned(bytes, at, length) & mask) >>> 0),
        valueOf: (n) => n !== 0,
      };
    case 'ether':
      return { number: (bytes, at) => unsigned(bytes, at, 6), valueOf: etherOf };
    case 'ipv4':
      return { number: (bytes, at) => unsigned(bytes, at, 4), valueOf: itself };
    default:
      return undefined;
  }
}
