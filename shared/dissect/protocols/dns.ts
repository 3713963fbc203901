/**
 * Domain Name System (RFC 1035, 3596 AAAA, 2782 SRV, 6891 EDNS, 8659 CAA, 9460 SVCB/HTTPS), over UDP and TCP; mDNS (RFC
 * 6762) and LLMNR (RFC 4795) share it. Not decoded: DNSSEC records, update and stateful messages beyond their sections.
 */

import { utf8Text } from '../../bytes/text.ts';
import { ipv4Text, ipv6Text } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
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
  'caa.tag': string('Tag', { coding: 'latin1' }),
  'caa.value': string('Value', { coding: 'latin1' }),
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
type DnsCursor = Cursor<typeof fields>;

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
  const c = new Cursor(view, out);
  while (c.at < view.captured) {
    const start = c.at;
    const length = c.read('length');
    if (length < headerSize) view.malformed(start, 'the message is shorter than its header');
    dissectMessage(view, out, flavour, c.at, Math.min(view.captured, c.at + length), open, overTcp);
    c.at += length;
  }
}

/** A message in `[base, end)` of the layer, and how far it is read. */
interface Reading {
  readonly c: DnsCursor;
  readonly base: number;
  readonly end: number;
  readonly multicast: boolean;
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
  const c = new Cursor(view, out, base);
  const [id, flags] = [c.peek('id'), c.peek('flags', 2)];
  const response = (flags & 0x8000) !== 0;
  const opcode = (flags >> 11) & 15;
  const rcode = flags & 15;
  const update = opcode === 5;
  out.protocol(flavour.name);
  out.title(`${flavour.long} (${response ? 'response' : 'query'})`);
  const exchange = exchangeOf(view, open, id, response);
  const idLine = c.show('id');
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
  c.part('flags');
  c.line.label = `Flags: 0x${flags.toString(16).padStart(4, '0')} ${describe}`;
  c.part('flags.response');
  c.part('flags.opcode');
  if (flavour.name === 'LLMNR') {
    for (const key of ['flags.conflict', 'flags.truncated', 'flags.tentative'] as const) c.part(key);
  } else {
    if (response) c.part('flags.authoritative');
    c.part('flags.truncated');
    c.part('flags.recdesired');
    if (response) c.part('flags.recavail');
    c.part('flags.z');
    if (response || (flags & 0x0020) !== 0) c.part('flags.authenticated');
    c.part('flags.checkdisable');
  }
  if (response) c.part('flags.rcode');
  c.pass('flags');
  const keys = [
    update ? 'count.zones' : 'count.queries',
    update ? 'count.prerequisites' : 'count.answers',
    update ? 'count.updates' : 'count.auth_rr',
    'count.add_rr',
  ] as const;
  // Where one is cut none is shown.
  const counts = keys.map((key, i) => c.peek(key, i * 2));
  for (const key of keys) c.show(key);
  out.info(
    `${opcodeName(opcode)}${response ? ' response' : ''} 0x${id.toString(16).padStart(4, '0')}${response && rcode !== 0 ? ` ${rcodeName(rcode)}` : ''}`,
  );
  const multicast = flavour.name === 'MDNS';
  const message = { c, base, end, multicast };
  const titles = update
    ? ['Zone', 'Prerequisites', 'Updates', 'Additional records']
    : ['Queries', 'Answers', 'Authoritative nameservers', 'Additional records'];
  for (const [k, count] of counts.entries()) {
    if (count === 0) continue;
    const from = c.at;
    const section = out.line(titles[k], from, 0);
    out.group(section, () => {
      for (let i = 0; i < count; i++) {
        if (k === 0) question(message);
        else record(message);
      }
    });
    section.length = c.at - from;
  }
  showExchange(view, out, exchange, response, overTcp);
}

/** Seconds in which a query without an answer that comes again is the same one (as tshark has it). */
const patience = 5;

