/**
 * Everything that is said about a connection as data: what it rests on, what contradicts it, what else the segments
 * could mean.
 */

import { endpointText } from '../format/endpoint.ts';
import type { HandshakeKey } from '../i18n/en/handshake.ts';
import type { ByLanguage, Claim, Side } from '../model/stream.ts';
import type { Connection, Reset, SideFacts } from './connection.ts';
import { meaningOf } from './icmp.ts';
import type { Judgement } from './judgement.ts';
import { looksOf } from './looks.ts';
import { isChallengeProved } from './opening.ts';
import { clause, type PhraseParams, phrase } from './phrase.ts';
import { isGuess } from './roles.ts';
import { TcpFlag } from './segments.ts';
import { isInjectionDoubted, type Spoken } from './spoken.ts';
import { isCut, otherSide, resetSender, whoOf } from './verdict.ts';

/** Frames listed for one claim. */
const mostFrames = 64;

interface Told {
  readonly key: HandshakeKey;
  readonly params?: PhraseParams;
  readonly by?: Side | 'both' | null;
  /** Indices of segments. */
  readonly supports: readonly number[];
  /** Rows of packets that are no segments of the connection: ICMP errors, segments of other streams. */
  readonly rows?: readonly number[];
  readonly refutedBy?: readonly number[];
  readonly proved: boolean;
  readonly other?: ByLanguage | null;
}

/**
 * The claims about one connection, in the order of a story: who, how it opened, what was sent twice or is there twice,
 * how it closed.
 */
export function claimsOf(j: Judgement, connections = 1, sure = false): readonly Claim[] {
  const teller = new Teller(j);
  teller.roles();
  teller.opening();
  teller.copies();
  teller.resets();
  teller.closing();
  teller.looks();
  if (connections > 1) teller.several(connections, sure);
  return teller.claims;
}

class Teller {
  readonly claims: Claim[] = [];
  private readonly c: Connection;

  constructor(private readonly j: Judgement) {
    this.c = j.connection;
  }

  private claim(what: string, told: Told): void {
    const frames = (indices: readonly number[]) =>
      indices.filter((index) => index >= 0).map((index) => this.c.segments.rows[index] + 1);
    const supports = [...new Set([...frames(told.supports), ...(told.rows ?? []).map((row) => row + 1)])].sort(
      (x, y) => x - y,
    );
    const refutedBy = frames(told.refutedBy ?? []);
    this.claims.push({
      what,
      by: told.by ?? null,
      text: phrase(told.key, told.params),
      supports: supports.slice(0, mostFrames),
      refutedBy: refutedBy.slice(0, mostFrames),
      proved: told.proved && refutedBy.length === 0,
      otherReading: told.proved && refutedBy.length === 0 ? null : (told.other ?? null),
    });
  }

  private nameOf(side: SideFacts): Side {
    return side === this.c.client ? 'client' : 'server';
  }

  private endText(side: SideFacts): string {
    return endpointText(side.isA ? this.c.segments.a : this.c.segments.b);
  }

  roles(): void {
    const { c } = this;
    const { roleEvidence: evidence, roles } = c;
    if (this.j.opening.codes[0] === 'O25' || this.j.opening.codes[0] === 'O26') return;
    const params = { client: this.endText(c.client), protocol: roles.protocol ?? '' };
    this.claim('roles', {
      key: `claim.roles.${evidence}`,
      params,
      supports: [
        roles.row !== undefined || (isGuess(c) && evidence !== 'first-packet') ? -1 : Math.max(0, roles.index),
      ],
      rows: roles.row === undefined ? [] : [roles.row],
      proved: !isGuess(c) && evidence !== 'asks',
      other: phrase('other.roles'),
    });
  }

