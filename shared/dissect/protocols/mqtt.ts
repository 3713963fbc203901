/**
 * MQTT 3.1, 3.1.1 and 5 (OASIS standards of 2014 and 2019; section numbers are those of 5.0), over TCP or any other
 * stream. Not decoded: what a topic's payload is, unless a media type says it, or a protocol is bound to the topic.
 */
import { utf8Text } from '../../bytes/text.ts';
import { Cursor } from '../cursor.ts';
import { strings } from '../dispatch.ts';
import { bool, bytes, none, string, u8, u16, u32, u64 } from '../field.ts';
import { handOn } from '../hand-on.ts';
import { InfoList } from '../info-list.ts';
import { mediaTypeKeys, noteMediaType } from '../media-type.ts';
import { defineProtocol } from '../protocol.ts';
import type { Side } from '../streams/contents.ts';
import { type Framed, type Message, needs } from '../streams/frame.ts';

const Type = {
  Connect: 1,
  ConnAck: 2,
  Publish: 3,
  PubAck: 4,
  PubRec: 5,
  PubRel: 6,
  PubComp: 7,
  Subscribe: 8,
  SubAck: 9,
  Unsubscribe: 10,
  UnsubAck: 11,
  Disconnect: 14,
  Auth: 15,
} as const;

const typeNames: Readonly<Record<number, string>> = {
  0: 'Reserved',
  1: 'Connect Command',
  2: 'Connect Ack',
  3: 'Publish Message',
  4: 'Publish Ack',
  5: 'Publish Received',
  6: 'Publish Release',
  7: 'Publish Complete',
  8: 'Subscribe Request',
  9: 'Subscribe Ack',
  10: 'Unsubscribe Request',
  11: 'Unsubscribe Ack',
  12: 'Ping Request',
  13: 'Ping Response',
  14: 'Disconnect Req',
  15: 'Authentication Exchange',
};

const versionNames: Readonly<Record<number, string>> = { 3: 'MQTT v3.1', 4: 'MQTT v3.1.1', 5: 'MQTT v5.0' };
const qosNames: Readonly<Record<number, string>> = {
  0: 'At most once delivery (Fire and Forget)',
  1: 'At least once delivery (Acknowledged deliver)',
  2: 'Exactly once delivery (Assured Delivery)',
  3: 'Reserved',
};
const grantedNames: Readonly<Record<number, string>> = { ...qosNames, 128: 'Failure' };
/** Of 3.1.1 (its section 3.2.2.3). */
const returnCodes: Readonly<Record<number, string>> = {
  0: 'Connection Accepted',
  1: 'Connection Refused: unacceptable protocol version',
  2: 'Connection Refused: identifier rejected',
  3: 'Connection Refused: server unavailable',
  4: 'Connection Refused: bad user name or password',
  5: 'Connection Refused: not authorized',
};
/** Section 2.4. Below 128 the words depend on the message. */
const failures: Readonly<Record<number, string>> = {
  128: 'Unspecified error',
  129: 'Malformed Packet',
  130: 'Protocol Error',
  131: 'Implementation specific error',
  132: 'Unsupported Protocol Version',
  133: 'Client Identifier not valid',
  134: 'Bad User Name or Password',
  135: 'Not authorized',
  136: 'Server unavailable',
  137: 'Server busy',
  138: 'Banned',
  139: 'Server shutting down',
  140: 'Bad authentication method',
  141: 'Keep Alive timeout',
  142: 'Session taken over',
  143: 'Topic Filter invalid',
  144: 'Topic Name invalid',
  145: 'Packet Identifier in use',
  146: 'Packet Identifier not found',
  147: 'Receive Maximum exceeded',
  148: 'Topic Alias invalid',
  149: 'Packet too large',
  150: 'Message rate too high',
  151: 'Quota exceeded',
  152: 'Administrative action',
  153: 'Payload format invalid',
  154: 'Retain not supported',
  155: 'QoS not supported',
  156: 'Use another server',
  157: 'Server moved',
  158: 'Shared Subscriptions not supported',
  159: 'Connection rate exceeded',
  160: 'Maximum connect time',
  161: 'Subscription Identifiers not supported',
  162: 'Wildcard Subscriptions not supported',
};
const reason = (others: Readonly<Record<number, string>>) =>
  u8('Reason Code', { values: { 0: 'Success', ...others, ...failures } });

