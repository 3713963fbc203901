import { describe, expect, it } from 'vitest';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import { type Frame, hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';

const client = '10.0.0.1';
const server = '93.184.216.34';

const name = (text: string): Uint8Array => joinBytes([...text.split('.').flatMap((label) => [Uint8Array.of(label.length), new TextEncoder().encode(label)]), Uint8Array.of(0)]);

/** A DNS response: the question, a CNAME to `cdn.example`, its address. */
function answer(question: string, address: readonly number[]): Frame {
  const alias = name('cdn.example');
  const record = (owner: Uint8Array, type: number, data: Uint8Array): Uint8Array => joinBytes([owner, u16(type), u16(1), hex('00000e10'), u16(data.length), data]);
  const message = joinBytes([hex('123481800001000200000000'), name(question), u16(1), u16(1), record(name(question), 5, alias), record(alias, 1, Uint8Array.from(address))]);
  return packet().eth().ip({ src: '10.0.0.53', dst: client }).udp({ sport: 53, dport: 40_000 }).payload(message).bytes();
}

function connection(firstData = '', port = 51_000): Frame[] {
  const up = (flags: string, seq: number, ack: number, payload = '') =>
    packet().eth().ip({ src: client, dst: server }).tcp({ sport: port, dport: 80, seq, ack, flags, payload }).bytes();
  const down = (flags: string, seq: number, ack: number) => packet().eth().ip({ src: server, dst: client }).tcp({ sport: 80, dport: port, seq, ack, flags }).bytes();
  return [up('S', 100, 0), down('SA', 500, 101), up('A', 101, 501), ...(firstData === '' ? [] : [up('PA', 101, 501, firstData)])];
}

function namesOf(frames: readonly Frame[], stream = 0) {
  const { store } = openFrames(frames);
  const reader = new StreamReader(store, store.registry, 1);
  const segments = reader.segments(stream);
  if (segments === null) throw new Error('no such stream');
  return buildLadder(segments, reader.context(stream, segments)).names;
}

describe('names of endpoints', () => {
  it('come from the DNS answer, under the name that was asked for', () => {
    expect(namesOf([answer('www.example.com', [93, 184, 216, 34]), ...connection()])).toEqual({ client: null, server: { name: 'www.example.com', source: 'dns', row: 0 } });
  });

  it('are those that were known when the connection began', () => {
    const frames = [answer('old.example', [93, 184, 216, 34]), ...connection(), answer('new.example', [93, 184, 216, 34]), ...connection('', 51_001)];
    expect(namesOf(frames, 0).server?.name).toBe('old.example');
    expect(namesOf(frames, 1).server?.name).toBe('new.example');
  });

  it('are not taken from an answer that comes later', () => {
    expect(namesOf([...connection(), answer('late.example', [93, 184, 216, 34])]).server).toBeNull();
  });

  it('a Host that the client asks for wins over DNS', () => {
    const frames = [answer('cdn.example.com', [93, 184, 216, 34]), ...connection('GET / HTTP/1.1\r\nHost: shop.example:80\r\n\r\n')];
    expect(namesOf(frames).server).toEqual({ name: 'shop.example', source: 'http-host', row: 4 });
  });

  it('a broken answer gives no name and breaks nothing', () => {
    const broken = packet().eth().ip({ src: '10.0.0.53', dst: client }).udp({ sport: 53, dport: 40_000 }).payload(hex('12348180000100ff00000000c00cc00c')).bytes();
    expect(namesOf([broken, ...connection()]).server).toBeNull();
  });
});
