/**
 * Domain Name System (RFC 1035, 3596 AAAA, 2782 SRV, 6891 EDNS, 8659 CAA, 9460 SVCB/HTTPS), over UDP and TCP; mDNS (RFC
 * 6762) and LLMNR (RFC 4795) share it. Not decoded: DNSSEC records, update and stateful messages beyond their sections.
 */

import { utf8Text } from '../../bytes/text.ts';
import { ipv4Text, ipv6Text } from '../../format/address.ts';
import { dnsClasses, dnsOpcodes, dnsRcodes, dnsTypes } from '../dns-names.ts';
import { answerOf, showAnswer, showQuestion } from '../exchange-lines.ts';
import { bool, bytes, frameNumber, ipv4, ipv6, none, relTime, string, u8, u16, u32 } from '../field.ts';
import { listener } from '../listener.ts';
import type { Out, TreeItem } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import { answered, asked, noQuestions, type Questions } from '../questions.ts';
import type { Step } from '../step.ts';
import { type Framed, type Message, needs } from '../streams/frame.ts';
import { type Exchange, ExchangeKind } from '../transactions.ts';
import type { View } from '../view.ts';

/** A name has at most 255 bytes (RFC 1035 section 2.3.4): more pointers than that is a loop. */
const maxPointers = 128;
const maxName = 255;
/** RFC 1035 section 4.1.1. */
const headerSize = 12;

const opcodeName = (v: number): string => dnsOpcodes[v] ?? `Unknown operation (${v})`;
const rcodeName = (v: number): string => dnsRcodes[v] ?? `Unknown error (${v})`;
const typeName = (v: number): string => dnsTypes[v] ?? `Unknown (${v})`;
const header = (label: string, mask: number, tfs: readonly [string, string]) =>
  bool(label, { length: 2, mask, tfs, parent: 'flags' });

