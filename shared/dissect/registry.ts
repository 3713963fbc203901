import { DispatchTable, type NumberTables } from './dispatch.ts';
import { type AnyFieldSpec, compileField, type FieldInfo } from './field.ts';
import { maxProtocols } from './layer-chains.ts';
import { ListenedPorts } from './listened-ports.ts';
import type { Listener } from './listener.ts';
import { numberReader } from './number-reader.ts';
import type { Out } from './out.ts';
import type { AnyProtocol, Declared, Glance, SizeOf } from './protocol.ts';
import type { Step } from './step.ts';
import type { InStream, StreamRules } from './streams/frame.ts';
import type { View } from './view.ts';

/** A protocol as the engine runs it. */
export interface CompiledProtocol {
  readonly index: number;
  readonly name: string;
  readonly label: string;
  readonly short: string;
  readonly layerName: string;
  /** The protocol itself as a field (`tcp`). */
  readonly self: FieldInfo;
  /** All fields by key. */
  readonly fields: ReadonlyMap<string, FieldInfo>;
  /** Those that the engine shows by itself, in declared order. */
  readonly automatic: readonly FieldInfo[];
  readonly step: ((s: Step, size: number) => void) | undefined;
  readonly recognised: ((s: Step, protocol: number) => void) | undefined;
  /** Bytes of the header at an offset. */
  readonly size: SizeOf | undefined;
  readonly begin: ((view: View, out: Out) => readonly string[] | void) | undefined;
  readonly dissect: ((view: View, out: Out, stream: InStream<unknown>) => void) | undefined;
  /** What stands in for `dissect` where only what the layer carries is wanted. */
  readonly carry: ((view: View, out: Out, stream: InStream<unknown>) => void) | undefined;
  readonly after: ((view: View, out: Out, innerEnd: number) => void) | undefined;
  readonly matches: ((view: View) => boolean) | undefined;
  readonly frame: StreamRules<unknown>['frame'] | undefined;
  readonly start: (() => unknown) | undefined;
  readonly learn: StreamRules<unknown>['learn'] | undefined;
  readonly answers: StreamRules<unknown>['answers'] | undefined;
  readonly together: boolean;
  readonly namedWhileWaiting: boolean;
  readonly opens: boolean;
  readonly refuses: ((bytes: Uint8Array, at: number, end: number) => boolean) | undefined;
  readonly waitingInfo: AnyProtocol['waitingInfo'];
  readonly glance: Glance | undefined;
  /** Tables whose keys lead to it. */
  readonly boundIn: ReadonlySet<string>;
  /** No key that a step of the indexing pass looks up leads to it: others call it, or recognise its bytes. */
  readonly called: boolean;
}

export interface Registry {
  readonly protocols: readonly CompiledProtocol[];
  readonly byName: ReadonlyMap<string, CompiledProtocol>;
  readonly fields: readonly FieldInfo[];
  readonly fieldByName: ReadonlyMap<string, FieldInfo>;
  /** Tables by name. */
  readonly tables: ReadonlyMap<string, DispatchTable>;
  /** Step functions by protocol index. */
  readonly steps: readonly (((s: Step, size: number) => void) | undefined)[];
  /** Bytes of headers by protocol index: 0 where they are not declared, -1 where `saidSizes` reads them. */
  readonly fixedSizes: readonly number[];
  /** By protocol index: how headers that say their own size are read. */
  readonly saidSizes: readonly SizeOf[];
  /** Those that recognise their bytes above a protocol, in registration order. */
  heuristicsOn(parent: string): readonly CompiledProtocol[];
  /** Who hears what ports say. */
  readonly listeners: readonly Listener[];
  readonly listening: { readonly tcp: ListenedPorts; readonly udp: ListenedPorts };
  /** Number tables as they are declared, by name; a capture that decodes some keys otherwise has its own. */
  numberTables(): NumberTables;
  /**
   * Of the frame, which every packet begins with, and of `data`, which takes the bytes that no protocol is bound to; -1
   * where a test has none.
   */
  readonly firstIndex: number;
  readonly dataIndex: number;
  /** By protocol index: bytes above it may be recognised. */
  readonly hasHeuristics: readonly boolean[];
  /** Index of a protocol that must be there (`data`, `frame`). */
  indexOf(name: string): number;
}

