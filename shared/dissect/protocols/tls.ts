/**
 * Transport Layer Security: record layer, handshake, alerts (RFC 8446, 5246; extensions RFC 6066, 7301). Nothing is
 * decrypted, certificates are not opened, and a handshake message that spans several records is named only.
 */
import { Cursor } from '../cursor.ts';
import { strings } from '../dispatch.ts';
import { bytes, none, string, u8, u16, u24, u32 } from '../field.ts';
import { InfoList } from '../info-list.ts';
import { defineProtocol } from '../protocol.ts';
import { type Framed, type Framing, type Message, needs } from '../streams/frame.ts';
import {
  alertDescriptions,
  alertLevels,
  cipherSuites,
  contentTypes,
  extensionTypes,
  handshakeTypes,
  supportedGroups,
  tlsShortVersions,
  tlsVersions,
} from '../tls-names.ts';

/** What a stream's records so far tell the next ones. Replaced, never changed. */
interface TlsState {
  /** Negotiated version; 0 before the Server Hello. */
  readonly version: number;
  /** Version of the first record that only a known one has (none are hellos); 0 before it. */
  readonly shown: number;
  /** Direction has sent Change Cipher Spec: its handshake messages are encrypted. */
  readonly encrypted: readonly [boolean, boolean];
}
const fresh: TlsState = { version: 0, shown: 0, encrypted: [false, false] };

const sslVersion2 = 0x0002;
const knownVersion = (state: TlsState): number => state.version || state.shown;

/** A Server Hello with this random is a Hello Retry Request (RFC 8446 section 4.1.3). */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** Type, version and length of a record; type and length of a handshake message (RFC 8446 sections 5.1 and 4). */
const recordHeader = 5;
const messageHeader = 4;

/** RFC 5246 section 6.2.3: ciphertext may be 2048 bytes longer than the longest plaintext. */
const maxRecord = 16_384 + 2048;

const versionName = (v: number): string => tlsVersions[v] ?? `Unknown (0x${v.toString(16).padStart(4, '0')})`;

const fields = {
  record: none('TLS Record Layer'),
  'record.content_type': u8('Content Type', { values: contentTypes }),
  'record.opaque_type': u8('Opaque Type', { values: contentTypes }),
  'record.version': u16('Version', { base: 'hex', values: tlsVersions }),
  'record.length': u16('Length'),
  change_cipher_spec: none('Change Cipher Spec Message'),
  alert_message: none('Alert Message'),
  'alert_message.level': u8('Level', { values: alertLevels }),
  'alert_message.desc': u8('Description', { values: alertDescriptions }),
  app_data: bytes('Encrypted Application Data'),
  handshake: none('Handshake Protocol'),
  'handshake.type': u8('Handshake Type', { values: handshakeTypes }),
  'handshake.length': u24('Length'),
  'handshake.version': u16('Version', { base: 'hex', values: tlsVersions }),
  'handshake.random': bytes('Random', { length: 32 }),
  'handshake.session_id_length': u16('Session ID Length', { length: 1 }),
  'handshake.session_id': bytes('Session ID'),
  'handshake.cipher_suites_length': u16('Cipher Suites Length'),
  'handshake.ciphersuite': u16('Cipher Suite', { base: 'hex', values: cipherSuites }),
  'handshake.cipher_spec_len': u16('Cipher Spec Length'),
  'handshake.challenge_length': u16('Challenge Length'),
  'handshake.cipherspec': u24('Cipher Spec', { base: 'hex', values: (v: number) => cipherSuites[v] }),
  'handshake.comp_methods_length': u8('Compression Methods Length'),
  'handshake.comp_method': u8('Compression Method', { values: { 0: 'null', 1: 'DEFLATE' } }),
  'handshake.extensions_length': u16('Extensions Length'),
  'handshake.extension.type': u16('Type', { values: extensionTypes }),
  'handshake.extension.len': u16('Length'),
  'handshake.extension.data': bytes('Data'),
  'handshake.extensions_server_name_list_len': u16('Server Name list length'),
  'handshake.extensions_server_name_type': u8('Server Name Type', { values: { 0: 'host_name' } }),
  'handshake.extensions_server_name_len': u16('Server Name length'),
  'handshake.extensions_server_name': string('Server Name'),
  'handshake.extensions_alpn_len': u16('ALPN Extension Length'),
  'handshake.extensions_alpn_str_len': u8('ALPN string length'),
  'handshake.extensions_alpn_str': string('ALPN Next Protocol'),
  'handshake.extensions_supported_groups_length': u16('Supported Groups List Length'),
  'handshake.extensions_supported_group': u16('Supported Group', { base: 'hex', values: supportedGroups }),
  'handshake.extensions_ec_point_formats_length': u8('EC point formats Length'),
  'handshake.extensions_ec_point_format': u8('EC point format', {
    values: { 0: 'uncompressed', 1: 'ansiX962_compressed_prime', 2: 'ansiX962_compressed_char2' },
  }),
  'handshake.extensions.supported_versions_len': u8('Supported Versions length'),
  'handshake.extensions.supported_version': u16('Supported Version', { base: 'hex', values: tlsVersions }),
  'handshake.session_ticket_lifetime_hint': u32('Session Ticket Lifetime Hint'),
  'handshake.certificates_length': u24('Certificates Length'),
  'handshake.certificate_length': u24('Certificate Length'),
} as const;