const fields = {
  length: u16('Length'),
  id: u16('Transaction ID', { base: 'hex' }),
  flags: u16('Flags', { base: 'hex' }),
  'flags.response': header('Response', 0x8000, ['Message is a response', 'Message is a query']),
  'flags.opcode': u16('Opcode', { mask: 0x7800, length: 2, parent: 'flags', values: opcodeName }),
  'flags.authoritative': header('Authoritative', 0x0400, [
    'Server is an authority for domain',
    'Server is not an authority for domain',
  ]),
  'flags.conflict': header('Conflict', 0x0400, ['The name is not considered unique', 'The name is considered unique']),
  'flags.truncated': header('Truncated', 0x0200, ['Message is truncated', 'Message is not truncated']),
  'flags.recdesired': header('Recursion desired', 0x0100, ['Do query recursively', "Don't do query recursively"]),
  'flags.tentative': header('Tentative', 0x0100, ['Tentative', 'Not tentative']),
  'flags.recavail': header('Recursion available', 0x0080, [
    'Server can do recursive queries',
    "Server can't do recursive queries",
  ]),
  'flags.z': header('Z', 0x0040, ['reserved - incorrect!', 'reserved (0)']),
  'flags.authenticated': header('Answer authenticated', 0x0020, [
    'Answer/authority portion was authenticated by the server',
    'Answer/authority portion was not authenticated by the server',
  ]),
  'flags.checkdisable': header('Non-authenticated data', 0x0010, ['Acceptable', 'Unacceptable']),
  'flags.rcode': u16('Reply code', { mask: 0x000f, length: 2, parent: 'flags', values: dnsRcodes }),
  'count.queries': u16('Questions'),
  'count.zones': u16('Zones'),
  'count.answers': u16('Answer RRs'),
  'count.prerequisites': u16('Prerequisites'),
  'count.updates': u16('Updates'),
  'count.auth_rr': u16('Authority RRs'),
  'count.add_rr': u16('Additional RRs'),
  'qry.name': string('Name'),
  'qry.name.len': u16('Name Length', { generated: true }),
  'count.labels': u16('Label Count', { generated: true }),
  'qry.type': u16('Type', { values: typeName }),
  'qry.class': u16('Class', { base: 'hex', values: dnsClasses }),
  'qry.qu': bool('"QU" question', { length: 2, mask: 0x8000 }),
  'resp.name': string('Name'),
  'resp.type': u16('Type', { values: typeName }),
  'resp.class': u16('Class', { base: 'hex', values: dnsClasses }),
  'resp.cache_flush': bool('Cache flush', { length: 2, mask: 0x8000 }),
  'resp.ttl': u32('Time to live'),
  'resp.len': u16('Data length'),
  'rr.udp_payload_size': u16('UDP payload size'),
  'resp.ext_rcode': u8('Higher bits in extended RCODE', { base: 'hex' }),
  'resp.edns0_version': u8('EDNS0 version'),
  'resp.z': u16('Z', { base: 'hex' }),
  'resp.z.do': bool('DO bit', {
    length: 2,
    mask: 0x8000,
    tfs: ['Accepts DNSSEC security RRs', 'Cannot handle DNSSEC security RRs'],
  }),
  'resp.z.reserved': u16('Reserved', { mask: 0x7fff, length: 2, base: 'hex' }),
  a: ipv4('Address'),
  aaaa: ipv6('AAAA Address'),
  ns: string('Name Server'),
  cname: string('CNAME'),
  dname: string('Dname'),
  'ptr.domain_name': string('Domain Name'),
  'mx.preference': u16('Preference'),
  'mx.mail_exchange': string('Mail Exchange'),
  'soa.mname': string('Primary name server'),
  'soa.rname': string("Responsible authority's mailbox"),
  'soa.serial_number': u32('Serial Number'),
  'soa.refresh_interval': u32('Refresh Interval'),
  'soa.retry_interval': u32('Retry Interval'),
  'soa.expire_limit': u32('Expire limit'),
  'soa.minimum_ttl': u32('Minimum TTL'),
  'txt.length': u8('TXT Length'),
  txt: string('TXT'),
  'srv.service': string('Service'),
  'srv.proto': string('Protocol'),
  'srv.name': string('Name'),
  'srv.priority': u16('Priority'),
  'srv.weight': u16('Weight'),
  'srv.port': u16('Port'),
  'srv.target': string('Target'),
  'svcb.svcpriority': u16('SvcPriority'),
  'svcb.targetname': string('TargetName'),
  'svcb.svcparam': none('SvcParam'),
  'svcb.svcparam.key': u16('SvcParamKey'),
  'svcb.svcparam.value.length': u16('SvcParamValue length'),
  'svcb.svcparam.value': bytes('SvcParamValue'),
  'svcb.svcparam.alpn.length': u8('ALPN length'),
  'svcb.svcparam.alpn': string('ALPN'),
  'svcb.svcparam.port': u16('Port'),
  'svcb.svcparam.ipv4hint.ip': ipv4('IP'),
  'svcb.svcparam.ipv6hint.ip': ipv6('IP'),
  'hinfo.cpu_length': u8('CPU Length'),
  'hinfo.cpu': string('CPU'),
  'hinfo.os_length': u8('OS Length'),
  'hinfo.os': string('OS'),
  null: bytes('Null (data)'),
  'nsec.next_domain_name': string('Next Domain Name'),
  'caa.flags': u8('CAA Flags', { base: 'hex' }),
  'caa.issue': string('Issue'),
  'caa.issuewild': string('Issue Wildcard'),
  'caa.iodef': string('Report URL'),
  'caa.unknown': string('Unknown tag'),
  'caa.tag_length': u8('Tag length'),
  'caa.tag': string('Tag'),
  'caa.value': string('Value'),
  'opt.code': u16('Option Code'),
  'opt.len': u16('Option Length'),
  'opt.data': bytes('Option Data'),
  data: bytes('Data'),
  response_in: frameNumber('Response In', { generated: true }),
  response_to: frameNumber('Request In', { generated: true }),
  time: relTime('Time', { generated: true }),
  retransmission: bool('Retransmission', { generated: true }),
  retransmit_request_in: frameNumber('Retransmitted request. Original request in', { generated: true }),
  retransmit_response_in: frameNumber('Retransmitted response. Original response in', { generated: true }),
  retransmit_request: none('DNS query retransmission'),
  retransmit_response: none('DNS response retransmission'),
  unsolicited: bool('Unsolicited', { generated: true }),
} as const;

