/**
 * A TCP by RFC 9293 (all states; arriving segments by section 3.10.7), with RFC 5961's challenge ACKs, RFC 6298's
 * timers, fast retransmit (RFC 5681), tail-loss probes (RFC 8985), delayed acknowledgments, keep-alives and the habits
 * of systems in use.
 */
import type { Habits } from './habits.ts';
import type { Ledger, SideLog } from './ledger.ts';
import {
  ACK,
  type Address,
  AE,
  CWR,
  ECE,
  FIN,
  type Origin,
  type Packet,
  PSH,
  RST,
  SYN,
  seqAdd,
  seqDiff,
  type Who,
} from './packets.ts';
import { ms, second, type Timer, type World } from './world.ts';

export type State =
  | 'CLOSED'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT';

/** What uses a connection. */
export interface App {
  opened?(tcb: Tcb): void;
  /** `total`: bytes received in all. */
  received?(tcb: Tcb, total: number): void;
  finished?(tcb: Tcb): void;
  ended?(tcb: Tcb): void;
}

export interface ConnectOptions {
  readonly from: number;
  readonly to: Address;
  readonly port: number;
  readonly iss?: number;
  readonly attempt?: number;
  /** Data in the SYN, and the bytes of the fast-open cookie with it; null no option, 0 asks for a cookie (RFC 7413). */
  readonly synData?: number;
  readonly cookie?: number | null;
}

interface Sent {
  readonly seq: number;
  readonly length: number;
  readonly flags: number;
  readonly why: Origin['why'];
  number: number;
  at: number;
  tries: number;
  text: string | undefined;
}

type Reason = Origin['why'];

const synchronised: ReadonlySet<State> = new Set([
  'ESTABLISHED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
]);

/** A machine with its sockets. */
export class Host {
  readonly sockets = new Map<string, Tcb>();
  /** Makes what serves a connection; null: nothing listens. */
  accepts: (() => App) | null = null;
  /** What becomes of segments that no connection wants: answered by a reset (RFC 9293, section 3.5.2), or not. */
  strangers: 'reset' | 'drop' = 'reset';
  /** How it treats connections that are not complete yet. */
  backlog: 'take' | 'ignore-third' | 'reset-third' | 'never' = 'take';
  /**
   * Keeps nothing of a SYN but the number it answered with (RFC 4987, section 3.6): the third segment brings the rest.
   */
  cookies = false;
  private readonly baked = new Map<string, { readonly iss: number; readonly attempt: number }>();
  /** Switched off: nothing comes in or goes out. */
  dead = false;
  private globalId: number;
  private challenges = 0;
  private challengeSecond = -1;

  constructor(
    readonly world: World,
    readonly ledger: Ledger,
    readonly who: Who,
    readonly address: Address,
    readonly habits: Habits,
    private readonly transmit: (packet: Packet) => void,
  ) {
    this.globalId = world.random.below(65_536);
  }

  nextGlobalId(): number {
    this.globalId = (this.globalId + 1 + this.world.random.below(3)) & 0xffff;
    return this.globalId;
  }

  /** Forgets every connection, as after power was cut. */
  reboot(): void {
    for (const tcb of this.sockets.values()) tcb.vanish();
    this.sockets.clear();
  }

  connect(app: App, options: ConnectOptions): Tcb {
    const attempt = options.attempt ?? this.ledger.attempt().id;
    const tcb = new Tcb(this, app, attempt, options.from, options.to, options.port, options.iss ?? this.chooseIss());
    this.install(tcb);
    tcb.connect(options);
    return tcb;
  }

  /** A connection that is open already when the story begins. */
  resume(app: App, attempt: number, port: number, to: Address, remote: number, next: number, expected: number): Tcb {
    const tcb = new Tcb(this, app, attempt, port, to, remote, next);
    this.install(tcb);
    tcb.resume(next, expected);
    return tcb;
  }

  private install(tcb: Tcb): void {
    this.sockets.get(tcb.key)?.vanish();
    this.sockets.set(tcb.key, tcb);
  }

  chooseIss(): number {
    const { fixedIss } = this.habits;
    if (fixedIss !== null) return fixedIss;
    const { random } = this.world;
    // Now and then numbers that wrap soon.
    return random.chance(0.15) ? seqAdd(0, -random.between(0, 3000)) : random.u32();
  }

  receive(packet: Packet): void {
    if (this.dead) return;
    if (packet.icmp !== undefined) {
      const { quoted } = packet.icmp;
      this.sockets.get(keyOf(quoted.sport, quoted.dst, quoted.dport))?.icmp(packet);
      return;
    }
    const tcb = this.sockets.get(keyOf(packet.dport, packet.src, packet.sport));
    if (tcb !== undefined && tcb.state !== 'CLOSED') {
      if (tcb.state === 'TIME-WAIT' && tcb.mayReopen(packet) && this.accepts !== null) this.passive(packet);
      else tcb.receive(packet);
      return;
    }
    const { flags } = packet;
    if ((flags & RST) !== 0) return;
    if (this.eats(packet)) return;
    if (this.accepts !== null && (flags & (SYN | ACK)) === SYN) this.passive(packet);
    else if (this.accepts !== null && (flags & (SYN | ACK)) === 0) return;
    else this.stranger(packet);
  }

