import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Answers, answersOf } from '../../../electron/worker/requests.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import type { WorkerEvents } from '../../../shared/ipc/worker-messages.ts';
import type { DecodeAsRule } from '../../../shared/model/decode-as.ts';
import { defaultCaptureOptions, noLimits } from '../../../shared/model/live.ts';
import { packet, pcap } from '../../support/capture-builder.ts';
import { address, dns, pointer, record } from '../../support/dns-response.ts';

const registry = createRegistry(protocols);
const folder = mkdtempSync(join(tmpdir(), 'handshark-decode-as-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const request = new TextEncoder().encode('GET /index.html HTTP/1.1\r\nHost: example.test\r\n\r\n');
const httpOnOwnPort = pcap([
  packet().eth().ip().tcp({ sport: 50000, dport: 8888, seq: 1, flags: 'S' }).bytes(),
  packet().eth().ip().tcp({ sport: 50000, dport: 8888, seq: 2, flags: 'PA', payload: request }).bytes(),
]);
const answer = dns({ asked: 'example.test', answers: [record(pointer, 1, address('192.0.2.1'))], port: 5555 });
const dnsOnOwnPort = pcap([answer, packet().eth().ip().tcp({ sport: 1, dport: 2, flags: 'S' }).bytes()]);

type Told = { readonly [N in keyof WorkerEvents]?: WorkerEvents[N][] };
function session(): { readonly session: Answers; readonly told: Told } {
  const told: Told = {};
  return {
    told,
    session: answersOf(registry, (name, value) => {
      (told as Record<string, unknown[]>)[name] = [...(told[name] ?? []), value];
    }),
  };
}
const settled = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setImmediate(resolve));
};
async function opened(session: Answers, bytes: Uint8Array, name: string, notes = ''): Promise<void> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  expect(session.open(1, path, notes).ok).toBe(true);
  await settled();
}
const protocolColumn = (session: Answers): readonly string[] => {
  const page = session['rows:page'](1, 0, 100);
  return page?.cells[page.columns.indexOf('protocol')] ?? [];
};
async function passing(session: Answers, filter: string): Promise<number> {
  session['rows:show'](1, { filter, selectedRow: -1 });
  await settled();
  const count = session['rows:page'](1, 0, 100)?.rows.length ?? -1;
  session['rows:show'](1, null);
  return count;
}
const asData: DecodeAsRule = { table: 'tcp.port', key: 8888, protocol: 'data' };
const name: DecodeAsRule = { table: 'udp.port', key: 5555, protocol: 'dns' };

describe('while a capture is open', () => {
  it('a port of TCP: the rows stand, and everything read of them is made anew', async () => {
    const { session: one, told } = session();
    await opened(one, httpOnOwnPort, 'http.pcap');
    expect([protocolColumn(one), await passing(one, 'http'), await passing(one, 'data')]).toEqual([
      ['TCP', 'HTTP'],
      1,
      0,
    ]);
    expect(JSON.stringify(one['tcp:ladder'](1, 0))).toContain('example.test');
    one['rows:colour'](['http']);
    expect([...(one['rows:page'](1, 0, 9)?.tints ?? [])]).toEqual([0, 1]);

    one.decodeAs([asData]);
    expect(told['capture:decoded']).toEqual([{ captureId: 1, progress: null }]);
    expect([
      protocolColumn(one),
      await passing(one, 'http'),
      await passing(one, `data.len == ${request.length}`),
    ]).toEqual([['TCP', 'TCP'], 0, 1]);
    expect([...(one['rows:page'](1, 0, 9)?.tints ?? [])]).toEqual([0, 0]);
    expect(one['packet:detail'](1, 1)?.tree.at(-1)?.field).toBe('data');
    expect(JSON.stringify(one['tcp:ladder'](1, 0))).not.toContain('example.test');

    // The same once more changes nothing.
    one.decodeAs([{ ...asData }]);
    expect(told['capture:decoded']).toHaveLength(1);
    one.decodeAs([]);
    expect([protocolColumn(one), await passing(one, 'http')]).toEqual([['TCP', 'HTTP'], 1]);
    one.close();
  });

  it('a port of UDP: the file is read again under the same id, and notes stay', async () => {
    const { session: one, told } = session();
    await opened(one, dnsOnOwnPort, 'dns.pcap', join(folder, 'notes'));
    one['notes:change'](1, { kind: 'mark', rows: [1], on: true });
    expect(protocolColumn(one)).toEqual(['UDP', 'TCP']);

    one.decodeAs([name]);
    expect(told['capture:decoded']).toMatchObject([
      { captureId: 1, progress: { captureId: 1, state: 'complete', packets: 2 } },
    ]);
    expect(told['capture:progress']?.at(-1)).toMatchObject({ state: 'complete', packets: 2 });
    expect([protocolColumn(one), await passing(one, 'dns.a == 192.0.2.1')]).toEqual([['DNS', 'TCP'], 1]);
    expect(one['notes:counts'](1)?.marked).toBe(1);
    one.decodeAs([]);
    await settled();
    expect(protocolColumn(one)).toEqual(['UDP', 'TCP']);
    one.close();
  });

  it('a file that is gone meanwhile: what is shown stays, and the reason is told', async () => {
    const { session: one, told } = session();
    await opened(one, dnsOnOwnPort, 'gone.pcap');
    rmSync(join(folder, 'gone.pcap'));
    one.decodeAs([name]);
    expect(told['capture:progress']?.at(-1)).toMatchObject({
      state: 'failed',
      packets: 2,
      error: { code: 'not-found' },
    });
    expect(one['rows:page'](1, 0, 9)?.rows).toHaveLength(2);
    one.close();
  });

  it('a file that is gone while it is read: a filter ends with what there is', async () => {
    const { session: one, told } = session();
    const path = join(folder, 'gone-early.pcap');
    writeFileSync(path, pcap(Array.from({ length: 10_000 }, () => answer)));
    one.open(1, path, '');
    one['rows:show'](1, { filter: 'udp', selectedRow: -1 });
    rmSync(path);
    one.decodeAs([name]);
    await settled();
    expect(told['capture:progress']?.at(-1)).toMatchObject({ state: 'failed', error: { code: 'not-found' } });
    expect(told['filter:progress']?.at(-1)).toMatchObject({ state: 'done' });
    one.close();
  });
});

