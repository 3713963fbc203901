/**
 * Hypertext Transfer Protocol 1.x (RFC 9110, 9112): request and response lines, header fields, body lengths
 * (Content-Length, chunked, until close). Bodies are named after their content type and not unpacked. A response
 * belongs to the request before it, as tshark has it: of several requests sent at once to the last one.
 */
import { latin1Text, utf8Bytes, utf8Text } from '../../bytes/text.ts';
import { escapeControls } from '../../format/escape.ts';
import { strings } from '../dispatch.ts';
import { answerOf, showAnswer, showQuestion } from '../exchange-lines.ts';
import { bool, bytes, frameNumber, none, relTime, string, u16, u32, u64 } from '../field.ts';
import { whoAsked } from '../hand-on.ts';
import { httpHeaderKeys, httpMethods, httpStatusNames } from '../http-names.ts';
import { mediaTypeKeys, noteMediaType } from '../media-type.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import { type Framed, type Framing, type InStream, type Message, needs } from '../streams/frame.ts';
import type { View } from '../view.ts';

/** A header longer than this is no HTTP. */
const maxHeader = 64 << 10;
const maxChunks = 10_000;
/** Header fields behind a chunked body: more than that are none. */
const maxTrailer = 8 << 10;

/** What a stream's messages so far tell the next ones. Replaced, never changed. */
interface HttpState {
  /** A message was seen: what is none afterwards goes on with one. */
  readonly accepted: boolean;
  /** The last request of this direction was HEAD: its response has no body. */
  readonly head: readonly [boolean, boolean];
  /** The server switched protocols (101): what follows is no HTTP. */
  readonly upgraded: boolean;
  /** Row of the latest request, -1 none; and its header, to tell what it asked for. */
  readonly request: number;
  readonly header: Uint8Array;
  /** A response to it came. */
  readonly answered: boolean;
}
const fresh: HttpState = {
  accepted: false,
  head: [false, false],
  upgraded: false,
  request: -1,
  header: new Uint8Array(0),
  answered: false,
};
/** Of a longer header only so much is remembered. */
const maxKeptHeader = 2048;

const fields = {
  notification: bool('Notification', { hidden: true }),
  request: bool('Request', { hidden: true }),
  response: bool('Response', { hidden: true }),
  'request.method': string('Request Method'),
  'request.uri': string('Request URI'),
  'request.uri.path': string('Request URI Path'),
  'request.uri.query': string('Request URI Query'),
  'request.uri.query.parameter': string('Request URI Query Parameter'),
  'request.version': string('Request Version'),
  'response.version': string('Response Version'),
  'response.code': u16('Status Code'),
  'response.code.desc': string('Status Code Description', { generated: true }),
  'response.phrase': string('Response Phrase'),
  'request.line': string('Request line', { hidden: true }),
  'response.line': string('Response line', { hidden: true }),
  host: string('Host'),
  user_agent: string('User-Agent'),
  accept: string('Accept'),
  accept_language: string('Accept-Language'),
  accept_encoding: string('Accept Encoding'),
  connection: string('Connection'),
  cookie: string('Cookie'),
  cookie_pair: string('Cookie pair'),
  set_cookie: string('Set-Cookie'),
  referer: string('Referer'),
  content_type: string('Content-Type'),
  content_length_header: string('Content-Length'),
  content_length: u64('Content length', { generated: true }),
  content_encoding: string('Content-Encoding'),
  transfer_encoding: string('Transfer-Encoding'),
  date: string('Date'),
  server: string('Server'),
  location: string('Location'),
  cache_control: string('Cache-Control'),
  last_modified: string('Last-Modified'),
  authorization: string('Authorization'),
  proxy_authorization: string('Proxy-Authorization'),
  proxy_authenticate: string('Proxy-Authenticate'),
  www_authenticate: string('WWW-Authenticate'),
  upgrade: string('Upgrade'),
  x_forwarded_for: string('X-Forwarded-For'),
  sec_websocket_accept: string('Sec-WebSocket-Accept'),
  sec_websocket_extensions: string('Sec-WebSocket-Extensions'),
  sec_websocket_key: string('Sec-WebSocket-Key'),
  sec_websocket_protocol: string('Sec-WebSocket-Protocol'),
  sec_websocket_version: string('Sec-WebSocket-Version'),
  unknown_header: string('Unknown header'),
  'request.full_uri': string('Full request URI', { generated: true }),
  request_in: frameNumber('Request in frame', { generated: true }),
  response_in: frameNumber('Response in frame', { generated: true }),
  time: relTime('Time since request', { generated: true }),
  'response_for.uri': string('Request URI', { generated: true }),
  chunk_size: u32('Chunk size', { unit: ' octets' }),
  chunk_data: bytes('Chunk data'),
  chunk_boundary: bytes('Chunk boundary'),
  chunked_trailer_part: string('trailer-part'),
  chat: none('Formatted text'),
  leading_crlf: none('Leading CRLF previous message in the stream may have extra CRLF'),
  te_and_length: none('The Content-Length and Transfer-Encoding header must not be set together'),
  bad_header_name: none('Illegal characters found in header name'),
  tls_port: none(
    'Unencrypted HTTP protocol detected over encrypted port, could indicate a dangerous misconfiguration.',
  ),
} as const;