  /** A segment that acknowledges the number given to a SYN of which nothing else was kept. */
  private eats(packet: Packet): boolean {
    const key = keyOf(packet.dport, packet.src, packet.sport);
    const cookie = this.baked.get(key);
    if (
      cookie === undefined ||
      this.accepts === null ||
      (packet.flags & (SYN | ACK)) !== ACK ||
      packet.ack !== seqAdd(cookie.iss, 1)
    )
      return false;
    this.baked.delete(key);
    const tcb = new Tcb(this, this.accepts(), cookie.attempt, packet.dport, packet.src, packet.sport, cookie.iss);
    this.install(tcb);
    tcb.revive(packet);
    return true;
  }

  private bake(packet: Packet): void {
    const iss = this.chooseIss();
    this.baked.set(keyOf(packet.dport, packet.src, packet.sport), { iss, attempt: packet.origin.attempt });
    const { src, dst, sport, dport, seq, origin } = packet;
    this.send(
      {
        src: dst,
        dst: src,
        sport: dport,
        dport: sport,
        seq: iss,
        ack: seqAdd(seq, 1),
        flags: SYN | ACK,
        window: Math.min(65_535, this.habits.window),
        id: 0,
        ttl: this.habits.ttl,
        options: [2, 4, this.habits.mss >> 8, this.habits.mss & 255],
        length: 0,
      },
      { by: this.who, as: this.who, why: 'syn-ack', attempt: origin.attempt, repeats: -1 },
    );
  }

  private passive(packet: Packet): void {
    if (this.backlog === 'never' || this.accepts === null) return;
    if (this.cookies) {
      this.bake(packet);
      return;
    }
    const tcb = new Tcb(
      this,
      this.accepts(),
      packet.origin.attempt,
      packet.dport,
      packet.src,
      packet.sport,
      this.chooseIss(),
    );
    this.install(tcb);
    tcb.listen(packet);
  }

  /**
   * A reset from a host without such a connection: with the number that was acknowledged, or 0 and an acknowledgment
   * (RFC 9293, section 3.5.2).
   */
  stranger(packet: Packet, why: Reason = 'stranger'): void {
    if (this.strangers === 'drop') return;
    const { flags, length } = packet;
    const used = length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
    const hasAck = (flags & ACK) !== 0;
    const origin = { by: this.who, as: this.who, why, attempt: packet.origin.attempt, repeats: -1 } as const;
    this.send(
      {
        src: this.address,
        dst: packet.src,
        sport: packet.dport,
        dport: packet.sport,
        seq: hasAck ? packet.ack : 0,
        ack: hasAck ? 0 : seqAdd(packet.seq, used),
        flags: hasAck ? RST : RST | ACK,
        window: 0,
        id: this.habits.ids === 'global' ? this.nextGlobalId() : 0,
        ttl: this.habits.ttl,
        options: [],
        length: 0,
      },
      origin,
    );
  }

  send(packet: Omit<Packet, 'origin'>, origin: Omit<Origin, 'number'>): number {
    const sent = this.ledger.send(this.world.now, packet, origin);
    if (!this.dead) this.transmit(sent);
    return sent.origin.number;
  }

  /** Whether another challenge ACK may be sent in this second (RFC 5961, section 7). */
  mayChallenge(): boolean {
    const now = Math.floor(this.world.now / second);
    if (now !== this.challengeSecond) {
      this.challengeSecond = now;
      this.challenges = 0;
    }
    return this.challenges++ < this.habits.challengesPerSecond;
  }
}

const keyOf = (own: number, other: Address, port: number): string => `${own} ${other.text} ${port}`;

/** One end of a connection. */
export class Tcb {
  state: State = 'CLOSED';
  readonly key: string;
  received = 0;
  /** Bytes that the application has not read. */
  unread = 0;
  private sndUna: number;
  private sndNxt: number;
  private sndWnd = 0;
  private irs = 0;
  private rcvNxt = 0;
  private passive = false;
  private queued = 0;
  private queuedText: string | undefined;
  private finQueued = false;
  private readonly sent: Sent[] = [];
  private readonly early: { readonly seq: number; readonly length: number; readonly fin: boolean }[] = [];
  private timer: Timer | null = null;
  private rto: number;
  private srtt = 0;
  private duplicateAcks = 0;
  private ackTimer: Timer | null = null;
  private ackOwed = 0;
  private idle: Timer | null = null;
  private probes = 0;
  private persist: Timer | null = null;
  private persistWait = 0;
  private ipId: number;
  private scale = 0;
  private otherScale = 0;
  private stamps = false;
  private lastStamp = 0;
  private refusals = 0;
  /** A byte of new data was sent into a closed window. */
  private probed = false;
  private options: ConnectOptions | null = null;
  private reading = true;
  private readonly log: SideLog;
  private readsNoMore = false;
  /** The next segment is the third one, whatever else it brings. */
  private firstIsThird = false;

