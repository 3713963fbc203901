/** What the two applications of a connection do: some questions and answers, then one way or another to end. */
import type { App, Tcb } from './endpoint.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';
import { ms, second } from './world.ts';

/** Each way to end, and how often. */
export const endings = {
  'client closes': 16,
  'server closes': 16,
  'half-close': 5,
  'both close': 5,
  'client aborts': 4,
  'server aborts': 4,
  'unread data': 3,
  'closed, then reset': 4,
  'close answered by abort': 4,
  'close, then abort': 2,
  'late reset': 4,
  'one side only': 4,
  'stays open': 5,
  'kept alive': 3,
  'client forgets': 3,
  'server forgets': 4,
  'client vanishes': 2,
  'server vanishes': 3,
  'reopened in TIME-WAIT': 4,
  'window closes': 3,
} as const;
export type Ending = keyof typeof endings;

export interface Plan {
  readonly ending: Ending;
  readonly rounds: number;
  readonly ask: number;
  readonly answer: number;
  /** How long the side that closes second waits: 0 sends its FIN with the acknowledgment. */
  readonly hesitates: number;
  readonly think: number;
}

export function choosePlanOf(random: Random, ending: Ending = random.weighted(endings)): Plan {
  return {
    ending,
    rounds: random.weighted({ none: 1, one: 6, few: 3 } as const) === 'none' ? 0 : random.between(1, 3),
    ask: random.spread(1, 900),
    answer: random.spread(1, 9000),
    hesitates: random.chance(0.5) ? 0 : random.spread(ms, 400 * ms),
    think: random.chance(0.5) ? 0 : random.spread(ms, 300 * ms),
  };
}

export interface Conversation {
  readonly client: App;
  readonly server: () => App;
}

/** Plays a plan. `reopen` starts another connection on the same ports. */
export function conversation(stage: Stage, plan: Plan, reopen?: (old: Tcb) => void): Conversation {
  const { ending, rounds, ask, answer, hesitates, think } = plan;
  let client: Tcb | null = null;
  let server: Tcb | null = null;
  let asked = 0;
  let ended = false;
  const later = (act: () => void) => (think === 0 ? act() : stage.after(think, act));
  const end = () => {
    if (ended || client === null || server === null) return;
    ended = true;
    finish(stage, plan, client, server);
  };
  const next = (tcb: Tcb) => {
    if (asked >= rounds) {
      if (ending === 'half-close' && rounds > 0) return;
      // The other side may not have got the last acknowledgment yet: what follows needs both.
      stage.after(stage.rtt + 30 * ms, end);
      return;
    }
    asked++;
    tcb.write(ask, 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
    if (ending === 'half-close' && asked === rounds) tcb.close(true);
    if (ending === 'closed, then reset' && asked === rounds) tcb.close();
    if (ending === 'close, then abort' && asked === rounds) {
      tcb.close();
      stage.after(stage.rtt * 2 + ms, () => tcb.abort());
    }
  };
  return {
    client: {
      opened(tcb) {
        client = tcb;
        later(() => next(tcb));
      },
      received(tcb, total) {
        client = tcb;
        if (rounds > 0 && total >= answer * asked && ending !== 'closed, then reset' && ending !== 'close, then abort')
          later(() => next(tcb));
      },
      finished(tcb) {
        if (ending === 'one side only') return;
        if (ending === 'close answered by abort') tcb.abort();
        else if (hesitates === 0) tcb.close();
        else stage.after(hesitates, () => tcb.close());
      },
      ended(tcb) {
        if (ending === 'reopened in TIME-WAIT')
          stage.after(stage.random.spread(20 * ms, 5 * second), () => reopen?.(tcb));
      },
    },
    server: () => ({
      opened(tcb) {
        server = tcb;
        if (ending === 'window closes') tcb.pause();
      },
      received(tcb, total) {
        server = tcb;
        if (ending === 'unread data' && asked >= rounds) {
          tcb.pause();
          tcb.unread = total;
        }
        if (rounds === 0 || total % ask !== 0) return;
        later(() => {
          if (
            asked >= rounds &&
            (ending === 'server closes' || ending === 'reopened in TIME-WAIT') &&
            stage.random.chance(0.7)
          ) {
            ended = true;
            tcb.writeLast(answer);
          } else tcb.write(answer);
        });
      },
      finished(tcb) {
        if (ending === 'one side only') return;
        if (ending === 'close answered by abort') tcb.abort();
        else if (ending === 'half-close') later(() => tcb.close());
        else if (hesitates === 0) tcb.close();
        else stage.after(hesitates, () => tcb.close());
      },
    }),
  };
}

function finish(stage: Stage, plan: Plan, client: Tcb, server: Tcb): void {
  const { random } = stage;
  switch (plan.ending) {
    case 'client closes':
    case 'half-close':
    case 'closed, then reset':
    case 'close, then abort':
      client.close();
      return;
    case 'server closes':
    case 'reopened in TIME-WAIT':
      server.close();
      return;
    case 'one side only':
    case 'close answered by abort':
      random.pick([client, server]).close();
      return;
    case 'both close':
      client.close();
      stage.after(random.chance(0.5) ? 0 : random.below(Math.max(1, stage.rtt / 3)), () => server.close());
      return;
    case 'client aborts':
      client.abort();
      return;
    case 'server aborts':
    case 'unread data':
      server.abort();
      return;
    case 'late reset': {
      client.close();
      const { next, expected } = client;
      stage.after(stage.rtt * 3 + plan.hesitates + random.spread(10 * ms, 900 * ms), () => {
        // Of either side, when all is over: some libraries do so.
        if (![client, server].every(({ state }) => state === 'CLOSED' || state === 'TIME-WAIT')) return;
        if (random.chance(0.5))
          stage.path.fromClient(
            stage.raw('client', { seq: next + 1, flags: 4 }, { why: 'abort', attempt: client.attempt }),
          );
        else
          stage.path.fromServer(
            stage.raw('server', { seq: expected + 1, flags: 4 }, { why: 'abort', attempt: client.attempt }),
          );
      });
      return;
    }
    case 'client forgets':
      stage.client.reboot();
      stage.after(random.spread(ms, 5 * second), () => server.write(100));
      return;
    case 'server forgets':
      stage.server.reboot();
      stage.after(random.spread(ms, 5 * second), () => client.write(100));
      return;
    case 'client vanishes':
      stage.client.dead = true;
      stage.after(10 * ms, () => server.write(100));
      return;
    case 'server vanishes':
      stage.server.dead = true;
      stage.after(10 * ms, () => (random.chance(0.5) ? client.write(100) : client.close()));
      return;
    case 'window closes':
      client.write(20_000 + random.below(60_000));
      stage.after(random.spread(second, 8 * second), () => {
        if (random.chance(0.3)) {
          server.abort();
          return;
        }
        server.read();
        stage.after(second, () => client.close());
      });
      return;
    default:
  }
}
