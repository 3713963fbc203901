/** What each side of a lab connection does. Every script ends with both directions closed, or with a reset. */
import type { LabId } from '../../shared/model/lab.ts';
import type { Peer } from './peer.ts';

export interface Script {
  readonly client: (peer: Peer) => Promise<void>;
  readonly server: (peer: Peer) => Promise<void>;
}

const question = 'Hello, server!\n';
const answer = 'Hello, client!\n';
/**
 * Longer than any system waits to acknowledge (RFC 1122, section 4.2.3.2: less than half a second; Linux 40–200 ms), so
 * that an acknowledgment goes out by itself and not with what comes next.
 */
const pauseMs = 500;

async function ask(peer: Peer): Promise<void> {
  await peer.send(question);
  await peer.has(answer.length);
}

async function reply(peer: Peer): Promise<void> {
  await peer.has(question.length);
  await peer.send(answer);
}

const closesFirst = async (peer: Peer): Promise<void> => {
  await peer.fin();
  await peer.finReceived();
};

const closesLater =
  (ms: number) =>
  async (peer: Peer): Promise<void> => {
    await peer.finReceived();
    await peer.wait(ms);
    await peer.fin();
  };

const then =
  (...parts: readonly ((peer: Peer) => Promise<void>)[]) =>
  async (peer: Peer): Promise<void> => {
    for (const part of parts) await part(peer);
  };

const rest =
  (ms: number) =>
  (peer: Peer): Promise<void> =>
    peer.wait(ms);

/** All but `refused`, where there is no connection, and `simultaneous`, which needs two threads. */
export type ScriptedId = Exclude<LabId, 'refused' | 'simultaneous'>;

export const scripts: Readonly<Record<ScriptedId, Script>> = {
  normal: { client: then(ask, closesFirst), server: then(reply, closesLater(pauseMs)) },
  'server-closes': { client: then(ask, closesLater(pauseMs)), server: then(reply, closesFirst) },
  // In the same turn of the event loop as the FIN came: the acknowledgment that Linux holds back goes out with this
  // FIN.
  'three-segment': {
    client: then(ask, closesFirst),
    server: then(
      reply,
      (peer) => peer.finReceived(),
      (peer) => peer.fin(),
    ),
  },
  'half-close': {
    client: then((peer) => peer.send(question), closesFirst),
    server: then(
      (peer) => peer.finReceived(),
      rest(pauseMs),
      (peer) => peer.send('I am not done yet: one,\n'),
      rest(200),
      (peer) => peer.send('two,\n'),
      rest(200),
      (peer) => peer.send('three. Goodbye!\n'),
      rest(pauseMs),
      (peer) => peer.fin(),
    ),
  },
  reset: {
    client: then(
      (peer) => peer.send(question),
      (peer) => peer.resetReceived(),
    ),
    server: then(
      (peer) => peer.has(question.length),
      rest(100),
      async (peer) => peer.reset(),
    ),
  },
  slow: {
    client: then(ask, rest(pauseMs), closesFirst),
    server: then(
      (peer) => peer.has(question.length),
      rest(2000),
      (peer) => peer.send(answer),
      closesLater(2000),
    ),
  },
  'both-ways': { client: then(conversation(0), closesFirst), server: then(conversation(1), closesLater(pauseMs)) },
};

/**
 * Lines that the two sides say in turn; `side` 0 begins. Their lengths differ, so that the numbers can be told apart.
 */
function conversation(side: 0 | 1): (peer: Peer) => Promise<void> {
  const lines = [
    'What is the sum of 1 and 2?\n',
    '3\n',
    'And of 10 and 20?\n',
    '30: ten times as much\n',
    `${'All of this, then? '.repeat(40)}\n`,
    `${'Yes, all of it. '.repeat(90)}\n`,
    'Thank you.\n',
    'You are welcome.\n',
  ];
  return async (peer) => {
    let heard = 0;
    for (const [i, line] of lines.entries()) {
      if (i % 2 === side) {
        await peer.send(line);
        continue;
      }
      heard += line.length;
      await peer.has(heard);
    }
  };
}