const serviceKeys: Readonly<Record<number, string>> = {
  0: 'mandatory',
  1: 'alpn',
  2: 'no-default-alpn',
  3: 'port',
  4: 'ipv4hint',
  5: 'ech',
  6: 'ipv6hint',
};

/** In multicast DNS the payload size shares its 16 bits with a flag, and is written as such. */
const mdnsFields = { ...fields, 'rr.udp_payload_size': u16('UDP payload size', { base: 'hex' }) } as const;

type DnsOut = Out<typeof fields>;

/** Offset after the labels at `at`. */
function skipLabels(view: View, at: number): number {
  let position = at;
  for (;;) {
    const size = view.u8(position);
    if (size === 0) return position + 1;
    if ((size & 0xc0) === 0xc0) return position + 2;
    if ((size & 0xc0) !== 0) view.malformed(position, 'unknown label type');
    position += size + 1;
  }
}

/**
 * A domain name at `at`: its text, and the offset after it. Loops and overlong names are refused: their text says so.
 * `base` is where the message starts.
 */
function readName(view: View, base: number, at: number, end: number): { text: string; next: number } {
  const labels: string[] = [];
  let position = at;
  let next = -1;
  let pointers = 0;
  let length = 0;
  for (;;) {
    const size = view.u8(position);
    if (size === 0) {
      if (next < 0) next = position + 1;
      break;
    }
    if ((size & 0xc0) === 0xc0) {
      const target = base + (view.u16(position) & 0x3fff);
      if (next < 0) next = position + 2;
      if (target >= end) view.malformed(position, 'name points past the message');
      if (++pointers > maxPointers) return { text: '<Name contains a pointer that loops>', next };
      position = target;
      continue;
    }
    if ((size & 0xc0) !== 0) view.malformed(position, 'unknown label type');
    length += size + 1;
    if (length > maxName) {
      if (next < 0) next = skipLabels(view, position);
      return { text: '<Name too long>', next };
    }
    labels.push(utf8Text(view.slice(position + 1, size), 0, size));
    position += size + 1;
  }
  return { text: labels.length === 0 ? '<Root>' : labels.join('.'), next };
}

interface Flavour {
  readonly name: string;
  readonly long: string;
}

/** Over a stream with the length before each message; where no stream cut them there may be several. */
function dissectDns(view: View, out: DnsOut, flavour: Flavour, open: Questions | null = null): void {
  const overTcp = view.context.step.ipProtocol === 6;
  if (!overTcp) return dissectMessage(view, out, flavour, 0, view.captured, open, overTcp);
  for (let at = 0; at < view.captured; ) {
    const length = view.u16(at);
    out.add('length', at, 2, length);
    if (length < headerSize) view.malformed(at, 'the message is shorter than its header');
    dissectMessage(view, out, flavour, at + 2, Math.min(view.captured, at + 2 + length), open, overTcp);
    at += 2 + length;
  }
}