type TlsCursor = Cursor<typeof fields>;

/** Facts of the hello at `at` (its handshake header), where the record holds it whole. */
function helloFacts(
  b: Uint8Array,
  at: number,
  end: number,
): { readonly type: number; readonly version: number } | null {
  if (at + 4 + 34 > end) return null;
  const type = b[at];
  const legacy = (b[at + 4] << 8) | b[at + 5];
  if (type !== 2) return { type, version: legacy };
  let p = at + 38;
  if (p >= end) return { type, version: legacy };
  p += 1 + b[p] + 3;
  if (p + 2 > end) return { type, version: legacy };
  const stop = Math.min(end, p + 2 + ((b[p] << 8) | b[p + 1]));
  for (p += 2; p + 4 <= stop; ) {
    const kind = (b[p] << 8) | b[p + 1];
    const size = (b[p + 2] << 8) | b[p + 3];
    if (kind === 43 && size === 2 && p + 6 <= stop) {
      const chosen = (b[p + 4] << 8) | b[p + 5];
      // Drafts of TLS 1.3 were numbered 0x7fNN.
      return { type, version: chosen >> 8 === 0x7f ? 0x0304 : chosen };
    }
    p += 4 + size;
  }
  return { type, version: legacy };
}

/** The state after the record at `at`. */
function afterRecord(before: TlsState, b: Uint8Array, at: number, end: number, direction: 0 | 1): TlsState {
  const type = b[at];
  const plainHandshake = type === 22 && !before.encrypted[direction];
  const shows =
    type === 22 ? plainHandshake && b[at + 5] !== 1 && handshakeTypes[b[at + 5]] !== undefined : type !== 24;
  const state = shows && before.shown === 0 ? { ...before, shown: (b[at + 1] << 8) | b[at + 2] } : before;
  if (type === 20 && state.version !== 0x0304)
    return { ...state, encrypted: direction === 0 ? [true, state.encrypted[1]] : [state.encrypted[0], true] };
  if (!plainHandshake) return state;
  const facts = helloFacts(b, at + 5, end);
  return facts !== null && facts.type === 2 ? { ...state, version: facts.version } : state;
}

function isRecord(b: Uint8Array, at: number, end: number): boolean {
  return b[at] >= 20 && b[at] <= 24 && (at + 1 >= end || b[at + 1] === 3) && (at + 2 >= end || b[at + 2] <= 4);
}

