/**
 * Which side of a connection speaks as a client, from the first bytes that each says. Only what one side alone would
 * say counts.
 */
import type { StreamSegments } from './segments.ts';

export interface Asker {
  /** What endpoint A does. */
  readonly a: 'asks' | 'answers';
  /** The segment that shows it. */
  readonly index: number;
  /** Name of the protocol. */
  readonly protocol: string;
}

/** Data segments of each side that are looked at, and bytes of each. */
const segmentsEach = 4;
const bytesEach = 64;

/** What a side's bytes show: that it asks or answers, and in which protocol. */
interface Sign {
  readonly asks: boolean;
  readonly protocol: string;
}

/** The start of a segment's data. */
interface Said {
  readonly bytes: Uint8Array;
  /** The same, a character per byte. */
  readonly text: string;
  /** Bytes of data that the segment has. */
  readonly length: number;
  /** Ports of the connection. */
  readonly ports: readonly [number, number];
}

/** Null where nothing shows it, or each side seems to be the client. */
export function whoAsks(segments: StreamSegments): Asker | null {
  const { payload } = segments;
  if (payload === undefined) return null;
  const ports = [segments.a.port, segments.b.port] as const;
  // By side, A at 1 as in `fromA`: data segments looked at, the last one's number, whether it showed something.
  const seen = [0, 0];
  const lastSeq = [-1, -1];
  const shown = [false, false];
  let asker: Asker | null = null;
  for (let i = 0; i < segments.count && !(full(seen[0], shown[0]) && full(seen[1], shown[1])); i++) {
    const side = segments.fromA[i];
    const length = segments.length[i];
    if (length === 0 || full(seen[side], shown[side]) || segments.seq[i] === lastSeq[side]) continue;
    lastSeq[side] = segments.seq[i];
    seen[side]++;
    const bytes = payload(i, bytesEach);
    if (bytes === null || bytes.length === 0) continue;
    const sign = signOf({ bytes, text: String.fromCharCode(...bytes.subarray(0, bytesEach)), length, ports });
    if (sign === null) continue;
    shown[side] = true;
    const a = sign.asks === (side === 1) ? 'asks' : 'answers';
    if (asker === null) asker = { a, index: i, protocol: sign.protocol };
    else if (asker.a !== a) return null;
  }
  return asker;
}

const full = (seen: number, shown: boolean): boolean => shown || seen >= segmentsEach;

function signOf(said: Said): Sign | null {
  for (const look of looks) {
    const sign = look(said);
    if (sign !== null) return sign;
  }
  return null;
}

const asks = (protocol: string): Sign => ({ asks: true, protocol });
const answers = (protocol: string): Sign => ({ asks: false, protocol });

const u16 = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1];
const u24 = (b: Uint8Array, at: number): number => (b[at] << 16) | u16(b, at + 1);
const u32 = (b: Uint8Array, at: number): number => ((u16(b, at) << 16) | u16(b, at + 2)) >>> 0;

const webMethods =
  'GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PROPFIND|PROPPATCH|MKCOL|COPY|MOVE|LOCK|UNLOCK|SEARCH|REPORT|MERGE|M-SEARCH|NOTIFY|SUBSCRIBE|UNSUBSCRIBE';
const requestLine = /^([A-Z][A-Z_-]{2,15}) (\S+)(?: (HTTP|RTSP|SIP)\/[12]\.[01])?(\r?\n|$)/;
const webTarget = /^(?:\/|\*$|https?:\/\/)/i;
const webMethod = new RegExp(`^(?:${webMethods})$`);
const rtspMethod = /^(?:DESCRIBE|ANNOUNCE|SETUP|PLAY|PAUSE|TEARDOWN|RECORD|OPTIONS|GET_PARAMETER|SET_PARAMETER)$/;
const sipMethod =
  /^(?:INVITE|ACK|BYE|CANCEL|REGISTER|OPTIONS|PRACK|SUBSCRIBE|NOTIFY|PUBLISH|INFO|REFER|MESSAGE|UPDATE)$/;

/**
 * HTTP (RFC 9112), RTSP (RFC 7826), SIP (RFC 3261): a request line that goes on past the bytes looked at has to begin
 * as one.
 */
