/** Colours of the packet list by rules: the first one that a packet passes decides. Kept in the settings. */

import * as v from 'valibot';
import { exact, listOf, readJson, text } from './schema.ts';

/**
 * Colours that rules choose from: each is good to read in both themes. The first ten mean the same in list, ladder and
 * minimap.
 */
export const hues = [
  'syn',
  'syn-ack',
  'ack',
  'fin',
  'rst',
  'data',
  'udp',
  'icmp',
  'arp',
  'bad',
  'state',
  'ttl',
  'smb',
  'rpc',
  'routing',
  'broadcast',
] as const;
export type Hue = (typeof hues)[number];
/** Colours of single conversations, chosen by key. */
export const temporaryHues = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9'] as const;
export type TemporaryHue = (typeof temporaryHues)[number];

export const maxRules = 200;
export const maxRuleName = 100;
export const maxGlyph = 3;
/** Longest filter of a rule, in UTF-16 units. */
export const maxRuleFilter = 16_384;

const ruleEntries = {
  name: text(maxRuleName),
  filter: text(maxRuleFilter),
  hue: v.picklist(hues),
  /** One to three letters or signs that stand beside the colour. */
  glyph: v.pipe(
    text(maxGlyph * 2),
    v.check((glyph) => [...glyph].length <= maxGlyph),
  ),
  on: v.boolean(),
};
const colourRule = exact({
  /** Names it for good. The window translates the names of those that ship with it. */
  id: text(100),
  ...ruleEntries,
});
export type ColourRule = v.InferOutput<typeof colourRule>;
export const isColourRule = (value: unknown): value is ColourRule => v.is(colourRule, value);
export const colourRules = listOf(maxRules, colourRule);

const rule = (id: string, glyph: string, hue: Hue, filter: string): ColourRule => ({
  id,
  name: '',
  filter,
  hue,
  glyph,
  on: true,
});

/**
 * What Wireshark's default rules show, expressed by what is decoded here, and in an order that keeps the opening and
 * closing of connections visible on every port. Protocols that are not decoded are found by their numbers, ports and
 * bytes.
 */
export const defaultRules: readonly ColourRule[] = [
  rule('malformed', '‼', 'bad', '_ws.malformed'),
  rule(
    'bad-tcp',
    '!',
    'bad',
    'tcp.analysis.flags && !tcp.analysis.window_update && !tcp.analysis.keep_alive && !tcp.analysis.keep_alive_ack',
  ),
  rule(
    'hsrp-state',
    'ΔH',
    'state',
    'udp.port == 1985 && udp.payload[0] == 00 && udp.payload[1] <= 02 && !(udp.payload[2] == 08 || udp.payload[2] == 10)',
  ),
  rule('stp-change', 'ΔS', 'state', 'frame[14:3] == 42:42:03 && frame[20] == 80'),
  rule('ospf-state', 'ΔO', 'state', 'ip.proto == 89 && eth.type == 0x0800 && ip.hdr_len == 20 && !(frame[35] == 01)'),
  rule('icmp-error', 'I!', 'icmp', 'icmp.type in {3..5, 11} || icmpv6.type in {1..4}'),
  rule('arp', 'ARP', 'arp', 'arp'),
  rule('icmp', 'I', 'icmp', 'icmp || icmpv6'),
  rule('rst', 'R', 'rst', 'tcp.flags.reset == 1'),
  rule('sctp-abort', '×', 'rst', 'ip.proto == 132 && eth.type == 0x0800 && ip.hdr_len == 20 && frame[46] == 06'),
  rule(
    'ttl',
    'T',
    'ttl',
    '(ip.dst != 224.0.0.0/4 && ip.ttl < 5 && !(ip.proto in {88, 89, 103} || tcp.port == 179)) || (ip.dst == 224.0.0.0/24 && ip.dst != 224.0.0.251 && ip.ttl != 1 && !(ip.proto in {88, 112} || udp.port in {520, 3222}))',
  ),
  rule(
    'hop-limit',
    'HL',
    'ttl',
    '(ipv6.dst != ff00::/8 && ipv6.hlim < 5 && !(ipv6.nxt == 89 || ah.next_header == 89 || tcp.port == 179)) || (ipv6.dst == ff00::/8 && ipv6.hlim not in {1, 64, 255})',
  ),
  rule(
    'checksum',
    'Σ',
    'bad',
    'eth.fcs.status == "Bad" || ip.checksum.status == "Bad" || tcp.checksum.status == "Bad" || udp.checksum.status == "Bad"',
  ),
  rule('syn', 'S', 'syn', 'tcp.flags.syn == 1 && tcp.flags.ack == 0'),
  rule('syn-ack', 'SA', 'syn-ack', 'tcp.flags.syn == 1'),
  rule('fin', 'F', 'fin', 'tcp.flags.fin == 1'),
  rule('smb', 'SMB', 'smb', 'tcp.len > 0 && tcp.port in {139, 445} || udp.port in {137, 138}'),
  rule('data', 'D', 'data', 'tcp.len > 0'),
  rule('rpc', 'RPC', 'rpc', 'tcp.port == 135'),
  rule(
    'routing',
    'RT',
    'routing',
    'igmp || ip.proto in {88, 89, 112} || ipv6.nxt == 89 || ah.next_header == 89 || udp.port in {520, 521, 1985} || tcp.port == 179',
  ),
  rule('tcp', 'A', 'ack', 'tcp'),
  rule('udp', 'U', 'udp', 'udp'),
  rule('broadcast', 'B', 'broadcast', 'eth[0] & 1'),
];

/** A file of rules, as exported. Later versions may say more. */
const ruleFile = v.object({
  format: v.literal('handshark-colouring-rules'),
  rules: listOf(maxRules, v.object(ruleEntries)),
});
type RuleFile = v.InferOutput<typeof ruleFile> & { readonly version: 1 };

/** Text of an exported file. `nameOf`: the words for a rule whose name is the window's. */
export function exportRules(rules: readonly ColourRule[], nameOf: (rule: ColourRule) => string): string {
  const file: RuleFile = {
    format: 'handshark-colouring-rules',
    version: 1,
    rules: rules.map(({ id: _, ...rest }, i) => ({ ...rest, name: nameOf(rules[i]) })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The rules of a file; null where it is none. Whatever a file holds, what comes out is bounded and well formed. */
export function importRules(json: string): readonly ColourRule[] | null {
  return readJson(ruleFile, json)?.rules.map((rule, i) => ({ id: `imported-${i}`, ...rule })) ?? null;
}
