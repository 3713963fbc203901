/** Lessons of one connection, played by a script on each side; and the one where no program listens. */
import type { Socket } from 'node:net';
import { labVariant } from '../../shared/model/lab.ts';
import type { NetProblem } from '../../shared/model/net-step.ts';
import { ok, type Result } from '../../shared/model/result.ts';
import { dial } from './dial.ts';
import { openLoopback } from './loopback-server.ts';
import { netProblem } from './net-problem.ts';
import { Peer } from './peer.ts';
import { type Script, type ScriptedId, scripts } from './scripts.ts';
import { connectMs, type Stage, type Tell } from './stage.ts';
import { Stopped } from './stopped.ts';

export async function openScripted(id: ScriptedId, address: '127.0.0.1' | '::1'): Promise<Result<Stage, NetProblem>> {
  const opened = await openLoopback(address);
  if (!opened.ok) return opened;
  const server = opened.value;
  const { at } = server;
  const { first } = labVariant(id);
  return ok({
    at,
    close: () => server.close(),
    async play(tell, signal) {
      tell('client', { kind: 'connecting', to: at });
      const { result, local, ms } = await dial(at, connectMs, signal);
      const ends = { client: local, server: at, first: null };
      if (!result.ok) return { ...ends, problem: result.error };
      const socket = result.value;
      if (local !== null) tell('client', { kind: 'connected', to: at, from: local, ms });
      const other = local === null ? null : await server.accepted(local.port, signal);
      if (local === null || other === null) {
        socket.destroy();
        return { ...ends, problem: netProblem(signal.aborted ? 'cancelled' : 'other') };
      }
      tell('server', { kind: 'accepted', from: local });
      const problem = await playScript(scripts[id], socket, other, tell, signal);
      return { ...ends, first: problem !== null || first === 'both' ? null : first, problem };
    },
  });
}

/** A port that was free a moment ago, and on which no program listens. */
export async function openRefused(address: '127.0.0.1' | '::1'): Promise<Result<Stage, NetProblem>> {
  const opened = await openLoopback(address);
  if (!opened.ok) return opened;
  const { at } = opened.value;
  await opened.value.close();
  return ok({
    at,
    close: async () => {},
    async play(tell, signal) {
      tell('client', { kind: 'connecting', to: at });
      const { result, local } = await dial(at, connectMs, signal);
      const ends = { client: local, server: at, first: null };
      if (result.ok) {
        // Another program has taken the port meanwhile.
        result.value.destroy();
        return { ...ends, problem: netProblem('busy') };
      }
      if (result.error.code !== 'refused') return { ...ends, problem: result.error };
      tell('client', { kind: 'reset-received' });
      return { ...ends, problem: null };
    },
  });
}

async function playScript(
  script: Script,
  socket: Socket,
  other: Socket,
  tell: Tell,
  signal: AbortSignal,
): Promise<NetProblem | null> {
  const client = new Peer(socket, (event) => tell('client', event), signal);
  const server = new Peer(other, (event) => tell('server', event), signal);
  const release = (): void => {
    client.release();
    server.release();
  };
  // Where one side cannot go on, the other need not wait for it.
  const ending = (side: Promise<void>): Promise<NetProblem | null> =>
    side.then(
      () => null,
      (reason: unknown) => {
        release();
        if (reason instanceof Stopped) return reason.problem;
        throw reason;
      },
    );
  const [first, second] = await Promise.all([ending(script.client(client)), ending(script.server(server))]);
  release();
  return first ?? second;
}