/**
 * A record of SSL 2.0: its length with the two or three bytes before it, 0 where it is none. Of the types only those
 * that a plain record can have, as long as nothing else tells the version.
 */
function oldRecord(b: Uint8Array, at: number, end: number, state: TlsState): number {
  if (at + 3 > end) return 0;
  const known = knownVersion(state);
  if (known === sslVersion2)
    return b[at] & 0x80 ? 2 + (((b[at] & 0x7f) << 8) | b[at + 1]) : 3 + (((b[at] & 0x3f) << 8) | b[at + 1]);
  const type = b[at + 2];
  const possible = type === 1 || (known === 0 && (type === 0 || type === 2 || type === 4));
  return b[at] & 0x80 && possible ? 2 + (((b[at] & 0x7f) << 8) | b[at + 1]) : 0;
}

/** The version that a hello of SSL 2.0 names can be meant: its own, or a later one (RFC 5246 appendix E.2). */
const isHelloVersion = (high: number, low: number): boolean =>
  (high === 3 && low <= 4) || (high === 0 && low === 2) || (high === 1 && low === 0);

/** What a record of SSL 2.0 says, where it is not encrypted. */
function oldMessage(b: Uint8Array, at: number, end: number, size: number): string {
  const u16 = (offset: number): number => (b[at + offset] << 8) | b[at + offset + 1];
  if ((b[at] & 0x80) === 0) return 'Encrypted Data';
  const type = b[at + 2];
  if (type === 1 && isHelloVersion(b[at + 3], b[at + 4])) return 'Client Hello';
  if (type === 2 && at + 12 <= end && 12 + u16(6) + u16(8) + u16(10) <= size) return 'Client Master Key';
  if (type === 4 && at + 13 <= end && isHelloVersion(b[at + 5], b[at + 6]) && 13 + u16(7) + u16(9) + u16(11) <= size)
    return 'Server Hello';
  return 'Encrypted Data';
}

/** The state after a record of SSL 2.0: a server's hello or a master key leaves no doubt of the version. */
function afterOldRecord(state: TlsState, type: number): TlsState {
  return knownVersion(state) === 0 && (type === 2 || type === 4) ? { ...state, shown: sslVersion2 } : state;
}

const isOldRecord = (b: Uint8Array, at: number, end: number, state: TlsState): boolean =>
  knownVersion(state) === sslVersion2 || !isRecord(b, at, end);

/** A message of the stream is a record. */
function frame(b: Uint8Array, at: number, end: number, { state }: Framing<TlsState>): Framed {
  if (end - at < recordHeader) return needs(recordHeader);
  return isOldRecord(b, at, end, state)
    ? oldRecord(b, at, end, state) || 'as-it-came'
    : recordHeader + ((b[at + 3] << 8) | b[at + 4]);
}

function learn(state: TlsState, { bytes, start, end, side, framed }: Message): TlsState {
  if (framed === 'as-it-came') return state;
  return isOldRecord(bytes, start, end, state)
    ? afterOldRecord(state, bytes[start + 2])
    : afterRecord(state, bytes, start, end, side);
}

/** No record begins with four characters of ASCII: some other protocol came to this port. */
function refuses(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 5) return false;
  for (let i = at; i < at + 4; i++) if (b[i] < 0x20 || b[i] > 0x7e) return false;
  return true;
}

/** Handshakes and alerts lie in records of their own type. */
function glance(b: Uint8Array, start: number, end: number, _count: number, keys: readonly string[]): boolean {
  const handshake = keys.some((key) => key.startsWith('handshake'));
  const alert = keys.some((key) => key.startsWith('alert_message'));
  if (!keys.every((key) => key.startsWith('handshake') || key.startsWith('alert_message'))) return true;
  for (let at = start; at < end; at += recordHeader + ((b[at + 3] << 8) | b[at + 4])) {
    if (!isRecord(b, at, end) || at + recordHeader > end || (handshake && b[at] === 22) || (alert && b[at] === 21))
      return true;
  }
  return false;
}

