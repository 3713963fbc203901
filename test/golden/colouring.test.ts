/**
 * The rules that ship with the application against the rules that tshark colours by: what may differ, and nothing else.
 */
import { expect, test } from 'vitest';
import { openCapture } from '../../electron/worker/load.ts';
import { RowColours } from '../../electron/worker/row-colours.ts';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { defaultRules } from '../../shared/model/colouring.ts';
import { corpusFiles, missing, print, shortName } from './oracle.ts';

const packetsOfFile = 200;
/** One in so many files. */
const every = 4;

/** tshark's rule → ours that may stand in its place; differences.md says why there is more than one. '' is no rule. */
const counterparts: Readonly<Record<string, readonly string[]>> = {
  'Bad TCP': ['bad-tcp', 'malformed'],
  'HSRP State Change': ['hsrp-state'],
  'Spanning Tree Topology  Change': ['stp-change'],
  'OSPF State Change': ['ospf-state', 'hop-limit', 'routing'],
  'ICMP errors': ['icmp-error'],
  ARP: ['arp'],
  ICMP: ['icmp'],
  'SCTP ABORT': ['sctp-abort'],
  'TCP RST': ['rst'],
  'TTL low or unexpected': ['ttl'],
  'IPv4 TTL low or unexpected': ['ttl'],
  'IPv6 hop limit low or unexpected': ['hop-limit'],
  'Checksum Errors': ['checksum'],
  SMB: ['smb', 'syn', 'syn-ack', 'fin', 'tcp'],
  HTTP: ['syn', 'syn-ack', 'fin', 'data', 'tcp', 'udp'],
  DCERPC: ['rpc', 'data', 'udp', 'tcp', 'smb'],
  Routing: ['routing', 'data', 'fin', 'syn', 'syn-ack', 'broadcast', ''],
  'TCP SYN/FIN': ['syn', 'syn-ack', 'fin'],
  TCP: ['tcp', 'data', 'smb', 'rpc', 'malformed'],
  UDP: ['udp', 'smb', 'hop-limit'],
  Broadcast: ['broadcast', 'malformed'],
  'System Event': [''],
  '': [''],
};

test('every packet has the colour of its kind', { timeout: 600_000 }, async ({ skip }) => {
  if (missing !== '') skip(missing);
  const registry = createRegistry(protocols);
  const catalogue = new Map(catalogueOf(registry).map((facts) => [facts.name, facts]));
  const differences = new Map<string, { count: number; example: string }>();
  let compared = 0;
  let same = 0;
  for (const path of corpusFiles().filter((_, i) => i % every === 0)) {
    const opened = openCapture(path, registry, { maxPackets: packetsOfFile });
    if (!opened.ok) continue;
    while (opened.value.advance()) {
      // The file is read to its end.
    }
    const printed = await print(path, [
      '-c',
      String(packetsOfFile),
      '--color',
      '-T',
      'fields',
      '-e',
      'frame.coloring_rule.name',
    ]);
    const colours = new RowColours(
      opened.value.store,
      catalogue,
      defaultRules.map((rule) => rule.filter),
    );
    const theirs = printed.split('\n').slice(0, -1);
    for (const [row, name] of theirs.entries()) {
      if (row >= opened.value.store.table.length) break;
      const place = colours.of(row);
      const ours = place === 0 ? '' : defaultRules[place - 1].id;
      compared++;
      if (counterparts[name]?.includes(ours) === true) same++;
      else {
        const key = `${name} / ${ours}`;
        const known = differences.get(key) ?? { count: 0, example: `${shortName(path)} #${row + 1}` };
        known.count++;
        differences.set(key, known);
      }
    }
    opened.value.source.close();
  }
  process.stdout.write(`colouring: ${same} of ${compared} packets as tshark's rules have it\n`);
  expect([...differences].map(([key, { count, example }]) => `${key}: ${count}, first ${example}`)).toEqual([]);
});