  constructor(
    readonly host: Host,
    private app: App,
    readonly attempt: number,
    readonly port: number,
    readonly remote: Address,
    readonly remotePort: number,
    private readonly iss: number,
  ) {
    this.key = keyOf(port, remote, remotePort);
    this.sndUna = iss;
    this.sndNxt = iss;
    this.rto = host.habits.firstRto;
    this.ipId = host.world.random.below(65_536);
    this.log = host.ledger.side(attempt, host.who);
    this.log.took = true;
  }

  get next(): number {
    return this.sndNxt;
  }
  get expected(): number {
    return this.rcvNxt;
  }
  private get habits(): Habits {
    return this.host.habits;
  }
  private get now(): number {
    return this.host.world.now;
  }

  // ---- what the application asks for
  // ----------------------------------------------------------------------------------------------------------

  connect(options: ConnectOptions): void {
    this.options = options;
    this.log.opensActively = true;
    this.state = 'SYN-SENT';
    this.stamps = this.habits.timestamps;
    const length = options.synData ?? 0;
    this.transmitNew(SYN | this.ecnAsk(), length, 'syn');
  }

  resume(next: number, expected: number): void {
    this.sndUna = next;
    this.sndNxt = next;
    this.rcvNxt = expected;
    this.irs = expected;
    this.sndWnd = 60_000;
    this.state = 'ESTABLISHED';
    this.log.establishedAt = this.now;
    this.keepAlive();
  }

  /** Made anew from the third segment, or from what followed it. */
  revive(third: Packet): void {
    this.passive = true;
    this.state = 'SYN-RECEIVED';
    this.irs = seqAdd(third.seq, -1);
    this.rcvNxt = third.seq;
    this.sndNxt = seqAdd(this.iss, 1);
    this.sndUna = this.iss;
    this.receive(third);
  }

  listen(syn: Packet): void {
    const { habits } = this;
    this.passive = true;
    this.irs = syn.seq;
    this.rcvNxt = seqAdd(syn.seq, 1);
    this.sndWnd = syn.window;
    this.stamps = habits.timestamps && hasOption(syn, 8);
    this.scale = hasOption(syn, 3) ? habits.windowScale : 0;
    this.otherScale = optionValue(syn, 3) ?? 0;
    this.state = 'SYN-RECEIVED';
    const cookie = optionLength(syn, 34);
    if (syn.length > 0 && cookie !== null && cookie > 0 && habits.fastOpen) {
      this.rcvNxt = seqAdd(this.rcvNxt, syn.length);
      this.log.fastOpened = true;
    }
    const ecn =
      habits.ecn === 'accurate' && (syn.flags & AE) !== 0
        ? CWR
        : habits.ecn !== 'none' && (syn.flags & (ECE | CWR)) === (ECE | CWR)
          ? ECE
          : 0;
    this.transmitNew(SYN | ACK | ecn, 0, 'syn-ack');
    if (this.log.fastOpened) {
      this.app.opened?.(this);
      this.deliver(syn.length);
    }
  }

  write(bytes: number, text?: string): void {
    if (this.finQueued || this.state === 'CLOSED') return;
    this.queued += bytes;
    this.queuedText ??= text;
    this.output();
  }

  /** The last data: the FIN goes with it where the system is used to that. */
  writeLast(bytes: number): void {
    if (this.habits.finWithData && this.unread === 0 && !this.finQueued && this.state !== 'CLOSED') {
      this.readsNoMore = true;
      this.queued += bytes;
      this.finQueued = true;
      this.output();
      return;
    }
    this.write(bytes);
    this.close();
  }

  /** No more will be sent; data is still read where `half`. */
  close(half = false): void {
    if (this.finQueued || this.state === 'CLOSED') return;
    if (this.state === 'SYN-SENT') {
      this.finish('aborted');
      return;
    }
    // Linux aborts where data was left unread (RFC 1122, section 4.2.2.13).
    if (!half && this.unread > 0) {
      this.abort();
      return;
    }
    this.readsNoMore = !half;
    this.finQueued = true;
    this.output();
  }

  /** RFC 9293, section 3.10.5: <SEQ=SND.NXT><CTL=RST>, in practice with the acknowledgment. */
  abort(why: Reason = 'abort'): void {
    if (this.state === 'CLOSED') return;
    if (this.state !== 'SYN-SENT') this.emit(this.habits.abortWithoutAck ? RST : RST | ACK, this.sndNxt, 0, why);
    this.finish(why === 'gave-up' ? 'gave-up' : 'aborted');
  }

  pause(): void {
    this.reading = false;
  }

  read(): void {
    this.reading = true;
    const was = this.window();
    this.unread = 0;
    if (was < this.habits.mss && synchronised.has(this.state)) this.acknowledge('ack');
  }

  /** The machine lost it. */
  vanish(): void {
    if (this.state !== 'CLOSED' && this.state !== 'TIME-WAIT') this.finish('forgotten');
    else this.finish(this.log.end);
  }

  // ---- what arrives: RFC 9293, section 3.10.7
  // -------------------------------------------------------------------------------------------------------

  receive(p: Packet): void {
    this.probes = 0;
    if (this.state === 'SYN-SENT') this.receiveInSynSent(p);
    else this.receiveSynchronised(p);
    if (this.state !== 'CLOSED') this.keepAlive();
  }