/** Ports of services over TLS (IANA). Records on any other are recognised. */
const tlsPorts = [
  324, 443, 465, 636, 802, 853, 993, 995, 1300, 2221, 2443, 3249, 3250, 3251, 3252, 3496, 5061, 5671, 5684, 5868, 8883,
  11_207, 19_999, 27_017,
] as const;

export const tls = defineProtocol('tls', {
  label: 'Transport Layer Security',
  tables: { 'tls.alpn': strings('TLS application protocol (ALPN)') },
  short: 'TLS',
  bind: [{ table: 'tcp.port', keys: [...tlsPorts] }, { heuristicOn: 'tcp' }],
  fields,
  start: () => fresh,
  frame,
  learn,
  together: true,
  refuses,
  glance,
  waitingInfo: () => '',
  namedWhileWaiting: true,
  matches(view) {
    // A handshake or application data in a record header that can be right: other types are too easily met by chance.
    // TLS 1.3 writes 0x0303 (RFC 8446 section 5.1).
    if (view.captured < 5 || (view.u8(0) !== 22 && view.u8(0) !== 23) || view.u8(1) !== 3 || view.u8(2) > 3)
      return false;
    const size = view.u16(3);
    return size > 0 && size < maxRecord;
  },
  dissect(view, out, { side, messages }) {
    // Records that a second message of the same packet holds follow the first one's in the column.
    const infos = InfoList.of(view, 'tls');
    const c = new Cursor(view, out);
    for (const { start: at, before, after } of messages) {
      const start = view.start + at;
      const end = view.start + view.captured;
      const isOld = isOldRecord(view.source, start, end, before);
      const old = isOld ? oldRecord(view.source, start, end, before) : 0;
      if (old > 0) {
        const name = oldMessage(view.source, start, end, old);
        out.protocol('SSLv2');
        infos.push(name);
        c.at = at;
        version2Record(c, old, name);
        continue;
      }
      if (isOld) {
        const known = knownVersion(before);
        infos.push(known === 0 ? 'Continuation Data' : 'Ignored Unknown Record');
        if (at === 0) out.protocol(tlsShortVersions[known] ?? 'SSL');
        break;
      }
      c.at = at;
      const size = c.peek('record.length', 3);
      out.protocol(tlsShortVersions[before.version || c.peek('record.version', 1)] ?? 'TLS');
      record(c, size, before, side, infos);
      infos.show(out);
      view.need(at, recordHeader + size);
      if (after.version !== 0) out.protocol(tlsShortVersions[after.version] ?? 'TLS');
    }
    infos.show(out);
  },
});

function version2Record(c: TlsCursor, size: number, name: string): void {
  const { view, out, at } = c;
  const here = Math.min(size, view.captured - at);
  out.group(out.add('record', at, here, true, { text: `SSLv2 Record Layer: ${name}` }), () => {
    out.add('record.version', at, 0, sslVersion2, { generated: true });
    if (name === 'Encrypted Data') return;
    c.put('record.length', size - 2);
    c.show('handshake.type');
    if (name === 'Client Hello') version2Hello(c, at + size);
    else if (name === 'Server Hello') {
      // Behind what it says of the session and the certificate.
      c.at += 2;
      c.show('handshake.version');
    }
  });
}

function version2Hello(c: TlsCursor, end: number): void {
  c.show('handshake.version');
  const specsAt = c.at;
  const specs = c.read('handshake.cipher_spec_len');
  c.put('handshake.session_id_length', c.view.u16(c.at) & 0xff, 2);
  c.show('handshake.challenge_length');
  if (c.at + specs > end) c.view.malformed(specsAt, 'cipher specs run over the message');
  c.list('handshake.cipherspec', c.at + specs);
}