/** The message in `[base, end)` of the layer. */
function dissectMessage(
  view: View,
  out: DnsOut,
  flavour: Flavour,
  base: number,
  end: number,
  open: Questions | null,
  overTcp: boolean,
): void {
  const id = view.u16(base);
  const flags = view.u16(base + 2);
  const response = (flags & 0x8000) !== 0;
  const opcode = (flags >> 11) & 15;
  const rcode = flags & 15;
  const update = opcode === 5;
  out.protocol(flavour.name);
  out.title(`${flavour.long} (${response ? 'response' : 'query'})`);
  const exchange = exchangeOf(view, open, id, response);
  const idLine = out.add('id', base, 2, id);
  if (exchange?.kind === ExchangeKind.RepeatedQuestion)
    out.expert(
      'retransmit_request',
      'warn',
      'Protocol',
      idLine,
      `DNS query retransmission. Original request in frame ${exchange.row + 1}`,
    );
  else if (exchange?.kind === ExchangeKind.RepeatedAnswer)
    out.expert(
      'retransmit_response',
      'warn',
      'Protocol',
      idLine,
      `DNS response retransmission. Original response in frame ${exchange.row + 1}`,
    );
  const describe = `${opcodeName(opcode)}${response ? ` response, ${rcodeName(rcode)}` : ''}`;
  out.add('flags', base + 2, 2, flags, { text: `Flags: 0x${flags.toString(16).padStart(4, '0')} ${describe}` });
  const at = base + 2;
  const bit = (
    key:
      | 'flags.response'
      | 'flags.authoritative'
      | 'flags.truncated'
      | 'flags.recdesired'
      | 'flags.recavail'
      | 'flags.z'
      | 'flags.authenticated'
      | 'flags.checkdisable'
      | 'flags.conflict'
      | 'flags.tentative',
    mask: number,
  ): void => {
    out.add(key, at, 2, (flags & mask) !== 0);
  };
  bit('flags.response', 0x8000);
  out.add('flags.opcode', at, 2, opcode);
  if (flavour.name === 'LLMNR') {
    bit('flags.conflict', 0x0400);
    bit('flags.truncated', 0x0200);
    bit('flags.tentative', 0x0100);
  } else {
    if (response) bit('flags.authoritative', 0x0400);
    bit('flags.truncated', 0x0200);
    bit('flags.recdesired', 0x0100);
    if (response) bit('flags.recavail', 0x0080);
    bit('flags.z', 0x0040);
    if (response || (flags & 0x0020) !== 0) bit('flags.authenticated', 0x0020);
    bit('flags.checkdisable', 0x0010);
  }
  if (response) out.add('flags.rcode', at, 2, rcode);
  const counts = [view.u16(base + 4), view.u16(base + 6), view.u16(base + 8), view.u16(base + 10)];
  out.add(update ? 'count.zones' : 'count.queries', base + 4, 2, counts[0]);
  out.add(update ? 'count.prerequisites' : 'count.answers', base + 6, 2, counts[1]);
  out.add(update ? 'count.updates' : 'count.auth_rr', base + 8, 2, counts[2]);
  out.add('count.add_rr', base + 10, 2, counts[3]);
  out.info(
    `${opcodeName(opcode)}${response ? ' response' : ''} 0x${id.toString(16).padStart(4, '0')}${response && rcode !== 0 ? ` ${rcodeName(rcode)}` : ''}`,
  );
  const multicast = flavour.name === 'MDNS';
  let position = base + headerSize;
  if (counts[0] > 0) {
    const section = out.line(update ? 'Zone' : 'Queries', position, 0);
    const from = position;
    out.group(section, () => {
      for (let i = 0; i < counts[0]; i++) position = question(view, out, base, position, end, multicast);
    });
    section.length = position - from;
  }
  const titles = update
    ? ['Prerequisites', 'Updates', 'Additional records']
    : ['Answers', 'Authoritative nameservers', 'Additional records'];
  for (let k = 1; k < 4; k++) {
    if (counts[k] === 0) continue;
    const section = out.line(titles[k - 1], position, 0);
    const from = position;
    out.group(section, () => {
      for (let i = 0; i < counts[k]; i++) position = record(view, out, base, position, end, multicast);
    });
    section.length = position - from;
  }
  showExchange(view, out, exchange, response, overTcp);
}

/** Seconds in which a query without an answer that comes again is the same one (as tshark has it). */
const patience = 5;

/** HOT: which response belongs to which query, by conversation and number, is told while the capture is indexed. */
function noteExchange(s: Step): void {
  if (s.cold || s.quoted || s.stream < 0 || !s.has(12)) return;
  const { bytes: b, at } = s;
  const id = (b[at] << 8) | b[at + 1];
  const all = s.state.transactions.of('dns');
  if ((b[at + 2] & 0x80) === 0) all.ask(s.stream, id, 0, s.row, patience, s.state.tcpStreams.analysis.now[0]);
  else all.answer(s.stream, id, 0, s.row);
}

