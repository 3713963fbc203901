import { describe, expect, it } from 'vitest';
import type { EndpointName } from '../../../shared/model/stream.ts';
import { EndpointNames } from '../../../shared/tcp/endpoint-names.ts';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import { hex, joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { openFrames } from '../../support/dissect.ts';
import { address, ascii, dns, name, pointer, record } from '../../support/dns-response.ts';

const client = '10.0.0.1';
const server = '10.0.0.2';

const answer = (asked: string, to = server) => dns({ asked, answers: [record(pointer, 1, address(to))] });

const tcp = (
  from: 'client' | 'server',
  options: {
    readonly flags: string;
    readonly seq: number;
    readonly ack?: number;
    readonly payload?: Uint8Array;
    readonly port?: number;
  },
) => {
  const port = options.port ?? 443;
  const ports = from === 'client' ? { sport: 40_000, dport: port } : { sport: port, dport: 40_000 };
  return packet()
    .eth()
    .ip(from === 'client' ? { src: client, dst: server } : { src: server, dst: client })
    .tcp({
      ...ports,
      flags: options.flags,
      seq: options.seq,
      ack: options.ack ?? 0,
      ...(options.payload !== undefined && { payload: options.payload }),
    })
    .bytes();
};
const handshake = (port = 443) => [
  tcp('client', { flags: 'S', seq: 0, port }),
  tcp('server', { flags: 'SA', seq: 0, ack: 1, port }),
  tcp('client', { flags: 'A', seq: 1, ack: 1, port }),
];

const extension = (type: number, body: Uint8Array) => joinBytes([u16(type), u16(body.length), body]);
function clientHello(host: string): Uint8Array {
  const sni = extension(0, joinBytes([u16(host.length + 3), Uint8Array.of(0), u16(host.length), ascii(host)]));
  const body = joinBytes([
    u16(0x0303),
    new Uint8Array(32),
    Uint8Array.of(0),
    u16(2),
    u16(0x1301),
    Uint8Array.of(1, 0),
    u16(sni.length),
    sni,
  ]);
  const message = joinBytes([Uint8Array.of(1, 0), u16(body.length), body]);
  return joinBytes([Uint8Array.of(22), u16(0x0301), u16(message.length), message]);
}

function namesOf(frames: readonly Uint8Array[]): {
  readonly client: EndpointName | null;
  readonly server: EndpointName | null;
} {
  const { store } = openFrames(frames);
  const reader = new StreamReader(store, store.registry, 1);
  const segments = reader.segments(0);
  if (segments === null) throw new Error('no stream');
  return buildLadder(segments, { ...reader.context(0, segments), names: new EndpointNames(store).of(segments) }).names;
}

describe('names from DNS', () => {
  it('are those that were asked for', () => {
    expect(namesOf([answer('www.example.com'), ...handshake()])).toEqual({
      client: null,
      server: { name: 'www.example.com', source: 'dns', row: 0 },
    });
  });

  it('follow CNAME records back', () => {
    const aliases = dns({
      asked: 'www.example.com',
      answers: [
        record(pointer, 5, name('cdn.example.net')),
        record(name('cdn.example.net'), 5, name('Edge.example.org')),
        record(name('edge.example.org'), 1, address(server)),
      ],
    });
    expect(namesOf([aliases, ...handshake()]).server?.name).toBe('www.example.com');
  });

  it('end where CNAME records go round', () => {
    const round = dns({
      asked: 'a.x',
      answers: [
        record(name('b.x'), 5, name('a.x')),
        record(name('a.x'), 5, name('b.x')),
        record(name('a.x'), 1, address(server)),
      ],
    });
    expect(namesOf([round, ...handshake()]).server?.name).toMatch(/^[ab]\.x$/);
  });

  it('take the newest answer before the first segment, and none after it', () => {
    expect(namesOf([answer('old.x'), answer('new.x'), ...handshake(), answer('late.x')]).server).toEqual({
      name: 'new.x',
      source: 'dns',
      row: 1,
    });
    expect(namesOf([...handshake(), answer('late.x')]).server).toBeNull();
  });

  it('are known for both sides and IPv6', () => {
    const six = dns({ asked: 'six.x', answers: [record(pointer, 28, hex('20010db8000000000000000000000002'))] });
    const frames = [
      six,
      packet().eth().ipv6({ src: '2001:db8::1', dst: '2001:db8::2' }).tcp({ flags: 'S', dport: 443 }).bytes(),
    ];
    expect(namesOf(frames).server?.name).toBe('six.x');
    expect(namesOf([answer('me.lan', client), answer('it.lan'), ...handshake()]).client).toEqual({
      name: 'me.lan',
      source: 'dns',
      row: 0,
    });
  });

  it('ask no question that is a query, a lie or unreadable', () => {
    expect(
      namesOf([
        dns({ asked: 'query.x', answers: [record(pointer, 1, address(server))], flags: 0x0100 }),
        ...handshake(),
      ]).server,
    ).toBeNull();
    expect(namesOf([dns({ answers: [record(hex('c00c'), 1, address(server))] }), ...handshake()]).server).toBeNull();
    const cut = answer('cut.x');
    expect(namesOf([cut.subarray(0, cut.length - 4), ...handshake()]).server).toBeNull();
  });

  it('leave out the glue of DNS, and take it of multicast DNS', () => {
    const glue = [record(name('ns.x'), 1, address(server))];
    expect(namesOf([dns({ asked: 'x', answers: [], additional: glue }), ...handshake()]).server).toBeNull();
    expect(
      namesOf([
        dns({
          answers: [record(name('_ipp._tcp.local'), 12, name('p.local'))],
          additional: [record(name('p.local'), 1, address(server))],
          port: 5353,
          flags: 0x8400,
        }),
        ...handshake(),
      ]).server?.name,
    ).toBe('p.local');
  });

  it('are looked for in 2,000 answers and no more', () => {
    const others = Array.from({ length: 2000 }, () => answer('other.x', '10.9.9.9'));
    expect(namesOf([answer('far.x'), ...others.slice(1), ...handshake()]).server?.name).toBe('far.x');
    expect(namesOf([answer('far.x'), ...others, ...handshake()]).server).toBeNull();
  });
});

describe('names from the connection itself', () => {
  const hello = tcp('client', { flags: 'PA', seq: 1, ack: 1, payload: clientHello('sni.example') });
  const request = (host: string) =>
    tcp('client', { flags: 'PA', seq: 1, ack: 1, port: 80, payload: ascii(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`) });

  it('come before those of DNS: the TLS server name', () => {
    expect(namesOf([answer('dns.x'), ...handshake(), hello]).server).toEqual({
      name: 'sni.example',
      source: 'sni',
      row: 4,
    });
  });

  it('and the Host of HTTP, without its port', () => {
    expect(namesOf([answer('dns.x'), ...handshake(80), request('web.example:8080')]).server).toEqual({
      name: 'web.example',
      source: 'http-host',
      row: 4,
    });
  });

  it.each(['10.0.0.2', '10.0.0.2:80', '[2001:db8::2]:80'])('a Host that is an address is no name: %s', (host) => {
    expect(namesOf([answer('dns.x'), ...handshake(80), request(host)]).server?.source).toBe('dns');
  });

  it('are found where the capture begins with the server', () => {
    expect(
      namesOf([tcp('server', { flags: 'SA', seq: 0, ack: 1 }), tcp('client', { flags: 'A', seq: 1, ack: 1 }), hello])
        .server?.name,
    ).toBe('sni.example');
  });

  it('are cut to what a name may have', () => {
    expect(namesOf([...handshake(80), request('x'.repeat(3000))]).server?.name).toHaveLength(255);
  });
});
