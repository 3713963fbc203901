/**
 * Other histories of the same packets. What is said to be proved must hold in each of them: a packet of a known sender
 * may come from a device in between, a repetition may be a copy, an acknowledgment may never have arrived, a FIN may
 * have been lost before the capture. The bytes stay, so what the model says stays; only the truth changes.
 */
import type { Captured } from './capture-point.ts';
import { compare } from './compare.ts';
import type { Examined, StreamResult } from './examine.ts';
import { Attempt, type SideLog } from './ledger.ts';
import { ACK, FIN, type Packet, RST, SYN, seqAdd, seqDiff, seqLength, type Who } from './packets.ts';
import type { Run } from './scenario.ts';
import { isFin, isReset, isSynAck, other, StreamTruth } from './truth.ts';
import { ms } from './world.ts';

export interface Counterexample {
  readonly history: string;
  readonly rule: string;
}

/** A truth that may be written in. */
interface Draft {
  readonly captured: Captured[];
  readonly attempts: Attempt[];
  /** Those that the stream holds segments of. */
  readonly told: ReadonlySet<number>;
  /** Rows of the stream. */
  readonly rows: readonly number[];
  readonly run: Run;
}

/** Changes the draft; answers whether that history is possible and another than what happened. */
type History = (draft: Draft) => boolean;

function reorigin(draft: Draft, row: number, origin: Partial<Packet['origin']>): void {
  const one = draft.captured[row];
  draft.captured[row] = { ...one, packet: { ...one.packet, origin: { ...one.packet.origin, ...origin } } };
}

const packets = (draft: Draft): Packet[] => draft.rows.map((row) => draft.captured[row].packet);

/** The capture itself says that the capturing host sent it. */
const leavesHost = (one: Captured): boolean => one.framing.linkType === 113 && one.framing.outgoing;

/** Equal but for their time: what a second capture of a packet looks like. */
function sameBytes(p: Packet, q: Packet): boolean {
  const v6 = p.src.bytes.length === 16;
  const same =
    p.flags === q.flags &&
    p.seq === q.seq &&
    p.ack === q.ack &&
    p.length === q.length &&
    p.window === q.window &&
    p.options.length === q.options.length;
  return (
    same && p.origin.as === q.origin.as && p.options.every((byte, k) => byte === q.options[k]) && (v6 || p.id === q.id)
  );
}

const injected =
  (as: Who): History =>
  (draft) => {
    const rows = draft.rows.filter(
      (row) => isReset(draft.captured[row].packet) && draft.captured[row].packet.origin.by === as,
    );
    if (rows.length === 0 || rows.some((row) => leavesHost(draft.captured[row]))) return false;
    for (const row of rows) reorigin(draft, row, { by: 'box', why: 'injected' });
    for (const { [as]: log } of draft.attempts) if (log.end === 'aborted' || log.end === 'gave-up') log.end = 'open';
    return true;
  };

const ownReset =
  (as: Who): History =>
  (draft) => {
    const rows = draft.rows.filter(
      (row) =>
        isReset(draft.captured[row].packet) &&
        draft.captured[row].packet.origin.by === 'box' &&
        draft.captured[row].packet.origin.as === as,
    );
    if (rows.length === 0) return false;
    const first = rows[0];
    const goesOn = draft.rows.some(
      (row) => row > first && draft.captured[row].packet.origin.by === as && !isReset(draft.captured[row].packet),
    );
    const otherTtl = draft.rows.some(
      (row) =>
        draft.captured[row].packet.origin.by === as &&
        Math.abs(draft.captured[row].packet.ttl - draft.captured[first].packet.ttl) > 1,
    );
    if (goesOn || otherTtl) return false;
    for (const row of rows) reorigin(draft, row, { by: as, why: 'abort' });
    return true;
  };

/** What was sent again was captured again. */
const copies: History = (draft) => {
  let changed = false;
  for (const [k, row] of draft.rows.entries()) {
    const { packet } = draft.captured[row];
    if (packet.origin.repeats < 0) continue;
    const first = draft.rows.slice(0, k).find((earlier) => sameBytes(draft.captured[earlier].packet, packet));
    if (first === undefined || Math.abs(draft.captured[first].packet.ttl - packet.ttl) > 1) continue;
    reorigin(draft, row, { number: draft.captured[first].packet.origin.number, repeats: -1 });
    changed = true;
  }
  return changed;
};

/** What was captured twice was sent twice. */
const repetitions: History = (draft) => {
  const seen = new Map<number, number>();
  let changed = false;
  let fresh = 1_000_000;
  for (const row of draft.rows) {
    const { packet, timeNs, framing } = draft.captured[row];
    const first = seen.get(packet.origin.number);
    if (first === undefined) {
      seen.set(packet.origin.number, row);
      continue;
    }
    const earlier = draft.captured[first];
    // Hosts that set no identification may send the same bytes again, but not from other MAC addresses or with another
    // time to live.
    const sends = packet.src.bytes.length === 16 || packet.id === 0;
    const sameLink =
      framing.vlan === earlier.framing.vlan && framing.src === earlier.framing.src && packet.ttl === earlier.packet.ttl;
    if (!sends || !sameLink || Math.abs(timeNs - earlier.timeNs) < ((packet.flags & SYN) !== 0 ? 150 * ms : ms))
      continue;
    reorigin(draft, row, { number: fresh++, repeats: earlier.packet.origin.number });
    changed = true;
  }
  return changed;
};