/** What the message is to another one: over UDP as it was indexed, over a stream by the queries that are open there. */
function exchangeOf(view: View, open: Questions | null, id: number, response: boolean): Exchange | null {
  const { step, state, row } = view.context;
  if (step.quoted) return null;
  if (open === null) return state.transactions.of('dns').of(row);
  const known = open.find((question) => question.id === id);
  if (known === undefined) return response ? { kind: ExchangeKind.Unasked, row: -1 } : null;
  if (response)
    return known.answer < 0
      ? { kind: ExchangeKind.Answer, row: known.row }
      : { kind: ExchangeKind.RepeatedAnswer, row: known.answer };
  return known.answer < 0 ? { kind: ExchangeKind.RepeatedQuestion, row: known.row } : null;
}

function showExchange(view: View, out: DnsOut, exchange: Exchange | null, response: boolean, overTcp: boolean): void {
  const { state, step, row } = view.context;
  switch (exchange?.kind) {
    case undefined: {
      if (response || !out.wants('response_in')) return;
      const answer = answerOf(view, () =>
        overTcp ? state.streamAnswers.answerTo(step.stream, row) : state.transactions.of('dns').answerTo(row),
      );
      if (answer !== null && answer >= 0) showAnswer(view, out, 'response_in', answer);
      return;
    }
    case ExchangeKind.Answer:
      return showQuestion(view, out, { question: 'response_to', time: 'time' }, exchange?.row ?? -1);
    case ExchangeKind.Unasked:
      out.add('unsolicited', 0, 0, true);
      return;
    case ExchangeKind.RepeatedQuestion:
    case ExchangeKind.RepeatedAnswer: {
      const first = exchange?.row ?? -1;
      out.add(response ? 'retransmit_response_in' : 'retransmit_request_in', 0, 0, first + 1, { linkRow: first });
      out.add('retransmission', 0, 0, true);
    }
  }
}

function question(view: View, out: DnsOut, base: number, at: number, end: number, multicast: boolean): number {
  const { text, next } = readName(view, base, at, end);
  const type = view.u16(next);
  const rawClass = view.u16(next + 2);
  const cls = multicast ? rawClass & 0x7fff : rawClass;
  const line = out.line(
    `${text}: type ${typeName(type)}, class ${dnsClasses[cls] ?? `Unknown (${cls})`}${multicast ? `, "${rawClass & 0x8000 ? 'QU' : 'QM'}" question` : ''}`,
    at,
    next + 4 - at,
  );
  out.group(line, () => {
    out.add('qry.name', at, next - at, text);
    out.add('qry.name.len', at, next - at, text.length);
    out.add('count.labels', at, next - at, text.startsWith('<') ? 1 : text.split('.').length);
    out.add('qry.type', next, 2, type);
    out.add('qry.class', next + 2, 2, cls);
    if (multicast) out.add('qry.qu', next + 2, 2, (rawClass & 0x8000) !== 0);
  });
  out.appendInfo(` ${typeName(type)} ${text}${multicast ? `, "${rawClass & 0x8000 ? 'QU' : 'QM'}" question` : ''}`);
  return next + 4;
}

function record(view: View, out: DnsOut, base: number, at: number, end: number, multicast: boolean): number {
  const { text, next } = readName(view, base, at, end);
  const type = view.u16(next);
  const rawClass = view.u16(next + 2);
  const length = view.u16(next + 8);
  const data = next + 10;
  if (data + length > end) {
    view.need(data, length);
    view.malformed(data, 'the data runs over the message');
  }
  const line = out.line(`${text}: type ${typeName(type)}`, at, data + length - at);
  out.appendInfo(` ${typeName(type)}${multicast && type !== 41 && rawClass & 0x8000 ? ', cache flush' : ''}`);
  out.group(line, () => {
    if (type === 33) serviceName(out, at, next - at, text);
    else out.add('resp.name', at, next - at, text);
    out.add('resp.type', next, 2, type);
    if (type === 41) {
      if (multicast) out.add('resp.cache_flush', next + 2, 2, (rawClass & 0x8000) !== 0);
      optRecord(view, out, next, data, length);
      return;
    }
    const cls = multicast ? rawClass & 0x7fff : rawClass;
    line.label += `, class ${dnsClasses[cls] ?? `Unknown (${cls})`}`;
    out.add('resp.class', next + 2, 2, cls);
    if (multicast) out.add('resp.cache_flush', next + 2, 2, (rawClass & 0x8000) !== 0);
    out.add('resp.ttl', next + 4, 4, view.u32(next + 4));
    out.add('resp.len', next + 8, 2, length);
    if (length > 0) recordData(view, out, base, data, length, end, type, line, text);
  });
  return data + length;
}