type PropertyKind = 'u8' | 'u16' | 'u32' | 'varint' | 'text' | 'pair' | 'contentType' | 'maxQos' | 'topicAlias';
/** Section 2.2.2.2. */
const properties: Readonly<Record<number, readonly [name: string, kind: PropertyKind]>> = {
  0x01: ['Payload Format Indicator', 'u8'],
  0x02: ['Publication Expiry Interval', 'u32'],
  0x03: ['Content Type', 'contentType'],
  0x08: ['Response Topic', 'text'],
  0x09: ['Correlation Data', 'text'],
  0x0b: ['Subscription Identifier', 'varint'],
  0x11: ['Session Expiry Interval', 'u32'],
  0x12: ['Assigned Client Identifier', 'text'],
  0x13: ['Server Keep Alive', 'u16'],
  0x15: ['Authentication Method', 'text'],
  0x16: ['Authentication Data', 'text'],
  0x17: ['Request Problem Information', 'u8'],
  0x18: ['Will Delay Interval', 'u32'],
  0x19: ['Request Response Information', 'u8'],
  0x1a: ['Response Information', 'text'],
  0x1c: ['Server Reference', 'text'],
  0x1f: ['Reason String', 'text'],
  0x21: ['Receive Maximum', 'u16'],
  0x22: ['Topic Alias Maximum', 'u16'],
  0x23: ['Topic Alias', 'topicAlias'],
  0x24: ['Maximum QoS', 'maxQos'],
  0x25: ['Retain Available', 'u8'],
  0x26: ['User Property', 'pair'],
  0x27: ['Maximum Packet Size', 'u32'],
  0x28: ['Wildcard Subscription Available', 'u8'],
  0x29: ['Subscription Identifier Available', 'u8'],
  0x2a: ['Shared Subscription Available', 'u8'],
};
const propertyNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(properties).map(([id, [name]]) => [id, name]),
);

const flag = (label: string, mask: number, parent: string) =>
  bool(label, { mask, length: 1, parent, tfs: ['Set', 'Not set'] });