function requestOrStatus({ text, bytes, length }: Said): Sign | null {
  const status = /^(HTTP|RTSP|SIP)\/[12]\.[01] [1-6]\d\d(?: |\r?\n)/.exec(text);
  if (status !== null) return answers(status[1]);
  const line = requestLine.exec(text);
  if (line === null) return null;
  const [, method, target, version, end] = line;
  const goesOn = end === '' && (bytes.length >= bytesEach || length > bytes.length);
  if (version === undefined && !goesOn) return null;
  if (
    (version ?? 'RTSP') === 'RTSP' &&
    rtspMethod.test(method) &&
    /^(?:rtsps?:|\*$)/i.test(target) &&
    (version !== undefined || target !== '*')
  )
    return asks('RTSP');
  if ((version ?? 'SIP') === 'SIP' && sipMethod.test(method) && /^(?:sips?|tel):/i.test(target)) return asks('SIP');
  if (
    (version ?? 'HTTP') === 'HTTP' &&
    webMethod.test(method) &&
    (webTarget.test(target) || (method === 'CONNECT' && /^[^/]+:\d*$/.test(target)))
  )
    return asks('HTTP');
  return null;
}

/** RFC 9113 section 3.4. */
const http2 = ({ text }: Said): Sign | null => (text.startsWith('PRI * HTTP/2.0\r\n\r\nSM') ? asks('HTTP/2') : null);

/** A handshake record that begins with ClientHello or ServerHello (RFC 8446 section 4, 5.1). */
function tls({ bytes: b }: Said): Sign | null {
  if (b.length < 11 || b[0] !== 22 || b[1] !== 3 || b[2] > 4 || b[9] !== 3) return null;
  const record = u16(b, 3);
  if (record < 38 || record > 16_384 + 256 || u24(b, 6) > 0x1ffff) return null;
  return b[5] === 1 ? asks('TLS') : b[5] === 2 ? answers('TLS') : null;
}

/**
 * Replies that only a server of SMTP or FTP gives (RFC 5321 section 4.2, RFC 959 section 4.2): the greeting, and those
 * that follow commands.
 */
const replyLine = /^(?:220|221|226|227|229|230|235|250|331|334|354|421|530|535|550)[ -][\x20-\x7e]*(\r?\n|$)/;
const smtpCommand =
  /^(?:(?:EHLO|HELO|LHLO) [\x21-\x7e]+\r?\n|MAIL FROM:\s?<|RCPT TO:\s?<|STARTTLS\r\n|AUTH (?:PLAIN|LOGIN|CRAM-MD5|XOAUTH2)[ \r])/i;
const ftpCommand =
  /^(?:SYST|FEAT|PASV|EPSV|PWD|TYPE [AIEL](?: [NTC8])?|CWD [\x20-\x7e]+|PORT \d+(?:,\d+){5}|EPRT \|[12]\|[\x21-\x7e]+|STOR [\x20-\x7e]+|AUTH TLS)\r\n/i;
const loginCommand = /^(?:USER|PASS) [\x21-\x7e]+\r\n/i;
const popCommand = /^(?:CAPA|STAT|UIDL(?: \d+)?|APOP [\x21-\x7e]+ [\da-f]{32}|TOP \d+ \d+|STLS)\r\n/i;
const imapCommand =
  /^[A-Za-z0-9.]{1,16} (?:CAPABILITY|LOGIN|AUTHENTICATE|SELECT|EXAMINE|STARTTLS|NOOP|LOGOUT|IDLE|ID|LIST|LSUB|FETCH|UID FETCH|UID SEARCH)(?: [\x20-\x7e]*)?\r\n/;
const imapTagged = /^(?:\* (?:OK|PREAUTH|BYE)[ \r]|\* CAPABILITY IMAP4|[A-Za-z0-9.]{1,16} (?:OK|NO|BAD) [\x20-\x7e])/;

const smtpPorts = [25, 465, 587, 2525];
const popPorts = [110, 995];
const redisPorts = [6379, 6380];
const at = (said: Said, ports: readonly number[]): boolean =>
  ports.includes(said.ports[0]) || ports.includes(said.ports[1]);

