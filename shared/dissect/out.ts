import type { Severity } from '../model/packet.ts';
import type { Value } from '../model/value.ts';
import type { FieldInfo, Fields } from './field.ts';
import { type ExpertGroup, expertGroups, severityNumbers, severityWords } from './severities.ts';
import type { Part } from './streams/contents.ts';
import type { ValueOf } from './view.ts';

/** One line of the tree while it is built. Cold path only. */
export class TreeItem {
  children: TreeItem[] | null = null;
  severity: Severity | undefined = undefined;
  /** Row that this line points at, -1 none. */
  linkRow = -1;
  /** For a layer: where its captured bytes end, what it carries included; absolute in `source`. */
  reach = 0;
  generated: boolean;
  hidden: boolean;

  constructor(
    /** Null for a line that is no field. */
    readonly field: FieldInfo | null,
    readonly value: Value | undefined,
    /** Absolute in `source`. */
    public start: number,
    public length: number,
    readonly source: number,
    /** The whole line, where it is not derived from field and value. Not yet escaped. */
    public label: string | undefined,
  ) {
    this.generated = field?.generated ?? false;
    this.hidden = field?.hidden ?? false;
  }
}

/** What the packet list shows of a packet. A later layer overrides an earlier one. */
export interface Columns {
  source: string;
  destination: string;
  protocol: string;
  info: string;
  /** Stands before `info`, whatever later layers say there. */
  prefix: string;
}

export interface AddOptions {
  /** The whole line, in place of what field and value give. */
  readonly text?: string;
  readonly parent?: TreeItem;
  readonly severity?: Severity;
  readonly linkRow?: number;
  readonly generated?: boolean;
  readonly hidden?: boolean;
}

/** Where a reading that is not for the whole tree keeps what it found. */
export class Found {
  readonly items: TreeItem[] = [];
  /** Which layer of its protocol each of them stands in, from 1. */
  readonly layers: number[] = [];

  add(item: TreeItem, layer: number): void {
    this.items.push(item);
    this.layers.push(layer);
  }
}

/** Stands for every line that is not wanted: whatever is written on it is lost. */
const unwanted = new TreeItem(null, undefined, 0, 0, 0, '');

/** What the engine does for `Out.call`. */
export interface Caller {
  call(protocol: string, source: Uint8Array, sourceIndex: number, start: number, end: number, reported: number): void;
  addSource(name: string, bytes: Uint8Array): number;
  part(part: Part, source: Uint8Array, sourceIndex: number, at: number, reported: number): void;
  stream(out: Out, sourceIndex: number, layerAt: number, id: string, bytes: Uint8Array, protocol: string): void;
  /** Declared fields of `_ws.expert`. */
  readonly expertFields: {
    readonly self: FieldInfo;
    readonly message: FieldInfo;
    readonly severity: FieldInfo;
    readonly group: FieldInfo;
  };
}

/**
 * An expert item as fields: itself, the field that filters find it by (none where the key is no declared field), its
 * message, severity and group.
 */
export function expertItems(
  { self, message: messageField, severity: severityField, group: groupField }: Caller['expertFields'],
  field: FieldInfo | null,
  message: string,
  severity: Severity,
  group: ExpertGroup,
  start: number,
  sourceIndex: number,
): readonly TreeItem[] {
  const make = (of: FieldInfo, value: Value, label: string): TreeItem =>
    new TreeItem(of, value, start, 0, sourceIndex, label);
  const itself = make(self, true, `Expert Info (${severityWords[severity]}/${group}): ${message}`);
  const finding = field === null ? [] : [make(field, true, message)];
  for (const item of [itself, ...finding]) {
    item.generated = true;
    item.severity = severity;
  }
  return [
    itself,
    ...finding,
    make(messageField, message, message),
    make(severityField, severityNumbers[severity], `Severity level: ${severityWords[severity]}`),
    make(groupField, expertGroups[group], `Group: ${group}`),
  ];
}