const fields = {
  hdrflags: u8('Header Flags', { base: 'hex' }),
  msgtype: u8('Message Type', { mask: 0xf0, parent: 'hdrflags', values: typeNames }),
  hdr_reserved: u8('Reserved', { mask: 0x0f, parent: 'hdrflags' }),
  dupflag: flag('DUP Flag', 0x08, 'hdrflags'),
  qos: u8('QoS Level', { mask: 0x06, parent: 'hdrflags', values: qosNames }),
  retain: flag('Retain', 0x01, 'hdrflags'),
  retain_reserved: u8('Reserved', { mask: 0x01, parent: 'hdrflags' }),
  len: u64('Msg Len'),
  proto_len: u16('Protocol Name Length'),
  protoname: string('Protocol Name'),
  ver: u8('Version', { values: versionNames }),
  conflags: u8('Connect Flags', { base: 'hex' }),
  'conflag.uname': flag('User Name Flag', 0x80, 'conflags'),
  'conflag.passwd': flag('Password Flag', 0x40, 'conflags'),
  'conflag.retain': flag('Will Retain', 0x20, 'conflags'),
  'conflag.qos': u8('QoS Level', { mask: 0x18, parent: 'conflags', values: qosNames }),
  'conflag.willflag': flag('Will Flag', 0x04, 'conflags'),
  'conflag.cleansess': flag('Clean Session Flag', 0x02, 'conflags'),
  'conflag.reserved': flag('(Reserved)', 0x01, 'conflags'),
  kalive: u16('Keep Alive'),
  clientid_len: u16('Client ID Length'),
  clientid: string('Client ID'),
  willtopic_len: u16('Will Topic Length'),
  willtopic: string('Will Topic'),
  willmsg_len: u16('Will Message Length'),
  willmsg: bytes('Will Message'),
  username_len: u16('User Name Length'),
  username: string('User Name'),
  passwd_len: u16('Password Length'),
  passwd: string('Password'),
  'conack.flags': u8('Acknowledge Flags', { base: 'hex' }),
  'conack.flags.reserved': bool('Reserved', { tfs: ['Set', 'Not set'] }),
  'conack.flags.sp': flag('Session Present', 0x01, 'conack.flags'),
  'conack.val': u8('Return Code', { values: returnCodes }),
  'connack.reason_code': reason({}),
  'puback.reason_code': reason({ 16: 'No matching subscribers' }),
  'pubrec.reason_code': reason({ 16: 'No matching subscribers' }),
  'pubrel.reason_code': reason({}),
  'pubcomp.reason_code': reason({}),
  'suback.reason_code': u8('Reason Code', {
    values: { 0: 'Granted QoS 0', 1: 'Granted QoS 1', 2: 'Granted QoS 2', ...failures },
  }),
  'unsuback.reason_code': reason({ 17: 'No subscription existed' }),
  'disconnect.reason_code': u8('Reason Code', {
    values: { 0: 'Normal disconnection', 4: 'Disconnect with Will Message', ...failures },
  }),
  'auth.reason_code': reason({ 24: 'Continue authentication', 25: 'Re-authenticate' }),
  msgid: u16('Message Identifier'),
  topic_len: u16('Topic Length'),
  topic: string('Topic'),
  'sub.qos': u8('Requested QoS', { values: qosNames }),
  'suback.qos': u8('Granted QoS', { values: grantedNames }),
  subscription_options: u8('Subscription Options', { base: 'hex' }),
  subscription_options_reserved: u8('Reserved', { mask: 0xc0, parent: 'subscription_options', base: 'hex' }),
  subscription_options_retain: u8('Retain Handling', {
    mask: 0x30,
    parent: 'subscription_options',
    values: {
      0: 'Send msgs at subscription time',
      1: 'Send msgs if subscription does not exist',
      2: 'Do not send msgs at subscription time',
      3: 'Reserved',
    },
  }),
  subscription_options_rap: flag('Retain As Published', 0x08, 'subscription_options'),
  subscription_options_nl: flag('No Local', 0x04, 'subscription_options'),
  subscription_options_qos: u8('QoS', { mask: 0x03, parent: 'subscription_options', values: qosNames }),
  properties: none('Properties'),
  will_properties: none('Will Properties'),
  property_len: u64('Total Length'),
  property_id: u8('ID', { base: 'hex', values: propertyNames }),
  prop_number: u32('Value'),
  'property.content_type': string('Content Type'),
  'property.max_qos': u8('QoS', { values: qosNames }),
  'property.topic_alias': u16('Topic Alias'),
  prop_string_len: u32('Length', { length: 2 }),
  prop_string: string('Value'),
  prop_key_len: u32('Key Length', { length: 2 }),
  prop_key: string('Key'),
  prop_value_len: u32('Value Length', { length: 2 }),
  prop_value: string('Value'),
  prop_unknown: string('Unknown Property'),
  msg: bytes('Message'),
  illegal_topic_length: none('Length cannot be 0'),
  unknown_version: none('Unknown version (missing the CONNECT packet?)'),
  unknown_topic_alias: none('Unknown topic alias'),
} as const;

type MqttCursor = Cursor<typeof fields>;

/** What a stream's messages so far tell the next ones. */
interface Session {
  /** Of CONNECT; 0 before it. */
  readonly version: number;
  /** Topics by alias, of what each side publishes (section 3.3.2.3.4). */
  readonly aliases: readonly [ReadonlyMap<number, string>, ReadonlyMap<number, string>];
}
const noAliases: ReadonlyMap<number, string> = new Map();
/** Aliases of one side that are remembered, and bytes of each topic. */
const maxAliases = 1000;
const maxAliasTopic = 1000;

/**
 * A variable byte integer at `at` (section 1.5.5): its value and length; length 0 where bytes are missing, -1 where it
 * is none.
 */
function varint(b: Uint8Array, at: number, end: number): { readonly value: number; readonly size: number } {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    if (at + i >= end) return { value, size: 0 };
    value += (b[at + i] & 0x7f) * 128 ** i;
    if (b[at + i] < 0x80) return { value, size: i + 1 };
  }
  return { value, size: -1 };
}

function frame(b: Uint8Array, at: number, end: number): Framed {
  const { value, size } = varint(b, at + 1, end);
  return size === 0 ? needs(end - at + 1) : size < 0 ? 'as-it-came' : 1 + size + value;
}