/** `_service._proto.name` (RFC 2782). */
function serviceName(out: DnsOut, at: number, length: number, owner: string): void {
  const parts = owner.split('.');
  if (parts.length < 3) return;
  out.add('srv.service', at, length, parts[0]);
  out.add('srv.proto', at, length, parts[1]);
  out.add('srv.name', at, length, parts.slice(2).join('.'));
}

function optRecord(view: View, out: DnsOut, next: number, data: number, length: number): void {
  out.add('rr.udp_payload_size', next + 2, 2, view.u16(next + 2));
  out.add('resp.ext_rcode', next + 4, 1, view.u8(next + 4));
  out.add('resp.edns0_version', next + 5, 1, view.u8(next + 5));
  const z = view.u16(next + 6);
  out.group(out.add('resp.z', next + 6, 2, z), () => {
    out.add('resp.z.do', next + 6, 2, (z & 0x8000) !== 0);
    out.add('resp.z.reserved', next + 6, 2, z & 0x7fff);
  });
  out.add('resp.len', next + 8, 2, length);
  view.items(
    data,
    data + length,
    (p) => 4 + view.u16(p + 2),
    (p, size) => {
      out.group(out.line(`Option: ${view.u16(p)}`, p, size), () => {
        out.add('opt.code', p, 2, view.u16(p));
        out.add('opt.len', p + 2, 2, size - 4);
        out.add('opt.data', p + 4, size - 4, view.slice(p + 4, size - 4));
      });
    },
  );
}