type HttpOut = Out<typeof fields>;

/** Offset after the line end at or after `from`, -1 where there is none before `end`. */
function lineEnd(b: Uint8Array, from: number, end: number): number {
  const at = b.indexOf(10, from);
  return at < 0 || at >= end ? -1 : at + 1;
}

/** One character per byte, without the line end. */
function lineText(b: Uint8Array, from: number, to: number): string {
  let end = to;
  while (end > from && (b[end - 1] === 10 || b[end - 1] === 13)) end--;
  return latin1Text(b, from, end);
}

/** `HTTP/` */
const startsResponse = (b: Uint8Array, at: number, end: number): boolean =>
  end - at >= 5 &&
  b[at] === 0x48 &&
  b[at + 1] === 0x54 &&
  b[at + 2] === 0x54 &&
  b[at + 3] === 0x50 &&
  b[at + 4] === 0x2f;

/** A method and the space behind it are within so many bytes. */
const maxMethod = 20;

/**
 * 1 where a request or response line begins here, 0 where more bytes could tell, -1 where none does.
 * @param looked so many bytes were found to be text before
 */
function startsMessage(b: Uint8Array, at: number, end: number, looked = 0): -1 | 0 | 1 {
  if (startsResponse(b, at, end)) return 1;
  const stop = Math.min(end, at + maxMethod);
  let space = at;
  while (space < stop && b[space] !== 0x20) space++;
  if (space < stop && httpMethods.has(latin1Text(b, at, space))) return 1;
  // Text without a line end may still become one.
  if (lineEnd(b, at + looked, end) >= 0) return -1;
  if (end - at > maxHeader) return -1;
  for (let p = at + looked; p < end; p++) if (b[p] < 32 || b[p] > 126) return -1;
  return 0;
}

const statusOf = (line: string): number => Number.parseInt(line.slice(line.indexOf(' ') + 1), 10) || 1;

interface Head {
  /** Offset after the empty line. */
  readonly bodyAt: number;
  /** 0 for a request. */
  readonly status: number;
  readonly method: string;
  /** -1 where it is not said. */
  readonly length: number;
  readonly chunked: boolean;
}

/** The header of the message at `at`; null while its end is missing. */
function headOf(b: Uint8Array, at: number, end: number): Head | null {
  let length = -1;
  let chunked = false;
  let status = 0;
  let method = '';
  let p = at;
  for (let line = 0; ; line++) {
    const next = lineEnd(b, p, end);
    if (next < 0) return null;
    // Of the header fields only those that say how long the body is.
    const first = b[p] | 0x20;
    if (line > 0 && first !== 0x63 && first !== 0x74 && first !== 0x2d && first !== 0x2a) {
      p = next;
      continue;
    }
    const text = lineText(b, p, Math.min(next, p + 128));
    if (line === 0) {
      if (text.startsWith('HTTP/')) status = statusOf(text);
      else method = text.split(' ', 1)[0];
    } else if (text === '') return { bodyAt: next, status, method, length, chunked };
    else {
      const header = text.toLowerCase();
      if (header.startsWith('content-length:')) {
        const value = Number(header.slice(15).trim());
        if (Number.isSafeInteger(value) && value >= 0) length = value;
      } else if (header.startsWith('transfer-encoding:') && header.includes('chunked')) chunked = true;
    }
    p = next;
  }
}