  opening(): void {
    const { c, j } = this;
    const { opening, context } = j;
    const { codes, steps, proved } = opening;
    const [code] = codes;
    const serverText = this.endText(c.server);
    const has = (one: (typeof codes)[number]) => codes.includes(one);
    if (has('O26')) this.claim('self-connected', { key: 'claim.self-connected', supports: steps, proved });
    if (has('O25')) this.claim('probe', { key: 'claim.probe', supports: steps, proved, other: phrase('other.probe') });
    if (has('O24')) this.claim('syn-without-effect', { key: 'claim.syn-without-effect', supports: steps, proved });
    if (opening.established && code === 'O24')
      this.claim('opened', {
        key: 'claim.opened.before',
        supports: this.uses(),
        proved: false,
        other: phrase('other.openedMissing'),
      });
    else if (opening.established) {
      const whole = opening.missing === 'none' && has('O26') === false;
      const key = opening.missing === 'all' ? 'claim.opened.before' : 'claim.opened';
      const supports = steps.length > 0 ? steps : this.uses();
      this.claim('opened', {
        key,
        supports,
        proved,
        other:
          opening.missing === 'none' ? phrase('other.opened', { server: serverText }) : phrase('other.openedMissing'),
      });
      if (whole && code !== 'O27')
        this.claim('opening-captured', { key: 'claim.opened.seen', supports: steps, proved: true });
    } else if (
      opening.missing === 'all' ||
      opening.doubt !== null ||
      code === 'O20' ||
      (code === 'O9' && opening.reset === null) ||
      code === 'O19' ||
      (has('O23') && opening.reset !== null && c.handshakeAck >= 0 && c.handshakeAck < opening.reset.index) ||
      code === 'O11' ||
      code === 'O10' ||
      code === 'O27'
    ) {
      if (code !== 'O24' && code !== 'O25')
        this.claim('opening-unknown', {
          key: 'claim.unknown-opening',
          supports: steps,
          proved: false,
          other: phrase('other.openedMissing'),
        });
    } else if (code !== 'O24' && code !== 'O25') {
      const { reset } = opening;
      const answered = has('O5')
        ? phrase('other.refused', { server: serverText })
        : phrase('other.abandoned', { who: whoOf(c, reset === null ? c.server : resetSender(c, reset)) });
      this.claim('not-opened', {
        key: 'claim.not-opened',
        supports: steps,
        proved: false,
        other: reset === null ? phrase('other.no-answer') : answered,
      });
    }
    if (has('O5') && opening.reset !== null) {
      const valid = opening.reset.fit === 'exact';
      this.claim(valid ? 'refused' : 'refused-in-vain', {
        key: valid ? 'claim.refused' : 'claim.refused.invalid',
        supports: steps,
        proved: valid,
        other: phrase('other.refused', { server: serverText }),
      });
    }
    if (has('O6'))
      this.claim('no-answer', {
        key: 'claim.no-answer',
        supports: c.client.syns,
        proved: false,
        other: phrase('other.no-answer'),
      });
    if (opening.icmp !== null) {
      const meaning = meaningOf(opening.icmp);
      this.claim('icmp-answer', {
        key: 'claim.icmp-answer',
        supports: [steps[0] ?? -1],
        rows: [opening.icmp.row],
        proved: meaning !== null,
        other: phrase('other.icmp'),
      });
    } else {
      // An error that was reported for a SYN which was answered nevertheless ended nothing.
      const error = context.icmpErrors?.find(
        (one) => one.quotedFromA === c.client.isA && c.client.syns.some((syn) => c.segments.seq[syn] === one.quotedSeq),
      );
      if (error !== undefined && c.synAck >= 0)
        this.claim('icmp-answer', {
          key: 'claim.icmp-answer',
          supports: [],
          rows: [error.row],
          refutedBy: [c.synAck],
          proved: false,
        });
    }
    if (has('O12') && c.challenge >= 0)
      this.claim('challenged', {
        key: 'claim.challenged',
        by: this.nameOf(c.server),
        supports: [c.client.syns[0], c.challenge],
        proved: isChallengeProved(c),
        other: phrase('other.challenged'),
      });
    if (has('O8') && c.strangeSynAck >= 0)
      this.claim('wrong-syn-ack', {
        key: 'claim.wrong-syn-ack',
        supports: [c.client.syns[0], c.strangeSynAck],
        proved: true,
      });
    if (code === 'O19')
      this.claim('half-open', {
        key: 'claim.half-open',
        supports: steps,
        proved: false,
        other: phrase('other.half-open'),
      });
    if (has('O14') && opening.reset !== null)
      this.claim('abandoned', {
        key: 'claim.abandoned',
        by: 'client',
        supports: steps,
        proved,
        other: phrase('other.abandoned', { who: whoOf(c, c.client) }),
      });
    if (has('O23') && opening.reset !== null)
      this.claim('aborted', {
        key: 'claim.aborted',
        by: 'server',
        supports: steps,
        proved,
        other: phrase('other.abandoned', { who: whoOf(c, c.server) }),
      });
    if (has('O27') && opening.elsewhere !== null)
      this.claim('answered-elsewhere', {
        key: 'claim.answered-elsewhere',
        supports: steps,
        rows: [opening.elsewhere.row],
        proved: false,
        other: phrase('other.elsewhere'),
      });
    if (has('O10'))
      this.claim('simultaneous-open', { key: 'claim.simultaneous-open', by: 'both', supports: steps, proved });
    if (has('O11') && c.bothSyn)
      this.claim('split-handshake', { key: 'claim.split-handshake', supports: steps, proved });
    if (has('O15') && c.client.syns.some((index) => c.segments.length[index] > 0))
      this.claim('fast-open', {
        key: 'claim.fast-open',
        by: 'client',
        supports: c.client.syns.filter((index) => c.segments.length[index] > 0),
        proved: true,
      });
  }

