import type { CaptureState } from './context.ts';
import { type Diagnostic, ReadPastEnd } from './diagnostic.ts';
import type { FieldInfo } from './field.ts';
import { type Caller, type Columns, expertItems, expertLine, Found, Out, TreeItem } from './out.ts';
import type { PacketContext } from './packet-context.ts';
import type { CompiledProtocol, Registry } from './registry.ts';
import { Step } from './step.ts';
import { readFixed, View } from './view.ts';
import { maxLayers, nextLayer } from './walk.ts';
import type { Want } from './want.ts';

/** One packet, decoded: what tree, columns and `-e` are made from. */
export interface Dissection {
  readonly row: number;
  /** The layers, in order; `children` hold their fields. */
  readonly items: readonly TreeItem[];
  readonly columns: Columns;
  /** Byte sources: 0 is the frame. */
  readonly sources: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** As `frame.protocols`: protocol names in order. */
  readonly layers: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One packet as far as it was wanted. Its bytes are only good until the next packet is read. */
export interface Reading {
  readonly row: number;
  /** Empty texts where they were not wanted. */
  readonly columns: Columns;
  readonly found: Found;
  readonly sources: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

interface Ran {
  readonly protocol: CompiledProtocol;
  readonly view: View;
  readonly out: Out;
  innerEnd: number;
}

/** What is the same for every packet. */
interface EngineParts {
  readonly registry: Registry;
  readonly state: CaptureState;
  readonly step: Step;
  readonly expertFields: Caller['expertFields'];
  /** Layers so far of each protocol, while a packet is read. */
  readonly layerCounts: Uint16Array;
  readonly malformedField: FieldInfo | undefined;
  readonly shortField: FieldInfo | undefined;
  readonly frameIndex: number;
  readonly dataIndex: number;
}

/** Decodes packets one at a time, on demand, from what the indexing pass kept. Looking at a packet twice gives the same answer. */
export class Engine {
  private readonly parts: EngineParts;

  constructor(
    readonly registry: Registry,
    readonly state: CaptureState,
  ) {
    const step = new Step(state, registry);
    step.cold = true;
    const expert = registry.byName.get('_ws.expert');
    const of = (key: string): FieldInfo => {
      const field = key === '' ? expert?.self : expert?.fields.get(key);
      if (field === undefined) throw new Error('_ws.expert is not registered');
      return field;
    };
    this.parts = {
      registry,
      state,
      step,
      expertFields: { self: of(''), message: of('message'), severity: of('severity'), group: of('group') },
      layerCounts: new Uint16Array(registry.protocols.length),
      malformedField: registry.byName.get('_ws.malformed')?.self,
      shortField: registry.byName.get('_ws.short')?.self,
      frameIndex: registry.indexOf('frame'),
      dataIndex: registry.indexOf('data'),
    };
  }

  dissect(row: number): Dissection {
    return this.decode(row, this.state.readBytes(row), null);
  }

  /** Only what is wanted of a packet. `bytes`: its captured bytes, where the caller has them at hand. */
  read(row: number, want: Want, bytes: Uint8Array = this.state.readBytes(row)): Reading {
    return this.decode(row, bytes, want);
  }

