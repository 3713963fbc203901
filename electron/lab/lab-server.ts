/**
 * The lab: a server on this machine's loopback and the client that visits it, in one of the ways of
 * shared/model/lab.ts.
 */
import { siteFilter } from '../../shared/format/site-filter.ts';
import { type LabId, labVariant } from '../../shared/model/lab.ts';
import type { NetEvent, NetOutcome, NetProblem, NetStep } from '../../shared/model/net-step.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Endpoint, Side } from '../../shared/model/stream.ts';
import { netProblem } from './net-problem.ts';
import { openRefused, openScripted } from './scripted.ts';
import { openSimultaneous } from './simultaneous.ts';
import type { Stage } from './stage.ts';

export interface LabOptions {
  readonly family?: 4 | 6;
  /** Plain data, one by one; never after `run` has resolved. */
  readonly report?: (step: NetStep) => void;
  readonly signal?: AbortSignal;
}

/** A lab that is ready: its port is known, so a capture can begin before the client connects. */
export interface Lab {
  readonly id: LabId;
  /** Where the client will connect to. */
  readonly at: Endpoint;
  /** BPF that sees this connection and nothing else. */
  readonly filter: string;
  /** Once. Resolves when everything is over and closed; never rejects. */
  run(): Promise<NetOutcome>;
  /** Gives it up, also in the middle of a run. */
  close(): Promise<void>;
}

/** Beyond what the variant says that it takes. */
const graceMs = 10_000;

/** Opens a port of 127.0.0.1 or ::1 and of nothing else. The caller must run or close what it prepared. */
export async function prepareLab(id: LabId, options: LabOptions = {}): Promise<Result<Lab, NetProblem>> {
  const began = performance.now();
  const { family = 4, report = () => {}, signal } = options;
  const tell = (by: Side, event: NetEvent): void => report({ ...event, atMs: performance.now() - began, by });
  if (signal?.aborted === true) return fail(netProblem('cancelled'));
  const opened = await open(id, family === 4 ? '127.0.0.1' : '::1');
  if (!opened.ok) return opened;
  const stage = opened.value;
  const over = new AbortController();
  const onAbort = (): void => over.abort();
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted) over.abort();
  if (id !== 'refused') tell('server', { kind: 'listening', at: stage.at });
  const close = async (): Promise<void> => {
    over.abort();
    signal?.removeEventListener('abort', onAbort);
    await stage.close();
  };
  const run = async (): Promise<NetOutcome> => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      over.abort();
    }, labVariant(id).ms + graceMs);
    const outcome = await stage.play(tell, over.signal);
    clearTimeout(timer);
    await close();
    const problem = late && outcome.problem?.code === 'cancelled' ? netProblem('timeout') : outcome.problem;
    tell('client', problem === null ? { kind: 'closed', first: outcome.first } : { kind: 'failed', problem });
    return { ...outcome, problem };
  };
  return ok({ id, at: stage.at, filter: siteFilter([stage.at.address], [stage.at.port])?.text ?? '', run, close });
}

function open(id: LabId, address: '127.0.0.1' | '::1'): Promise<Result<Stage, NetProblem>> {
  switch (id) {
    case 'refused':
      return openRefused(address);
    case 'simultaneous':
      return openSimultaneous(address);
    default:
      return openScripted(id, address);
  }
}

/** Prepares, runs and closes. */
export async function runLab(id: LabId, options: LabOptions = {}): Promise<NetOutcome> {
  const lab = await prepareLab(id, options);
  return lab.ok ? lab.value.run() : { client: null, server: null, first: null, problem: lab.error };
}
