/**
 * Hypertext Transfer Protocol 1.x (RFC 9110, 9112): request and response lines, header fields, body lengths (Content-Length, chunked, until close).
 * Bodies are shown as bytes: neither unpacked nor parsed.
 */
import { bool, bytes, none, string, u16, u32, u64 } from '../field.ts';
import type { Out } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';

const methods = new Set('GET POST HEAD PUT DELETE OPTIONS TRACE CONNECT PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH SUBSCRIBE UNSUBSCRIBE NOTIFY M-SEARCH BPROPFIND BPROPPATCH POLL MERGE CHECKOUT MKACTIVITY RPC_IN_DATA RPC_OUT_DATA RPC_CONNECT'.split(' '));

/** A line or header longer than this is no HTTP. */
const maxHeader = 256 << 10;

/** Header names that have a field of their own. */
const known: Readonly<Record<string, keyof typeof fields & string>> = {
  host: 'host',
  'user-agent': 'user_agent',
  accept: 'accept',
  'accept-language': 'accept_language',
  'accept-encoding': 'accept_encoding',
  connection: 'connection',
  cookie: 'cookie',
  'set-cookie': 'set_cookie',
  referer: 'referer',
  'content-type': 'content_type',
  'content-length': 'content_length_header',
  'content-encoding': 'content_encoding',
  'transfer-encoding': 'transfer_encoding',
  date: 'date',
  server: 'server',
  location: 'location',
  'cache-control': 'cache_control',
  'last-modified': 'last_modified',
  authorization: 'authorization',
  'www-authenticate': 'www_authenticate',
  upgrade: 'upgrade',
  'x-forwarded-for': 'x_forwarded_for',
};

const fields = {
  request: bool('Request', { hidden: true }),
  response: bool('Response', { hidden: true }),
  'request.method': string('Request Method'),
  'request.uri': string('Request URI'),
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
  www_authenticate: string('WWW-Authenticate'),
  upgrade: string('Upgrade'),
  x_forwarded_for: string('X-Forwarded-For'),
  unknown_header: string('Unknown header'),
  'request.full_uri': string('Full request URI', { generated: true }),
  chunked: none('HTTP chunked response'),
  chunk_size: u32('Chunk size'),
  body: bytes('Body'),
} as const;

const names: Readonly<Record<number, string>> = {
  100: 'Continue', 101: 'Switching Protocols', 200: 'OK', 201: 'Created', 202: 'Accepted', 203: 'Non-Authoritative Information', 204: 'No Content', 205: 'Reset Content', 206: 'Partial Content', 207: 'Multi-Status', 300: 'Multiple Choices', 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified', 305: 'Use Proxy', 307: 'Temporary Redirect', 308: 'Permanent Redirect',
  400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 406: 'Not Acceptable', 407: 'Proxy Authentication Required', 408: 'Request Time-out', 409: 'Conflict', 410: 'Gone', 411: 'Length Required', 412: 'Precondition Failed', 413: 'Request Entity Too Large', 414: 'Request-URI Too Long', 415: 'Unsupported Media Type', 416: 'Request Range Not Satisfiable', 417: 'Expectation Failed', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Time-out', 505: 'HTTP Version not supported',
};

/** Offset after the line end at or after `from`, -1 where there is none before `end`. */
function lineEnd(b: Uint8Array, from: number, end: number): number {
  for (let p = from; p < end; p++) if (b[p] === 10) return p + 1;
  return -1;
}

function text(b: Uint8Array, from: number, to: number): string {
  let s = '';
  for (let p = from; p < to; p++) s += String.fromCharCode(b[p]);
  return s;
}

/** Whether a request or response line can begin here. */
function startsMessage(b: Uint8Array, at: number, end: number): boolean {
  const stop = Math.min(end, at + 20);
  if (text(b, at, Math.min(stop, at + 5)) === 'HTTP/'.slice(0, Math.min(5, end - at))) return true;
  let p = at;
  while (p < stop && b[p] !== 32) p++;
  return p < stop ? methods.has(text(b, at, p)) : [...methods].some((m) => m.startsWith(text(b, at, p)));
}

interface Head {
  /** Offset after the empty line. */
  readonly bodyAt: number;
  readonly status: number;
  readonly method: string;
  readonly length: number;
  readonly chunked: boolean;
}