/**
 * Builds everything that is derived from the protocols' declarations. Throws, naming both sides, where two of them
 * clash: a bug of ours.
 */
export function createRegistry(declared: readonly Declared[]): Registry {
  const list = declared.filter((entry): entry is AnyProtocol => !('listen' in entry));
  const listeners = declared.filter((entry): entry is Listener => 'listen' in entry);
  if (list.length > maxProtocols)
    throw new Error(`${list.length} protocols are declared, but there is room for ${maxProtocols} only`);
  const tables = declaredTables(list);
  const protocols: CompiledProtocol[] = [];
  const byName = new Map<string, CompiledProtocol>();
  const fields: FieldInfo[] = [];
  const fieldByName = new Map<string, FieldInfo>();
  const heuristics = new Map<string, CompiledProtocol[]>();
  const register = (info: FieldInfo): FieldInfo => {
    fields.push(info);
    // The same name may be declared twice (ip.addr under src and dst): the first one answers for it.
    if (!fieldByName.has(info.name)) fieldByName.set(info.name, info);
    return info;
  };

  const names = new Set(list.map(({ name }) => name));
  // A protocol with a step looks its numbers up there; one without hands its payload on in `dissect`.
  const stepped = new Set(
    list.flatMap((spec) =>
      Object.entries(spec.tables ?? {}).flatMap(([table, { keys, fixed }]) =>
        fixed === true || (spec.step !== undefined && keys === 'number') ? [table] : [],
      ),
    ),
  );
  for (const spec of list) {
    const keyed = (spec.bind ?? []).flatMap((binding) => ('heuristicOn' in binding ? [] : [binding]));
    if (byName.has(spec.name)) throw new Error(`protocol ${spec.name} is registered twice`);
    if (spec.learn !== undefined && spec.start === undefined) throw new Error(`${spec.name}: learn without start`);
    const own = new Map<string, FieldInfo>();
    const self = register(compileField(fields.length, spec.name, '', { type: 'protocol', label: spec.label }));
    for (const [key, fieldSpec] of Object.entries(spec.fields)) {
      const info = register(compileField(fields.length, spec.prefix ?? spec.name, key, fieldSpec as AnyFieldSpec));
      if (info.parent !== undefined && !own.has(info.parent))
        throw new Error(`${info.name}: parent ${info.parent} is not declared before it`);
      own.set(key, info);
    }
    const compiled: CompiledProtocol = {
      index: protocols.length,
      name: spec.name,
      label: spec.label,
      short: spec.short ?? spec.name.toUpperCase(),
      layerName: spec.layerName ?? spec.name,
      self,
      fields: own,
      automatic: [...own.values()].filter((f) => f.at !== undefined || f.get !== undefined),
      step: spec.step,
      recognised: spec.recognised,
      size: sizeOf(spec, own),
      begin: spec.begin as CompiledProtocol['begin'],
      dissect: spec.dissect as CompiledProtocol['dissect'],
      carry: (spec.carry ?? (spec.opens === true ? spec.dissect : undefined)) as CompiledProtocol['carry'],
      after: spec.after as CompiledProtocol['after'],
      matches: spec.matches as CompiledProtocol['matches'],
      frame: spec.frame as CompiledProtocol['frame'],
      start: spec.start,
      learn: spec.learn as CompiledProtocol['learn'],
      answers: spec.answers as CompiledProtocol['answers'],
      together: spec.together === true,
      namedWhileWaiting: spec.namedWhileWaiting === true,
      opens: spec.opens === true,
      refuses: spec.refuses,
      waitingInfo: spec.waitingInfo,
      glance: spec.glance,
      boundIn: new Set(keyed.filter(({ keys }) => keys.length > 0).map(({ table }) => table)),
      called: !keyed.some(({ table, keys }) => keys.length > 0 && stepped.has(table)),
    };
    protocols.push(compiled);
    byName.set(spec.name, compiled);
    for (const { table, keys } of keyed) bind(tables, table, keys, compiled, protocols);
    for (const binding of spec.bind ?? []) {
      if (!('heuristicOn' in binding)) continue;
      const parent = binding.heuristicOn;
      if (compiled.matches === undefined) throw new Error(`${spec.name}: heuristicOn without matches`);
      if (!names.has(parent))
        throw new Error(`${spec.name} wants to be recognised above ${parent}, which is not registered`);
      heuristics.set(parent, [...(heuristics.get(parent) ?? []), compiled]);
    }
  }

  const listening = { tcp: new ListenedPorts(), udp: new ListenedPorts() };
  for (const [index, { table, ports }] of listeners.entries())
    listening[table === 'tcp.port' ? 'tcp' : 'udp'].add(ports, index);

  return {
    protocols,
    byName,
    fields,
    fieldByName,
    tables,
    steps: protocols.map((p) => p.step),
    fixedSizes: list.map(({ size }) => (typeof size === 'number' ? size : size === undefined ? 0 : -1)),
    saidSizes: protocols.map(({ size }) => size ?? (() => 0)),
    firstIndex: byName.get('frame')?.index ?? -1,
    dataIndex: byName.get('data')?.index ?? -1,
    hasHeuristics: protocols.map(({ name }) => heuristics.has(name)),
    heuristicsOn: (parent) => heuristics.get(parent) ?? [],
    listeners,
    listening,
    numberTables: () =>
      Object.fromEntries(
        [...tables.values()].filter(({ spec }) => spec.keys === 'number').map(({ name, direct }) => [name, direct]),
      ),
    indexOf(name) {
      const found = byName.get(name);
      if (found === undefined) throw new Error(`protocol ${name} is not registered`);
      return found.index;
    },
  };
}