  mayReopen(p: Packet): boolean {
    return (p.flags & (SYN | ACK | RST)) === SYN && seqDiff(p.seq, this.rcvNxt) > 0;
  }

  icmp(p: Packet): void {
    const { icmp } = p;
    if (icmp === undefined || this.state !== 'SYN-SENT' || icmp.quoted.seq !== this.iss || this.habits.icmpSoft) return;
    this.log.resetBy = p.origin.number;
    this.finish('icmp');
  }

  /** Section 3.10.7.3. */
  private receiveInSynSent(p: Packet): void {
    const { flags } = p;
    const acks = (flags & ACK) !== 0;
    if (acks && (seqDiff(p.ack, this.iss) <= 0 || seqDiff(p.ack, this.sndNxt) > 0)) {
      if ((flags & RST) === 0) this.host.stranger(p, 'wrong-number');
      return;
    }
    if ((flags & RST) !== 0) {
      if (!acks) return;
      this.refused(p);
      return;
    }
    if ((flags & SYN) === 0) return;
    this.irs = p.seq;
    this.rcvNxt = seqAdd(p.seq, 1 + (acks ? p.length : 0));
    this.sndWnd = p.window;
    this.stamps = this.stamps && hasOption(p, 8);
    this.scale = hasOption(p, 3) ? this.habits.windowScale : 0;
    this.otherScale = optionValue(p, 3) ?? 0;
    if (!acks) {
      // Simultaneous open (figure 7).
      this.state = 'SYN-RECEIVED';
      this.drop(this.sent, (one) => (one.flags & SYN) !== 0);
      this.sndNxt = this.iss;
      this.transmitNew(SYN | ACK, 0, 'syn-ack');
      return;
    }
    this.acknowledged(p);
    if (p.length > 0) this.deliver(p.length);
    // Data of the SYN that was not taken goes again, with the third segment.
    const [left] = this.sent;
    this.state = 'ESTABLISHED';
    this.log.establishedAt = this.now;
    if (left !== undefined) this.repeat(left);
    else if (this.habits.thirdWithData) this.firstIsThird = true;
    else this.acknowledge('third');
    this.app.opened?.(this);
    if (this.firstIsThird && (this.state as State) !== 'CLOSED') this.acknowledge('third');
    this.firstIsThird = false;
  }

  private refused(p: Packet): void {
    this.log.resetBy = p.origin.number;
    if (this.refusals < this.habits.triesAfterRefusal) {
      // Windows asks again.
      this.refusals++;
      this.stopTimer();
      this.timer = this.host.world.after(500 * ms, () => {
        const [syn] = this.sent;
        if (this.state === 'SYN-SENT' && syn !== undefined) this.repeat(syn);
        // The timer that every repetition starts is not this one.
        this.stopTimer();
        this.timer = this.host.world.after(second, () => {
          if (this.state === 'SYN-SENT') this.finish('gave-up');
        });
      });
      return;
    }
    this.finish('refused');
  }

  private receiveSynchronised(p: Packet): void {
    const { flags, seq } = p;
    const used = p.length + ((flags & FIN) !== 0 ? 1 : 0);
    if ((flags & RST) !== 0) {
      this.receiveReset(p);
      return;
    }
    if ((flags & SYN) !== 0) {
      this.receiveSyn(p);
      return;
    }
    if (this.stamps) this.lastStamp = optionValue(p, 8) ?? this.lastStamp;
    const window = this.window();
    const starts = seqDiff(seq, this.rcvNxt);
    const acceptable =
      used === 0
        ? window === 0
          ? starts === 0
          : starts >= 0 && starts < window
        : window > 0 && starts < window && starts + used > 0;
    if (!acceptable) {
      if (this.state === 'SYN-RECEIVED') return;
      // A probe or something old: say again what is expected.
      if (this.state !== 'TIME-WAIT' || (flags & FIN) !== 0) this.acknowledge('ack');
      if (this.state === 'TIME-WAIT') this.timeWait();
      if ((flags & ACK) !== 0) this.receiveAck(p, false);
      return;
    }
    if ((flags & ACK) === 0) return;
    if (this.state === 'SYN-RECEIVED' && !this.completes(p)) return;
    if (!this.receiveAck(p, used === 0)) return;
    if (used > 0) this.receiveData(p);
    if ((this.state as State) !== 'CLOSED') this.output();
  }

  /** The third segment (section 3.10.7.4, fifth). Answers whether to go on. */
  private completes(p: Packet): boolean {
    if (seqDiff(p.ack, this.sndUna) <= 0 || seqDiff(p.ack, this.sndNxt) > 0) {
      this.host.stranger(p, 'wrong-number');
      return false;
    }
    const { backlog } = this.host;
    if (
      this.passive &&
      (backlog === 'ignore-third' ||
        (this.habits.deferAccept && p.length === 0 && (p.flags & FIN) === 0 && (this.sent[0]?.tries ?? 9) < 3))
    ) {
      this.log.ignoredThird = true;
      return false;
    }
    if (this.passive && backlog === 'reset-third') {
      this.host.stranger(p, 'closed-already');
      this.finish('aborted');
      return false;
    }
    this.sndWnd = p.window << this.otherScale;
    this.acknowledged(p);
    const early = this.log.fastOpened;
    this.established(early);
    return (this.state as State) !== 'CLOSED';
  }