/** The header of the message at `at`; null while its end is missing. */
function head(b: Uint8Array, at: number, end: number): Head | null {
  let length = -1;
  let chunked = false;
  let status = 0;
  let method = '';
  let p = at;
  for (let line = 0; ; line++) {
    const next = lineEnd(b, p, end);
    if (next < 0) return null;
    const size = next - p - (next - 2 >= p && b[next - 2] === 13 ? 2 : 1);
    if (line === 0) {
      const first = text(b, p, p + Math.min(size, 64));
      if (first.startsWith('HTTP/')) status = Number(first.split(' ')[1]) || 0;
      else method = first.split(' ')[0];
    } else if (size === 0) return { bodyAt: next, status, method, length, chunked };
    else {
      const header = text(b, p, p + Math.min(size, 100)).toLowerCase();
      if (header.startsWith('content-length:')) {
        const value = Number(header.slice(15).trim());
        if (Number.isSafeInteger(value) && value >= 0) length = value;
      } else if (header.startsWith('transfer-encoding:') && header.includes('chunked')) chunked = true;
    }
    p = next;
  }
}

/** End of a chunked body (RFC 9112 section 7.1), 0 while it is missing, -1 where it is none. */
function chunkedEnd(b: Uint8Array, from: number, end: number): number {
  let p = from;
  for (;;) {
    const next = lineEnd(b, p, end);
    if (next < 0) return 0;
    const size = Number.parseInt(text(b, p, Math.min(next, p + 16)), 16);
    if (!(size >= 0)) return -1;
    if (size === 0) {
      for (p = next; ; ) {
        const after = lineEnd(b, p, end);
        if (after < 0) return 0;
        if (after - p <= 2) return after;
        p = after;
      }
    }
    p = next + size + 2;
    if (p > end) return 0;
  }
}

function message(b: Uint8Array, at: number, end: number, direction: 0 | 1, memory: Map<string, unknown>): number {
  if (memory.get('http.upgraded') === true || !startsMessage(b, at, end)) return -1;
  const h = head(b, at, end);
  if (h === null) return end - at > maxHeader ? -1 : 0;
  const headSize = h.bodyAt - at;
  memory.set('http.seen', true);
  if (h.status === 101) {
    memory.set('http.upgraded', true);
    memory.delete('http.seen');
    return headSize;
  }
  if (h.method !== '') {
    if (h.method === 'HEAD') memory.set(`http.head.${direction ^ 1}`, true);
    else memory.delete(`http.head.${direction ^ 1}`);
  }
  const bodyless = h.status !== 0 && (h.status < 200 || h.status === 204 || h.status === 304 || memory.get(`http.head.${direction}`) === true);
  if (bodyless) return headSize;
  if (h.chunked) {
    const stop = chunkedEnd(b, h.bodyAt, end);
    return stop === 0 ? 0 : stop < 0 ? -1 : stop - at;
  }
  if (h.length >= 0) return headSize + h.length;
  return h.status !== 0 ? -2 : headSize;
}

/** Name of the layer that a body of this content type gets, as tshark names it. */
function bodyLayer(type: string): string {
  const bare = type.split(';')[0].trim().toLowerCase();
  if (bare === '') return 'data';
  if (bare === 'application/json' || bare.endsWith('+json')) return 'json';
  if (bare === 'text/xml' || bare === 'application/xml' || bare.endsWith('+xml')) return 'xml';
  if (bare === 'application/x-www-form-urlencoded') return 'urlencoded-form';
  if (bare.startsWith('text/') || bare === 'application/javascript' || bare === 'application/x-javascript') return 'data-text-lines';
  if (bare === 'image/gif') return 'image-gif';
  if (bare === 'image/jpeg' || bare === 'image/jpg') return 'image-jfif';
  if (bare === 'image/png') return 'png';
  if (bare.startsWith('multipart/')) return 'mime_multipart';
  return 'media';
}

export const http = defineProtocol('http', {
  label: 'Hypertext Transfer Protocol',
  bind: [{ table: 'tcp.port', keys: [80, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710] }, { heuristicOn: 'tcp' }],
  fields,
  message,
  matches(view) {
    const end = lineEnd(view.source, view.start, Math.min(view.start + view.captured, view.start + 8192));
    if (end < 0) return false;
    const line = text(view.source, view.start, end).trimEnd();
    return /^HTTP\/\d\.\d \d{3}/.test(line) || (/ HTTP\/\d\.\d$/.test(line) && methods.has(line.slice(0, line.indexOf(' '))));
  },
  dissect(view, out) {
    const whole = view.captured;
    if (!startsMessage(view.source, view.start, view.start + whole)) {
      out.info('Continuation');
      out.add('body', 0, whole, view.slice(0, whole));
      return;
    }
    for (let at = 0; at < whole; ) {
      const size = one(view as unknown as View, out, at, whole);
      if (size <= 0) break;
      at += size;
    }
  },
});