function record(c: TlsCursor, size: number, state: TlsState, side: 0 | 1, infos: InfoList): void {
  const { view, out, at } = c;
  const type = c.peek('record.content_type');
  const version = c.peek('record.version', 1);
  const here = Math.min(size, view.captured - at - recordHeader);
  const shown = tlsShortVersions[state.version !== 0 ? state.version : version] ?? 'TLS';
  const encrypted = state.encrypted[side];
  const name = contentTypes[type] ?? 'Unknown';
  const layer = out.add('record', at, recordHeader + here, true, {
    text: `${shown} Record Layer: ${name} Protocol`,
  });
  out.group(layer, () => {
    c.show(type === 23 && state.version === 0x0304 ? 'record.opaque_type' : 'record.content_type');
    c.show('record.version');
    c.show('record.length');
    switch (type) {
      case 20:
        infos.push('Change Cipher Spec');
        layer.label = `${shown} Record Layer: Change Cipher Spec Protocol: Change Cipher Spec`;
        c.put('change_cipher_spec', true, here);
        return;
      case 21: {
        if (encrypted || size !== 2) {
          infos.push('Encrypted Alert');
          layer.label = `${shown} Record Layer: Encrypted Alert`;
          c.put('alert_message', true, here).label = 'Alert Message: Encrypted Alert';
          return;
        }
        const [level, description] = [c.peek('alert_message.level'), c.peek('alert_message.desc', 1)];
        const text = `Alert (Level: ${alertLevels[level] ?? 'Unknown'}, Description: ${alertDescriptions[description] ?? 'Unknown'})`;
        infos.push(text);
        layer.label = `${shown} Record Layer: ${text}`;
        out.group(out.add('alert_message', c.at, 2, true), () => {
          c.show('alert_message.level');
          c.show('alert_message.desc');
        });
        return;
      }
      case 22:
        handshakes(c, c.at + here, encrypted, infos, layer, shown);
        return;
      case 23:
        infos.push('Application Data');
        layer.label = `${shown} Record Layer: Application Data Protocol: Application Data`;
        c.show('app_data', here);
        return;
      default:
        infos.push(name);
    }
  });
}

/** What a handshake message may be of which only a part is in its record. */
const long = [1, 2, 4, 11, 12];

function handshakes(
  c: TlsCursor,
  to: number,
  encrypted: boolean,
  infos: InfoList,
  layer: { label: string | undefined },
  shown: string,
): void {
  const { view, out } = c;
  let first = true;
  while (c.at < to) {
    const { at } = c;
    const left = to - at - messageHeader;
    const type = view.u8(at);
    const size = left >= 0 ? c.peek('handshake.length', 1) : 0;
    // What is not a plausible message after the keys changed is encrypted.
    if (
      encrypted ||
      left < 0 ||
      handshakeTypes[type] === undefined ||
      size > 0x20000 ||
      (size > left && first && !long.includes(type))
    ) {
      infos.push('Encrypted Handshake Message');
      layer.label = `${shown} Record Layer: Handshake Protocol: Encrypted Handshake Message`;
      c.put('handshake', true, to - at).label = 'Handshake Protocol: Encrypted Handshake Message';
      return;
    }
    let name = handshakeTypes[type];
    const whole = size <= left;
    if (type === 2 && whole && size >= 34) {
      const random = view.slice(at + 6, 32);
      let text = '';
      for (const b of random) text += b.toString(16).padStart(2, '0');
      if (text === retryRandom) name = 'Hello Retry Request';
    }
    infos.push(name);
    layer.label = `${shown} Record Layer: Handshake Protocol: ${first && size >= left ? name : 'Multiple Handshake Messages'}`;
    const end = at + messageHeader + size;
    const item = out.add('handshake', at, Math.min(end, to) - at, true, {
      text: `Handshake Protocol: ${name}${whole ? '' : ' (fragment)'}`,
    });
    out.group(item, () => {
      c.show('handshake.type');
      c.show('handshake.length');
      if (!whole) return;
      if (type === 1 || type === 2) hello(c, end, type);
      else if (type === 11 && size >= 3) certificates(c, end);
      else if (type === 4 && size >= 4) c.show('handshake.session_ticket_lifetime_hint');
    });
    c.at = end;
    first = false;
  }
}