/** The third segment, and whatever else the client sent, never reached the server. */
const thirdLost: History = (draft) => {
  // One socket is both ends.
  if (draft.run.ledger.faults.has('self-connected')) return false;
  // What is said to have opened may go on in the next stream, behind a SYN without effect.
  const list = draft.captured.slice(0, draft.run.readable).map(({ packet }) => packet);
  let changed = false;
  for (const attempt of draft.attempts) {
    if (attempt.server.establishedAt < 0 || attempt.old) continue;
    const synAck = list.find((p) => isSynAck(p) && p.origin.by === 'server' && p.origin.attempt === attempt.id);
    const went = (p: Packet) =>
      p.origin.as === 'server' &&
      p.origin.attempt === attempt.id &&
      !isReset(p) &&
      (p.flags & SYN) === 0 &&
      (p.length > 0 || isFin(p) || synAck === undefined || seqDiff(p.ack, synAck.ack) > 0);
    if (
      attempt.server.opensActively ||
      list.some(
        (p) =>
          went(p) ||
          (p.origin.as === 'server' &&
            isReset(p) &&
            (p.flags & ACK) !== 0 &&
            synAck !== undefined &&
            seqDiff(p.ack, synAck.ack) > 0),
      )
    )
      continue;
    // An acknowledgment of more than the SYN+ACK shows that the server had gone on.
    if (
      list.some(
        (p) =>
          p.origin.as === 'client' &&
          (p.flags & ACK) !== 0 &&
          synAck !== undefined &&
          seqDiff(p.ack, seqAdd(synAck.seq, 1)) > 0,
      )
    )
      continue;
    if (synAck === undefined) continue;
    attempt.server.establishedAt = -1;
    changed = true;
  }
  return changed;
};

/** The other side had sent its FIN before, in front of the capture or where it does not see. */
const earlierFin =
  (who: Who): History =>
  (draft) => {
    const list = packets(draft);
    const own = list.find((p) => isFin(p) && p.origin.as === who);
    if (own === undefined || (own.flags & ACK) === 0) return false;
    const others = list.filter((p) => p.origin.as === other(who) && !isReset(p));
    if (others.some(isFin)) return false;
    const ends = others
      .filter((p) => seqLength(p) > 0 || (p.flags & SYN) !== 0)
      .map((p) => seqAdd(p.seq, seqLength(p)));
    // It acknowledges just what was captured: no FIN among it.
    if (ends.includes(own.ack) || others.some((p) => p.seq === own.ack || seqDiff(p.seq, own.ack) > 0)) return false;
    let changed = false;
    for (const { id, [who]: mine, [other(who)]: theirs } of draft.attempts) {
      if (!draft.told.has(id)) continue;
      if (mine.sentFinAt < 0 || !(mine.gotFinAt < 0 || mine.sentFinAt < mine.gotFinAt)) continue;
      theirs.sentFinAt = 0;
      theirs.gotFinAt = Math.max(1, theirs.gotFinAt);
      mine.gotFinAt = 0;
      changed = true;
    }
    return changed;
  };

/** The refusal came from a device in between. */
const refusedByDevice: History = (draft) => {
  const rows = draft.rows.filter((row) => {
    const { packet } = draft.captured[row];
    return (
      isReset(packet) &&
      packet.origin.by === 'server' &&
      packet.seq === 0 &&
      (packet.flags & (RST | ACK | FIN)) === (RST | ACK)
    );
  });
  if (rows.length === 0 || rows.some((row) => leavesHost(draft.captured[row]))) return false;
  for (const row of rows) reorigin(draft, row, { by: 'box', why: 'injected' });
  return true;
};

const histories: Readonly<Record<string, History>> = {
  'the client’s resets were injected': injected('client'),
  'the server’s resets were injected': injected('server'),
  'the injected resets were the client’s own': ownReset('client'),
  'the injected resets were the server’s own': ownReset('server'),
  'repetitions were copies': copies,
  'copies were repetitions': repetitions,
  'the third segment never arrived': thirdLost,
  'the server’s FIN had come before': earlierFin('client'),
  'the client’s FIN had come before': earlierFin('server'),
  'a device refused': refusedByDevice,
};

const copyLog = (log: SideLog): SideLog => Object.assign(Object.create(Object.getPrototypeOf(log)) as SideLog, log);

function copyAttempt(one: Attempt): Attempt {
  const copy = new Attempt(one.id, one.old);
  Object.assign(copy.client, copyLog(one.client));
  Object.assign(copy.server, copyLog(one.server));
  copy.effectiveResets.push(...one.effectiveResets);
  return copy;
}

/** Histories in which something that was said to be proved of a stream is false, though it is true in what happened. */
export function counterexamples({ run }: Examined, { said, truth, comparison }: StreamResult): Counterexample[] {
  const known = new Set(comparison.found.filter((one) => one.finding === 'proved-false').map((one) => one.rule));
  const found: Counterexample[] = [];
  // A flood of SYNs has nothing more to tell with each.
  if (run.ledger.attempts.length > 8) return found;
  for (const [history, change] of Object.entries(histories)) {
    const draft: Draft = {
      captured: [...run.captured],
      attempts: run.ledger.attempts.map(copyAttempt),
      told: new Set(truth.all.map((one) => one.id)),
      rows: truth.frames.map(({ frame }) => frame - 1),
      run,
    };
    if (!change(draft)) continue;
    const ledger = Object.assign(Object.create(Object.getPrototypeOf(run.ledger)) as Run['ledger'], run.ledger, {
      attempts: draft.attempts,
    });
    const told: Run = { ...run, captured: draft.captured, ledger };
    const frames = truth.frames.map(({ frame }) => ({
      frame,
      captured: draft.captured[frame - 1],
      packet: draft.captured[frame - 1].packet,
    }));
    for (const { rule, finding } of compare(new StreamTruth(told, frames, truth.icmp), said).found)
      if (finding === 'proved-false' && !known.has(rule)) found.push({ history, rule });
  }
  return found;
}
