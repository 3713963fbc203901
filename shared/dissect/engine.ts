import type { CaptureState } from './context.ts';
import { type Diagnostic, ReadPastEnd } from './diagnostic.ts';
import type { FieldInfo } from './field.ts';
import { type Caller, type Columns, expertItems, expertLine, Found, Out, TreeItem } from './out.ts';
import type { PacketContext } from './packet-context.ts';
import type { CompiledProtocol, Registry } from './registry.ts';
import { Step } from './step.ts';
import { asData, type OpenStream, type Part, type RowContents } from './streams/contents.ts';
import type { InStream } from './streams/frame.ts';
import { outsideOf } from './streams/outside.ts';
import { readFixed, View } from './view.ts';
import { maxLayers, nextLayer } from './walk.ts';
import { type Want, wantOf } from './want.ts';

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

/** Where a layer stands in the streams of its packet. */
interface Place {
  readonly part: Part;
  /** Which of its messages. */
  readonly message: number;
  readonly stream: InStream<unknown>;
  /** The stream that the message is of, while streams inside it are fed. */
  readonly node: OpenStream | null;
  /** Pieces of other streams that it gave so far. */
  pieces: number;
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

/**
 * Decodes packets one at a time, on demand, from what the indexing pass kept. Looking at a packet twice gives the same
 * answer.
 */
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
    // Streams are read while a packet is decoded: what feeds those inside them has a cursor of its own.
    state.contents.feedBy(() => {
      const feeding = new Engine(registry, state);
      const want: Want = { ...wantOf(registry, new Set(), false), payloads: true };
      return (row, root) => feeding.decode(row, state.readBytes(row), want, root);
    });
  }

  dissect(row: number): Dissection {
    return this.decode(row, this.state.readBytes(row), null);
  }

  /** Only what is wanted of a packet. `bytes`: its captured bytes, where the caller has them at hand. */
  read(row: number, want: Want, bytes: Uint8Array = this.state.readBytes(row)): Reading {
    return this.decode(row, bytes, want);
  }

  private decode(
    row: number,
    bytes: Uint8Array,
    want: Want | null,
    feeds: OpenStream | null = null,
  ): Dissection & Reading {
    const { step, layerCounts } = this.parts;
    if (want !== null) layerCounts.fill(0);
    step.iface = this.state.table.get('iface', row);
    step.reset(row, bytes, 0, bytes.length, this.state.table.get('wireLen', row));
    const decoding = new Decoding(this.parts, row, want, bytes, feeds);
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
  /** Of the layer that `run` begins with; null where that is no message of a stream. */
  private place: Place | null = null;
  private readonly context: PacketContext;

  constructor(
    private readonly engine: EngineParts,
    row: number,
    private readonly want: Want | null,
    bytes: Uint8Array,
    /** The stream of this packet, where the streams inside it are fed and nothing is shown. */
    private readonly feeds: OpenStream | null,
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
    const outer = this.place;
    this.place = null;
    this.run(target.index, source, sourceIndex, start, end, reported);
    this.place = outer;
    step.cold = saved;
  }

  part(part: Part, source: Uint8Array, sourceIndex: number, at: number, reported: number): void {
    this.messages(part, this.feeds, source, sourceIndex, at, reported);
  }

  /** The layers of a part's messages. */
  private messages(
    part: Part,
    node: OpenStream | null,
    source: Uint8Array,
    sourceIndex: number,
    at: number,
    reported: number,
  ): void {
    const target = this.engine.registry.byName.get(part.protocol);
    if (target === undefined || (node === null ? !part.shown : part.again || !target.opens)) return;
    const outer = this.place;
    const { side, messages } = part;
    const layers = target.together ? [messages] : messages.map((message) => [message]);
    for (const [i, layer] of layers.entries()) {
      const [first, last] = [layer[0], layer[layer.length - 1]];
      const placed =
        first.start === 0
          ? layer
          : layer.map((message) => ({
              ...message,
              start: message.start - first.start,
              end: message.end - first.start,
            }));
      this.place = { part, message: i, stream: { side, state: first.before, messages: placed }, node, pieces: 0 };
      this.run(
        target.index,
        source,
        sourceIndex,
        at + first.start,
        at + last.end,
        i === layers.length - 1 ? reported : at + last.end,
      );
    }
    this.place = outer;
  }

  stream(out: Out, sourceIndex: number, layerAt: number, id: string, bytes: Uint8Array, protocol: string): void {
    const { place, context } = this;
    const { registry } = this.engine;
    if (place === null) return this.loose(sourceIndex, bytes, protocol === '' ? 'data' : protocol);
    const { part, message, node } = place;
    const number = place.pieces++;
    if (node !== null) {
      const inner = node.open(id);
      const contents =
        inner?.append(context.row, part.side, bytes, registry.byName.get(protocol) ?? null) ??
        asData(part.side, bytes.length);
      part.inner[message] ??= [];
      part.inner[message].push(contents);
      if (inner !== null)
        for (const each of contents.parts) this.messages(each, inner, each.reassembled ?? bytes, 0, 0, each.end);
      return;
    }
    const own = this.sources[sourceIndex].bytes;
    const isWindow =
      bytes.buffer === own.buffer &&
      bytes.byteOffset >= own.byteOffset &&
      bytes.byteOffset + bytes.length <= own.byteOffset + own.length;
    const at = isWindow ? bytes.byteOffset - own.byteOffset : 0;
    const contents: RowContents | undefined = part.inner[message]?.[number];
    const here = isWindow ? { at: at - layerAt, length: bytes.length } : { at: 0, length: 0 };
    if (contents === undefined) {
      out.line(`[Sent again: ${bytes.length} bytes]`, here.at, here.length, { generated: true });
      return;
    }
    if (contents.lost > 0) out.line(`[${contents.lost} bytes not captured]`, here.at, 0, { generated: true });
    const source = isWindow ? own : bytes;
    let index = isWindow ? sourceIndex : -1;
    const before = this.columns.info;
    for (const each of contents.parts) {
      if (each.reassembled !== null) {
        const text = `[${each.end} bytes from ${each.rows.length} packets: ${each.rows.map((row) => `#${row + 1}`).join(', ')}]`;
        out.line(text, here.at, Math.min(here.length, each.ownBytes), { generated: true });
        this.messages(each, null, each.reassembled, this.addSource('Reassembled', each.reassembled), 0, each.end);
        continue;
      }
      if (index < 0) index = this.addSource(`Stream ${id}`, bytes);
      this.messages(each, null, source, index, at, at + each.end);
    }
    const from = contents.waitingFrom;
    if (from >= 0 && from < bytes.length) {
      out.line(
        `[${bytes.length - from} bytes of a message that ends in a later packet]`,
        here.at + from,
        here.length - from,
        { generated: true },
      );
      if (contents.waitingInfo !== undefined && this.columns.info === before) out.info(contents.waitingInfo);
    }
    if (contents.bug !== '') throw new Error(contents.bug);
  }

  /** A piece of a stream that nobody followed: its bytes as they are. */
  private loose(sourceIndex: number, bytes: Uint8Array, protocol: string): void {
    const own = this.sources[sourceIndex].bytes;
    const isWindow = bytes.buffer === own.buffer;
    const start = isWindow ? bytes.byteOffset - own.byteOffset : 0;
    const index = isWindow ? sourceIndex : this.addSource('Stream', bytes);
    if (bytes.length > 0)
      this.call(protocol, isWindow ? own : bytes, index, start, start + bytes.length, start + bytes.length);
  }

  addSource(name: string, bytes: Uint8Array): number {
    this.sources.push({ name: `${name} (${bytes.length} bytes)`, bytes });
    return this.sources.length - 1;
  }

  private note(signal: unknown, protocol: CompiledProtocol, view: View, out: Out | null): void {
    const { want, found, diagnostics, items } = this;
    if (signal instanceof ReadPastEnd) {
      const kind = signal.malformed ? 'malformed' : 'cut-short';
      diagnostics.push({
        kind,
        protocol: protocol.name,
        at: signal.at,
        needed: signal.needed,
        had: signal.had,
        ...(signal.reason && { reason: signal.reason }),
      });
      const field = signal.malformed ? this.engine.malformedField : this.engine.shortField;
      const experts = signal.malformed
        ? expertItems(
            this.expertFields,
            null,
            'Malformed Packet (Exception occurred)',
            'error',
            'Malformed',
            0,
            view.sourceIndex,
          )
        : [];
      if (want !== null) {
        for (const item of experts) if (item.field !== null && want.fields[item.field.id] === 1) found.add(item, 1);
        if (field !== undefined && want.fields[field.id] === 1)
          found.add(new TreeItem(field, true, 0, 0, view.sourceIndex, undefined), 1);
        out?.appendInfo(signal.malformed ? '[Malformed Packet]' : '[Packet size limited during capture]');
        return;
      }
      const label = signal.malformed
        ? `[Malformed Packet: ${protocol.short || protocol.label}]`
        : `[Packet size limited during capture: ${protocol.short} truncated]`;
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
    const item = new TreeItem(
      null,
      undefined,
      0,
      0,
      view.sourceIndex,
      `[Bug in the ${protocol.short} dissector: ${message}]`,
    );
    item.generated = true;
    item.severity = 'error';
    items.push(item);
  }

  private run(
    first: number,
    source0: Uint8Array,
    sourceIndex0: number,
    start0: number,
    end0: number,
    reported0: number,
  ): void {
    const { want, keeps, found, items, layers, ran, columns, context } = this;
    const { registry, step, layerCounts, dataIndex } = this.engine;
    let index = first;
    let source = source0;
    let sourceIndex = sourceIndex0;
    let start = start0;
    let end = end0;
    let reported = reported0;
    let previous: Ran | null = null;
    let { place } = this;
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
      // Messages that follow each other are one protocol in `frame.protocols`.
      if (protocol.layerName !== '' && (place === null || place.message === 0)) layers.push(protocol.layerName);
      let here: Ran | null = null;
      if (
        wanted === null ||
        wanted.runs ||
        wanted.own ||
        (want?.payloads === true && protocol.carry !== undefined) ||
        want?.trailers === true
      ) {
        const view = new View(
          source,
          sourceIndex,
          start,
          end - start,
          reported - start,
          context,
          protocol.fields,
          protocol.size,
        );
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
            if (value !== undefined)
              out.addField(field, field.at ?? 0, field.at === undefined ? 0 : field.length, value);
          }
          if (only === null) {
            this.place = place;
            const stream = place?.stream ?? outsideOf(protocol, view);
            if (wanted === null || wanted.runs) protocol.dissect?.(view, out, stream);
            else if (want?.payloads === true) protocol.carry?.(view, out, stream);
          }
        } catch (signal) {
          this.note(signal, protocol, view, quotedBefore ? null : out);
          if (payloadAt < 0) return;
        }
        place = null;
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
