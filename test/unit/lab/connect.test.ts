import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ConnectLimits, type ConnectRequest, connectOnce, defaultLimits } from '../../../electron/lab/connect.ts';
import { parseSite } from '../../../shared/format/site-text.ts';
import { stepText } from '../../../shared/i18n/live-text.ts';
import { translator } from '../../../shared/i18n/translate.ts';
import type { NetEvent, NetOutcome, NetStep } from '../../../shared/model/net-step.ts';
import type { Site } from '../../../shared/model/site.ts';
import { selfSigned } from '../../support/certificate.ts';

const site = (text: string): Site => {
  const parsed = parseSite(text);
  if (!parsed.ok) throw new Error(parsed.error.code);
  return parsed.value;
};

const servers: { close(): unknown }[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});

function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}
const tcp = (visit: (socket: Socket) => void): Promise<number> => listen(createServer({ allowHalfOpen: true }, visit));

interface Told extends NetOutcome {
  readonly steps: readonly NetStep[];
  readonly kinds: readonly string[];
}

async function run(
  request: Partial<ConnectRequest> & { readonly site: Site },
  limits: Partial<ConnectLimits> = {},
  signal = new AbortController().signal,
): Promise<Told> {
  const steps: NetStep[] = [];
  const outcome = await connectOnce({ ask: 'none', verify: true, ...request }, (step) => steps.push(step), signal, {
    ...defaultLimits,
    ...limits,
  });
  const told = steps.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  // Nothing is told when it is over, and what was told can cross to another process and be read in both languages.
  expect(steps).toHaveLength(told);
  expect(structuredClone(steps)).toEqual(steps);
  for (const language of ['en', 'zh-CN'] as const)
    for (const step of steps)
      expect(stepText(step, translator(language))).not.toMatch(/\{\w+\}|\[[^\]]*\||undefined|^$/);
  expect(steps.map(({ atMs }) => atMs)).toEqual(steps.map(({ atMs }) => atMs).sort((a, b) => a - b));
  return { ...outcome, steps, kinds: steps.map(({ kind }) => kind) };
}
const step = <K extends NetEvent['kind']>(told: Told, kind: K): Extract<NetStep, { kind: K }> => {
  const found = told.steps.find((each): each is Extract<NetStep, { kind: K }> => each.kind === kind);
  if (found === undefined) throw new Error(`no step ${kind} in ${told.kinds.join(' ')}`);
  return found;
};

