/** Captures on real devices, made for the purpose where need be. */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listDevices } from '../../../electron/capture/devices.ts';
import { checkCaptureFilter } from '../../../electron/capture/filter-check.ts';
import { permissionAdvice } from '../../../electron/capture/permission.ts';
import type { CaptureTools } from '../../../electron/capture/tools.ts';
import { deviceTraffic } from '../../../electron/capture/traffic.ts';
import { LiveCapture } from '../../../electron/worker/live-capture.ts';
import type { CaptureStore } from '../../../shared/dissect/capture-store.ts';
import { type CaptureOptions, defaultCaptureOptions, type LiveOrder, noLimits } from '../../../shared/model/live.ts';
import {
  asNobody,
  cannotCapture,
  capture,
  captureTools,
  ip,
  opened,
  pause,
  stalled,
} from '../../support/capture-tools.ts';
import { openedFile } from '../../support/opened-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const why = cannotCapture === '' ? '' : ` (skipped: ${cannotCapture})`;
const devices: string[] = [];
afterEach(() => {
  for (const name of devices.splice(0)) spawnSync('ip', ['link', 'del', name]);
});

/** A pair of virtual devices, up, without addresses. */
function veth(): readonly [string, string] {
  const [a, b] = [`hst${process.pid % 10000}a`, `hst${process.pid % 10000}b`];
  ip('link', 'add', a, 'type', 'veth', 'peer', 'name', b);
  devices.push(a);
  for (const name of [a, b]) {
    ip('link', 'set', name, 'up');
  }
  return [a, b];
}

const port = 40_000 + (process.pid % 10_000);
const socket = (): Socket => createSocket('udp4');

/** Sends numbered datagrams to a port of this machine where nobody listens for them. */
async function send(count: number, bytes: number, perMs = 8): Promise<void> {
  const from = socket();
  const sink = socket();
  await new Promise<void>((resolve) => sink.bind(port, '127.0.0.1', resolve));
  for (let i = 0; i < count; i++) {
    const payload = Buffer.alloc(bytes);
    payload.writeUInt32BE(i);
    from.send(payload, port, '127.0.0.1');
    if (i % perMs === perMs - 1) await pause(1);
  }
  await pause(100);
  from.close();
  sink.close();
}

/** Nanoseconds since 1970 by the datagram's number. */
function timesOf(store: CaptureStore): ReadonlyMap<number, bigint> {
  const times = new Map<number, bigint>();
  for (let row = 0; row < store.table.length; row++) {
    const bytes = store.readBytes(row);
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(42);
    times.set(number, BigInt(store.table.get('sec', row)) * 1_000_000_000n + BigInt(store.table.get('nsec', row)));
  }
  return times;
}

/** Captures on the loopback device into a spool file, as the window does. */
async function toSpool(
  tools: CaptureTools,
  folder: string,
  {
    options,
    ...more
  }: { readonly options: Partial<CaptureOptions> } & Partial<Pick<LiveOrder, 'series' | 'seriesFile'>>,
): Promise<{ readonly live: LiveCapture; readonly spool: string; readonly ended: Promise<void> }> {
  const spool = join(folder, 'spool.bin');
  const order = {
    limits: noLimits,
    series: null,
    seriesFile: '',
    asking: false,
    disposable: false,
    watches: false,
    pipe: '',
    name: 'lo',
    spool,
    ...more,
  };
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const live = await new Promise<LiveCapture>((resolve) => {
    const made: LiveCapture = new LiveCapture(
      tools,
      { ...order, options: { ...defaultCaptureOptions, devices: ['lo'], ...options } },
      { opened: () => resolve(made), grew: () => undefined, counts: () => undefined, ended: () => end() },
    );
  });
  return { live, spool, ended };
}