  private decode(row: number, bytes: Uint8Array, want: Want | null): Dissection & Reading {
    const { step, layerCounts } = this.parts;
    if (want !== null) layerCounts.fill(0);
    step.iface = this.state.table.get('iface', row);
    step.reset(row, bytes, 0, bytes.length, this.state.table.get('wireLen', row));
    const decoding = new Decoding(this.parts, row, want, bytes);
    decoding.whole();
    const { items, columns, sources, layers, diagnostics, found } = decoding;
    return { row, items, columns, sources, layers, diagnostics, found };
  }
}

/** One packet on its way through its layers. */
class Decoding implements Caller {
  readonly found = new Found();
  readonly items: TreeItem[] = [];
  readonly columns: Columns = { source: '', destination: '', protocol: '', info: '', prefix: '' };
  readonly sources: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly layers: string[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly expertFields: Caller['expertFields'];
  private readonly ran: Ran[] = [];
  private readonly keeps: Found | null;
  private readonly context: PacketContext;

  constructor(
    private readonly engine: EngineParts,
    row: number,
    private readonly want: Want | null,
    bytes: Uint8Array,
  ) {
    const { registry, state, step } = engine;
    this.expertFields = engine.expertFields;
    this.sources = [{ name: 'Frame', bytes }];
    this.keeps = want === null ? null : this.found;
    this.context = { row, state, registry, step, layers: this.layers, notes: new Map() };
  }

  whole(): void {
    const { bytes } = this.sources[0];
    const { step, frameIndex } = this.engine;
    // As the indexing pass has it: a length on the wire that is less than what was captured ends nothing.
    this.run(frameIndex, bytes, 0, 0, bytes.length, step.reported);
    for (let i = this.ran.length - 1; i >= 0; i--) {
      const { protocol, view, out, innerEnd } = this.ran[i];
      if (protocol.after === undefined) continue;
      try {
        protocol.after(view, out, innerEnd);
      } catch (signal) {
        this.note(signal, protocol, view, null);
      }
    }
    if (this.columns.prefix !== '') this.columns.info = this.columns.prefix + this.columns.info;
  }

  call(name: string, source: Uint8Array, sourceIndex: number, start: number, end: number, reported: number): void {
    const { registry, step } = this.engine;
    const target = registry.byName.get(name);
    if (target === undefined) throw new Error(`protocol ${name} is not registered`);
    const saved = step.cold;
    this.run(target.index, source, sourceIndex, start, end, reported);
    step.cold = saved;
  }

  addSource(name: string, bytes: Uint8Array): number {
    this.sources.push({ name: `${name} (${bytes.length} bytes)`, bytes });
    return this.sources.length - 1;
  }

  private note(signal: unknown, protocol: CompiledProtocol, view: View, out: Out | null): void {
    const { want, found, diagnostics, items } = this;
    if (signal instanceof ReadPastEnd) {
      const kind = signal.malformed ? 'malformed' : 'cut-short';
      diagnostics.push({ kind, protocol: protocol.name, at: signal.at, needed: signal.needed, had: signal.had, ...(signal.reason && { reason: signal.reason }) });
      const field = signal.malformed ? this.engine.malformedField : this.engine.shortField;
      const experts = signal.malformed ? expertItems(this.expertFields, null, 'Malformed Packet (Exception occurred)', 'error', 'Malformed', 0, view.sourceIndex) : [];
      if (want !== null) {
        for (const item of experts) if (item.field !== null && want.fields[item.field.id] === 1) found.add(item, 1);
        if (field !== undefined && want.fields[field.id] === 1) found.add(new TreeItem(field, true, 0, 0, view.sourceIndex, undefined), 1);
        out?.appendInfo(signal.malformed ? '[Malformed Packet]' : '[Packet size limited during capture]');
        return;
      }
      const label = signal.malformed ? `[Malformed Packet: ${protocol.short || protocol.label}]` : `[Packet size limited during capture: ${protocol.short} truncated]`;
      const item = new TreeItem(field ?? null, true, 0, 0, view.sourceIndex, label);
      item.generated = true;
      item.severity = signal.malformed ? 'error' : 'note';
      if (experts.length > 0) item.children = [expertLine(experts)];
      items.push(item);
      out?.appendInfo(signal.malformed ? '[Malformed Packet]' : '[Packet size limited during capture]');
      return;
    }
    const message = signal instanceof Error ? signal.message : String(signal);
    diagnostics.push({ kind: 'bug', protocol: protocol.name, message });
    const item = new TreeItem(null, undefined, 0, 0, view.sourceIndex, `[Bug in the ${protocol.short} dissector: ${message}]`);
    item.generated = true;
    item.severity = 'error';
    items.push(item);
  }

  private run(first: number, source0: Uint8Array, sourceIndex0: number, start0: number, end0: number, reported0: number): void {
    const { want, keeps, found, items, layers, ran, columns, context } = this;
    const { registry, step, layerCounts, dataIndex } = this.engine;
    let index = first;
    let source = source0;
    let sourceIndex = sourceIndex0;
    let start = start0;
    let end = end0;
    let reported = reported0;
    let previous: Ran | null = null;
    while (index >= 0 && layers.length < maxLayers) {
      const protocol = registry.protocols[index];
      step.bytes = source;
      step.at = start;
      step.end = end;
      step.reported = reported;
      const quotedBefore = step.quoted;
      let stepFailed: unknown;
      let next = -1;
      try {
        next = nextLayer(step, registry, index);
      } catch (signal) {
        stepFailed = signal;
        step.next = -1;
        step.payloadAt = -1;
        step.layerEnd = step.end;
        step.layerReported = step.reported;
      }
      if (step.tooDeep) return;
      if (step.refused) {
        index = next;
        continue;
      }
      end = step.layerEnd;
      reported = step.layerReported;
      // A packet that an ICMP error quotes ends inside of the error, which may hold more behind it (RFC 4884).
      if (previous !== null && ran.length > 0 && !quotedBefore) {
        // What lies behind this layer's end is a trailer of the nearest layer that shows trailers.
        let outer = ran.length - 1;
        while (outer > 0 && ran[outer].protocol.after === undefined) outer--;
        if (ran[outer].view.source === source) ran[outer].innerEnd = Math.min(ran[outer].innerEnd, end);
      }
      // What `dissect` calls moves the step on.
      const { payloadAt, payloadEnd, takesPayload, at: nextStart, end: nextEnd, reported: nextReported } = step;
      const reassembled = step.reassembled as Uint8Array | null;
      const wanted = want === null ? null : want.protocols[index];
      const layerNumber = want === null ? 1 : ++layerCounts[index];
      if (protocol.layerName !== '') layers.push(protocol.layerName);
      let here: Ran | null = null;
      if (wanted === null || wanted.runs || wanted.own || (want?.payloads === true && protocol.carry !== undefined) || want?.trailers === true) {
        const view = new View(source, sourceIndex, start, end - start, reported - start, context, protocol.fields);
        const length = Math.max(0, payloadAt >= 0 ? Math.min(payloadAt, end) - start : end - start);
        const layer = new TreeItem(protocol.self, true, start, length, sourceIndex, protocol.label);
        layer.reach = end;
        const out = new Out(
          layer,
          protocol.fields,
          start,
          sourceIndex,
          source.length - start,
          columns,
          quotedBefore,
          this,
          want,
          keeps,
          layerNumber,
          wanted === null || wanted.own,
        );
        if (want === null) items.push(layer);
        else if (want.fields[protocol.self.id] === 1) found.add(layer, layerNumber);
        if (protocol.short !== '' && protocol.begin === undefined) out.protocol(protocol.short);
        here = { protocol, view, out, innerEnd: payloadEnd >= 0 ? payloadEnd : end };
        ran.push(here);
        try {
          if (stepFailed !== undefined) throw stepFailed;
          const only = wanted === null || wanted.runs ? (protocol.begin?.(view, out) ?? null) : null;
          for (const field of wanted === null || end - start < wanted.header ? protocol.automatic : wanted.automatic) {
            if (only !== null && !only.includes(field.key)) continue;
            const value = field.get !== undefined ? field.get(view) : readFixed(view, field);
            if (value !== undefined) out.addField(field, field.at ?? 0, field.at === undefined ? 0 : field.length, value);
          }
          if (only === null) {
            if (wanted === null || wanted.runs) protocol.dissect?.(view, out);
            else if (want?.payloads === true) protocol.carry?.(view, out);
          }
        } catch (signal) {
          this.note(signal, protocol, view, quotedBefore ? null : out);
          if (payloadAt < 0) return;
        }
      } else if (stepFailed !== undefined) return;
      if (payloadAt < 0 || takesPayload) return;
      previous = reassembled === null ? here : null;
      if (reassembled !== null) {
        source = reassembled;
        sourceIndex = this.addSource('Reassembled', reassembled);
      }
      start = nextStart;
      end = nextEnd;
      reported = nextReported;
      index = next;
      if (index < 0) {
        if (end <= start) {
          if (here !== null) here.innerEnd = end;
          return;
        }
        index = dataIndex;
      }
    }
  }
}