/** The items as one line of the tree with the others under it. */
export function expertLine([itself, ...others]: readonly TreeItem[]): TreeItem {
  itself.children = others;
  return itself;
}

/** Where a layer writes its part of the tree and its columns. Offsets are relative to the layer's start, as in View. */
export class Out<F extends Fields = Fields> {
  private parent: TreeItem;
  private last: Map<string, TreeItem> | null = null;

  constructor(
    /** The layer's own line. */
    readonly layer: TreeItem,
    private readonly fields: ReadonlyMap<string, FieldInfo>,
    private readonly start: number,
    private readonly sourceIndex: number,
    /** Bytes of the source from `start` on. */
    private readonly available: number,
    private readonly columns: Columns,
    /** Inside a packet quoted by an ICMP error nothing reaches the columns. */
    private readonly columnsLocked: boolean,
    private readonly caller: Caller,
    /** Null: everything is wanted, as a tree. */
    private readonly want: { readonly fields: Uint8Array } | null = null,
    private readonly found: Found | null = null,
    /** Which layer of its protocol this is, from 1. */
    private readonly layerNumber = 1,
    /** Items are made of this layer's own: else only what it says in the columns counts, and what it carries. */
    readonly makesItems = true,
  ) {
    this.parent = layer;
  }

  /** Adds a field; under the open group, the parent it declares, or the layer. `length` 0: no bytes stand for it. */
  add<K extends keyof F & string>(
    key: K,
    at: number,
    length: number,
    value: ValueOf<F, K>,
    options?: AddOptions,
  ): TreeItem {
    return this.addField(this.field(key), at, length, value, options);
  }

  addField(field: FieldInfo, at: number, length: number, value: Value, options?: AddOptions): TreeItem {
    if (!this.asksFor(field)) return this.nothing();
    const item = new TreeItem(field, value, this.start + at, this.clamp(at, length), this.sourceIndex, options?.text);
    const declared =
      field.parent !== undefined && this.parent === this.layer ? this.last?.get(field.parent) : undefined;
    this.place(item, options?.parent ?? declared ?? this.parent, options);
    this.last ??= new Map();
    this.last.set(field.key, item);
    return item;
  }

  /** A line that is no field. */
  line(label: string, at: number, length: number, options?: Omit<AddOptions, 'text'>): TreeItem {
    if (this.found !== null) return this.nothing();
    const item = new TreeItem(null, undefined, this.start + at, this.clamp(at, length), this.sourceIndex, label);
    this.place(item, options?.parent ?? this.parent, options);
    return item;
  }

  /**
   * An expert item under `parent` (the layer where not given): `key` is the field that filters find it by.
   * @param text in place of the field's label
   */
  expert<K extends keyof F & string>(
    key: K,
    severity: Severity,
    group: ExpertGroup,
    parent: TreeItem = this.parent,
    text?: string,
  ): void {
    const field = this.field(key);
    const message = text ?? field.label;
    const items = expertItems(
      this.caller.expertFields,
      field,
      message,
      severity,
      group,
      parent.start,
      this.sourceIndex,
    );
    if (this.found !== null) {
      for (const item of items)
        if (item.field !== null && this.want?.fields[item.field.id] === 1) this.found.add(item, this.layerNumber);
      return;
    }
    parent.children ??= [];
    parent.children.push(expertLine(items));
  }

  /** Everything added inside `body` goes under `item`. */
  group(item: TreeItem, body: () => void): void {
    const outer = this.parent;
    this.parent = item;
    try {
      body();
    } finally {
      this.parent = outer;
    }
  }

  /** What a key was declared as. */
  field(key: keyof F & string): FieldInfo {
    const field = this.fields.get(key);
    if (field === undefined) throw new Error(`no field ${key}`);
    return field;
  }

  /** The line last added for a field of this layer. */
  item(key: keyof F & string): TreeItem | undefined {
    return this.last?.get(key);
  }

  /** Whether anybody asks for this field: what costs more than a look may ask first. */
  wants(key: keyof F & string): boolean {
    const field = this.fields.get(key);
    return field === undefined ? this.want === null : this.asksFor(field);
  }
  asksFor(field: FieldInfo): boolean {
    return this.want === null || this.want.fields[field.id] === 1;
  }

