/** What needs no device: orders, messages, the words of other programs and systems. */
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMessage, readOrder } from '../../../electron/capture/child-contract.ts';
import { dumpcapArguments, dumpcapProblem } from '../../../electron/capture/dumpcap.ts';
import { linkTypeOf } from '../../../electron/capture/link-type-of.ts';
import { fromNetstat, fromProc } from '../../../electron/capture/traffic.ts';
import { deviceTowards } from '../../../electron/main/capture-device.ts';
import { Spool } from '../../../electron/main/spool.ts';
import { argumentsFit } from '../../../shared/ipc/guards.ts';
import { type CaptureDevice, defaultCaptureOptions, noLimits } from '../../../shared/model/live.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const order = { do: 'capture', ...defaultCaptureOptions, devices: ['eth0'] } as const;

describe('the order of the capture child', () => {
  it('is taken where it is one', () => {
    expect(readOrder('{"do":"list"}')).toEqual({ do: 'list' });
    expect(readOrder('{"do":"check","linkType":1,"filter":"tcp"}')).toEqual({
      do: 'check',
      linkType: 1,
      filter: 'tcp',
    });
    expect(readOrder(JSON.stringify(order))).toEqual(order);
    // What nobody asked for does not come along.
    expect(readOrder(JSON.stringify({ ...order, command: 'rm' }))).toEqual(order);
  });

  it.each([
    undefined,
    '',
    'list',
    '{}',
    '[]',
    'null',
    '{"do":"check","linkType":-1,"filter":"tcp"}',
    '{"do":"check","linkType":1}',
    JSON.stringify({ ...order, devices: [] }),
    JSON.stringify({ ...order, devices: ['a', 'a'] }),
    JSON.stringify({ ...order, devices: [''] }),
    JSON.stringify({ ...order, devices: ['a\0b'] }),
    JSON.stringify({ ...order, devices: Array.from({ length: 33 }, (_, i) => `d${i}`) }),
    JSON.stringify({ ...order, filter: 'x'.repeat(8193) }),
    JSON.stringify({ ...order, promiscuous: 1 }),
    JSON.stringify({ ...order, snapLength: 67 }),
    JSON.stringify({ ...order, snapLength: 1e9 }),
    JSON.stringify({ ...order, bufferMiB: 0 }),
  ])('is refused where it is none: %s', (text) => expect(readOrder(text)).toBeNull());

  it('is answered in lines that only say what they may', () => {
    expect(readMessage('{"kind":"started"}')).toEqual({ kind: 'started' });
    expect(readMessage('{"kind":"counts","received":3,"droppedByKernel":1,"droppedByInterface":0,"more":1}')).toEqual({
      kind: 'counts',
      received: 3,
      droppedByKernel: 1,
      droppedByInterface: 0,
    });
    expect(readMessage('{"kind":"failed","code":"no-device","detail":"x"}')).toEqual({
      kind: 'failed',
      code: 'no-device',
      detail: 'x',
    });
    for (const line of [
      '',
      'warning: something',
      '{}',
      '{"kind":"counts","received":-1}',
      '{"kind":"failed","code":"evil","detail":"x"}',
      '1',
    ])
      expect(readMessage(line)).toBeNull();
  });
});

describe('dumpcap', () => {
  it('is told all that was chosen', () => {
    expect(
      dumpcapArguments({
        devices: ['lo', 'eth0'],
        filter: 'tcp',
        promiscuous: false,
        snapLength: 96,
        bufferMiB: 8,
      }).join(' '),
    ).toBe('-q -f tcp -p -s 96 -B 8 -i lo -i eth0 -w -');
  });

  it.each([
    ['dumpcap: There is no device named "x".\n(No such device exists)', 1, 'no-device'],
    [
      'dumpcap: You do not have permission to capture on device "lo".\n(socket: Operation not permitted)',
      1,
      'not-permitted',
    ],
    [
      "dumpcap: Invalid capture filter \"x\" for interface 'lo'.\n\nThat string isn't a valid capture filter (syntax error).",
      1,
      'bad-filter',
    ],
    ['dumpcap: Not all the packets could be written: there is no space left on the device.', 1, 'disk-full'],
    ['dumpcap: something else', 1, 'failed'],
  ] as const)('%s', (said, code, expected) =>
    expect(dumpcapProblem(said, code, 'dumpcap', false)?.code).toBe(expected),
  );

  it('says nothing where all is well, and pkexec says when the user declined', () => {
    expect(dumpcapProblem("Capturing on 'lo'\nFile: -\nPackets captured: 3\n", 0, 'dumpcap', true)).toBeNull();
    expect(dumpcapProblem('Request dismissed', 126, 'pkexec', false)?.code).toBe('declined');
  });
});

