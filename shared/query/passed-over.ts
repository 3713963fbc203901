import type { Glance } from '../dissect/protocol.ts';
import type { CompiledProtocol, Registry } from '../dissect/registry.ts';
import type { Part } from '../dissect/streams/contents.ts';
import { isEverywhere } from '../dissect/want.ts';

interface Wanted {
  readonly keys: readonly string[];
  readonly glance: Glance | undefined;
}

/**
 * Whether a protocol may stand above TCP: TCP's own tables lead to it, or no table of any step does, so that a
 * `dissect` calls it.
 */
function overTcp(registry: Registry, protocol: CompiledProtocol): boolean {
  // What has steps of its own stands in the rows, unless a stream carries it.
  if (protocol.step !== undefined && protocol.frame === undefined) return false;
  return (
    registry.tables.get('tcp.port')?.offered.has(protocol.index) === true ||
    registry.heuristicsOn('tcp').includes(protocol) ||
    protocol.called
  );
}

/**
 * Keys of its fields by their names, of each protocol that may stand above TCP. Of each registry once: it has thousands
 * of fields, and every filter asks.
 */
type KeysAbove = readonly (readonly [CompiledProtocol, ReadonlyMap<string, readonly string[]>])[];
const keysAbove = new WeakMap<Registry, KeysAbove>();

function keysAboveTcp(registry: Registry): KeysAbove {
  let above = keysAbove.get(registry);
  if (above === undefined) {
    above = registry.protocols
      .filter((protocol) => overTcp(registry, protocol))
      .map((protocol) => {
        const keys = new Map<string, string[]>();
        for (const { name, key } of protocol.fields.values()) {
          const same = keys.get(name);
          if (same === undefined) keys.set(name, [key]);
          else same.push(key);
        }
        return [protocol, keys] as const;
      });
    keysAbove.set(registry, above);
  }
  return above;
}

/**
 * What answers whether messages over TCP have nothing that is asked for: they are of other protocols, or a look at them
 * shows it. Only fields of layers up to TCP, and of protocols that TCP itself hands messages to, can be told so:
 * anything else may lie deeper.
 * @param names of the fields asked for
 */
export function passedOver(registry: Registry, names: ReadonlySet<string>): (part: Part, bytes: Uint8Array) => boolean {
  const wanted = new Map<string, Wanted>();
  let toldApart = ![...names].some(isEverywhere);
  for (const [protocol, byName] of keysAboveTcp(registry)) {
    const keys = [...names].flatMap((name) => byName.get(name) ?? []);
    const itself = names.has(protocol.self.name);
    if (keys.length === 0 && !itself) continue;
    if (protocol.frame === undefined) toldApart = false;
    wanted.set(protocol.name, { keys, glance: itself ? undefined : protocol.glance });
  }
  if (!toldApart) return () => false;
  return ({ protocol, start, end, count }, bytes) => {
    // Anything may run in the streams inside it.
    if (registry.byName.get(protocol)?.opens === true) return false;
    const of = wanted.get(protocol);
    return of === undefined || (of.glance !== undefined && !of.glance(bytes, start, end, count, of.keys));
  };
}
