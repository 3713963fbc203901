import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureSave } from '../../../electron/worker/capture-save.ts';
import { type Loader, openCapture } from '../../../electron/worker/load.ts';
import { NotesFile } from '../../../electron/worker/notes-file.ts';
import { protocols } from '../../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../../shared/dissect/registry.ts';
import { BlockType, OptionCode } from '../../../shared/pcap/format.ts';
import { hex, joinBytes, packet, pcap, pcapng } from '../../support/capture-builder.ts';

const registry = createRegistry(protocols);
const syn = packet().eth().ip().tcp({ flags: 'S' }).bytes();
const query = packet().eth().ip().udp({ dport: 53, payload: 'hello' }).bytes();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handshark-save-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(bytes: Uint8Array, name = 'in.pcapng'): Loader {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return read(path);
}
function read(path: string): Loader {
  const opened = openCapture(path, registry);
  if (!opened.ok) throw new Error(opened.error.code);
  while (opened.value.advance());
  return opened.value;
}
async function save(
  loader: Loader,
  rows: readonly number[] | null,
  name = 'out.pcapng',
): Promise<{ readonly bytes: Uint8Array; readonly notWritten: number }> {
  const path = join(folder, name);
  const result = await new CaptureSave(
    loader,
    rows === null ? null : Uint32Array.from(rows),
    path,
    '',
    () => undefined,
  ).run(() => loader.source.close());
  if (result === null || !result.ok) throw new Error(result === null ? 'given up' : result.error);
  return { bytes: readFileSync(path), notWritten: result.value.notWritten };
}
/** Packets of a file and their comments. */
const contents = (loader: Loader): readonly (readonly [bytes: string, comments: readonly string[]])[] =>
  Array.from({ length: loader.store.table.length }, (_, row) => [
    Buffer.from(loader.store.readBytes(row)).toString('hex'),
    loader.store.annotations.comments(row),
  ]);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Every kind of block, one that nobody knows among them. */
function everything(bigEndian: boolean): Uint8Array {
  const file = pcapng().section({ bigEndian, comment: 'section' }).interface({ name: 'eth0', snapLength: 500 });
  const options = [[OptionCode.Comment, new TextEncoder().encode('old')] as const, [2, file.u32(5)] as const];
  const body = joinBytes([
    file.u32(0),
    file.u32(0),
    file.u32(1_000_000),
    file.u32(syn.length),
    file.u32(syn.length),
    syn,
  ]);
  return file
    .block(BlockType.NameResolution, joinBytes([file.u16(0), file.u16(0)]))
    .packet(syn)
    .block(BlockType.EnhancedPacket, body, options)
    .block(0x7777, hex('0102030405060708'))
    .simplePacket(query)
    .block(BlockType.DecryptionSecrets, joinBytes([file.u32(0x544c534b), file.u32(4), hex('61626364')]))
    .obsoletePacket(syn, 5n)
    .block(BlockType.CustomCopied, joinBytes([file.u32(32473), hex('aabbccdd')]))
    .packet(query)
    .block(BlockType.InterfaceStatistics, joinBytes([file.u32(0), file.u32(0), file.u32(9)]))
    .bytes();
}