/** Simple Service Discovery Protocol: HTTP's header form in single datagrams (UPnP Device Architecture, section 1). */
export const ssdp = defineProtocol('ssdp', {
  label: 'Simple Service Discovery Protocol',
  prefix: 'http',
  bind: [{ table: 'udp.port', keys: [1900] }],
  fields,
  dissect(view, out) {
    if (startsMessage(view.source, view.start, view.start + view.captured)) one(view as unknown as View, out, 0, view.captured);
    else out.info('Continuation');
  },
});

/** One message at `at`; its length. */
function one(view: View, out: Out<typeof fields>, at: number, whole: number): number {
  const b = view.source;
  const base = view.start;
  let isResponse = false;
  let contentType = '';
  let host = '';
  let uri = '';
  let contentLength = -1;
  let chunked = false;
  let info = '';
  let p = at;
  let ended = false;
  for (let line = 0; p < whole; line++) {
    const next = lineEnd(b, base + p, base + whole);
    const stop = next < 0 ? whole : next - base;
    let size = stop - p;
    while (size > 0 && (b[base + p + size - 1] === 10 || b[base + p + size - 1] === 13)) size--;
    const content = text(b, base + p, base + p + size);
    if (line === 0) {
      isResponse = content.startsWith('HTTP/');
      info = `${content} `;
      const parts = content.split(' ');
      const start = p;
      out.group(out.line(`${content}\\r\\n`, p, stop - p), () => {
        if (isResponse) {
          out.add('response.version', start, parts[0].length, parts[0]);
          const code = Number(parts[1]);
          if (Number.isInteger(code)) {
            const codeAt = start + parts[0].length + 1;
            out.add('response.code', codeAt, 3, code);
            out.add('response.code.desc', codeAt, 0, names[code] ?? 'Unknown');
            if (parts.length > 2) out.add('response.phrase', codeAt + 4, size - (codeAt + 4 - start), parts.slice(2).join(' '));
          }
        } else {
          uri = parts.slice(1, Math.max(2, parts.length - (/^HTTP\//.test(parts.at(-1) ?? '') ? 1 : 0))).join(' ');
          const version = parts.at(-1) ?? '';
          out.add('request.method', start, parts[0].length, parts[0]);
          out.add('request.uri', start + parts[0].length + 1, uri.length, uri);
          if (version.startsWith('HTTP/')) out.add('request.version', start + size - version.length, version.length, version);
        }
      });
    } else if (size === 0) {
      out.line('\\r\\n', p, stop - p);
      p = stop;
      ended = true;
      break;
    } else {
      const colon = content.indexOf(':');
      const name = (colon < 0 ? content : content.slice(0, colon)).trim().toLowerCase();
      const value = colon < 0 ? '' : content.slice(colon + 1).trim();
      const key = known[name];
      const start = p;
      const shown = `${content}\\r\\n`;
      const item = key === undefined || value === '' ? out.line(shown, p, stop - p) : out.add(key, p, stop - p, value as never, { text: shown });
      out.group(item, () => {
        out.add(isResponse ? 'response.line' : 'request.line', start, stop - start, text(b, base + start, base + stop));
        if (key === 'content_length_header' && /^\d+$/.test(value)) out.add('content_length', start, stop - start, BigInt(value) & 0xffff_ffff_ffff_ffffn);
        if (key === 'cookie') for (const pair of value.split(';')) out.add('cookie_pair', start, 0, pair.trim());
      });
      if (name === 'content-type') contentType = value;
      if (name === 'host') host = value;
      if (name === 'content-length' && /^\d+$/.test(value)) contentLength = Number(value);
      if (name === 'transfer-encoding' && value.toLowerCase().includes('chunked')) chunked = true;
    }
    p = stop;
  }
  if (host !== '' && uri !== '') out.add('request.full_uri', 0, 0, /^[a-z]+:\/\//i.test(uri) ? uri : `http://${host}${uri}`);
  out.add(isResponse ? 'response' : 'request', 0, 0, true);
  let bodySize = !ended ? 0 : contentLength >= 0 && !chunked ? Math.min(contentLength, whole - p) : isResponse || chunked ? whole - p : 0;
  if (chunked && ended) {
    const stop = chunkedEnd(b, base + p, base + whole);
    if (stop > 0) bodySize = stop - base - p;
  }
  out.info(`${info}${bodySize > 0 && contentType !== '' ? ` (${contentType.split(';')[0].trim()}) ` : ''}`.replace(/ $/, bodySize > 0 && contentType !== '' ? '' : ' '));
  if (bodySize > 0) {
    out.add('body', p, bodySize, view.slice(p, bodySize), { text: `Body (${bodySize} bytes)` });
    const layer = bodyLayer(contentType);
    view.context.layers.push(layer);
    if (layer === 'json') out.protocol('HTTP/JSON');
    if (layer === 'xml') out.protocol('HTTP/XML');
  }
  return p + bodySize - at;
}
