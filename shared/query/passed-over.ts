import type { Glance } from '../dissect/protocol.ts';
import type { CompiledProtocol, Registry } from '../dissect/registry.ts';
import type { Part } from '../dissect/stream-contents.ts';
import { isEverywhere } from '../dissect/want.ts';

interface Wanted {
  readonly keys: readonly string[];
  readonly glance: Glance | undefined;
}

/** Whether a protocol may stand above TCP: TCP knows it, or nobody's numbers lead to it, so that others call it. */
function overTcp({ tables, heuristics }: Registry, protocol: CompiledProtocol): boolean {
  if (protocol.step !== undefined) return false;
  return tables['tcp.port'].includes(protocol.index) || heuristics.tcp.includes(protocol) || !Object.values(tables).some((table) => table.includes(protocol.index));
}

/**
 * What answers whether messages over TCP have nothing that is asked for: they are of other protocols, or a look at them shows it. Only fields of layers up to TCP, and of
 * protocols that TCP itself hands messages to, can be told so: anything else may lie deeper.
 * @param names of the fields asked for
 */
export function passedOver(registry: Registry, names: ReadonlySet<string>): (part: Part, bytes: Uint8Array) => boolean {
  const wanted = new Map<string, Wanted>();
  let toldApart = ![...names].some(isEverywhere);
  for (const protocol of registry.protocols) {
    if (!overTcp(registry, protocol)) continue;
    const keys = [...protocol.fields.values()].filter((field) => names.has(field.name)).map((field) => field.key);
    const itself = names.has(protocol.self.name);
    if (keys.length === 0 && !itself) continue;
    if (protocol.message === undefined) toldApart = false;
    wanted.set(protocol.name, { keys, glance: itself ? undefined : protocol.glance });
  }
  if (!toldApart) return () => false;
  return ({ protocol, start, end, count }, bytes) => {
    const of = wanted.get(protocol);
    return of === undefined || (of.glance !== undefined && !of.glance(bytes, start, end, count, of.keys));
  };
}