  /** RFC 5961, section 3.2: only the exact number resets; another one in the window is challenged. */
  private receiveReset(p: Packet): void {
    const ahead = seqDiff(p.seq, this.rcvNxt);
    if (ahead === 0 || (this.state === 'SYN-RECEIVED' && ahead >= 0 && ahead < this.window())) {
      this.log.resetBy = p.origin.number;
      this.host.ledger.attempts[this.attempt].effectiveResets.push(p.origin.number);
      this.finish(
        this.state === 'TIME-WAIT' || this.state === 'LAST-ACK' || this.state === 'CLOSING' ? 'closed' : 'reset',
      );
    } else if (ahead > 0 && ahead < this.window()) this.challenge();
  }

  private receiveSyn(p: Packet): void {
    if (this.state === 'SYN-RECEIVED' && p.seq === this.irs) {
      if ((p.flags & ACK) === 0) {
        // Its sender has not got the SYN+ACK.
        const [first] = this.sent;
        if (first !== undefined && this.passive) this.repeat(first);
        return;
      }
      if (!this.passive && seqDiff(p.ack, this.sndUna) > 0 && seqDiff(p.ack, this.sndNxt) <= 0) {
        // Both asked: the SYN was processed before, the acknowledgment counts (figure 7).
        this.sndWnd = p.window;
        this.acknowledged(p);
        this.established();
        if ((this.state as State) === 'ESTABLISHED') {
          if (this.habits.system !== 'plain') this.acknowledge('ack');
          this.output();
        }
      }
      return;
    }
    if (this.state === 'SYN-RECEIVED' && this.passive && (p.flags & ACK) === 0) {
      // An old one, or a new attempt. Linux, as RFC 793 had it, resets where the number lies in the window.
      const ahead = seqDiff(p.seq, this.rcvNxt);
      if (this.habits.system === 'linux' && ahead >= 0 && ahead < this.window()) {
        this.host.stranger(p, 'closed-already');
        this.finish('aborted');
      } else this.challenge();
      return;
    }
    // Section 3.10.7.4, fourth; the answer to a SYN+ACK sent again is the third segment again.
    if ((p.flags & ACK) !== 0 && p.seq === this.irs) this.acknowledge('ack');
    else this.challenge();
  }

  private challenge(): void {
    if (!this.host.mayChallenge()) return;
    this.log.challenged = true;
    this.acknowledge('challenge');
  }

  /** Section 3.10.7.4, fifth. Answers false where the segment is dropped. */
  private receiveAck(p: Packet, bare: boolean): boolean {
    // The byte of a window probe was taken.
    if (this.probed && p.ack === seqAdd(this.sndNxt, 1) && this.queued > 0) {
      this.sndNxt = p.ack;
      this.sndUna = p.ack;
      this.queued--;
      this.probed = false;
    }
    if (seqDiff(p.ack, this.sndNxt) > 0) {
      this.acknowledge('ack');
      return false;
    }
    if (seqDiff(p.ack, this.sndUna) > 0) {
      this.sndWnd = p.window << this.otherScale;
      this.acknowledged(p);
    } else if (p.ack === this.sndUna) {
      const same = p.window << this.otherScale === this.sndWnd;
      this.sndWnd = p.window << this.otherScale;
      if (bare && same && this.sent.length > 0 && ++this.duplicateAcks === 3) this.repeat(this.sent[0]);
    }
    if (this.sndWnd > 0) this.stopPersist();
    return (this.state as State) !== 'CLOSED';
  }

  private receiveData(p: Packet): void {
    const fin = (p.flags & FIN) !== 0;
    const starts = seqDiff(p.seq, this.rcvNxt);
    if (starts > 0) {
      if (this.early.length < 64) this.early.push({ seq: p.seq, length: p.length, fin });
      this.acknowledge('ack');
      return;
    }
    const hole = this.early.length > 0;
    if (!this.take(p.seq, p.length, fin, p)) return;
    for (let found = true; found; ) {
      found = false;
      for (const one of this.early) {
        if (
          seqDiff(one.seq, this.rcvNxt) > 0 ||
          seqDiff(seqAdd(one.seq, one.length + (one.fin ? 1 : 0)), this.rcvNxt) <= 0
        )
          continue;
        if (!this.take(one.seq, one.length, one.fin, p)) return;
        found = true;
        break;
      }
    }
    if (this.early.length > 0) this.drop(this.early, (one) => seqDiff(one.seq, this.rcvNxt) < 0);
    // The application's answer may have carried the acknowledgment already.
    if (fin || hole) {
      if (this.ackOwed > 0) this.acknowledge('ack');
    } else this.acknowledgeLater();
  }