/** Offset after the empty line that ends the header at `from`, -1 while it is missing. Up to `looked` there is none. */
function headerEnd(b: Uint8Array, from: number, looked: number, end: number): number {
  for (let p = looked; ; ) {
    const next = lineEnd(b, p, end);
    if (next < 0) return -1;
    let before = next - 2;
    while (before >= from && b[before] === 13) before--;
    if (before >= from && b[before] === 10) return next;
    p = next;
  }
}

/**
 * Where a chunked body ends whose next chunk begins at `from` (RFC 9112 section 7.1): length of the message at `at`, or
 * how far it was looked at.
 */
function chunkedEnd(b: Uint8Array, at: number, from: number, end: number): Framed {
  for (let p = from; ; ) {
    const next = lineEnd(b, p, end);
    if (next < 0) return end - p > 64 ? 'as-it-came' : needs(end - at + 1, p - at);
    const size = chunkSize(b, p, next);
    if (size < 0) return 'as-it-came';
    if (size === 0) {
      for (let q = next; ; ) {
        const after = lineEnd(b, q, end);
        if (after < 0) return end - next > maxTrailer ? 'as-it-came' : needs(end - at + 1, p - at);
        if (after - q <= 2) return after - at;
        q = after;
      }
    }
    const chunkEnd = next + size + 2;
    if (chunkEnd > end) return needs(chunkEnd - at, p - at);
    p = chunkEnd;
  }
}

function chunkSize(b: Uint8Array, from: number, to: number): number {
  const digits = /^[0-9a-fA-F]{1,8}/.exec(lineText(b, from, Math.min(to, from + 16)));
  return digits === null ? -1 : Number.parseInt(digits[0], 16);
}

/** Where the message at `at` ends whose header is `head`. */
function messageEnd(b: Uint8Array, at: number, head: Head, end: number, answersHead: boolean): Framed {
  const { status, bodyAt } = head;
  if (status !== 0 && (status < 200 || status === 204 || status === 304 || answersHead) && status !== 1)
    return bodyAt - at;
  if (head.chunked) return chunkedEnd(b, at, bodyAt, end);
  if (head.length >= 0) return bodyAt - at + head.length;
  return status === 0 ? bodyAt - at : 'to-end';
}

/** Offset after the empty lines that some senders put before a message. */
function skipEmptyLines(b: Uint8Array, at: number, end: number): number {
  let from = at;
  while (from < end && (b[from] === 13 || b[from] === 10) && from < at + 8) from++;
  return from;
}

/**
 * While a message is incomplete `looked` says how far its header was looked at, negative; positive, where a chunk of
 * its body begins, or how much text there is.
 */
function frame(b: Uint8Array, at: number, end: number, { side, state, looked }: Framing<HttpState>): Framed {
  if (state.upgraded) return 'foreign';
  const from = skipEmptyLines(b, at, end);
  const starts = from === end ? -1 : startsMessage(b, from, end, Math.max(0, looked));
  if (starts < 0) return state.accepted ? 'as-it-came' : 'foreign';
  if (starts === 0) return needs(end - at + 1, end - from > maxMethod ? end - from : 0);
  if (looked > 0) return chunkedEnd(b, at, at + looked, end);
  const isWhole = looked === 0 || headerEnd(b, from, at - looked, end) >= 0;
  const head = isWhole ? headOf(b, from, end) : null;
  if (head === null) return end - at > maxHeader ? 'as-it-came' : needs(end - at + 1, at - end);
  return messageEnd(b, at, head, end, head.status !== 0 && state.head[side ^ 1]);
}

