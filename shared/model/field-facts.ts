import type { Base, FieldType } from './value.ts';

/**
 * What filters, completion and column choices need to know of a declared field or protocol. Plain data: crosses IPC by
 * structured clone.
 */
export interface FieldFacts {
  /** Filter name: `tcp.flags.syn`; for a protocol its own name: `tcp`. */
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly base: Base;
  /** Filter name of the protocol that declares it. */
  readonly protocol: string;
  /** Names of its values, ascending; none where it has none or they are too many to list. */
  readonly values?: readonly (readonly [value: number, name: string])[];
  /** A part of the header, so that every packet of the protocol has it. */
  readonly fixed?: true;
  /** Words for true and false. */
  readonly tfs?: readonly [whenTrue: string, whenFalse: string];
}