  /** Two segments that only an open connection sends. */
  private uses(): readonly number[] {
    return [this.c.client.firstData, this.c.server.firstData].filter((index) => index >= 0);
  }

  copies(): void {
    const { c, j } = this;
    if (j.merged !== null) {
      const pairs = [...j.merged.pairs].slice(0, mostFrames / 2).flat();
      this.claim('merged', {
        key: 'claim.merged',
        supports: pairs,
        proved: this.wired(pairs),
        other: phrase('other.captured-twice'),
      });
    } else {
      for (const { index, original } of c.copies.slice(0, 16)) {
        const x = j.finder.wire(index);
        const y = j.finder.wire(original);
        const same = x !== null && y !== null && x.id !== null && x.id !== 0 && x.id === y.id;
        const moved = x !== null && y !== null && (x.hopLimit !== y.hopLimit || x.link !== y.link);
        this.claim('captured-twice', {
          key: 'claim.captured-twice',
          by: (c.segments.fromA[index] !== 0) === c.client.isA ? 'client' : 'server',
          supports: [original, index],
          proved: same && moved,
          other: phrase('other.captured-twice'),
        });
      }
    }
    for (const side of [c.client, c.server]) {
      const lists = [
        { kind: 'SYN', indices: side.syns },
        { kind: 'SYN+ACK', indices: side.synAcks },
        { kind: 'FIN', indices: side.fins },
      ];
      for (const { kind, indices } of lists) {
        const copies = indices.filter((index) => sameNumber(c, index, indices[0]));
        if (copies.length < 2) continue;
        this.claim('sent-twice', {
          key: 'claim.sent-twice',
          params: { who: whoOf(c, side), kind, count: copies.length },
          by: this.nameOf(side),
          supports: copies,
          proved: this.distinct(copies),
          other: phrase('other.sent-twice'),
        });
      }
    }
  }