  /** Whether fields of this protocol are asked for besides these keys. */
  wantsOtherThan(keys: ReadonlySet<string>): boolean {
    if (this.want === null) return true;
    for (const [key, field] of this.fields) if (this.want.fields[field.id] === 1 && !keys.has(key)) return true;
    return false;
  }

  /** Whether expert items are asked for, whosever they are. */
  get wantsExperts(): boolean {
    const { want } = this;
    return want === null || Object.values(this.caller.expertFields).some((field) => want.fields[field.id] === 1);
  }

  /** The layer's own line. */
  title(text: string): void {
    this.layer.label = text;
  }

  protocol(text: string): void {
    if (!this.columnsLocked) this.columns.protocol = text;
  }
  info(text: string): void {
    if (!this.columnsLocked) this.columns.info = text;
  }
  appendInfo(text: string): void {
    if (!this.columnsLocked) this.columns.info += text;
  }
  /** Words that stand before Info, whatever later layers say there; those given later come first. */
  infoPrefix(text: string): void {
    if (!this.columnsLocked) this.columns.prefix = `${text} ${this.columns.prefix}`;
  }
  get infoPrefixSoFar(): string {
    return this.columns.prefix;
  }
  get protocolSoFar(): string {
    return this.columns.protocol;
  }
  get infoSoFar(): string {
    return this.columns.info;
  }
  source(text: string): void {
    if (!this.columnsLocked) this.columns.source = text;
  }
  destination(text: string): void {
    if (!this.columnsLocked) this.columns.destination = text;
  }

  /** Bytes that are not the frame's (reassembled, unpacked): a tab of the hex pane. Returns their source index. */
  addSource(name: string, bytes: Uint8Array): number {
    return this.caller.addSource(name, bytes);
  }
  /** Dissects `source[start, end)` as `protocol`, now, as further layers of this packet. Absolute offsets. */
  call(protocol: string, source: Uint8Array, sourceIndex: number, start: number, end: number, reported: number): void {
    this.caller.call(protocol, source, sourceIndex, start, end, reported);
  }

  /**
   * Dissects the messages of a part, now, as further layers of this packet.
   * @param at absolute offset in `source` that the part's offsets count from
   * @param reported absolute end on the wire of the last message
   */
  part(part: Part, source: Uint8Array, sourceIndex: number, at: number, reported: number): void {
    this.caller.part(part, source, sourceIndex, at, reported);
  }
  /**
   * A piece of another stream that runs inside this one: its messages are put together and shown where they end. To be
   * called for the same pieces in the same order whenever this message is dissected (`opens`). The piece is sent by the
   * same side as the message that holds it.
   * @param id names the stream within this one
   * @param bytes a window on this layer's own bytes, or bytes that were unpacked or decrypted
   * @param protocol who has the stream while nothing else is known; '' whoever recognises the bytes
   */
  stream(id: number | string, bytes: Uint8Array, protocol = ''): void {
    this.caller.stream(this, this.sourceIndex, this.start, String(id), bytes, protocol);
  }

  /** A line never points past the bytes that are there, whatever a length field says. */
  private clamp(at: number, length: number): number {
    return Math.max(0, Math.min(length, this.available - at));
  }

  private place(item: TreeItem, parent: TreeItem, options: Omit<AddOptions, 'text'> | undefined): void {
    if (options !== undefined) {
      if (options.severity !== undefined) item.severity = options.severity;
      if (options.linkRow !== undefined) item.linkRow = options.linkRow;
      if (options.generated !== undefined) item.generated = options.generated;
      if (options.hidden !== undefined) item.hidden = options.hidden;
    }
    if (this.found !== null) {
      this.found.add(item, this.layerNumber);
      return;
    }
    parent.children ??= [];
    parent.children.push(item);
  }

  private nothing(): TreeItem {
    unwanted.label = '';
    return unwanted;
  }
}