  /** Takes what is next in order. Answers false where that ended the connection. */
  private take(seq: number, length: number, fin: boolean, p: Packet): boolean {
    const fresh = length + seqDiff(seq, this.rcvNxt);
    const reads = this.state === 'ESTABLISHED' || this.state === 'FIN-WAIT-1' || this.state === 'FIN-WAIT-2';
    if (fresh > 0 && reads && this.readsNoMore) {
      // Nobody will read it (RFC 1122, section 4.2.2.13).
      this.host.stranger(p, 'closed-already');
      this.finish('aborted');
      return false;
    }
    this.ackOwed++;
    if (fresh > 0) {
      this.rcvNxt = seqAdd(this.rcvNxt, fresh);
      if (fin) this.receiveFin();
      this.deliver(fresh);
      if (fin && this.state !== 'CLOSED') this.app.finished?.(this);
    } else if (fin && fresh === 0) {
      this.receiveFin();
      this.app.finished?.(this);
    }
    return this.state !== 'CLOSED';
  }

  /** Section 3.10.7.4, eighth. */
  private receiveFin(): void {
    this.rcvNxt = seqAdd(this.rcvNxt, 1);
    if (this.log.gotFinAt < 0) this.log.gotFinAt = this.now;
    if (this.state === 'ESTABLISHED' || this.state === 'SYN-RECEIVED') this.state = 'CLOSE-WAIT';
    else if (this.state === 'FIN-WAIT-1') this.state = 'CLOSING';
    else if (this.state === 'FIN-WAIT-2') this.timeWait();
  }

  private deliver(bytes: number): void {
    this.received += bytes;
    if (!this.reading) this.unread += bytes;
    this.app.received?.(this, this.received);
  }

  // ---- acknowledgments
  // ----------------------------------------------------------------------------------------------------------------------------

  private acknowledged(p: Packet): void {
    this.sndUna = p.ack;
    this.duplicateAcks = 0;
    const { sent } = this;
    while (sent.length > 0) {
      const [first] = sent;
      const end = seqAdd(first.seq, first.length + ((first.flags & (SYN | FIN)) !== 0 ? 1 : 0));
      if (seqDiff(end, p.ack) > 0) break;
      sent.shift();
      if (first.tries === 1) this.measure(this.now - first.at);
      if ((first.flags & FIN) !== 0) this.finAcked();
      if (this.state === 'CLOSED') return;
    }
    // A SYN with data of which only the SYN counts.
    const [first] = sent;
    if (first !== undefined && (first.flags & SYN) !== 0 && seqDiff(p.ack, first.seq) > 0) {
      sent[0] = { ...first, seq: seqAdd(first.seq, 1), flags: ACK | PSH, why: 'data' };
    }
    this.rto = Math.max(this.habits.leastRto, 2 * this.srtt);
    this.startTimer();
  }

  private measure(rtt: number): void {
    this.srtt = this.srtt === 0 ? rtt : Math.round(this.srtt * 0.875 + rtt * 0.125);
  }

  private finAcked(): void {
    if (this.log.finAckedAt < 0) this.log.finAckedAt = this.now;
    if (this.state === 'FIN-WAIT-1') {
      this.state = 'FIN-WAIT-2';
      // A closed socket does not wait for ever.
      if (this.readsNoMore)
        this.host.world.after(60 * second, () => this.state === 'FIN-WAIT-2' && this.finish('closed'));
    } else if (this.state === 'CLOSING') this.timeWait();
    else if (this.state === 'LAST-ACK') this.finish('closed');
  }

  private established(again = false): void {
    this.state = 'ESTABLISHED';
    if (this.log.establishedAt < 0) this.log.establishedAt = this.now;
    if (this.finQueued && this.log.sentFinAt >= 0) this.state = 'FIN-WAIT-1';
    if (!again) this.app.opened?.(this);
  }

  private timeWait(): void {
    this.state = 'TIME-WAIT';
    this.log.end = 'closed';
    if (this.log.endedAt < 0) this.log.endedAt = this.now;
    this.stopTimer();
    this.timer = this.host.world.after(this.habits.timeWait, () => this.finish('closed'));
  }

  private finish(end: SideLog['end']): void {
    const was = this.state;
    this.state = 'CLOSED';
    this.stopTimer();
    this.stopPersist();
    for (const timer of [this.ackTimer, this.idle]) if (timer !== null) timer.act = null;
    if (this.log.endedAt < 0) {
      this.log.end = end;
      this.log.endedAt = this.now;
    }
    if (this.host.sockets.get(this.key) === this) this.host.sockets.delete(this.key);
    if (was !== 'CLOSED' && was !== 'TIME-WAIT') this.app.ended?.(this);
    this.app = {};
  }

  // ---- sending
  // --------------------------------------------------------------------------------------------------------------------------------------

  private window(): number {
    return Math.max(0, this.habits.window - this.unread);
  }