function learn(state: HttpState, { bytes, start, end, side, row }: Message): HttpState {
  const from = skipEmptyLines(bytes, start, end);
  if (from === end || startsMessage(bytes, from, end) !== 1) return state;
  if (startsResponse(bytes, from, end))
    return {
      ...state,
      accepted: true,
      upgraded: statusOf(lineText(bytes, from, Math.min(end, from + 16))) === 101,
      request: isAnswer(state) ? state.request : -1,
      answered: true,
    };
  // `HEAD `
  const isHead =
    bytes[from] === 0x48 &&
    bytes[from + 1] === 0x45 &&
    bytes[from + 2] === 0x41 &&
    bytes[from + 3] === 0x44 &&
    bytes[from + 4] === 0x20;
  return {
    accepted: true,
    head: side === 0 ? [isHead, state.head[1]] : [state.head[0], isHead],
    upgraded: false,
    request: row,
    header: bytes.slice(from, Math.min(end, from + maxKeptHeader)),
    answered: false,
  };
}

/** Whether a response that comes now answers the latest request. */
const isAnswer = ({ request, answered }: HttpState): boolean => request >= 0 && !answered;

const uriOf = (host: string, uri: string): string =>
  host === '' || uri === '' ? '' : /^[a-z]+:\/\//i.test(uri) ? uri : `http://${host}${uri}`;

/** What a request asks for: without the host where it names none; '' where its header goes on behind what is kept. */
function fullUri(b: Uint8Array): string {
  let uri = '';
  for (let p = 0, line = 0; p < b.length; line++) {
    const next = lineEnd(b, p, b.length);
    const text = lineText(b, p, next < 0 ? b.length : next);
    if (line === 0) {
      const [first, last] = [text.indexOf(' '), text.lastIndexOf(' ')];
      uri = last > first ? text.slice(first + 1, last) : text.slice(first + 1);
    } else {
      if (text === '') return uri;
      const field = /^host:\s*(.*)$/i.exec(text);
      if (field !== null) return uriOf(field[1], uri);
    }
    if (next < 0) return '';
    p = next;
  }
  return '';
}

export const http = defineProtocol('http', {
  label: 'Hypertext Transfer Protocol',
  tables: { media_type: strings('Internet media type') },
  bind: [
    { table: 'tcp.port', keys: [80, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710] },
    { table: 'tls.alpn', keys: ['http/1.1', 'http/1.0'] },
    { heuristicOn: 'tcp' },
  ],
  fields,
  start: () => fresh,
  frame,
  learn,
  answers: (state, { bytes, start, end }) =>
    isAnswer(state) && startsResponse(bytes, skipEmptyLines(bytes, start, end), end) ? state.request : -1,
  together: true,
  glance(b, start, end, count, keys) {
    if (count !== 1 || startsMessage(b, start, end) !== 1) return true;
    const other = startsResponse(b, start, end) ? 'request' : 'response';
    return keys.some((key) => !key.startsWith(other));
  },
  waitingInfo(b, at, end, looked) {
    const next = lineEnd(b, at + Math.abs(looked), end);
    return next < 0 || startsMessage(b, at, end) !== 1
      ? undefined
      : `${utf8Text(b, at, lineText(b, at, next).length)} `;
  },
  matches(view) {
    const end = lineEnd(view.source, view.start, Math.min(view.start + view.captured, view.start + 8192));
    if (end < 0) return false;
    const line = lineText(view.source, view.start, end);
    return (
      /^HTTP\/\d\.\d \d{3}/.test(line) ||
      (/ HTTP\/\d\.\d$/.test(line) && httpMethods.has(line.slice(0, line.indexOf(' '))))
    );
  },
  dissect: messages,
  // Bodies are other protocols' layers.
  carry: messages,
});

function messages(view: View<typeof fields>, out: HttpOut, { side, messages }: InStream<HttpState>): void {
  out.info('');
  let i = 0;
  for (let at = 0; at < view.captured; ) {
    while (i + 1 < messages.length && messages[i + 1].start <= at) i++;
    at = one(view, out, at, messages[i].before.head[side ^ 1], messages[i].before);
  }
}

/** Simple Service Discovery Protocol: HTTP's header form in single datagrams (UPnP Device Architecture, section 1). */
export const ssdp = defineProtocol('ssdp', {
  label: 'Simple Service Discovery Protocol',
  prefix: 'http',
  bind: [{ table: 'udp.port', keys: [1900] }],
  fields,
  dissect(view, out) {
    out.info('');
    one(view, out, 0, false);
  },
});

