import { type DispatchTable, type DispatchTables, dispatchTables } from './dispatch.ts';
import { type AnyFieldSpec, compileField, type FieldInfo } from './field.ts';
import { maxProtocols } from './layer-chains.ts';
import type { Out } from './out.ts';
import type { AnyProtocol, Glance, MessageLength } from './protocol.ts';
import type { Step } from './step.ts';
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
  readonly step: ((s: Step) => void) | undefined;
  readonly header: ((bytes: Uint8Array, at: number) => number) | undefined;
  readonly begin: ((view: View, out: Out) => readonly string[] | void) | undefined;
  readonly dissect: ((view: View, out: Out) => void) | undefined;
  readonly carry: ((view: View, out: Out) => void) | undefined;
  readonly after: ((view: View, out: Out, innerEnd: number) => void) | undefined;
  readonly matches: ((view: View) => boolean) | undefined;
  readonly message: MessageLength | undefined;
  readonly refuses: ((bytes: Uint8Array, at: number, end: number) => boolean) | undefined;
  readonly waitingInfo: ((bytes: Uint8Array, at: number, end: number) => string | undefined) | undefined;
  readonly glance: Glance | undefined;
  /** Tables whose numbers lead to it; where none does, others call it or recognise its bytes. */
  readonly boundIn: ReadonlySet<DispatchTable>;
}

export interface Registry {
  readonly protocols: readonly CompiledProtocol[];
  readonly byName: ReadonlyMap<string, CompiledProtocol>;
  readonly fields: readonly FieldInfo[];
  readonly fieldByName: ReadonlyMap<string, FieldInfo>;
  readonly tables: DispatchTables;
  /** Step functions by protocol index. */
  readonly steps: readonly (((s: Step) => void) | undefined)[];
  readonly heuristics: { readonly tcp: readonly CompiledProtocol[]; readonly udp: readonly CompiledProtocol[] };
  /** Index of a protocol that must be there (`data`, `frame`). */
  indexOf(name: string): number;
}

/** Builds everything that is derived from the protocols' declarations. Throws, naming both sides, where two of them clash: a bug of ours. */
export function createRegistry(list: readonly AnyProtocol[]): Registry {
  if (list.length > maxProtocols) throw new Error(`${list.length} protocols are declared, but there is room for ${maxProtocols} only`);
  const tables = Object.fromEntries(dispatchTables.map((name) => [name, new Int16Array(65536).fill(-1)])) as Record<DispatchTable, Int16Array>;
  const protocols: CompiledProtocol[] = [];
  const byName = new Map<string, CompiledProtocol>();
  const fields: FieldInfo[] = [];
  const fieldByName = new Map<string, FieldInfo>();
  const tcp: CompiledProtocol[] = [];
  const udp: CompiledProtocol[] = [];
  const register = (info: FieldInfo): FieldInfo => {
    fields.push(info);
    // The same name may be declared twice (ip.addr under src and dst): the first one answers for it.
    if (!fieldByName.has(info.name)) fieldByName.set(info.name, info);
    return info;
  };

  for (const spec of list) {
    if (byName.has(spec.name)) throw new Error(`protocol ${spec.name} is registered twice`);
    const own = new Map<string, FieldInfo>();
    const self = register(compileField(fields.length, spec.name, '', { type: 'protocol', label: spec.label }));
    for (const [key, fieldSpec] of Object.entries(spec.fields)) {
      const info = register(compileField(fields.length, spec.prefix ?? spec.name, key, fieldSpec as AnyFieldSpec));
      if (info.parent !== undefined && !own.has(info.parent)) throw new Error(`${info.name}: parent ${info.parent} is not declared before it`);
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
      header: spec.header,
      begin: spec.begin as CompiledProtocol['begin'],
      dissect: spec.dissect as CompiledProtocol['dissect'],
      carry: spec.carry as CompiledProtocol['carry'],
      after: spec.after as CompiledProtocol['after'],
      matches: spec.matches as CompiledProtocol['matches'],
      message: spec.message,
      refuses: spec.refuses,
      waitingInfo: spec.waitingInfo,
      glance: spec.glance,
      boundIn: new Set((spec.bind ?? []).flatMap((binding) => ('heuristicOn' in binding || binding.keys.length === 0 ? [] : [binding.table]))),
    };
    protocols.push(compiled);
    byName.set(spec.name, compiled);
    for (const binding of spec.bind ?? []) {
      if ('heuristicOn' in binding) {
        if (compiled.matches === undefined) throw new Error(`${spec.name}: heuristicOn without matches`);
        (binding.heuristicOn === 'tcp' ? tcp : udp).push(compiled);
        continue;
      }
      for (const key of binding.keys) {
        const holder = tables[binding.table][key];
        if (holder !== -1) throw new Error(`${binding.table} ${key} is claimed by both ${protocols[holder].name} and ${spec.name}`);
        tables[binding.table][key] = compiled.index;
      }
    }
  }

  return {
    protocols,
    byName,
    fields,
    fieldByName,
    tables,
    steps: protocols.map((p) => p.step),
    heuristics: { tcp, udp },
    indexOf(name) {
      const found = byName.get(name);
      if (found === undefined) throw new Error(`protocol ${name} is not registered`);
      return found.index;
    },
  };
}