  private output(): void {
    const sends =
      this.state === 'ESTABLISHED' ||
      this.state === 'CLOSE-WAIT' ||
      (this.state === 'SYN-RECEIVED' && this.log.fastOpened);
    if (!sends) return;
    const room = Math.min(this.sndWnd, 10 * this.habits.mss);
    while (this.queued > 0) {
      const flying = seqDiff(this.sndNxt, this.sndUna);
      const length = Math.min(this.habits.mss, this.queued, room - flying);
      if (length <= 0) {
        if (this.sndWnd === 0 && this.sent.length === 0) {
          this.log.windowClosed = true;
          this.startPersist();
        }
        return;
      }
      this.queued -= length;
      const last = this.queued === 0;
      if (this.log.gotFinAt >= 0) this.log.bytesAfterFin += length;
      const fin = last && this.finQueued && this.habits.finWithData;
      this.transmitNew(ACK | (last ? PSH : 0) | (fin ? FIN : 0), length, fin ? 'fin' : 'data', this.queuedText);
      this.queuedText = undefined;
      if (fin) this.sentFin();
    }
    if (this.finQueued && this.log.sentFinAt < 0 && this.state !== 'SYN-RECEIVED') {
      this.transmitNew(ACK | FIN, 0, 'fin');
      this.sentFin();
    }
  }

  private sentFin(): void {
    this.log.sentFinAt = this.now;
    this.state = this.state === 'CLOSE-WAIT' ? 'LAST-ACK' : 'FIN-WAIT-1';
  }