function sizeOf({ name, size }: AnyProtocol, fields: ReadonlyMap<string, FieldInfo>): SizeOf | undefined {
  if (typeof size === 'number') return () => size;
  if (typeof size !== 'string') return size;
  const field = fields.get(size);
  if (field === undefined) throw new Error(`${name}: its size is said to be in ${size}, which is none of its fields`);
  return numberReader(field);
}

function declaredTables(list: readonly AnyProtocol[]): Map<string, DispatchTable> {
  const tables = new Map<string, DispatchTable>();
  for (const { name: owner, tables: own } of list) {
    for (const [name, spec] of Object.entries(own ?? {})) {
      const other = tables.get(name);
      if (other !== undefined) throw new Error(`table ${name} is declared by both ${other.owner} and ${owner}`);
      tables.set(name, new DispatchTable(name, spec, owner));
    }
  }
  return tables;
}

function bind(
  tables: ReadonlyMap<string, DispatchTable>,
  name: string,
  keys: readonly (number | string)[],
  to: CompiledProtocol,
  protocols: readonly CompiledProtocol[],
): void {
  const table = tables.get(name);
  if (table === undefined) throw new Error(`${to.name} is bound to table ${name}, which no protocol declares`);
  table.offer(to.index);
  for (const key of keys) {
    if (typeof key !== table.spec.keys)
      throw new Error(`${to.name} is bound to ${name} ${key}, but its keys are ${table.spec.keys}s`);
    const holder = table.find(key);
    if (holder !== -1) throw new Error(`${name} ${key} is claimed by both ${protocols[holder].name} and ${to.name}`);
    table.set(key, to.index);
  }
}