describe('saving a pcapng file', () => {
  it.each([false, true])('keeps every byte where nothing was changed, big-endian: %s', async (bigEndian) => {
    const file = everything(bigEndian);
    expect(text((await save(load(file), null)).bytes)).toBe(text(file));
  });

  it.each([false, true])('changes comments and nothing else, big-endian: %s', async (bigEndian) => {
    const file = everything(bigEndian);
    const loader = load(file);
    const before = contents(loader);
    loader.store.annotations.setComments(0, ['first', '第二']);
    loader.store.annotations.setComments(1, []);
    loader.store.annotations.setComments(2, ['simple']);
    loader.store.annotations.setComments(3, ['obsolete']);
    loader.store.annotations.setComments(4, ['custom blocks have none']);
    const { bytes, notWritten } = await save(loader, null);
    expect(notWritten).toBe(1);
    const after = read(join(folder, 'out.pcapng'));
    expect(contents(after)).toEqual(
      before.map(([packetBytes], row) => [packetBytes, [['first', '第二'], [], ['simple'], ['obsolete'], [], []][row]]),
    );
    expect(after.reader.comments).toEqual(['section']);
    expect(after.reader.interfaces).toEqual(loader.reader.interfaces);
    // Blocks that hold no packet are there as they were, and so is the other option of the second packet.
    for (const kept of ['0102030405060708', '61626364', 'aabbccdd']) expect(text(bytes)).toContain(kept);
    expect(text(bytes)).toContain(bigEndian ? '0002000400000005' : '0200040005000000');
    expect(text(bytes)).not.toContain(text(new TextEncoder().encode('old')));
  });

  it('writes only what was chosen, with all that is no packet', async () => {
    const loader = load(everything(false));
    loader.store.annotations.setComments(5, ['last']);
    loader.store.annotations.marked.set(5, true);
    const { bytes } = await save(loader, [1, 5]);
    const after = read(join(folder, 'out.pcapng'));
    expect(contents(after)).toEqual([
      [text(syn), ['old']],
      [text(query), ['last']],
    ]);
    for (const kept of ['0102030405060708', '61626364']) expect(text(bytes)).toContain(kept);
    expect(text(bytes)).not.toContain('aabbccdd');
    expect(await save(loader, [])).toMatchObject({ notWritten: 0 });
    expect(read(join(folder, 'out.pcapng')).store.table.length).toBe(0);
  });

  it('takes back the length that a section says of itself', async () => {
    const file = pcapng().packet(syn).packet(query).bytes();
    const view = new DataView(file.buffer, file.byteOffset);
    const head = view.getUint32(4, true);
    view.setBigUint64(16, BigInt(file.length - head), true);
    const loader = load(file);
    loader.store.annotations.setComments(0, ['longer now']);
    const { bytes } = await save(loader, null);
    expect(text(bytes.subarray(16, 24))).toBe('ffffffffffffffff');
    expect(contents(read(join(folder, 'out.pcapng')))[1][0]).toBe(text(query));
  });

  it('keeps what is damaged as it is, and says that a comment there could not be written', async () => {
    const first = pcapng().packet(syn).bytes().length;
    const file = pcapng().packet(syn).packet(query).packet(syn).bytes();
    // The second length of the second packet's block lies.
    const view = new DataView(file.buffer, file.byteOffset);
    view.setUint32(first + view.getUint32(first + 4, true) - 4, 77, true);
    const loader = load(file);
    expect(loader.store.table.length).toBe(3);
    loader.store.annotations.setComments(0, ['fine']);
    loader.store.annotations.setComments(1, ['the block is damaged']);
    loader.store.annotations.setComments(8, ['no such packet']);
    const { bytes, notWritten } = await save(loader, null);
    expect(notWritten).toBe(1);
    expect(text(bytes)).toContain(text(file.subarray(first)));
    expect(contents(read(join(folder, 'out.pcapng'))).map(([, comments]) => comments)).toEqual([['fine'], [], []]);
  });

  it('keeps the tail of a file that was cut off', async () => {
    const cut = pcapng().packet(syn).packet(query).bytes().slice(0, -9);
    const loader = load(cut);
    loader.store.annotations.setComments(0, ['fine']);
    const { bytes } = await save(loader, null);
    expect(text(bytes).endsWith(text(cut.subarray(cut.length - 60)))).toBe(true);
    expect(contents(read(join(folder, 'out.pcapng')))[0][1]).toEqual(['fine']);
  });

  it('unpacks a packed one', async () => {
    const file = pcapng().packet(syn).packet(query).bytes();
    const loader = load(gzipSync(file), 'in.pcapng.gz');
    expect(text((await save(loader, null)).bytes)).toBe(text(file));
  });
});