/** Which request a response answers, or which response a request had. */
function showExchange(view: View, out: HttpOut, kind: Kind, state: HttpState): void {
  const { state: capture, step, row } = view.context;
  if (step.quoted) return;
  if (kind === 'response') {
    if (isAnswer(state)) showQuestion(view, out, { question: 'request_in', time: 'time' }, state.request);
    const uri = out.wants('response_for.uri') ? fullUri(state.header) : '';
    if (uri !== '') out.add('response_for.uri', 0, 0, uri);
  } else if (kind === 'request' && out.wants('response_in')) {
    const answer = answerOf(view, () => capture.streamAnswers.answerTo(step.stream, row));
    if (answer !== null && answer >= 0) showAnswer(view, out, 'response_in', answer);
  }
}

/** The message at `at`, or what goes on with an earlier one; offset after it. */
function one(view: View, out: HttpOut, at: number, answersHead: boolean, state: HttpState | null = null): number {
  const { source: b, start: base, captured } = view;
  let from = at;
  while (from < captured && (b[base + from] === 13 || b[base + from] === 10)) from++;
  if (from === captured || startsMessage(b, base + from, base + captured) !== 1) {
    out.appendInfo('Continuation');
    out.line(`File Data: ${captured - at} bytes`, at, captured - at);
    body(view, out, 'data', at, captured);
    return captured;
  }
  const { srcPort, dstPort, transport } = view.context.step;
  if (transport !== udpNumber && (srcPort === httpsPort || dstPort === httpsPort))
    out.expert('tls_port', 'warn', 'Security');
  if (from > at) out.expert('leading_crlf', 'error', 'Malformed');
  const shown = header(view, out, from);
  if (state !== null) showExchange(view, out, shown.kind, state);
  if (shown.bodyAt < 0) {
    if (view.reported > captured) view.need(captured, 1);
    return captured;
  }
  const head = headOf(b, base + from, base + captured);
  const framed =
    head === null
      ? shown.bodyAt - at
      : messageEnd(b, base + at, head, base + captured, head.status !== 0 && answersHead);
  const size = typeof framed === 'number' ? at + framed - shown.bodyAt : -1;
  const end = size < 0 ? captured : Math.min(captured, shown.bodyAt + size);
  if (end > shown.bodyAt) {
    const parts = head?.chunked === true ? chunks(view, out, shown.bodyAt, end) : null;
    out.line(
      `File Data: ${parts === null ? end - shown.bodyAt : parts.length} bytes`,
      shown.bodyAt,
      end - shown.bodyAt,
    );
    content(view, out, shown, parts, end);
  }
  if (size > end - shown.bodyAt && view.reported > captured) view.need(captured, shown.bodyAt + size - captured);
  return end;
}

/** Fields that the first line alone tells. */
const firstLineKeys: ReadonlySet<string> = new Set([
  'request',
  'response',
  'notification',
  ...['method', 'uri', 'uri.path', 'uri.query', 'uri.query.parameter', 'version'].map((key) => `request.${key}`),
  ...['version', 'code', 'code.desc', 'phrase'].map((key) => `response.${key}`),
]);

/** Whether a line that begins so may be empty, Content-Type or Content-Encoding. */
const saysWhatBodyIs = (first: number): boolean => first === 13 || first === 10 || (first | 0x20) === 0x63;

const httpsPort = 443;
const udpNumber = 17;
/** Bytes of a line that an expert item repeats. */
const maxChat = 239;
/** Characters of a header field's name (RFC 9110 section 5.6.2). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A line as an expert item says it: what cannot be seen is written as in C. */
function chatText(b: Uint8Array, from: number, to: number): string {
  const text = escapeControls(utf8Text(b, from, to - from));
  const whole = utf8Bytes(text);
  return whole.length <= maxChat ? text : utf8Text(whole, 0, maxChat).replace(/\uFFFD+$/, '');
}

type Kind = 'request' | 'response' | 'notification';