describe.skipIf(cannotCapture !== '')(`capturing${why}`, () => {
  let tools: CaptureTools;
  beforeAll(async () => {
    tools = await captureTools();
    // Without cap these tests would say nothing of it.
    expect(tools.childProblem).toBe('');
    expect(tools.child).not.toBeNull();
  });

  it('knows the devices, their addresses and what they carry', async () => {
    const { devices: list, means } = await listDevices(tools);
    expect(means).toBe('cap');
    const lo = list.find(({ name }) => name === 'lo');
    expect(lo).toMatchObject({ kind: 'loopback', up: true });
    expect(lo?.addresses).toContain('127.0.0.1');
    expect((await deviceTraffic())?.some(({ name }) => name === 'lo')).toBe(true);
    const byDumpcap = await listDevices({ ...tools, child: null });
    expect(byDumpcap.means).toBe('dumpcap');
    expect(byDumpcap.devices.find(({ name }) => name === 'lo')).toMatchObject({ kind: 'loopback' });
  });

  it('asks libpcap whether it takes a filter', async () => {
    for (const each of [tools, { ...tools, child: null }]) {
      expect(await checkCaptureFilter(each, 'tcp port 80 and host 192.0.2.1')).toBeNull();
      expect(await checkCaptureFilter(each, '  ')).toBeNull();
      expect(await checkCaptureFilter(each, 'tcp porty 80')).toMatch(/syntax error/);
    }
    expect(await checkCaptureFilter({ ...tools, child: null, dumpcap: null }, 'tcp')).toBe('');
  });

  it.each(['cap', 'dumpcap'] as const)('captures what was sent, with %s', async (means) => {
    const one = capture(means === 'cap' ? tools : { ...tools, child: null }, {
      devices: ['lo'],
      filter: `udp port ${port}`,
    });
    await one.started;
    // dumpcap says that it is ready with its first bytes, which come at once.
    await pause(means === 'cap' ? 0 : 500);
    await send(300, 100);
    await one.running.stop();
    expect(one.means()).toBe(means);
    expect(await one.ended).toBeNull();
    const store = opened(one.bytes());
    expect(store.table.length).toBe(300);
    expect(timesOf(store).size).toBe(300);
    expect(store.healthIssues).toEqual([]);
    // On the loopback device the kernel counts each packet twice, going out and coming in.
    expect(one.counts()?.received).toBeGreaterThanOrEqual(300);
    expect(one.counts()?.droppedByKernel).toBe(0);
  });

  it('keeps the first bytes of each packet and its length on the wire', async () => {
    const one = capture(tools, { devices: ['lo'], filter: `udp port ${port}`, snapLength: 80, promiscuous: false });
    await one.started;
    await send(5, 1000);
    await one.running.stop();
    const { table } = opened(one.bytes());
    expect(table.length).toBe(5);
    for (let row = 0; row < 5; row++) expect([table.get('capLen', row), table.get('wireLen', row)]).toEqual([80, 1042]);
  });

  it('captures on several devices at once', async () => {
    const [a, b] = veth();
    const one = capture(tools, { devices: ['lo', a], filter: `udp port ${port} or icmp6 or udp port 5353` });
    await one.started;
    await send(10, 60);
    const frame = spawnSync('ip', ['link', 'set', b, 'address', '02:00:00:00:00:99']);
    expect(frame.status).toBe(0);
    await one.running.stop();
    const store = opened(one.bytes());
    const onLoopback = Array.from({ length: store.table.length }, (_, row) => store.table.get('iface', row)).filter(
      (iface) => iface === 0,
    ).length;
    expect(onLoopback).toBe(10);
  });

  it.each([0, 200])(
    "has the kernel's times: 10,000 packets beside tcpdump, its event loop held up for %i ms each second",
    async (stallMs) => {
      const file = join(temporaryFolder('times'), 'tcpdump.pcap');
      const tcpdump = spawn(
        'tcpdump',
        ['-i', 'lo', '-B', '32768', '--time-stamp-precision=nano', '-Z', 'root', '-w', file, `udp port ${port}`],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      await new Promise<void>((resolve) => {
        tcpdump.stderr.on('data', (chunk: Buffer) => {
          if (chunk.toString().includes('listening on')) resolve();
        });
      });
      const one = capture(stalled(tools, stallMs), { devices: ['lo'], filter: `udp port ${port}` });
      await one.started;
      await send(10_000, 64);
      // tcpdump takes packets from the kernel once a second.
      await pause(1300);
      await one.running.stop();
      tcpdump.kill('SIGINT');
      await new Promise((resolve) => tcpdump.on('close', resolve));
      const ours = timesOf(opened(one.bytes()));
      const theirs = timesOf(openedFile(file));
      expect(ours.size).toBe(10_000);
      expect(theirs.size).toBe(10_000);
      const differences = [...ours].map(([number, time]) => Number(time - (theirs.get(number) ?? 0n))).map(Math.abs);
      differences.sort((a, b) => a - b);
      process.stdout.write(`times beside tcpdump's: median ${differences[5000]} ns, largest ${differences[9999]} ns\n`);
      expect(differences[5000]).toBeLessThan(100_000);
      expect(differences[9999]).toBeLessThan(1_000_000);
    },
  );

  it('says what is wrong with filter or device', async () => {
    for (const each of [tools, { ...tools, child: null }]) {
      const bad = capture(each, { devices: ['lo'], filter: 'tcp porty 80' });
      expect(await bad.ended).toMatchObject({ code: 'bad-filter' });
      const none = capture(each, { devices: ['nosuchdevice'] });
      expect(await none.ended).toMatchObject({ code: 'no-device' });
    }
  });

  it('has what was sent just before it was stopped', async () => {
    const one = capture(tools, { devices: ['lo'], filter: `udp port ${port}` });
    await one.started;
    const from = socket();
    const sink = socket();
    await new Promise<void>((resolve) => sink.bind(port, '127.0.0.1', resolve));
    for (let sent = 0; sent < 50; sent++) await new Promise((resolve) => from.send('x', port, '127.0.0.1', resolve));
    await one.running.stop();
    from.close();
    sink.close();
    expect(await one.ended).toBeNull();
    expect(opened(one.bytes()).table.length).toBe(50);
  });

  it('says when the device goes away, and what was captured stays', async () => {
    // Many times: what libpcap says of it depends on how far the kernel has got, and now and then it says nothing.
    for (let i = 0; i < 25; i++) {
      const [a] = veth();
      ip('addr', 'add', '198.18.77.1/30', 'dev', a);
      ip('neigh', 'add', '198.18.77.2', 'lladdr', '02:00:00:00:00:02', 'dev', a);
      const one = capture(tools, { devices: [a], filter: 'udp port 9' });
      await one.started;
      const from = socket();
      for (let sent = 0; sent < 10; sent++) await new Promise((resolve) => from.send('x', 9, '198.18.77.2', resolve));
      from.close();
      ip('link', 'del', a);
      expect(await one.ended).toMatchObject({ code: 'device-gone', detail: expect.stringContaining(a) });
      expect(opened(one.bytes()).table.length).toBe(10);
    }
  });

  it('says when the program was killed, and what it gave stays', async () => {
    const one = capture(tools, { devices: ['lo'], filter: `udp port ${port}` });
    await one.started;
    await send(50, 64);
    const { pid } = one.running;
    if (pid === null) throw new Error('nothing runs');
    process.kill(pid, 'SIGKILL');
    expect(await one.ended).toMatchObject({ code: 'killed' });
    expect(opened(one.bytes()).table.length).toBe(50);
  });

  it('without rights says so, and takes the program that has them', async () => {
    const child = tools.child === null ? null : { ...tools.child, command: asNobody(tools.child.command) };
    const dumpcap = asNobody('dumpcap');
    const none = capture({ ...tools, child, dumpcap }, { devices: ['lo'] });
    expect(await none.ended).toMatchObject({ code: 'not-permitted' });
    const without = capture({ ...tools, child, dumpcap: null }, { devices: ['lo'] });
    expect(await without.ended).toMatchObject({ code: 'not-permitted' });
    const other = capture({ ...tools, child }, { devices: ['lo'], filter: `udp port ${port}` });
    await other.started;
    await pause(500);
    await send(20, 64);
    await other.running.stop();
    expect(other.means()).toBe('dumpcap');
    expect(opened(other.bytes()).table.length).toBe(20);
    const nothing = capture(
      { child: null, childProblem: 'no module', dumpcap: null, pkexec: null },
      { devices: ['lo'] },
    );
    expect(await nothing.ended).toEqual({ code: 'no-means', detail: 'no module' });
  });

  it('writes a series of files besides, of which the newest stay, each a capture of its own', async () => {
    const folder = temporaryFolder('series');
    const { live, spool, ended } = await toSpool(tools, folder, {
      options: { filter: `udp port ${port}` },
      series: { bytes: 20_000, seconds: null, files: 2 },
      seriesFile: join(folder, 'series.pcapng'),
    });
    await send(500, 100);
    await live.stop();
    await ended;
    expect(openedFile(spool).table.length).toBe(500);
    const files = readdirSync(folder).filter((name) => name.startsWith('series_'));
    expect(files).toHaveLength(2);
    const inFiles = files.sort().map((name) => openedFile(join(folder, name)));
    expect(inFiles.every(({ healthIssues }) => healthIssues.length === 0)).toBe(true);
    // The last packets, none twice and none left out.
    const numbers = inFiles.flatMap((store) => [...timesOf(store).keys()]);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 500 - numbers.length + i));
  });

  it('loses nothing while the thread that reads is busy with something else', async () => {
    const { live, spool, ended } = await toSpool(tools, temporaryFolder('busy'), {
      options: { filter: `udp dst port ${port}`, bufferMiB: 4 },
    });
    // From a process of its own, and far more than the kernel keeps; slowly enough for a machine that has other things
    // to do.
    const datagrams = 15_000;
    const sender = spawn(process.execPath, [
      '-e',
      `const s = require('dgram').createSocket('udp4'); let i = 0; const go = () => { for (let n = 0; n < 10; n++) s.send(Buffer.alloc(1000), ${port}, '127.0.0.1'); i += 10; if (i < ${datagrams}) setTimeout(go, 1); else setTimeout(() => s.close(), 50); }; go();`,
    ]);
    const sent = new Promise((resolve) => sender.on('close', resolve));
    // This thread does nothing else until they are on disk, whatever becomes of it.
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    for (let n = 0; n < 600 && statSync(spool).size <= datagrams * 1000; n++) Atomics.wait(sleeper, 0, 0, 50);
    expect(statSync(spool).size).toBeGreaterThan(datagrams * 1000);
    await sent;
    await live.stop();
    await ended;
    expect(openedFile(spool).table.length).toBe(datagrams);
  });

  it('gives advice that fits what is installed', () => {
    const steps = (each: CaptureTools): readonly string[] => permissionAdvice(each).steps.map(({ kind }) => kind);
    expect(steps({ ...tools, dumpcap: null })[0]).toBe('install-dumpcap');
    expect(steps({ child: null, childProblem: 'x', dumpcap: null, pkexec: null })).toContain('install-libpcap');
    expect(permissionAdvice(tools).steps.every(({ command }) => command.startsWith('sudo '))).toBe(true);
  });
});