  private transmitNew(flags: number, length: number, why: Reason, text?: string): void {
    const one: Sent = { seq: this.sndNxt, length, flags, why, number: -1, at: this.now, tries: 1, text };
    this.sndNxt = seqAdd(this.sndNxt, length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0));
    this.sent.push(one);
    one.number = this.emit(flags, one.seq, length, why, -1, text);
    if (this.timer === null || this.timer.act === null) this.startTimer();
  }

  private repeat(one: Sent): void {
    one.tries++;
    one.at = this.now;
    // SYNs are repeated without their data, and without asking for ECN at the last.
    const bareSyn = (one.flags & SYN) !== 0 && one.length > 0;
    const flags = (one.flags & (SYN | ACK)) === SYN && one.tries > 3 ? one.flags & ~(ECE | CWR | AE) : one.flags;
    this.emit(flags, one.seq, bareSyn ? 0 : one.length, one.why, one.number, one.text);
    this.startTimer();
  }

  private acknowledge(why: Reason): void {
    this.emit(ACK, this.sndNxt, 0, why);
  }

  private acknowledgeLater(): void {
    if (this.ackOwed === 0) return;
    if (this.ackOwed >= 2 || this.habits.delayedAck === 0) this.acknowledge('ack');
    else if (this.ackTimer === null || this.ackTimer.act === null)
      this.ackTimer = this.host.world.after(this.habits.delayedAck, () => {
        this.ackTimer = null;
        if (this.ackOwed > 0) this.acknowledge('ack');
      });
  }

  private emit(flags: number, seq: number, length: number, why: Reason, repeats = -1, text?: string): number {
    const { host, habits } = this;
    this.ackOwed = 0;
    const third = this.firstIsThird && (flags & RST) === 0;
    this.firstIsThird = false;
    if (this.ackTimer !== null) this.ackTimer.act = null;
    const isSyn = (flags & SYN) !== 0;
    const hasAck = (flags & ACK) !== 0;
    const window = isSyn
      ? Math.min(65_535, this.window())
      : (flags & RST) !== 0 && habits.system === 'windows'
        ? 0
        : Math.min(65_535, this.window() >>> this.scale);
    return host.send(
      {
        src: host.address,
        dst: this.remote,
        sport: this.port,
        dport: this.remotePort,
        seq,
        ack: hasAck ? this.rcvNxt : 0,
        flags,
        window,
        id: this.nextId(flags),
        ttl: habits.ttl,
        options: this.optionsOf(flags, length),
        length,
        ...(text !== undefined && { text }),
      },
      { by: host.who, as: host.who, why: third && (flags & FIN) === 0 ? 'third' : why, attempt: this.attempt, repeats },
    );
  }

  private nextId(flags: number): number {
    const { ids } = this.habits;
    if (ids === 'zero') return 0;
    if (ids === 'global') return this.host.nextGlobalId();
    // Linux answers a SYN, and speaks from TIME-WAIT, without a socket of its own: identification 0.
    if ((flags & (SYN | ACK)) === (SYN | ACK) && this.passive) return 0;
    if (
      this.state === 'TIME-WAIT' &&
      (this.log.endedAt < this.now || (this.readsNoMore && this.log.finAckedAt < this.now))
    )
      return 0;
    this.ipId = (this.ipId + 1) & 0xffff;
    return this.ipId;
  }

  private ecnAsk(): number {
    return this.habits.ecn === 'accurate' ? ECE | CWR | AE : this.habits.ecn === 'classic' ? ECE | CWR : 0;
  }

  private optionsOf(flags: number, length: number): readonly number[] {
    const { habits, options } = this;
    const list: number[] = [];
    const stamp = () => {
      const value = Math.floor(this.now / ms) + 1000;
      list.push(8, 10, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
      const echo = (flags & ACK) !== 0 ? this.lastStamp : 0;
      list.push(echo >>> 24, (echo >>> 16) & 255, (echo >>> 8) & 255, echo & 255);
    };
    if ((flags & RST) !== 0) return list;
    if ((flags & SYN) === 0) {
      if (this.stamps) {
        list.push(1, 1);
        stamp();
      }
      return list;
    }
    const asks = (flags & ACK) === 0;
    list.push(2, 4, habits.mss >> 8, habits.mss & 255);
    if (habits.sack) list.push(4, 2);
    if (this.stamps) stamp();
    if (asks ? habits.windowScale > 0 : this.scale > 0) list.push(1, 3, 3, habits.windowScale);
    const cookie = options?.cookie ?? null;
    // The first two times only: a device in the way may dislike it.
    if (asks && cookie !== null && this.sent.length <= 1 && (length > 0 || cookie === 0))
      list.push(34, 2 + cookie, ...Array<number>(cookie).fill(0xc5));
    return list;
  }

  // ---- timers: RFC 6298
  // ----------------------------------------------------------------------------------------------------------------------------

  private startTimer(): void {
    this.stopTimer();
    if (this.sent.length === 0) return;
    const { habits } = this;
    const [first] = this.sent;
    const last = this.sent[this.sent.length - 1];
    if (
      habits.tailProbe &&
      first.tries === 1 &&
      last.tries === 1 &&
      this.srtt > 0 &&
      synchronised.has(this.state) &&
      2 * this.srtt + 2 * ms < this.rto
    ) {
      this.timer = this.host.world.after(2 * this.srtt + 2 * ms, () => {
        if (last.tries === 1 && this.sent.includes(last)) this.repeat(last);
        else this.expired();
      });
      return;
    }
    this.timer = this.host.world.after(this.rto, () => this.expired());
  }

  private expired(): void {
    const [first] = this.sent;
    if (first === undefined) return;
    const syn = (first.flags & SYN) !== 0;
    if (
      first.tries >
      (syn ? ((first.flags & ACK) !== 0 ? this.habits.synAckRetries : this.habits.synRetries) : this.habits.dataRetries)
    ) {
      if (this.habits.resetOnGivingUp && !syn) this.abort('gave-up');
      else this.finish('gave-up');
      return;
    }
    this.rto = Math.min(this.rto * 2, 60 * second);
    this.repeat(first);
  }

  private stopTimer(): void {
    if (this.timer !== null) this.timer.act = null;
    this.timer = null;
  }

  /** RFC 9293, section 3.8.6.1: the window is probed while it is closed. */
  private startPersist(): void {
    if (this.persist !== null) return;
    this.persistWait =
      this.persistWait === 0 ? Math.max(this.rto, 200 * ms) : Math.min(this.persistWait * 2, 60 * second);
    this.persist = this.host.world.after(this.persistWait, () => {
      this.persist = null;
      if (this.state === 'CLOSED' || this.sndWnd > 0 || this.queued === 0) return;
      this.probed ||= this.habits.system === 'windows';
      if (this.habits.system === 'windows') this.emit(ACK, this.sndNxt, 1, 'window-probe');
      else this.emit(ACK, seqAdd(this.sndUna, -1), 0, 'window-probe');
      this.startPersist();
    });
  }

  private stopPersist(): void {
    if (this.persist !== null) this.persist.act = null;
    this.persist = null;
    this.persistWait = 0;
  }

  /** RFC 9293, section 3.8.4. */
  private keepAlive(): void {
    const { keepAlive } = this.habits;
    if (this.idle !== null) this.idle.act = null;
    this.idle = null;
    if (keepAlive === null || (this.state !== 'ESTABLISHED' && this.state !== 'CLOSE-WAIT')) return;
    this.idle = this.host.world.after(this.probes === 0 ? keepAlive.idle : keepAlive.interval, () => {
      if (this.state !== 'ESTABLISHED' && this.state !== 'CLOSE-WAIT') return;
      if (this.sent.length > 0 || this.queued > 0) {
        this.keepAlive();
        return;
      }
      if (this.probes >= keepAlive.count) {
        this.abort('gave-up');
        return;
      }
      this.probes++;
      this.log.probesSent++;
      this.emit(ACK, seqAdd(this.sndNxt, -1), this.habits.system === 'windows' ? 1 : 0, 'keep-alive');
      this.keepAlive();
    });
  }

  private drop<T>(list: T[], which: (one: T) => boolean): void {
    for (let k = list.length - 1; k >= 0; k--) if (which(list[k])) list.splice(k, 1);
  }
}

function eachOption(p: Packet, kind: number): { readonly at: number; readonly length: number } | null {
  const { options } = p;
  for (let at = 0; at < options.length && options[at] !== 0; ) {
    if (options[at] === 1) {
      at++;
      continue;
    }
    if (options[at] === kind) return { at, length: options[at + 1] };
    at += options[at + 1];
  }
  return null;
}

export function hasOption(p: Packet, kind: number): boolean {
  return eachOption(p, kind) !== null;
}

/** Bytes of an option's value; null where it is absent. */
export function optionLength(p: Packet, kind: number): number | null {
  const found = eachOption(p, kind);
  return found === null ? null : found.length - 2;
}

/** First number in an option: one byte, or four where it has as many. */
function optionValue(p: Packet, kind: number): number | null {
  const found = eachOption(p, kind);
  if (found === null) return null;
  const at = found.at + 2;
  const { options } = p;
  return found.length < 6
    ? options[at]
    : ((options[at] << 24) | (options[at + 1] << 16) | (options[at + 2] << 8) | options[at + 3]) >>> 0;
}