function certificates(c: TlsCursor, to: number): void {
  if (c.at + 3 + c.peek('handshake.certificates_length') !== to) return;
  c.show('handshake.certificates_length');
  c.items(
    to,
    () => 3 + c.peek('handshake.certificate_length'),
    () => void c.show('handshake.certificate_length'),
  );
}

function hello(c: TlsCursor, to: number, type: number): void {
  const { view, out } = c;
  c.show('handshake.version');
  c.show('handshake.random');
  const session = c.read('handshake.session_id_length');
  if (session > 0) c.show('handshake.session_id', session);
  if (type === 1) {
    const suitesAt = c.at;
    const suites = c.read('handshake.cipher_suites_length');
    const suitesEnd = c.at + suites;
    if (suitesEnd > to) view.malformed(suitesAt, 'cipher suites run over the message');
    out.group(out.line(`Cipher Suites (${suites >> 1} suites)`, c.at, suites), () =>
      c.list('handshake.ciphersuite', suitesEnd),
    );
    c.at = suitesEnd;
    const methodsAt = c.at;
    const methods = c.read('handshake.comp_methods_length');
    const methodsEnd = c.at + methods;
    if (methodsEnd > to) view.malformed(methodsAt, 'compression methods run over the message');
    out.group(out.line(`Compression Methods (${methods} method${methods === 1 ? '' : 's'})`, c.at, methods), () =>
      c.list('handshake.comp_method', methodsEnd),
    );
  } else {
    c.show('handshake.ciphersuite');
    c.show('handshake.comp_method');
  }
  if (c.at + 2 > to) return;
  const length = c.read('handshake.extensions_length');
  c.items(
    Math.min(to, c.at + length),
    () => 4 + c.peek('handshake.extension.len', 2),
    (size) => {
      const { at } = c;
      const kind = c.peek('handshake.extension.type');
      const title = `Extension: ${extensionTypes[kind] ?? `Unknown type ${kind}`} (len=${size - 4})`;
      out.group(out.line(title, at, size), () => {
        c.show('handshake.extension.type');
        c.show('handshake.extension.len');
        if (kind === 35 || extensionTypes[kind] === undefined) c.show('handshake.extension.data', size - 4);
        else extension(c, kind, at + size, type);
      });
    },
  );
}

function extension(c: TlsCursor, kind: number, to: number, type: number): void {
  if (c.at === to) return;
  switch (kind) {
    case 0:
      c.show('handshake.extensions_server_name_list_len');
      return c.items(
        to,
        () => 3 + c.peek('handshake.extensions_server_name_len', 1),
        () => {
          c.show('handshake.extensions_server_name_type');
          c.counted('handshake.extensions_server_name_len', 'handshake.extensions_server_name');
        },
      );
    case 10:
      c.show('handshake.extensions_supported_groups_length');
      return c.list('handshake.extensions_supported_group', to);
    case 11:
      c.show('handshake.extensions_ec_point_formats_length');
      return c.list('handshake.extensions_ec_point_format', to);
    case 16:
      c.show('handshake.extensions_alpn_len');
      return c.items(
        to,
        () => 1 + c.peek('handshake.extensions_alpn_str_len'),
        () => void c.counted('handshake.extensions_alpn_str_len', 'handshake.extensions_alpn_str'),
      );
    case 43:
      if (type === 1) {
        c.show('handshake.extensions.supported_versions_len');
        while (c.at + 2 <= to) {
          const version = c.read('handshake.extensions.supported_version');
          c.line.label = `Supported Version: ${versionName(version)}`;
        }
      } else if (to - c.at === 2) c.show('handshake.extensions.supported_version');
      return;
    default:
      return;
  }
}