function learn(session: Session, { bytes: b, start, end, side }: Message): Session {
  const type = b[start] >> 4;
  const { size } = varint(b, start + 1, end);
  const at = start + 1 + size;
  const u16 = (p: number): number => (p + 2 <= end ? (b[p] << 8) | b[p + 1] : 0);
  if (type === Type.Connect) {
    const version = at + 2 + u16(at);
    return version < end ? { version: b[version], aliases: [noAliases, noAliases] } : session;
  }
  if (type !== Type.Publish || session.version !== 5) return session;
  const length = u16(at);
  const propertiesAt = at + 2 + length + ((b[start] & 6) === 0 ? 0 : 2);
  if (length === 0 || length > maxAliasTopic || propertiesAt >= end) return session;
  const alias = aliasOf(b, propertiesAt, end);
  const known = session.aliases[side];
  if (alias === 0 || (known.size >= maxAliases && !known.has(alias))) return session;
  const topic = utf8Text(b, at + 2, length);
  if (known.get(alias) === topic) return session;
  const own = new Map(known).set(alias, topic);
  return { ...session, aliases: side === 0 ? [own, session.aliases[1]] : [session.aliases[0], own] };
}

/** The topic alias among the properties at `at`, 0 none. */
function aliasOf(b: Uint8Array, at: number, end: number): number {
  const { value, size } = varint(b, at, end);
  if (size <= 0) return 0;
  const stop = Math.min(end, at + size + value);
  for (let p = at + size; p + 3 <= stop; ) {
    const text = 2 + ((b[p + 1] << 8) | b[p + 2]);
    switch (properties[b[p]]?.[1]) {
      case 'topicAlias':
        return (b[p + 1] << 8) | b[p + 2];
      case 'u8':
      case 'maxQos':
        p += 2;
        break;
      case 'u16':
        p += 3;
        break;
      case 'u32':
        p += 5;
        break;
      case 'varint':
        p += 1 + Math.max(1, varint(b, p + 1, stop).size);
        break;
      case 'text':
      case 'contentType':
        p += 1 + text;
        break;
      case 'pair':
        p += 1 + text;
        p += 2 + ((b[p] << 8) | b[p + 1]);
        break;
      default:
        return 0;
    }
  }
  return 0;
}

export const mqtt = defineProtocol('mqtt', {
  label: 'MQ Telemetry Transport Protocol',
  short: 'MQTT',
  tables: { 'mqtt.topic': strings('MQTT topic') },
  bind: [
    { table: 'tcp.port', keys: [1883] },
    { table: 'tls.alpn', keys: ['mqtt'] },
  ],
  fields,
  start: (): Session => ({ version: 0, aliases: [noAliases, noAliases] }),
  frame,
  learn,
  waitingInfo: () => '',
  dissect(view, out, { side, state }) {
    const type = view.u8(0) >> 4;
    const name = typeNames[type];
    out.title(`MQ Telemetry Transport Protocol, ${name}`);
    const infos = InfoList.of(view, 'mqtt');
    infos.push(name);
    infos.show(out);
    if (type !== Type.Connect && state.version === 0) out.expert('unknown_version', 'note', 'Protocol');
    const c = new Cursor(view, out);
    headerFlags(c, type, state.version);
    const length = remaining(c, 'len', view.captured);
    new Body(c, c.at + length, side, state, infos).show(type);
  },
});

/** A variable byte integer that says how much follows it. */
function remaining(c: MqttCursor, key: 'len' | 'property_len', captured: number): number {
  const { value, size } = lengthAt(c, captured);
  c.put(key, BigInt(value), size);
  return value;
}

/** The variable byte integer at the cursor, which is a length. */
function lengthAt({ view, at }: MqttCursor, captured: number): { readonly value: number; readonly size: number } {
  const found = varint(view.source, view.start + at, view.start + captured);
  if (found.size <= 0) {
    view.need(at, 4);
    view.malformed(at, 'a length of more than four bytes');
  }
  return found;
}