describe('a connection for the user', () => {
  it('opens, and closes first when nothing is asked', async () => {
    const seen: number[] = [];
    const port = await tcp((socket) => {
      seen.push(socket.remotePort ?? 0);
      socket.resume().on('end', () => socket.end());
    });
    const told = await run({ site: site(`127.0.0.1:${port}`) });
    expect(told.kinds).toEqual(['connecting', 'connected', 'fin-sent', 'fin-received', 'closed']);
    expect(told).toMatchObject({ problem: null, first: 'client', server: { address: '127.0.0.1', port } });
    // The port by which its stream is found; and there was one connection.
    expect(seen).toEqual([told.client?.port]);
    expect(step(told, 'connected').from).toEqual(told.client);
  });

  it('looks the name up, and says so', async () => {
    const port = await tcp((socket) => socket.resume().on('end', () => socket.end()));
    const told = await run({ site: site(`localhost:${port}`), addresses: ['127.0.0.1'] });
    expect(told.problem).toBeNull();
    const asked = await run({ site: site(`localhost:${port}`) }, { connectMs: 1000 });
    expect(asked.kinds.slice(0, 3)).toEqual(['resolving', 'resolved', 'connecting']);
    expect(step(asked, 'resolved').addresses.length).toBeGreaterThan(0);
  });

  it('goes to the next address only where nothing was sent to the one before', async () => {
    const port = await tcp((socket) => socket.resume().on('end', () => socket.end()));
    // No route leads to a multicast address by TCP: the system refuses before any packet.
    const told = await run({
      site: site(`example.com:${port}`),
      addresses: ['ff02::1%nosuchdevice', '224.0.0.1', '127.0.0.1'],
    });
    expect(told).toMatchObject({ problem: null, server: { address: '127.0.0.1' } });
    expect(told.kinds.filter((kind) => kind === 'connected')).toHaveLength(1);
    const closed = await freePort();
    const refused = await run({ site: site(`example.com:${closed}`), addresses: ['127.0.0.1', '127.0.0.2'] });
    expect(refused.kinds).toEqual(['connecting', 'failed']);
  });

  it('never connects to a name in place of an address', async () => {
    expect((await run({ site: site('example.com'), addresses: ['localhost'] })).problem?.code).toBe('name-not-found');
  });

  it('is refused, and its own port is known all the same', async () => {
    const told = await run({ site: site(`127.0.0.1:${await freePort()}`) });
    expect(told.problem).toEqual({ code: 'refused', detail: 'ECONNREFUSED' });
    expect(told.client).toMatchObject({ address: '127.0.0.1' });
    expect(told.client?.port).toBeGreaterThan(0);
  });

  it('ends in time where the other side never closes', async () => {
    const port = await tcp((socket) => socket.resume());
    const told = await run({ site: site(`127.0.0.1:${port}`) }, { closeMs: 50 });
    expect(told.kinds).toEqual(['connecting', 'connected', 'fin-sent', 'closed']);
  });

  it('is reset', async () => {
    const port = await tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const told = await run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' });
    expect(told.kinds.slice(-3)).toEqual(['sent', 'reset-received', 'failed']);
    expect(told).toMatchObject({ first: 'server', problem: { code: 'reset' } });
  });

  it('is given up by the user at any moment', async () => {
    const port = await tcp((socket) => socket.resume());
    const stop = new AbortController();
    const asked = run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' }, {}, stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect((await asked).problem?.code).toBe('cancelled');
    expect((await run({ site: site(`127.0.0.1:${port}`) }, {}, stop.signal)).kinds).toEqual(['failed']);
  });

  it('is bounded as a whole', async () => {
    const port = await tcp((socket) => {
      const drip = setInterval(() => socket.write('HTTP/1.1 200 OK\r\n'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    const told = await run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' }, { totalMs: 200 });
    expect(told.problem?.code).toBe('timeout');
  });
});

const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
  await new Promise((resolve) => server.close(resolve));
  return port;
};

describe('one request', () => {
  it.each(['get', 'head'] as const)('%s in HTTP', async (ask) => {
    const requests: string[] = [];
    const port = await listen(
      createHttpServer((request, response) => {
        requests.push(`${request.method} ${request.url} ${request.headers.host}`);
        response.end('hello');
      }),
    );
    const told = await run({ site: site(`http://127.0.0.1:${port}/a?b=1`), ask });
    expect(requests).toEqual([`${ask.toUpperCase()} /a?b=1 127.0.0.1:${port}`]);
    expect(told.kinds.slice(0, 4)).toEqual(['connecting', 'connected', 'sent', 'first-byte']);
    expect(step(told, 'sent').line).toBe(`${ask.toUpperCase()} /a?b=1 HTTP/1.1`);
    expect(step(told, 'received').line).toBe('HTTP/1.1 200 OK');
    expect(told.problem).toBeNull();
  });

  it('is sent without a second line in it, whatever was typed', async () => {
    let text = '';
    const port = await tcp((socket) => {
      socket.on('data', (chunk) => {
        text += String(chunk);
        socket.end('HTTP/1.1 204 \r\n\r\n');
      });
    });
    await run({ site: site(`http://127.0.0.1:${port}/a\r\nX-Evil: 1`), ask: 'get' });
    expect(text).not.toMatch(/^X-Evil/m);
    expect(text.split('\r\n')[0]).toBe('GET /a%0D%0AX-Evil:%201 HTTP/1.1');
  });

  it('says that there was no answer in time', async () => {
    const port = await tcp((socket) => socket.resume());
    expect((await run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' }, { answerMs: 50 })).problem?.code).toBe(
      'timeout',
    );
  });

  it('says that the other side closed without an answer', async () => {
    const port = await tcp((socket) => socket.once('data', () => socket.end()));
    const told = await run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' });
    expect(told).toMatchObject({ problem: { code: 'closed-early' }, first: 'server' });
  });

  it('knows what is not HTTP', async () => {
    const port = await tcp((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    const told = await run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' });
    expect(told.problem?.code).toBe('not-http');
    expect(step(told, 'received').line).toBe('SSH-2.0-OpenSSH_9.2');
  });

  it('closes when enough has come, and shows a hostile first line harmlessly', async () => {
    const port = await tcp((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 \u202eko\u0007\r\n\r\n');
        socket.write(Buffer.alloc(300_000, 'x'));
      });
      socket.on('end', () => socket.end());
    });
    const told = await run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' }, { maxBytes: 100_000 });
    expect(told).toMatchObject({ problem: null, first: 'client' });
    expect(step(told, 'received').line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it('closes by itself where the server keeps the connection', async () => {
    const port = await tcp((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
      socket.on('end', () => socket.end());
    });
    const told = await run({ site: site(`http://127.0.0.1:${port}`), ask: 'get' }, { quietMs: 50 });
    expect(told).toMatchObject({ problem: null, first: 'client' });
  });
});

describe('one request over TLS', () => {
  const server = (name: string): Promise<number> =>
    listen(createHttpsServer(selfSigned(name), (_request, response) => response.end('secret')));

  it('ends where the certificate is not good', async () => {
    const told = await run({ site: site(`https://127.0.0.1:${await server('lab')}`), ask: 'get' });
    expect(told.problem?.code).toBe('tls-certificate');
    expect(told.kinds).not.toContain('sent');
  });

  it('goes on in a lab, and says what is wrong with it', async () => {
    const told = await run({
      site: site(`https://localhost:${await server('localhost')}`),
      addresses: ['127.0.0.1'],
      ask: 'get',
      verify: false,
    });
    expect(told.problem).toBeNull();
    expect(step(told, 'secured')).toMatchObject({ verified: false, protocol: 'TLSv1.3' });
    expect(step(told, 'secured').fault).not.toBe('');
    expect(step(told, 'received').line).toBe('HTTP/1.1 200 OK');
  });

  it('says that it is no TLS', async () => {
    const port = await tcp((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await run({ site: site(`https://127.0.0.1:${port}`), ask: 'get' })).problem?.code).toBe('tls');
  });

  it('says that the other side hung up, broke off, or kept silent', async () => {
    const hangsUp = await tcp((socket) => socket.once('data', () => socket.end()));
    expect((await run({ site: site(`https://127.0.0.1:${hangsUp}`), ask: 'get' })).problem?.code).toBe('closed-early');
    const breaksOff = await tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect((await run({ site: site(`https://127.0.0.1:${breaksOff}`), ask: 'get' })).problem?.code).toBe('reset');
    const silent = await tcp((socket) => socket.resume());
    expect((await run({ site: site(`https://127.0.0.1:${silent}`), ask: 'get' }, { tlsMs: 50 })).problem?.code).toBe(
      'timeout',
    );
  });

  it('is not spoken where only TCP is wanted', async () => {
    const told = await run({ site: site(`https://127.0.0.1:${await server('lab')}`) });
    expect(told.kinds).not.toContain('secured');
    expect(told.problem).toBeNull();
  });
});
