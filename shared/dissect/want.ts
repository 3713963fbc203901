import type { FieldInfo } from './field.ts';
import type { CompiledProtocol, Registry } from './registry.ts';

/**
 * What packets are read for, where it is not the whole tree: only these fields are made, and layers that have none of
 * them are passed over.
 */
export interface Want {
  /** The texts of the packet list are wanted. */
  readonly columns: boolean;
  /** By `FieldInfo.id`: 1 where it is wanted. */
  readonly fields: Uint8Array;
  /** By protocol index. */
  readonly protocols: readonly WantOfProtocol[];
  /** Layers that hand their payload on by themselves must do so. */
  readonly payloads: boolean;
  /** Trailers are wanted: layers that show them must be followed. */
  readonly trailers: boolean;
}

export interface WantOfProtocol {
  /** Of the fields that the engine shows by itself, those that are wanted. */
  readonly automatic: readonly FieldInfo[];
  /**
   * Bytes that those fields, wanted or not, lie in. In a layer with fewer the first that is not there hides those after
   * it, so all of them must be tried.
   */
  readonly header: number;
  /** Its `begin` and `dissect` have something wanted to add. */
  readonly runs: boolean;
  /** Fields of its own are wanted, not only what it says in the columns. */
  readonly own: boolean;
}

const everywhere = ['_ws.', 'frame.protocols', 'frame.coloring'];
/** Whether any layer may fill a field. */
export const isEverywhere = (name: string): boolean => everywhere.some((start) => name.startsWith(start));

/** @param names of fields and protocols; unknown ones are passed over */
export function wantOf(registry: Registry, names: ReadonlySet<string>, columns: boolean): Want {
  const fields = new Uint8Array(registry.fields.length);
  for (const field of registry.fields) if (names.has(field.name)) fields[field.id] = 1;
  const all = [...names].some(isEverywhere);
  const protocols = registry.protocols.map((protocol) => ofProtocol(protocol, fields, all, columns));
  // Those with a step are found without what others hand on, apart from quoted packets, which they reach by steps too.
  const payloads =
    all ||
    columns ||
    registry.protocols.some(
      (protocol) => (protocol.step === undefined || protocol.frame !== undefined) && protocols[protocol.index].own,
    );
  return {
    columns,
    fields,
    protocols,
    payloads,
    trailers:
      all || registry.protocols.some((protocol) => protocol.after !== undefined && protocols[protocol.index].own),
  };
}

function ofProtocol(protocol: CompiledProtocol, wanted: Uint8Array, all: boolean, columns: boolean): WantOfProtocol {
  const own = [...protocol.fields.values()].filter((field) => wanted[field.id] === 1);
  const automatic = protocol.automatic.filter((field) => wanted[field.id] === 1);
  const header = protocol.automatic.reduce(
    (most, { at, length }) => Math.max(most, at === undefined ? 0 : at + length),
    0,
  );
  return {
    automatic,
    header,
    runs: all || columns || own.length > 0,
    own: all || own.length > 0 || wanted[protocol.self.id] === 1,
  };
}