/** What the four low bits are depends on message and version (section 2.1.3). */
function headerFlags(c: MqttCursor, type: number, version: number): void {
  const flags = c.part('hdrflags');
  const words = [`Message Type: ${typeNames[type]}`];
  const hasQos =
    type === Type.Publish ||
    (version === 3 && (type === Type.PubRel || type === Type.Subscribe || type === Type.Unsubscribe));
  if (hasQos) {
    if (flags & 8) words.push('DUP Flag');
    words.push(`QoS Level: ${qosNames[(flags >> 1) & 3]}`);
    if (type === Type.Publish && flags & 1) words.push('Retain');
  }
  c.line.label = `Header Flags: 0x${flags.toString(16).padStart(2, '0')}, ${words.join(', ')}`;
  if (hasQos) c.parts('msgtype', 'dupflag', 'qos', type === Type.Publish ? 'retain' : 'retain_reserved');
  else c.parts('msgtype', 'hdr_reserved');
}

/** What stands behind the length of a message, from front to back. */
class Body {
  private contentType = '';
  /** 0 none. */
  private alias = 0;

  constructor(
    private readonly c: MqttCursor,
    private readonly end: number,
    private readonly side: Side,
    private readonly session: Session,
    private readonly infos: InfoList,
  ) {}

  /** More of the message lies before its end. */
  private get goesOn(): boolean {
    return this.c.at < this.end;
  }

  private say(text: string): void {
    this.infos.append(text);
    this.infos.show(this.c.out);
  }

  show(type: number): void {
    const { version } = this.session;
    switch (type) {
      case Type.Connect:
        return this.connect();
      case Type.ConnAck:
        return this.connAck(version);
      case Type.Publish:
        return this.publish(version);
      case Type.PubAck:
        return this.acknowledgment('puback.reason_code', version);
      case Type.PubRec:
        return this.acknowledgment('pubrec.reason_code', version);
      case Type.PubRel:
        return this.acknowledgment('pubrel.reason_code', version);
      case Type.PubComp:
        return this.acknowledgment('pubcomp.reason_code', version);
      case Type.Subscribe:
        return this.subscribe(version);
      case Type.SubAck:
        this.identifier();
        if (version === 5) this.properties('properties');
        return this.c.list(version === 3 || version === 4 ? 'suback.qos' : 'suback.reason_code', this.end);
      case Type.Unsubscribe:
        this.identifier();
        if (version === 5) this.properties('properties');
        while (this.goesOn) this.topic();
        return;
      case Type.UnsubAck:
        this.identifier();
        if (version !== 5) return;
        this.properties('properties');
        return this.c.list('unsuback.reason_code', this.end);
      case Type.Disconnect:
      case Type.Auth:
        if (version !== 5 || !this.goesOn) return;
        this.c.show(type === Type.Auth ? 'auth.reason_code' : 'disconnect.reason_code');
        if (this.goesOn) this.properties('properties');
        return;
    }
  }

  private connect(): void {
    const { c } = this;
    c.counted('proto_len', 'protoname');
    const version = c.read('ver');
    const flags = c.part('conflags');
    const words = [
      ...(flags & 0x80 ? ['User Name Flag'] : []),
      ...(flags & 0x40 ? ['Password Flag'] : []),
      ...(flags & 0x20 ? ['Will Retain'] : []),
      `QoS Level: ${qosNames[(flags >> 3) & 3]}`,
      ...(flags & 0x04 ? ['Will Flag'] : []),
      ...(flags & 0x02 ? ['Clean Session Flag'] : []),
    ];
    c.line.label = `Connect Flags: 0x${flags.toString(16).padStart(2, '0')}, ${words.join(', ')}`;
    c.parts(
      'conflag.uname',
      'conflag.passwd',
      'conflag.retain',
      'conflag.qos',
      'conflag.willflag',
      'conflag.cleansess',
      'conflag.reserved',
    );
    c.show('kalive');
    if (version === 5) this.properties('properties');
    c.counted('clientid_len', 'clientid');
    if (flags & 0x04) {
      if (version === 5) this.properties('will_properties');
      c.counted('willtopic_len', 'willtopic');
      c.counted('willmsg_len', 'willmsg');
    }
    if (flags & 0x80) c.counted('username_len', 'username');
    if (flags & 0x40) c.counted('passwd_len', 'passwd');
  }

  private connAck(version: number): void {
    const { c } = this;
    if (version === 3) c.show('conack.flags.reserved');
    else {
      const flags = c.part('conack.flags');
      c.out.group(c.line, () => {
        c.out.add('conack.flags.reserved', c.at, 1, flags >> 1 !== 0);
        c.show('conack.flags.sp');
      });
    }
    c.show(version === 3 || version === 4 ? 'conack.val' : 'connack.reason_code');
    if (version === 5) this.properties('properties');
  }