interface Shown {
  readonly kind: Kind;
  readonly bodyAt: number;
  readonly contentType: string;
  readonly encoding: string;
}

/** Request or response line and header fields; `bodyAt` -1 where the header does not end. */
function header(view: View, out: HttpOut, at: number): Shown {
  const { source: b, start: base, captured } = view;
  let contentType = '';
  let encoding = '';
  let host = '';
  let uri = '';
  let kind: Kind = 'request';
  let bodyAt = -1;
  let p = at;
  let hasLength = false;
  let hasCoding = false;
  const all = out.wantsOtherThan(firstLineKeys) || out.wantsExperts;
  for (let line = 0; p < captured && bodyAt < 0; line++) {
    const next = lineEnd(b, base + p, base + captured);
    const stop = next < 0 ? captured : next - base;
    if (line > 0 && !all && !saysWhatBodyIs(b[base + p])) {
      p = stop;
      continue;
    }
    const text = lineText(b, base + p, base + stop);
    if (line === 0) {
      kind = text.startsWith('HTTP/') ? 'response' : text.startsWith('NOTIFY ') ? 'notification' : 'request';
      out.appendInfo(`${utf8Text(b, base + p, text.length)} `);
      const first = p;
      const line = out.line(`${text}\r\n`, p, stop - p);
      if (next >= 0 && out.makesItems) out.expert('chat', 'chat', 'Sequence', line, chatText(b, base + p, base + stop));
      out.group(line, () => {
        if (kind === 'response') statusLine(out, text, first);
        else uri = requestLine(out, text, first);
      });
    } else if (text === '' && next >= 0) {
      out.line('\r\n', p, stop - p);
      bodyAt = stop;
    } else {
      const colon = text.indexOf(':');
      const name = (colon < 0 ? '' : text.slice(0, colon)).trim().toLowerCase();
      const value = colon < 0 ? '' : text.slice(colon + 1).trimStart();
      if (colon >= 0 && !token.test(text.slice(0, colon))) out.expert('bad_header_name', 'warn', 'Protocol');
      hasLength ||= name === 'content-length';
      hasCoding ||= name === 'transfer-encoding';
      headerField(out, kind, name, value, text, p, stop);
      if (name === 'content-type') contentType = value.split(';')[0].trim();
      else if (name === 'content-encoding') encoding = value.trim().toLowerCase();
      else if (name === 'host') host = value;
    }
    p = stop;
  }
  const full = uriOf(host, uri);
  if (full !== '') out.add('request.full_uri', at, 0, full);
  out.add(kind, at, 0, true);
  if (hasLength && hasCoding) out.expert('te_and_length', 'warn', 'Malformed');
  return { kind, bodyAt, contentType, encoding };
}

function statusLine(out: HttpOut, text: string, at: number): void {
  const [version, status = '', ...words] = text.split(' ');
  out.add('response.version', at, version.length, version);
  if (!/^\d{3}/.test(status)) return;
  const code = Number.parseInt(status, 10);
  const codeAt = at + version.length + 1;
  out.add('response.code', codeAt, 3, code);
  out.add('response.code.desc', codeAt, 3, httpStatusNames[code] ?? 'Unknown');
  if (words.length > 0) out.add('response.phrase', codeAt + 4, words.join(' ').length, words.join(' '));
}

/** @returns the URI */
function requestLine(out: HttpOut, text: string, at: number): string {
  const first = text.indexOf(' ');
  const last = text.lastIndexOf(' ');
  const method = text.slice(0, first);
  const uri = last > first ? text.slice(first + 1, last) : text.slice(first + 1);
  out.add('request.method', at, method.length, method);
  const uriAt = at + first + 1;
  const item = out.add('request.uri', uriAt, uri.length, uri);
  const question = uri.indexOf('?');
  if (question >= 0) {
    out.group(item, () => {
      out.add('request.uri.path', uriAt, question, uri.slice(0, question));
      const query = uri.slice(question + 1);
      out.group(out.add('request.uri.query', uriAt + question + 1, query.length, query), () => {
        let p = uriAt + question + 1;
        for (const parameter of query.split('&').slice(0, maxChunks)) {
          out.add('request.uri.query.parameter', p, parameter.length, parameter);
          p += parameter.length + 1;
        }
      });
    });
  }
  if (last > first) out.add('request.version', at + last + 1, text.length - last - 1, text.slice(last + 1));
  return uri;
}