function recordData(
  view: View,
  out: DnsOut,
  base: number,
  data: number,
  length: number,
  end: number,
  type: number,
  line: TreeItem,
  owner: string,
): void {
  const name = (at: number) => readName(view, base, at, end);
  const say = (text: string): void => {
    out.appendInfo(` ${text}`);
  };
  switch (type) {
    case 1: {
      if (length !== 4) break;
      const address = view.u32(data);
      out.add('a', data, 4, address);
      line.label += `, addr ${ipv4Text(address)}`;
      return say(ipv4Text(address));
    }
    case 28: {
      if (length !== 16) break;
      const address = view.slice(data, 16);
      out.add('aaaa', data, 16, address);
      line.label += `, addr ${ipv6Text(address)}`;
      return say(ipv6Text(address));
    }
    case 2:
    case 5:
    case 12:
    case 39: {
      const { text } = name(data);
      out.add(type === 2 ? 'ns' : type === 5 ? 'cname' : type === 12 ? 'ptr.domain_name' : 'dname', data, length, text);
      line.label += `, ${type === 2 ? 'ns' : type === 5 ? 'cname' : type === 12 ? 'ptr' : 'dname'} ${text}`;
      return say(text);
    }
    case 15: {
      const { text } = name(data + 2);
      out.add('mx.preference', data, 2, view.u16(data));
      out.add('mx.mail_exchange', data + 2, length - 2, text);
      line.label += `, preference ${view.u16(data)}, mx ${text}`;
      return say(`${view.u16(data)} ${text}`);
    }
    case 6: {
      const primary = name(data);
      const mailbox = name(primary.next);
      out.add('soa.mname', data, primary.next - data, primary.text);
      out.add('soa.rname', primary.next, mailbox.next - primary.next, mailbox.text);
      const keys = [
        'soa.serial_number',
        'soa.refresh_interval',
        'soa.retry_interval',
        'soa.expire_limit',
        'soa.minimum_ttl',
      ] as const;
      for (const [i, key] of keys.entries()) out.add(key, mailbox.next + i * 4, 4, view.u32(mailbox.next + i * 4));
      line.label += `, mname ${primary.text}`;
      return say(primary.text);
    }
    case 16:
      view.items(
        data,
        data + length,
        (p) => 1 + view.u8(p),
        (p, size) => {
          out.add('txt.length', p, 1, size - 1);
          out.add('txt', p + 1, size - 1, utf8Text(view.slice(p + 1, size - 1), 0, size - 1));
        },
      );
      return;
    case 33: {
      const { text } = name(data + 6);
      out.add('srv.priority', data, 2, view.u16(data));
      out.add('srv.weight', data + 2, 2, view.u16(data + 2));
      out.add('srv.port', data + 4, 2, view.u16(data + 4));
      out.add('srv.target', data + 6, length - 6, text);
      return say(`${view.u16(data)} ${view.u16(data + 2)} ${view.u16(data + 4)} ${text}`);
    }
    case 64:
    case 65: {
      const target = name(data + 2);
      out.add('svcb.svcpriority', data, 2, view.u16(data));
      out.add('svcb.targetname', data + 2, target.next - data - 2, target.text);
      serviceParameters(view, out, target.next, data + length);
      return;
    }
    case 13: {
      const cpu = view.u8(data);
      const os = view.u8(data + 1 + cpu);
      const [cpuText, osText] = [
        utf8Text(view.slice(data + 1, cpu), 0, cpu),
        utf8Text(view.slice(data + 2 + cpu, os), 0, os),
      ];
      out.add('hinfo.cpu_length', data, 1, cpu);
      out.add('hinfo.cpu', data + 1, cpu, cpuText);
      out.add('hinfo.os_length', data + 1 + cpu, 1, os);
      out.add('hinfo.os', data + 2 + cpu, os, osText);
      return say(`${cpuText} ${osText}`);
    }
    case 10:
      out.add('null', data, length, view.slice(data, length));
      return say(owner);
    case 47: {
      const { text, next } = name(data);
      out.add('nsec.next_domain_name', data, next - data, text);
      typeBitmaps(view, out, next, data + length);
      return say(text);
    }
    case 257: {
      const tagLength = view.u8(data + 1);
      const tag = view.latin1(data + 2, tagLength);
      const value = view.latin1(data + 2 + tagLength, length - 2 - tagLength);
      out.add('caa.flags', data, 1, view.u8(data));
      const key = tag === 'issue' || tag === 'issuewild' || tag === 'iodef' ? (`caa.${tag}` as const) : 'caa.unknown';
      out.group(out.add(key, data + 1, length - 1, value), () => {
        out.add('caa.tag_length', data + 1, 1, tagLength);
        out.add('caa.tag', data + 2, tagLength, tag);
        out.add('caa.value', data + 2 + tagLength, length - 2 - tagLength, value);
      });
      return;
    }
    default:
      // Known by name, not decoded.
      if (dnsTypes[type] !== undefined && type !== 256 && length > 0)
        return void out.line(`Data: ${length} bytes`, data, length);
      break;
  }
  if (length > 0) out.add('data', data, length, view.slice(data, length));
}

/** RFC 9460 section 2.2: keys, each with a value. */
function serviceParameters(view: View, out: DnsOut, from: number, to: number): void {
  view.items(
    from,
    to,
    (p) => 4 + view.u16(p + 2),
    (p, size) => {
      out.group(
        out.add('svcb.svcparam', p, size, true, {
          text: `SvcParam: ${serviceKeys[view.u16(p)] ?? `key${view.u16(p)}`}`,
        }),
        () => serviceParameter(view, out, p, size),
      );
    },
  );
}