  private publish(version: number): void {
    const { c } = this;
    const { view, out } = c;
    const length = c.read('topic_len');
    let topic = length > 0 ? c.read('topic', length) : '';
    let number = '';
    if ((view.u8(0) & 6) !== 0) number = ` (id=${this.identifier(false)})`;
    if (version === 5) this.properties('properties');
    if (length === 0) {
      const known = this.session.aliases[this.side].get(this.alias);
      if (known !== undefined) {
        topic = known;
        out.add('topic', c.at, 0, topic, { generated: true });
      } else out.expert(this.alias > 0 ? 'unknown_topic_alias' : 'illegal_topic_length', 'error', 'Protocol');
    }
    this.say(`${number} [${topic}]`);
    const { at } = c;
    const rest = this.end - at;
    if (rest < 0) view.malformed(at, 'the message ends before its payload');
    c.show('msg', rest);
    if (rest === 0) return;
    noteMediaType(view, this.contentType);
    const asked = [['mqtt.topic', topic] as const, ...mediaTypeKeys(this.contentType)];
    if (handOn(view, out, asked, at, rest)) this.infos.takeOver(out);
  }

  private acknowledgment(
    key: 'puback.reason_code' | 'pubrec.reason_code' | 'pubrel.reason_code' | 'pubcomp.reason_code',
    version: number,
  ): void {
    this.identifier();
    if (version !== 5 || !this.goesOn) return;
    this.c.show(key);
    if (this.goesOn) this.properties('properties');
  }

  private subscribe(version: number): void {
    const { c } = this;
    this.identifier();
    if (version === 5) this.properties('properties');
    while (this.goesOn) {
      this.say(` [${this.topic()}]`);
      if (version === 5)
        c.word(
          'subscription_options',
          'subscription_options_reserved',
          'subscription_options_retain',
          'subscription_options_rap',
          'subscription_options_nl',
          'subscription_options_qos',
        );
      else c.show('sub.qos');
    }
  }

  /** A list of properties with its length before it (section 2.2.2). */
  private properties(key: 'properties' | 'will_properties'): void {
    const { c } = this;
    const captured = Math.min(this.end, c.view.captured);
    const { value, size } = lengthAt(c, captured);
    c.out.group(c.out.add(key, c.at, size + value, true), () => {
      const end = c.at + size + value;
      remaining(c, 'property_len', captured);
      while (c.at < end) this.property(end);
      c.at = end;
    });
  }

  /** @param end of the list */
  private property(end: number): void {
    const { c } = this;
    switch (properties[c.read('property_id')]?.[1]) {
      case 'u8':
        return void c.show('prop_number', 1);
      case 'u16':
        return void c.show('prop_number', 2);
      case 'u32':
        return void c.show('prop_number');
      case 'maxQos':
        return void c.show('property.max_qos');
      case 'topicAlias':
        this.alias = c.read('property.topic_alias');
        return;
      case 'varint': {
        const { view, at } = c;
        const { value, size } = varint(view.source, view.start + at, view.start + view.captured);
        if (size <= 0) view.malformed(at, 'no variable byte integer');
        c.put('prop_number', value, size);
        return;
      }
      case 'contentType': {
        // Its length has no line of its own.
        const { view, at } = c;
        const length = view.u16(at);
        this.contentType = utf8Text(view.slice(at + 2, length), 0, length);
        c.put('property.content_type', this.contentType, 2 + length);
        return;
      }
      case 'text':
        return void c.counted('prop_string_len', 'prop_string');
      case 'pair':
        c.counted('prop_key_len', 'prop_key');
        c.counted('prop_value_len', 'prop_value');
        return;
      default:
        // Nothing says how long it is: the rest of the list is lost.
        c.show('prop_unknown', end - c.at);
    }
  }

  private topic(): string {
    const { c } = this;
    const topic = c.counted('topic_len', 'topic');
    if (topic === '') c.out.expert('illegal_topic_length', 'error', 'Protocol');
    return topic;
  }

  private identifier(says = true): number {
    const id = this.c.read('msgid');
    if (says) this.say(` (id=${id})`);
    return id;
  }
}
