/** What a user may choose by Decode As: the tables there are, and the keys that one packet has. */
import type { DecodeAsOffer, DecodeAsProtocol, DecodeAsTable } from '../model/decode-as.ts';
import type { CaptureStore } from './capture-store.ts';
import type { DispatchTable } from './dispatch.ts';
import type { TreeItem } from './out.ts';
import type { Registry } from './registry.ts';
import { Step } from './step.ts';
import { walkLayers } from './walk.ts';

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

export const choosableTables = (registry: Registry): readonly DispatchTable[] =>
  [...registry.tables.values()].filter(({ spec }) => spec.fixed !== true).sort(byName);

/** What can be chosen in a table: whoever is bound to it, and bytes that nobody decodes. */
export function choosableProtocols(table: DispatchTable, registry: Registry): readonly DecodeAsProtocol[] {
  const bound = [...table.offered].map((index) => registry.protocols[index]);
  const data = registry.byName.get('data');
  const all = table.spec.keys === 'number' && data !== undefined && !bound.includes(data) ? [...bound, data] : bound;
  return all.map(({ name, label }) => ({ name, label })).sort(byName);
}

/** The tables as plain data, for the window. */
export function decodeAsTables(registry: Registry): readonly DecodeAsTable[] {
  return choosableTables(registry).map((table) => ({
    name: table.name,
    label: table.spec.label,
    keys: table.spec.keys,
    base: table.spec.hexadecimal === true ? 16 : 10,
    protocols: choosableProtocols(table, registry),
    bound: [...table.bindings()].map(([key, protocol]) => [key, registry.protocols[protocol].name]),
  }));
}

/** Runs steps and keeps which keys they look up. */
class AskingStep extends Step {
  readonly asked: { readonly table: Int16Array; readonly key: number }[] = [];

  override to(table: Int16Array, key: number, at: number): void {
    this.asked.push({ table, key: key & 0xffff });
    super.to(table, key, at);
  }
}

/** The keys by which a packet names what follows, from the outside in; each once. */
export function decodeAsOffers(store: CaptureStore, row: number): readonly DecodeAsOffer[] {
  const { registry } = store;
  const names = new Map(
    choosableTables(registry).flatMap(({ name, spec }) =>
      spec.keys === 'number' ? [[store.tables[name], name] as const] : [],
    ),
  );
  const offers = new Map<string, DecodeAsOffer>();
  const offer = (table: string, key: number | string, role: DecodeAsOffer['role'], layer: string): void => {
    // What stands further in is what is more likely meant: it comes later.
    const id = `${table} ${key}`;
    offers.delete(id);
    offers.set(id, { table, key, role, layer });
  };
  const step = new AskingStep(store, registry);
  step.cold = true;
  let layer = '';
  const leave = (): void => {
    for (const { table, key } of step.asked.splice(0)) {
      const name = names.get(table);
      if (name !== undefined) offer(name, key, '', layer);
    }
    if (layer !== 'tcp' && layer !== 'udp') return;
    offer(`${layer}.port`, step.srcPort, 'source', layer);
    offer(`${layer}.port`, step.dstPort, 'destination', layer);
  };
  walkLayers(step, registry, row, store.readBytes(row), (protocol) => {
    leave();
    layer = registry.protocols[protocol].name;
    return false;
  });
  leave();
  for (const type of mediaTypes(store.engine.dissect(row).items)) offer('media_type', type, '', 'http');
  return [...offers.values()];
}

/** Media types that HTTP names for what it carries, as its table has them. */
function mediaTypes(items: readonly TreeItem[]): readonly string[] {
  return items.flatMap((item) => {
    const own =
      item.field?.name === 'http.content_type' && typeof item.value === 'string'
        ? [item.value.split(';', 1)[0].trim().toLowerCase()]
        : [];
    return [...own.filter((type) => type !== ''), ...mediaTypes(item.children ?? [])];
  });
}