describe('saving a pcap file', () => {
  it.each([false, true])('makes a pcapng of it with the same packets and times, nanoseconds: %s', async (nano) => {
    const frames = [
      { bytes: syn, sec: 1_700_000_000, nsec: 123_456_000 },
      { bytes: query.subarray(0, 40), sec: 1_700_000_001, nsec: 999_999_000, wireLen: query.length },
    ];
    const loader = load(pcap(frames, { nano, linkType: 1, snapLength: 96 }), 'in.pcap');
    loader.store.annotations.setComments(1, ['cut short']);
    await save(loader, null);
    const after = read(join(folder, 'out.pcapng'));
    expect(contents(after)).toEqual([
      [text(syn), []],
      [text(query.subarray(0, 40)), ['cut short']],
    ]);
    expect(after.store.table.get('wireLen', 1)).toBe(query.length);
    for (const [row, { sec, nsec }] of frames.entries())
      expect([after.store.table.get('sec', row), after.store.table.get('nsec', row)]).toEqual([sec, nsec]);
    expect(after.reader.interfaces[0]).toMatchObject({ linkType: 1, snapLength: 96, ticksPerSecond: nano ? 1e9 : 1e6 });
  });
});

describe('the file that is written', () => {
  it('takes the place of its own source through a link, with the same rights', async () => {
    const loader = load(pcapng().packet(syn).bytes());
    chmodSync(join(folder, 'in.pcapng'), 0o640);
    symlinkSync(join(folder, 'in.pcapng'), join(folder, 'link.pcapng'));
    loader.store.annotations.setComments(0, ['x']);
    await save(loader, null, 'link.pcapng');
    expect(contents(read(join(folder, 'in.pcapng')))[0][1]).toEqual(['x']);
    expect(statSync(join(folder, 'in.pcapng')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['in.pcapng', 'link.pcapng']);
  });

  it('is not there where writing is given up or fails, and nothing is left behind', async () => {
    const loader = load(pcapng().packet(syn).bytes());
    const given = new CaptureSave(loader, null, join(folder, 'out.pcapng'), '', () => undefined);
    given.cancel();
    expect(await given.run(() => undefined)).toBeNull();
    const nowhere = new CaptureSave(loader, null, join(folder, 'no', 'such', 'folder.pcapng'), '', () => undefined);
    expect(await nowhere.run(() => undefined)).toMatchObject({ ok: false, error: expect.stringContaining('ENOENT') });
    expect(readdirSync(folder)).toEqual(['in.pcapng']);
  });

  it('keeps marks by the rows that packets have in it', async () => {
    const loader = load(pcapng().packet(syn).packet(query).packet(syn).bytes());
    const { annotations } = loader.store;
    annotations.marked.set(2, true);
    annotations.setReference(0, true);
    annotations.setComments(2, ['in the file, not beside it']);
    const path = join(folder, 'out.pcapng');
    await new CaptureSave(loader, Uint32Array.of(1, 2), path, join(folder, 'notes'), () => undefined).run(
      () => undefined,
    );
    const { source } = read(path);
    expect(new NotesFile(join(folder, 'notes'), source).read()).toEqual({
      marked: [1, 1],
      ignored: [],
      references: [],
      comments: [],
    });
  });
});

describe('a file of notes', () => {
  const record = { marked: [1, 2], ignored: [], references: [], comments: [] };

  it('belongs to one path, size and beginning', () => {
    const capture = { path: '/a.pcap', sizeBytes: 10, head: Uint8Array.of(1) };
    new NotesFile(folder, capture).write(record);
    expect(new NotesFile(folder, capture).read()).toEqual(record);
    for (const other of [{ path: '/b.pcap' }, { sizeBytes: 11 }, { head: Uint8Array.of(2) }])
      expect(new NotesFile(folder, { ...capture, ...other }).read()).toBeNull();
    new NotesFile(folder, capture).write({ ...record, marked: [] });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is damaged counts as absent, and a folder that cannot be written costs nothing else', () => {
    const notes = new NotesFile(folder, { path: '/a.pcap', sizeBytes: 10, head: new Uint8Array() });
    notes.write(record);
    writeFileSync(join(folder, readdirSync(folder)[0]), '{"marked":[1');
    expect(notes.read()).toBeNull();
    writeFileSync(join(folder, 'file'), '');
    const nowhere = new NotesFile(join(folder, 'file', 'below'), {
      path: '/a.pcap',
      sizeBytes: 10,
      head: new Uint8Array(),
    });
    nowhere.write(record);
    expect(nowhere.read()).toBeNull();
    expect(existsSync(join(folder, 'file', 'below'))).toBe(false);
  });
});