function mailOrFiles(said: Said): Sign | null {
  const { text } = said;
  const reply = replyLine.exec(text);
  if (reply !== null && (reply[1] !== '' || said.length > text.length)) {
    const mail = at(said, smtpPorts) || /^(?:220|250|421|554)[ -].*E?SMTP/.test(text);
    return answers(mail ? 'SMTP' : at(said, [21, 990]) || !/^(?:235|250|334|354|550)/.test(text) ? 'FTP' : 'SMTP');
  }
  if (smtpCommand.test(text)) return asks('SMTP');
  if (popCommand.test(text)) return asks('POP3');
  if (loginCommand.test(text)) return asks(at(said, popPorts) ? 'POP3' : 'FTP');
  if (ftpCommand.test(text)) return asks('FTP');
  if (/^(?:\+OK[ \r]|-ERR )/.test(text)) return answers(at(said, redisPorts) ? 'Redis' : 'POP3');
  if (imapCommand.test(text)) return asks('IMAP');
  return imapTagged.test(text) ? answers('IMAP') : null;
}

/** DNS over TCP (RFC 1035 section 4.2.2, RFC 7766): one question, and a name whose labels can be followed. */
function dns({ bytes: b, length }: Said): Sign | null {
  if (b.length < 17 || u16(b, 0) < length - 2 || u16(b, 0) < 17) return null;
  const flags = u16(b, 4);
  const response = (flags & 0x8000) !== 0;
  const opcode = (flags >> 11) & 15;
  if ((flags & 0x40) !== 0 || opcode > 5 || opcode === 3 || u16(b, 6) !== 1) return null;
  if (
    !response &&
    (u16(b, 0) !== length - 2 || (flags & 0x068f) !== 0 || (opcode === 0 && u16(b, 8) !== 0) || u16(b, 12) > 2)
  )
    return null;
  let p = 14;
  while (p < b.length && b[p] !== 0) {
    if (b[p] > 63) return null;
    p += 1 + b[p];
  }
  // The name ends within what is here: then its class is Internet or any.
  if (p + 5 <= b.length && u16(b, p + 3) !== 1 && u16(b, p + 3) !== 255) return null;
  return response ? answers('DNS') : asks('DNS');
}

/** CONNECT and CONNACK (MQTT 3.1.1 and 5, sections 3.1 and 3.2). */
function mqtt({ bytes: b, text, length }: Said): Sign | null {
  if (b[0] === 0x10) {
    const name = /^\x10(?:[\x80-\xff]{0,3}[\x00-\x7f])(?:\x00\x04MQTT[\x04\x05]|\x00\x06MQIsdp\x03)/.test(text);
    return name ? asks('MQTT') : null;
  }
  if (b[0] !== 0x20 || b.length < 4 || b[2] > 1) return null;
  if (b[1] === 2) return b[3] <= 5 && length === 4 ? answers('MQTT') : null;
  const plain = b[1] >= 3 && b[1] < 0x80 && length === b[1] + 2 && b[4] === b[1] - 3;
  return plain && (b[3] === 0 || (b[3] >= 0x80 && b[3] <= 0x9f)) ? answers('MQTT') : null;
}

/** Connection request and confirm of ISO transport over TCP (RFC 1006, X.224): RDP and others. */
function tpkt({ bytes: b, length, ports }: Said): Sign | null {
  if (b.length < 11 || b[0] !== 3 || b[1] !== 0 || u16(b, 2) !== length || b[4] !== length - 5) return null;
  const protocol = ports.includes(3389) ? 'RDP' : 'TPKT';
  // A request has no destination reference yet.
  if (b[5] === 0xe0) return u16(b, 6) === 0 ? asks(protocol) : null;
  return b[5] === 0xd0 ? answers(protocol) : null;
}

/** The server's greeting: protocol version 10, and a version in digits. */
function mysql({ bytes: b, text, length }: Said): Sign | null {
  if (b.length < 12 || b[3] !== 0 || b[4] !== 10 || (b[0] | (b[1] << 8) | (b[2] << 16)) !== length - 4) return null;
  return /^\d{1,2}\.\d{1,2}\.[\x20-\x7e]*(?:\0|$)/.test(text.slice(5)) ? answers('MySQL') : null;
}

/** Startup messages of protocol version 3, requests of TLS, GSSAPI or cancelling; and requests for authentication. */
function postgres({ bytes: b, text, length }: Said): Sign | null {
  if (b.length >= 8 && u32(b, 0) === length) {
    const code = u32(b, 4);
    if (code === 0x00030000 && /^[a-z_]{2,32}\0/.test(text.slice(8))) return asks('PostgreSQL');
    if (length === (code === 80_877_102 ? 16 : 8) && code >= 80_877_102 && code <= 80_877_104)
      return asks('PostgreSQL');
  }
  if (b.length < 9 || b[0] !== 0x52) return null;
  const size = u32(b, 1);
  const kind = u32(b, 5);
  const fits =
    (size === 8 && (kind === 0 || kind === 2 || kind === 3 || kind === 7 || kind === 9)) ||
    (size === 12 && kind === 5) ||
    (kind === 10 && size > 8 && size < 256);
  return fits && length >= size + 1 ? answers('PostgreSQL') : null;
}