/** HOT: which response belongs to which query, by conversation and number, is told while the capture is indexed. */
function noteExchange(s: Step): void {
  if (s.cold || s.quoted || s.stream < 0 || !s.has(headerSize)) return;
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

/** The name at the cursor, which is not moved, and the bytes that it takes there. */
function nameAt({ c, base, end }: Reading, ahead = 0): { readonly text: string; readonly size: number } {
  const { text, next } = readName(c.view, base, c.at + ahead, end);
  return { text, size: next - c.at - ahead };
}

function question(message: Reading): void {
  const { c, multicast } = message;
  const { out, at } = c;
  const { text, size } = nameAt(message);
  const type = c.peek('qry.type', size);
  const rawClass = c.peek('qry.class', size + 2);
  const cls = multicast ? rawClass & 0x7fff : rawClass;
  const line = out.line(
    `${text}: type ${typeName(type)}, class ${dnsClasses[cls] ?? `Unknown (${cls})`}${multicast ? `, "${rawClass & 0x8000 ? 'QU' : 'QM'}" question` : ''}`,
    at,
    size + 4,
  );
  out.group(line, () => {
    c.put('qry.name', text, size);
    out.add('qry.name.len', at, size, text.length);
    out.add('count.labels', at, size, text.startsWith('<') ? 1 : text.split('.').length);
    c.show('qry.type');
    showClass(message, 'qry.class', 'qry.qu', cls);
  });
  out.appendInfo(` ${typeName(type)} ${text}${multicast ? `, "${rawClass & 0x8000 ? 'QU' : 'QM'}" question` : ''}`);
}

/** In multicast DNS the class shares its word with a flag, whose bit it is shown without. */
function showClass(
  { c, multicast }: Reading,
  key: 'qry.class' | 'resp.class',
  flag: 'qry.qu' | 'resp.cache_flush',
  cls: number,
): void {
  const { at } = c;
  c.put(key, cls);
  if (!multicast) return;
  c.at = at;
  c.show(flag);
}

function record(message: Reading): void {
  const { c, end, multicast } = message;
  const { out, view, at } = c;
  const { text, size } = nameAt(message);
  const type = c.peek('resp.type', size);
  const rawClass = c.peek('resp.class', size + 2);
  const length = c.peek('resp.len', size + 8);
  const data = at + size + 10;
  if (data + length > end) {
    view.need(data, length);
    view.malformed(data, 'the data runs over the message');
  }
  const line = out.line(`${text}: type ${typeName(type)}`, at, data + length - at);
  out.appendInfo(` ${typeName(type)}${multicast && type !== 41 && rawClass & 0x8000 ? ', cache flush' : ''}`);
  out.group(line, () => {
    if (type === 33) serviceName(c, size, text);
    else c.put('resp.name', text, size);
    c.show('resp.type');
    if (type === 41) return optRecord(message);
    const cls = multicast ? rawClass & 0x7fff : rawClass;
    line.label += `, class ${dnsClasses[cls] ?? `Unknown (${cls})`}`;
    showClass(message, 'resp.class', 'resp.cache_flush', cls);
    c.show('resp.ttl');
    c.show('resp.len');
    if (length > 0) recordData(message, type, length, line, text);
  });
  // Whatever was made of the data.
  c.at = data + length;
}

/** `_service._proto.name` (RFC 2782). */
function serviceName(c: DnsCursor, size: number, owner: string): void {
  const { at, out } = c;
  c.at += size;
  const parts = owner.split('.');
  if (parts.length < 3) return;
  out.add('srv.service', at, size, parts[0]);
  out.add('srv.proto', at, size, parts[1]);
  out.add('srv.name', at, size, parts.slice(2).join('.'));
}

/** RFC 6891 section 6.1.2: what stands in place of class and time to live. */
function optRecord({ c, multicast }: Reading): void {
  if (multicast) c.part('resp.cache_flush');
  c.show('rr.udp_payload_size');
  c.show('resp.ext_rcode');
  c.show('resp.edns0_version');
  c.word('resp.z', 'resp.z.do', 'resp.z.reserved');
  const { out } = c;
  const length = c.read('resp.len');
  c.items(
    c.at + length,
    () => 4 + c.peek('opt.len', 2),
    (size) => {
      out.group(out.line(`Option: ${c.peek('opt.code')}`, c.at, size), () => {
        c.show('opt.code');
        c.counted('opt.len', 'opt.data');
      });
    },
  );
}

function recordData(message: Reading, type: number, length: number, line: TreeItem, owner: string): void {
  const { c } = message;
  const { view, out, at: data } = c;
  const end = data + length;
  const say = (text: string): void => {
    out.appendInfo(` ${text}`);
  };
  switch (type) {
    case 1: {
      if (length !== 4) break;
      const address = ipv4Text(c.read('a'));
      line.label += `, addr ${address}`;
      return say(address);
    }
    case 28: {
      if (length !== 16) break;
      const address = ipv6Text(c.read('aaaa'));
      line.label += `, addr ${address}`;
      return say(address);
    }
    case 2:
    case 5:
    case 12:
    case 39: {
      const { text } = nameAt(message);
      c.put(type === 2 ? 'ns' : type === 5 ? 'cname' : type === 12 ? 'ptr.domain_name' : 'dname', text, length);
      line.label += `, ${type === 2 ? 'ns' : type === 5 ? 'cname' : type === 12 ? 'ptr' : 'dname'} ${text}`;
      return say(text);
    }
    case 15: {
      const { text } = nameAt(message, 2);
      const preference = c.read('mx.preference');
      c.put('mx.mail_exchange', text, end - c.at);
      line.label += `, preference ${preference}, mx ${text}`;
      return say(`${preference} ${text}`);
    }
    case 6: {
      const primary = nameAt(message);
      const mailbox = nameAt(message, primary.size);
      c.put('soa.mname', primary.text, primary.size);
      c.put('soa.rname', mailbox.text, mailbox.size);
      c.show('soa.serial_number');
      c.show('soa.refresh_interval');
      c.show('soa.retry_interval');
      c.show('soa.expire_limit');
      c.show('soa.minimum_ttl');
      line.label += `, mname ${primary.text}`;
      return say(primary.text);
    }
    case 16:
      return texts(c, end, 'txt.length', 'txt');
    case 33: {
      const { text } = nameAt(message, 6);
      const numbers = [c.read('srv.priority'), c.read('srv.weight'), c.read('srv.port')];
      c.put('srv.target', text, end - c.at);
      return say(`${numbers.join(' ')} ${text}`);
    }
    case 64:
    case 65: {
      const target = nameAt(message, 2);
      c.show('svcb.svcpriority');
      c.put('svcb.targetname', target.text, target.size);
      return serviceParameters(c, end);
    }
    case 13: {
      // Of texts that are cut neither is shown.
      const cpu = c.peek('hinfo.cpu_length');
      view.need(data, 2 + cpu + c.peek('hinfo.os_length', 1 + cpu));
      return say(`${c.counted('hinfo.cpu_length', 'hinfo.cpu')} ${c.counted('hinfo.os_length', 'hinfo.os')}`);
    }
    case 10:
      c.show('null', length);
      return say(owner);
    case 47: {
      const { text, size } = nameAt(message);
      c.put('nsec.next_domain_name', text, size);
      typeBitmaps(c, end);
      return say(text);
    }
    case 257:
      return authority(c, end);
    default:
      // Known by name, not decoded.
      if (dnsTypes[type] !== undefined && type !== 256 && length > 0)
        return void out.line(`Data: ${length} bytes`, data, length);
      break;
  }
  if (length > 0) c.show('data', length);
}

/** Texts with their lengths before them. */
function texts(
  c: DnsCursor,
  end: number,
  lengthKey: 'txt.length' | 'svcb.svcparam.alpn.length',
  key: 'txt' | 'svcb.svcparam.alpn',
): void {
  c.items(
    end,
    () => 1 + c.peek(lengthKey),
    () => void c.counted(lengthKey, key),
  );
}

/** Who may issue certificates (RFC 8659 section 4.1): the value stands for the record, and in its own place. */
function authority(c: DnsCursor, end: number): void {
  const { view, out, at } = c;
  const tagLength = c.peek('caa.tag_length', 1);
  const tag = view.latin1(at + 2, tagLength);
  const value = view.latin1(at + 2 + tagLength, end - at - 2 - tagLength);
  c.show('caa.flags');
  const key = tag === 'issue' || tag === 'issuewild' || tag === 'iodef' ? (`caa.${tag}` as const) : 'caa.unknown';
  out.group(out.add(key, c.at, end - c.at, value), () => {
    c.counted('caa.tag_length', 'caa.tag');
    c.show('caa.value', end - c.at);
  });
}

/** RFC 9460 section 2.2: keys, each with a value. */
function serviceParameters(c: DnsCursor, to: number): void {
  c.items(
    to,
    () => 4 + c.peek('svcb.svcparam.value.length', 2),
    (size) => {
      const { out, at } = c;
      const key = c.peek('svcb.svcparam.key');
      const text = `SvcParam: ${serviceKeys[key] ?? `key${key}`}`;
      out.group(out.add('svcb.svcparam', at, size, true, { text }), () => serviceParameter(c, at + size));
    },
  );
}

function serviceParameter(c: DnsCursor, end: number): void {
  const key = c.read('svcb.svcparam.key');
  const size = c.read('svcb.svcparam.value.length');
  if (key === 1) texts(c, end, 'svcb.svcparam.alpn.length', 'svcb.svcparam.alpn');
  else if (key === 3 && size === 2) c.show('svcb.svcparam.port');
  else if (key === 4 && size % 4 === 0) c.list('svcb.svcparam.ipv4hint.ip', end);
  else if (key === 6 && size % 16 === 0) c.list('svcb.svcparam.ipv6hint.ip', end);
  else if (size > 0) c.show('svcb.svcparam.value', size);
}

/** Types that exist at a name, as windows of bits (RFC 4034 section 4.1.2). */
function typeBitmaps({ view, out, at }: DnsCursor, to: number): void {
  view.items(
    at,
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
  return end - start < 2 + headerSize
    ? null
    : { id: (b[start + 2] << 8) | b[start + 3], response: (b[start + 4] & 0x80) !== 0 };
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
