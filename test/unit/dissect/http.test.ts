import { describe, expect, it } from 'vitest';
import { packet } from '../../support/capture-builder.ts';
import { openFrames, type Packet } from '../../support/dissect.ts';

/** One segment of a stream on port 80, whole. */
function from(side: 'client' | 'server', payload: string, before: readonly string[] = []): Packet {
  let seq = 1;
  const frames = [...before, payload].map((text, i, all) => {
    const last = i === all.length - 1;
    const toServer = last ? side === 'client' : true;
    const bytes = toServer
      ? packet().eth().ip().tcp({ sport: 1000, dport: 80, seq, ack: 1, flags: 'PA', payload: text }).bytes()
      : packet()
          .eth()
          .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
          .tcp({ sport: 80, dport: 1000, seq: 1, ack: seq, flags: 'PA', payload: text })
          .bytes();
    if (toServer) seq += text.length;
    return bytes;
  });
  return openFrames(frames).packet(frames.length);
}
const response = (type: string, body: string, extra = '') =>
  from(
    'server',
    `HTTP/1.1 200 OK\r\n${type === '' ? '' : `Content-Type: ${type}\r\n`}${extra}Content-Length: ${body.length}\r\n\r\n${body}`,
  );

describe('http', () => {
  it('shows a request', () => {
    const p = from(
      'client',
      'GET /p/a?x=1&y=2 HTTP/1.1\r\nHost: h.example\r\nCookie: a=1; b=2\r\nX-Foo:  bar \r\n\r\n',
    );
    expect(p.info).toBe('GET /p/a?x=1&y=2 HTTP/1.1 ');
    expect(p.value('http.request.method')).toBe('GET');
    expect(p.value('http.request.uri.path')).toBe('/p/a');
    expect(p.values('http.request.uri.query.parameter')).toEqual(['x=1', 'y=2']);
    expect(p.value('http.request.version')).toBe('HTTP/1.1');
    expect(p.value('http.request.full_uri')).toBe('http://h.example/p/a?x=1&y=2');
    expect(p.values('http.cookie_pair')).toEqual(['a=1', 'b=2']);
    expect(p.values('http.request.line')).toEqual(['Host: h.example\r\n', 'Cookie: a=1; b=2\r\n', 'X-Foo:  bar \r\n']);
    expect(p.value('http.request')).toBe('1');
    expect(p.value('http.response')).toBe('');
  });

  it.each([
    ['', 'data', '', 'HTTP'],
    ['text/html; charset=utf-8', 'data-text-lines', ' (text/html)', 'HTTP'],
    ['application/json', 'json', ', JavaScript Object Notation (application/json)', 'HTTP/JSON'],
    ['image/svg+xml', 'xml', '', 'HTTP/XML'],
    ['application/foo', 'media', ' (application/foo)', 'HTTP'],
    ['image/png', 'media', ' (image/png)', 'HTTP'],
  ])('names a body of type %s', (type, layer, info, protocol) => {
    const p = response(type, '<b>a</b>\n');
    expect(p.layers).toBe(`eth:ethertype:ip:tcp:http:${layer}`);
    expect(p.info).toBe(`HTTP/1.1 200 OK ${info}`);
    expect(p.protocol).toBe(protocol);
    expect(p.value('http.response.code')).toBe('200');
    expect(p.value('http.content_length')).toBe('9');
  });

  it('puts chunks together', () => {
    const p = from(
      'server',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nTrailer: x\r\n\r\n',
    );
    expect(p.values('http.chunk_size')).toEqual(['5', '3', '0']);
    expect(p.value('data.data')).toBe('68656c6c6f616263');
    expect(p.value('http.chunked_trailer_part')).toBe('Trailer: x\r\n');
    expect(p.dissection.sources.map((s) => s.name)).toContain('De-chunked entity body (8 bytes)');
  });

  it('knows that some responses have no body', () => {
    const head = 'Content-Length: 3\r\n\r\n';
    expect(from('server', `HTTP/1.1 304 Not Modified\r\n${head}`).info).toBe('HTTP/1.1 304 Not Modified ');
    expect(from('server', `HTTP/1.1 200 OK\r\n${head}`, ['HEAD / HTTP/1.1\r\n\r\n']).info).toBe('HTTP/1.1 200 OK ');
    expect(from('server', `HTTP/1.1 200 OK\r\n${head}`, ['GET / HTTP/1.1\r\n\r\n']).info).toBe(
      'HTTP/1.1 200 OK  [TCP segment of a reassembled PDU]',
    );
  });

  it('leaves the stream when the server switches protocols', () => {
    const upgraded = openFrames([
      packet()
        .eth()
        .ip()
        .tcp({ sport: 80, dport: 1000, seq: 1, flags: 'PA', payload: 'HTTP/1.1 101 Switching Protocols\r\n\r\n' })
        .bytes(),
      packet()
        .eth()
        .ip()
        .tcp({ sport: 80, dport: 1000, seq: 37, flags: 'PA', payload: 'GET / HTTP/1.1\r\n\r\n' })
        .bytes(),
    ]);
    expect(upgraded.packet(2).layers).toBe('eth:ethertype:ip:tcp');
  });

  it.each([
    ['a chunk size that is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a chunk size past any memory', 'Transfer-Encoding: chunked\r\n\r\nffffffff\r\nabc'],
    ['a negative length', 'Content-Length: -5\r\n\r\nabc'],
    ['a length that is no number', 'Content-Length: 1e9999\r\n\r\nabc'],
    ['header lines without a colon', 'nonsense\r\n: x\r\n\r\n'],
    ['a prototype for a name', '__proto__: x\r\nconstructor: y\r\n\r\n'],
    ['an endless line', 'x'.repeat(60_000)],
  ])('survives %s', (_name, rest) => {
    const p = from('server', `HTTP/1.1 200 OK\r\n${rest}`);
    expect(p.dissection.diagnostics.filter((d) => d.kind === 'bug')).toEqual([]);
    expect(p.info).toContain('HTTP/1.1 200 OK ');
  });

  it('says each first line once more as an expert item', () => {
    const items = (p: Packet) =>
      p
        .values('_ws.expert.message')
        .map((message, i) => [message, p.values('_ws.expert.severity')[i], p.values('_ws.expert.group')[i]]);
    expect(items(from('client', 'GET / HTTP/1.1\r\n\r\n'))).toEqual([['GET / HTTP/1.1\\r\\n', '2097152', '33554432']]);
    expect(items(response('', 'abc'))).toEqual([['HTTP/1.1 200 OK\\r\\n', '2097152', '33554432']]);
    expect(items(from('client', 'GET / HTTP/1.1\n\nGET /b HTTP/1.1\r\n\r\n')).map(([message]) => message)).toEqual([
      'GET / HTTP/1.1\\n',
      'GET /b HTTP/1.1\\r\\n',
    ]);
    expect(items(from('client', 'GET /\t\u0001é€ HTTP/1.1\r\n\r\n'))[0][0]).toBe('GET /\\t\\001é€ HTTP/1.1\\r\\n');
    expect(items(from('client', `GET /${'a'.repeat(300)} HTTP/1.1\r\n\r\n`))[0][0]).toHaveLength(239);
    expect(from('client', 'GET / HTTP/1.1\r\n\r\n').values('http.chat')).toHaveLength(1);
  });

  it.each([
    ['an empty line before it', '\r\nGET / HTTP/1.1\r\n\r\n', 'http.leading_crlf', '8388608'],
    [
      'two statements of its length',
      'GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'http.te_and_length',
      '6291456',
    ],
    ['a name that ends with a space', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 'http.bad_header_name', '6291456'],
  ])('%s is an expert item', (_what, message, field, severity) => {
    const p = from('client', message);
    expect(p.values(field)).toHaveLength(1);
    expect(p.values('_ws.expert.severity')).toContain(severity);
  });

  it('warns of plain text on the port of HTTPS', () => {
    const plain = (dport: number) =>
      openFrames([
        packet()
          .eth()
          .ip()
          .tcp({ sport: 1000, dport, seq: 1, ack: 1, flags: 'PA', payload: 'GET / HTTP/1.1\r\n\r\n' })
          .bytes(),
      ]).packet(1);
    expect(plain(443).values('http.tls_port')).toHaveLength(1);
    expect(plain(443).values('_ws.expert.group')).toContain('167772160');
    expect(plain(8080).values('http.tls_port')).toHaveLength(0);
  });
});
