import { recognise } from './recognise.ts';
import type { Registry } from './registry.ts';
import type { Step } from './step.ts';

/**
 * Layers that one packet may have, those of calls within calls included: no real packet comes near, a hostile one is
 * stopped.
 */
export const maxLayers = 256;

/**
 * HOT: the one way from a layer to the next, for the indexing pass, the tree, and every search for a layer of a packet.
 * Runs the step of the layer that `s` stands at and moves `s` to the layer that follows; that layer's own bytes stay
 * known as `layerEnd` and `layerReported`. Answers the protocol of the layer that follows, -1 where none does. Where
 * the step refused its bytes (`refused`) `s` is not moved, and they are `data`.
 */
export function nextLayer(s: Step, registry: Registry, index: number): number {
  const run = registry.steps[index];
  s.next = -1;
  s.refused = false;
  s.payloadAt = -1;
  s.payloadEnd = -1;
  s.takesPayload = false;
  s.reassembled = null;
  if (run === undefined) {
    s.layerEnd = s.end;
    s.layerReported = s.reported;
    return -1;
  }
  if (++s.depth > maxLayers) {
    s.tooDeep = true;
    s.layerEnd = s.end;
    s.layerReported = s.reported;
    return -1;
  }
  const size = registry.fixedSizes[index];
  run(s, size < 0 ? registry.saidSizes[index](s.bytes, s.at) : size);
  s.layerEnd = s.end;
  s.layerReported = s.reported;
  if (s.refused) return registry.dataIndex;
  if (s.payloadAt < 0) return -1;
  if (s.reassembled !== null) {
    s.bytes = s.reassembled;
    s.at = 0;
    s.end = s.bytes.length;
    s.reported = s.end;
  } else {
    s.at = s.next >= 0 ? s.nextAt : s.payloadAt;
    if (s.payloadEnd >= 0) {
      s.end = s.payloadEnd;
      s.reported = s.payloadReported;
    }
    if (s.at > s.end) {
      s.beyond = s.at > s.reported;
      s.at = s.end;
    }
  }
  return s.next >= 0 || s.takesPayload || s.at >= s.end || !registry.hasHeuristics[index]
    ? s.next
    : recognised(s, registry, index);
}

/** Where no table leads to a protocol one may still recognise the bytes. */
function recognised(s: Step, registry: Registry, parent: number): number {
  const { name } = registry.protocols[parent];
  const found = recognise(registry.heuristicsOn(name), s.bytes, s.at, s.end, s.reported);
  if (found === null) return -1;
  registry.protocols[parent].recognised?.(s, found.index);
  return found.index;
}

/**
 * The layers of a packet that was indexed, in order, until `visit` answers true: `s` stands at a layer before its step
 * then. False where it never does.
 * @param s a step with `cold` set
 */
export function walkLayers(
  s: Step,
  registry: Registry,
  row: number,
  bytes: Uint8Array,
  visit: (protocol: number) => boolean,
): boolean {
  const { table } = s.state;
  s.iface = table.get('iface', row);
  s.reset(row, bytes, 0, bytes.length, table.get('wireLen', row));
  for (let index = registry.firstIndex; index >= 0; index = nextLayer(s, registry, index))
    if (visit(index)) return true;
  return false;
}