function serviceParameter(view: View, out: DnsOut, at: number, size: number): void {
  const key = view.u16(at);
  const value = at + 4;
  const end = at + size;
  out.add('svcb.svcparam.key', at, 2, key);
  out.add('svcb.svcparam.value.length', at + 2, 2, size - 4);
  if (key === 1) {
    view.items(
      value,
      end,
      (p) => 1 + view.u8(p),
      (p, n) => {
        out.add('svcb.svcparam.alpn.length', p, 1, n - 1);
        out.add('svcb.svcparam.alpn', p + 1, n - 1, utf8Text(view.slice(p + 1, n - 1), 0, n - 1));
      },
    );
  } else if (key === 3 && size === 6) out.add('svcb.svcparam.port', value, 2, view.u16(value));
  else if (key === 4 && size % 4 === 0)
    for (let p = value; p < end; p += 4) out.add('svcb.svcparam.ipv4hint.ip', p, 4, view.u32(p));
  else if (key === 6 && (size - 4) % 16 === 0)
    for (let p = value; p < end; p += 16) out.add('svcb.svcparam.ipv6hint.ip', p, 16, view.slice(p, 16));
  else if (size > 4) out.add('svcb.svcparam.value', value, size - 4, view.slice(value, size - 4));
}

/** Types that exist at a name, as windows of bits (RFC 4034 section 4.1.2). */
function typeBitmaps(view: View, out: DnsOut, from: number, to: number): void {
  view.items(
    from,
    to,
    (p) => 2 + view.u8(p + 1),
    (p, size) => {
      for (let i = 2; i < size; i++) {
        for (let bit = 0; bit < 8; bit++)
          if (view.u8(p + i) & (0x80 >> bit)) out.add('resp.type', p + i, 1, (view.u8(p) << 8) | ((i - 2) * 8 + bit));
      }
    },
  );
}

/** Over TCP each message is preceded by its length (RFC 1035 section 4.2.2). */
function frame(b: Uint8Array, at: number, end: number): Framed {
  return end - at < 2 ? needs(2) : 2 + ((b[at] << 8) | b[at + 1]);
}

/** Number of the message at `at` over a stream, and whether it is a response; null where it is too short. */
function headerOf({ bytes: b, start, end }: Message): { readonly id: number; readonly response: boolean } | null {
  return end - start < 14 ? null : { id: (b[start + 2] << 8) | b[start + 3], response: (b[start + 4] & 0x80) !== 0 };
}

export const dns = defineProtocol('dns', {
  label: 'Domain Name System',
  bind: [
    { table: 'udp.port', keys: [53] },
    { table: 'tcp.port', keys: [53] },
  ],
  fields,
  step: noteExchange,
  frame,
  start: () => noQuestions,
  learn(open, message) {
    const header = headerOf(message);
    if (header === null) return open;
    return header.response ? answered(open, header.id, message.row) : asked(open, header.id, message.row);
  },
  answers(open, message) {
    const header = headerOf(message);
    const known = header?.response === true ? open.find(({ id }) => id === header.id) : undefined;
    return known === undefined || known.answer >= 0 ? -1 : known.row;
  },
  dissect: (view, out, { state }) =>
    dissectDns(
      view,
      out,
      { name: 'DNS', long: 'Domain Name System' },
      view.context.step.ipProtocol === 6 ? state : null,
    ),
});

/** Rows of responses (QR bit, RFC 1035 section 4.1.1): where names of addresses are looked for. */
export const dnsResponses = listener<null>({
  table: 'udp.port',
  ports: [53, 5353],
  start: () => null,
  hear(s, _memory, from, toPort) {
    const answers = !toPort || s.srcPort === 53 || s.srcPort === 5353;
    if (answers && !s.quoted && from + 2 < s.end && (s.bytes[from + 2] & 0x80) !== 0) s.state.dnsAnswers.add(s.row);
  },
});

export const mdns = defineProtocol('mdns', {
  label: 'Multicast Domain Name System',
  prefix: 'dns',
  bind: [{ table: 'udp.port', keys: [5353] }],
  fields: mdnsFields,
  step: noteExchange,
  dissect: (view, out) => dissectDns(view, out, { name: 'MDNS', long: 'Multicast Domain Name System' }),
});

export const llmnr = defineProtocol('llmnr', {
  label: 'Link-local Multicast Name Resolution',
  prefix: 'dns',
  bind: [{ table: 'udp.port', keys: [5355] }],
  fields,
  step: noteExchange,
  dissect: (view, out) => dissectDns(view, out, { name: 'LLMNR', long: 'Link-local Multicast Name Resolution' }),
});