describe('what devices carry', () => {
  it('as Linux tells it', () => {
    const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    1000      10    0    0    0     0          0         0     1000      10    0    0    0     0       0          0
  eth0: 5000 7 0 0 0 0 0 0 600 3 0 0 0 0 0 0
 broken: 1 2
`;
    expect(fromProc(text)).toEqual([
      { name: 'lo', packets: 20, bytes: 2000 },
      { name: 'eth0', packets: 10, bytes: 5600 },
    ]);
  });

  it('as macOS tells it, each device once', () => {
    const text = `Name       Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll
lo0        16384 <Link#1>                         100     0      20000      100     0      20000     0
lo0        16384 127           127.0.0.1          100     -      20000      100     -      20000     -
en0*       1500  <Link#4>    aa:bb:cc:dd:ee:ff     30     0       4000       20     0       3000     0
`;
    expect(fromNetstat(text)).toEqual([
      { name: 'lo0', packets: 200, bytes: 40_000 },
      { name: 'en0', packets: 50, bytes: 7000 },
    ]);
  });
});

it('link types of devices become those of files', () => {
  expect([linkTypeOf(1), linkTypeOf(12), linkTypeOf(14), linkTypeOf(113)]).toEqual([1, 101, 101, 113]);
});

it('an address of this machine is captured on the loopback device', async () => {
  const device = (name: string, kind: CaptureDevice['kind'], addresses: readonly string[]): CaptureDevice => ({
    name,
    description: '',
    addresses,
    up: true,
    kind,
  });
  const devices = [device('eth0', 'wired', ['192.0.2.77']), device('lo', 'loopback', ['127.0.0.1', '::1'])];
  expect((await deviceTowards(['127.0.0.1'], devices))?.name).toBe('lo');
  expect((await deviceTowards(['::1'], devices))?.name).toBe('lo');
  expect(await deviceTowards([], devices)).toBeNull();
});

describe('the folder of unsaved captures', () => {
  it('offers what has packets, removes what has none, and gives nothing else away', () => {
    const folder = join(temporaryFolder('spool'), 'unsaved');
    const spool = new Spool(folder);
    expect(spool.unsaved('')).toEqual([]);
    const first = spool.next('eth0');
    expect(first).toMatch(/eth0\.pcapng$/);
    expect(spool.next('../../etc/passwd')).toMatch(/[/\\]unsaved[/\\][^/\\]*______etc_passwd\.pcapng$/);
    writeFileSync(first, Buffer.alloc(1000));
    writeFileSync(join(folder, 'empty.pcapng'), Buffer.alloc(100));
    writeFileSync(join(folder, 'other.txt'), 'x');
    expect(spool.unsaved('').map(({ sizeBytes }) => sizeBytes)).toEqual([1000]);
    expect(readdirSync(folder)).not.toContain('empty.pcapng');
    expect(spool.unsaved(first)).toEqual([]);
    for (const name of ['../x.pcapng', 'other.txt', '', 'missing.pcapng']) expect(spool.pathOf(name)).toBeNull();
    spool.remove(join(tmpdir(), 'elsewhere.pcapng'));
    spool.remove(first);
    expect(spool.unsaved('')).toEqual([]);
  });
});

describe('what the window may ask', () => {
  const request = { options: { ...defaultCaptureOptions, devices: ['lo'] }, limits: noLimits, series: null };
  it('fits', () => {
    expect(argumentsFit('live:start', [request, false])).toBe(true);
    expect(argumentsFit('live:start', [{ ...request, limits: { packets: 5, bytes: 1e6, seconds: 60 } }, true])).toBe(
      true,
    );
    expect(argumentsFit('live:start', [{ ...request, series: { bytes: 1e6, seconds: null, files: 5 } }, false])).toBe(
      true,
    );
    expect(
      argumentsFit('live:site', [{ text: 'www.huawei.com', dns: false, icmp: true, connect: 'off', verify: true }]),
    ).toBe(true);
    expect(argumentsFit('live:lab', ['normal'])).toBe(true);
    expect(argumentsFit('live:recover', ['a.pcapng'])).toBe(true);
  });
  it.each([
    ['live:start', [{ ...request, options: { ...request.options, devices: [] } }, false]],
    ['live:start', [{ ...request, options: { ...request.options, devices: ['a', 'a'] } }, false]],
    ['live:start', [{ ...request, options: { ...request.options, snapLength: 1 } }, false]],
    ['live:start', [{ ...request, options: { ...request.options, extra: 1 } }, false]],
    ['live:start', [{ ...request, limits: { packets: 0, bytes: null, seconds: null } }, false]],
    ['live:start', [request]],
    ['live:start', [{ ...request, series: { bytes: null, seconds: null, files: 3 } }, false]],
    ['live:start', [{ ...request, series: { bytes: 1, seconds: null, files: 0 } }, false]],
    ['live:site', [{ text: 'x', dns: false, icmp: true, connect: 'maybe', verify: true }]],
    ['live:lab', ['__proto__']],
    ['live:recover', ['../x']],
    ['live:discard', ['a/b']],
    ['live:check-filter', ['x'.repeat(10_000)]],
    ['rows:overview', [1, 1e9]],
  ] as const)('does not fit: %s %j', (name, args) => expect(argumentsFit(name, args)).toBe(false));
});