  /** The IPv4 identifications of the segments all differ, and the hop limits do not: each was sent by itself. */
  private distinct(indices: readonly number[]): boolean {
    const wires = indices.slice(0, 8).map((index) => this.j.finder.wire(index));
    const ids = new Set(wires.map((wire) => wire?.id ?? 0));
    return !ids.has(0) && ids.size === wires.length && new Set(wires.map((wire) => wire?.hopLimit)).size === 1;
  }

  private wired(indices: readonly number[]): boolean {
    // At one place of capture the network may have made the copies.
    const wires = indices.slice(0, 12).map((index) => this.j.finder.wire(index));
    if (
      wires.some(
        (wire, n) => n % 2 === 1 && wire?.link === wires[n - 1]?.link && wire?.hopLimit === wires[n - 1]?.hopLimit,
      )
    )
      return false;
    const ids = wires.map((wire) => wire?.id ?? 0);
    return !ids.includes(0) && ids.every((id, n) => n % 2 === 0 || id === ids[n - 1]) && new Set(ids).size >= 3;
  }

  /** Who sent each reset that could have ended it. */
  resets(): void {
    const { c, j } = this;
    const { opening } = j;
    if (opening.codes[0] === 'O25' || opening.doubt === 'only-resets') return;
    for (const one of j.spoken) {
      const named = resetSender(c, one.reset);
      const who = whoOf(c, named);
      const by = this.nameOf(named);
      if (one.reset.injected) {
        this.claim('reset', {
          key: 'claim.reset',
          params: { who },
          by,
          supports: [one.reset.index],
          refutedBy: one.goesOn,
          proved: false,
        });
        this.claim('reset-injected', {
          key: 'claim.reset-injected',
          params: { who },
          by,
          supports: [one.reset.index, ...one.goesOn],
          proved: one.certain,
          other: phrase('other.injected', { who }),
        });
      } else if (one.reset.ignored || one.reset.fit === 'inexact' || !this.ends(one.reset)) continue;
      // Something speaks in its name already: whose this one is cannot be told.
      // The opening's own claim names its sender.
      else if (
        one.reset === opening.reset &&
        (opening.codes.includes('O14') || opening.codes.includes('O23')) &&
        !isInjectionDoubted(one)
      )
        continue;
      else if (
        !one.own &&
        (one.unclear || j.spoken.some((other) => other.reset.injected && other.reset.fromA === one.reset.fromA)) &&
        !isInjectionDoubted(one)
      )
        continue;
      else if (isInjectionDoubted(one))
        this.claim('reset-injected', {
          key: 'claim.reset-injected',
          params: { who },
          by,
          supports: [one.reset.index, ...one.burst, one.bothWays],
          proved: false,
          other: phrase('other.injected', { who }),
        });
      else
        this.claim('reset', {
          key: 'claim.reset',
          params: { who },
          by,
          supports: [one.reset.index],
          proved: one.own && one.reset.fit === 'exact',
          other: this.otherSender(one, who),
        });
    }
  }

  /** The reset is among those that the verdict speaks of. */
  private ends(reset: Reset): boolean {
    return reset === this.j.closing.reset || reset === this.j.opening.reset;
  }

  private otherSender(one: Spoken, who: ByLanguage): ByLanguage {
    if (one.reset.fit === 'unknown') return phrase('other.resetMissing');
    if (one.hops !== null) return phrase('other.resetHops', { who, ...one.hops });
    return phrase('other.reset', { who });
  }