/**
 * Behind the four bytes of a session message (MS-SMB2 section 2.1, 2.2.1; MS-CIFS section 2.2.3.1): a bit says that it
 * is an answer.
 */
function smb({ bytes: b, length }: Said): Sign | null {
  if (b.length < 24 || b[0] !== 0 || u24(b, 1) < length - 4) return null;
  const name = u32(b, 4);
  if (name === 0xff534d42) return (b[13] & 0x80) !== 0 ? answers('SMB') : asks('SMB');
  if (name !== 0xfe534d42 || b[8] !== 64 || b[9] !== 0) return null;
  return (b[20] & 1) !== 0 ? answers('SMB2') : asks('SMB2');
}

/** Operations of LDAP by their tag (RFC 4511 section 4), in a message whose lengths fit. */
function ldap({ bytes: b, length }: Said): Sign | null {
  if (b.length < 12 || b[0] !== 0x30) return null;
  const [message, size] = berLength(b, 1);
  if (message < 0 || size + message > length || (size + message !== length && size > 0xffff)) return null;
  if (b[message] !== 2 || b[message + 1] < 1 || b[message + 1] > 4) return null;
  const operation = message + 2 + b[message + 1];
  const [value, valueSize] = berLength(b, operation + 1);
  if (value < 0 || value + valueSize > message + size) return null;
  switch (b[operation]) {
    case 0x60: // bind request: version
      return b[value] === 2 && b[value + 1] === 1 && (b[value + 2] === 3 || b[value + 2] === 2) ? asks('LDAP') : null;
    case 0x63: // search request: base
      return b[value] === 4 ? asks('LDAP') : null;
    case 0x61: // bind, search done and extended responses: result code
    case 0x65:
    case 0x78:
      return b[value] === 10 && b[value + 1] === 1 ? answers('LDAP') : null;
    default:
      return null;
  }
}

/** Where a BER value starts, and its length; -1 where they are not here or of no definite form. */
function berLength(b: Uint8Array, from: number): readonly [start: number, length: number] {
  const first = b[from];
  if (first === undefined || first === 0x80 || first > 0x84) return [-1, 0];
  if (first < 0x80) return [from + 1, first];
  let length = 0;
  const count = first & 15;
  if (from + 1 + count > b.length) return [-1, 0];
  for (let i = 1; i <= count; i++) length = length * 256 + b[from + i];
  return [from + 1 + count, length];
}

/**
 * A command is an array of strings, or a line; an answer could be an array, too: only names that are commands count.
 */
const redisCommand =
  /^\*\d{1,4}\r\n\$\d{1,2}\r\n(?:PING|AUTH|HELLO|CLIENT|SELECT|INFO|GET|SET|SETEX|SETNX|MGET|MSET|DEL|EXISTS|EXPIRE|TTL|INCR|DECR|HGET|HSET|HGETALL|HMGET|LPUSH|RPUSH|LPOP|RPOP|LRANGE|SADD|SMEMBERS|ZADD|ZRANGE|PUBLISH|COMMAND|CONFIG|SCAN|KEYS|EVAL|EVALSHA|MULTI|EXEC|REPLCONF|PSYNC)\r\n/i;
function redis(said: Said): Sign | null {
  const { text, length } = said;
  if (redisCommand.test(text) || text === 'PING\r\n') return asks('Redis');
  if (length === text.length && /^\+PONG\r\n$/.test(text)) return answers('Redis');
  if (!at(said, redisPorts) || length !== text.length) return null;
  return /^(?:\+[\x20-\x7e]+|:-?\d+|\$-1|-(?:NOAUTH|WRONGTYPE|WRONGPASS|MOVED|ASK|LOADING) [\x20-\x7e]+)\r\n$/.test(
    text,
  )
    ? answers('Redis')
    : null;
}

const looks: readonly ((said: Said) => Sign | null)[] = [
  tls,
  requestOrStatus,
  http2,
  mailOrFiles,
  dns,
  mqtt,
  tpkt,
  mysql,
  postgres,
  smb,
  ldap,
  redis,
];