it.skipIf(process.platform === 'win32')(
  'a capture that runs: what came before is decoded anew, what comes is decoded so, and it goes on',
  async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const { session: one, told } = session();
    const order = {
      options: defaultCaptureOptions,
      limits: noLimits,
      series: null,
      seriesFile: '',
      asking: false,
      disposable: false,
      watches: false,
      name: 'fifo',
    };
    const started = one.startLive(1, { ...order, pipe: fifo, spool: join(folder, 'spool.pcapng') }, '');
    const writer = await open(fifo, 'w');
    try {
      const [first, second] = [pcap([answer]), pcap([answer, answer])];
      await writer.write(first);
      expect((await started).ok).toBe(true);
      await expect.poll(() => protocolColumn(one)).toEqual(['UDP']);
      one.decodeAs([name]);
      expect(told['capture:decoded']).toMatchObject([{ captureId: 1, progress: { state: 'capturing', packets: 1 } }]);
      await writer.write(second.subarray(24));
      await expect.poll(() => protocolColumn(one)).toEqual(['DNS', 'DNS', 'DNS']);
    } finally {
      await writer.close();
    }
    await expect.poll(() => told['live:ended']).toMatchObject([{ captureId: 1, packets: 3 }]);
    expect(told['capture:progress']?.at(-1)).toMatchObject({ state: 'complete', packets: 3 });
    one.close();
  },
);

it('a capture that is opened later goes by what was chosen before', async () => {
  const { session: one, told } = session();
  one.decodeAs([
    asData,
    name,
    { table: 'no.such', key: 1, protocol: 'http' },
    { table: 'tcp.port', key: 'text', protocol: 'http' },
    { table: 'tcp.port', key: 9, protocol: 'no-such' },
  ]);
  await opened(one, httpOnOwnPort, 'later-http.pcap');
  expect(protocolColumn(one)).toEqual(['TCP', 'TCP']);
  await opened(one, dnsOnOwnPort, 'later-dns.pcap');
  expect(protocolColumn(one)).toEqual(['DNS', 'TCP']);
  expect(told['capture:decoded']).toBeUndefined();
  one.close();
});

it('rules that no protocol answers to leave everything as it is', async () => {
  const { session: one } = session();
  await opened(one, dnsOnOwnPort, 'none.pcap');
  const before = protocolColumn(one);
  one.decodeAs([
    { table: 'udp.port', key: 4294967295, protocol: 'dns' },
    { table: '__proto__', key: 5555, protocol: 'constructor' },
    { table: 'udp.port', key: -1, protocol: 'dns' },
  ]);
  await settled();
  expect(protocolColumn(one)).toEqual(before);
  one.close();
});

describe('what a packet offers', () => {
  it('its keys from the outside in, with the ports of both ends', async () => {
    const { session: one } = session();
    await opened(one, httpOnOwnPort, 'offers.pcap');
    expect(one['decode:offers'](1, 1)).toEqual([
      { table: 'ethertype', key: 0x800, role: '', layer: 'eth' },
      { table: 'ip.proto', key: 6, role: '', layer: 'ip' },
      { table: 'tcp.port', key: 50000, role: 'source', layer: 'tcp' },
      { table: 'tcp.port', key: 8888, role: 'destination', layer: 'tcp' },
    ]);
    expect(one['decode:offers'](1, 2)).toEqual([]);
    expect(one['decode:offers'](2, 0)).toEqual([]);
    one.close();
  });

  it('the media type of what HTTP carries', async () => {
    const { session: one } = session();
    const body = new TextEncoder().encode(
      'HTTP/1.1 200 OK\r\nContent-Type: Application/X-Own; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}',
    );
    await opened(
      one,
      pcap([packet().eth().ip().tcp({ sport: 80, dport: 50001, seq: 1, flags: 'PA', payload: body }).bytes()]),
      'media.pcap',
    );
    expect(one['decode:offers'](1, 0).at(-1)).toEqual({
      table: 'media_type',
      key: 'application/x-own',
      role: '',
      layer: 'http',
    });
    one.decodeAs([{ table: 'media_type', key: 'application/x-own', protocol: 'json' }]);
    expect(one['packet:detail'](1, 0)?.tree.at(-1)?.field).toBe('json');
    one.close();
  });
});