function headerField(
  out: HttpOut,
  kind: Kind,
  name: string,
  value: string,
  text: string,
  at: number,
  stop: number,
): void {
  const size = stop - at;
  const line = `${text}\r\n`;
  const key = Object.hasOwn(httpHeaderKeys, name) ? httpHeaderKeys[name as keyof typeof httpHeaderKeys] : undefined;
  const item =
    key === undefined
      ? kind === 'notification'
        ? out.add('unknown_header', at, size, line, { text: line })
        : out.line(line, at, size)
      : out.add(key, at, size, value, { text: line });
  out.group(item, () => {
    if (kind !== 'notification') out.add(`${kind}.line`, at, size, line);
    if (key === 'content_length_header' && /^\d{1,19}$/.test(value)) out.add('content_length', at, size, BigInt(value));
    if (key === 'cookie')
      for (const pair of value.split(';').slice(0, maxChunks)) out.add('cookie_pair', at, 0, pair.trim());
  });
}

/** Shows the chunks; their data, put together. */
function chunks(view: View, out: HttpOut, from: number, to: number): Uint8Array {
  const { source: b, start: base } = view;
  const data: Uint8Array[] = [];
  let total = 0;
  const line = out.line('HTTP chunked response', from, to - from);
  out.group(line, () => {
    for (let p = from, count = 0; p < to && count < maxChunks; count++) {
      const next = lineEnd(b, base + p, base + to);
      const size = next < 0 ? -1 : chunkSize(b, base + p, next);
      if (size < 0) break;
      const at = p;
      const dataAt = next - base;
      const here = Math.min(size, to - dataAt);
      out.group(
        out.line(size === 0 ? 'End of chunked encoding' : `Data chunk (${size} octets)`, at, dataAt - at + here),
        () => {
          out.add('chunk_size', at, dataAt - at, size);
          if (here <= 0) return;
          out.add('chunk_data', dataAt, here, view.slice(dataAt, here));
          if (dataAt + here + 2 <= to) out.add('chunk_boundary', dataAt + here, 2, view.slice(dataAt + here, 2));
        },
      );
      if (size === 0) {
        if (to - dataAt > 2)
          out.add('chunked_trailer_part', dataAt, to - dataAt - 2, `${lineText(b, base + dataAt, base + to - 2)}\r\n`);
        break;
      }
      if (here > 0) data.push(view.slice(dataAt, here));
      total += Math.max(0, here);
      p = dataAt + size + 2;
    }
  });
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of data) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The body, under the name that its content type gives it. */
function content(view: View, out: HttpOut, shown: Shown, parts: Uint8Array | null, end: number): void {
  const bytesOf = parts ?? view.slice(shown.bodyAt, end - shown.bodyAt);
  if (bytesOf.length === 0) return;
  const type = shown.contentType.toLowerCase();
  const packed = shown.encoding !== '' && shown.encoding !== 'identity';
  noteMediaType(view, type);
  const undecodable = packed && shown.encoding !== 'gzip' && shown.encoding !== 'deflate';
  const name =
    type === '' || type === 'application/octet-stream' || undecodable
      ? 'data'
      : whoAsked(view, mediaTypeKeys(type), bytesOf) || 'media';
  if (packed) {
    out.line(
      `Content-encoded entity body (${shown.encoding}): ${bytesOf.length} bytes`,
      shown.bodyAt,
      end - shown.bodyAt,
    );
    // Nothing that is packed is text.
    if (name === 'data-text-lines') {
      view.context.layers.push(name);
      out.appendInfo(` (${type})`);
      return;
    }
  }
  if (parts === null) body(view, out, name, shown.bodyAt, end);
  else out.call(name, parts, out.addSource('De-chunked entity body', parts), 0, parts.length, parts.length);
}

function body(view: View, out: HttpOut, name: string, from: number, to: number): void {
  out.call(name, view.source, view.sourceIndex, view.start + from, view.start + to, view.start + to);
}
