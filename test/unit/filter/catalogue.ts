import { catalogueOf } from '../../../shared/dissect/catalogue.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import type { Occurrence, PacketFields } from '../../../shared/filter/packet-fields.ts';
import type { Value } from '../../../shared/model/value.ts';

/** Every field and protocol that the program declares. */
export const catalogue = new Map(catalogueOf(createRegistry(protocols)).map((facts) => [facts.name, facts]));

/** A packet of the values given, each in layer 1 unless it says otherwise, its bytes empty. */
export function packet(
  values: Readonly<
    Record<
      string,
      readonly (
        | Value
        | { readonly value: Value; readonly layer?: number; readonly bytes?: Uint8Array; readonly own?: Uint8Array }
      )[]
    >
  >,
): PacketFields {
  const found = new Map<string, readonly Occurrence[]>();
  for (const [name, list] of Object.entries(values)) {
    found.set(
      name,
      list.map((entry): Occurrence => {
        const given = typeof entry === 'object' && 'value' in entry ? entry : { value: entry };
        const bytes = given.bytes ?? new Uint8Array(0);
        return { value: given.value, layer: given.layer ?? 1, bytes: () => bytes, ownBytes: () => given.own ?? bytes };
      }),
    );
  }
  return { of: (name) => found.get(name) ?? [] };
}