  closing(): void {
    const { c, j } = this;
    const { closing } = j;
    const { codes, first, second, initiator, steps, proved } = closing;
    const [code] = codes;
    if (code === undefined) return;
    const has = (one: (typeof codes)[number]) => codes.includes(one);
    if (code === 'C12') {
      const cut = isCut(j);
      this.claim(cut ? 'cut' : 'no-close', {
        key: cut ? 'claim.cut' : 'claim.no-close',
        supports: [0, c.segments.count - 1],
        proved: false,
        other: phrase('other.no-close'),
      });
      return;
    }
    if (
      closing.reset !== null &&
      !closing.reset.injected &&
      closing.reset.fit === 'exact' &&
      (has('C5') || has('C15') || has('C6') || has('C8')) &&
      !has('C16')
    ) {
      const receiver = otherSide(c, resetSender(c, closing.reset));
      this.claim('ended-by-reset', {
        key: 'claim.reset.received',
        params: { other: whoOf(c, receiver) },
        supports: [closing.reset.index],
        proved: false,
        other: phrase('other.reset', { who: whoOf(c, resetSender(c, closing.reset)) }),
      });
    }
    if (c.simultaneousClose && has('C4'))
      this.claim('closed-simultaneously', {
        key: 'claim.closed-simultaneously',
        by: 'both',
        supports: steps,
        // In a file whose order was changed a FIN may be that of the connection before.
        proved: proved && !j.reordered,
        other: phrase('other.closedPartly'),
      });
    else if (
      first !== null &&
      initiator !== null &&
      (has('C1') || has('C2') || has('C3') || has('C6') || has('C8') || has('C10') || has('C11'))
    ) {
      const who = whoOf(c, first);
      const both = has('C1') || has('C2');
      // A pure acknowledgment of the first FIN shows by its Seq that its sender had not sent a FIN of its own.
      const apart = both && second !== null && this.finAfter(first, second);
      const other = otherSide(c, first);
      this.claim('closed', {
        key: both ? 'claim.closed' : 'claim.closed.partly',
        params: { who, other: whoOf(c, other) },
        by: this.nameOf(first),
        supports: steps,
        proved: proved && apart,
        other: phrase(both ? 'other.closed' : 'other.closedPartly', { other: whoOf(c, other) }),
      });
    } else if (has('C10') && initiator === null)
      this.claim('close-unclear', {
        key: 'claim.close-unclear',
        supports: steps,
        proved: false,
        other: phrase('other.closedPartly'),
      });
    if (has('C3') && first !== null) {
      const other = otherSide(c, first);
      this.claim('half-close', {
        key: 'claim.half-close',
        params: { who: whoOf(c, first), other: whoOf(c, other) },
        by: this.nameOf(first),
        supports: [first.fin, other.halfCloseFirst, other.halfCloseLast],
        proved: true,
      });
    }
  }

  /**
   * Between the first FIN and the second, the second side sent a segment that acknowledges the one and stands before
   * the other.
   */
  private finAfter(first: SideFacts, second: SideFacts): boolean {
    const { seq, ack, flags, length, fromA, count } = this.c.segments;
    for (let i = 0; i < count; i++) {
      if (
        fromA[i] !== (second.isA ? 1 : 0) ||
        (flags[i] & (TcpFlag.FIN | TcpFlag.SYN | TcpFlag.RST | TcpFlag.ACK)) !== TcpFlag.ACK
      )
        continue;
      if (ack[i] === first.finEnd && length[i] === 0 && (seq[i] + 1) >>> 0 === second.finEnd) return true;
    }
    return false;
  }

  looks(): void {
    for (const look of looksOf(this.j)) {
      const who = look.side === null ? clause('who.both') : whoOf(this.c, look.side);
      this.claim(look.what, {
        key: `claim.${look.what}`,
        params: { who, ...look.params },
        by: look.side === null ? null : this.nameOf(look.side),
        supports: look.indices,
        proved: false,
        other: phrase(`other.${look.what}`),
      });
    }
  }

  several(count: number, sure: boolean): void {
    this.claim('several-connections', {
      key: 'claim.several-connections',
      params: { count },
      supports: [this.j.opening.steps[0] ?? 0],
      proved: sure,
      other: phrase('other.several'),
    });
  }
}

function sameNumber(c: Connection, x: number, y: number): boolean {
  const { seq, length } = c.segments;
  return seq[x] + length[x] === seq[y] + length[y];
}
