/**
 * What the SYN and the SYN+ACK offered, and what holds for the connection. Nothing is said of a segment that was not
 * captured.
 */
import { sizeText } from '../format/quantity.ts';
import type { ByLanguage, Negotiated, NegotiatedOption, Side } from '../model/stream.ts';
import type { Connection } from './connection.ts';
import { flagTexts } from './flags.ts';
import { clause, joinTexts, whoTexts } from './phrase.ts';
import { type SegmentOptions, TcpFlag } from './segments.ts';
import { seqAdd } from './sequence.ts';

const { ECE, CWR, AE } = TcpFlag;
/** Segment size where the option is missing (RFC 9293, section 3.7.1). */
const defaultMss = { 4: 536, 6: 1220 } as const;
/** Bytes of the timestamp option with its padding (RFC 7323, appendix A). */
const timestampBytes = 12;
/** Largest shift that counts (RFC 7323, section 2.3). */
const maxShift = 14;
/** Subtypes of option 30 (RFC 8684, section 3). */
const mpCapable = 0;
const mpJoin = 1;

type Answer = Pick<Negotiated, 'inForce' | 'effect'>;

interface Offers {
  readonly c: Connection;
  /** Index of the SYN of each side, -1 not captured. */
  readonly syn: number;
  readonly synAck: number;
  /** Null where it was not captured or its options were cut off. */
  readonly client: SegmentOptions | null;
  readonly server: SegmentOptions | null;
  /** Copies of the client's SYN: a retransmission may leave options out. */
  readonly copies: readonly SegmentOptions[];
  readonly optionsOf: (index: number) => SegmentOptions | null;
}

/** The negotiation in the order of the table; empty where no SYN was captured. */
export function negotiate(c: Connection, optionsOf: (index: number) => SegmentOptions | null): readonly Negotiated[] {
  const { client, server } = c;
  const syn = c.syn >= 0 ? c.syn : client.syns.length > 0 ? client.syns[0] : -1;
  // A SYN+ACK that answers another SYN than the captured one says nothing about this connection.
  const unasked = client.syns.length > 0 && c.synAck < 0 && !c.bothSyn;
  const answers =
    c.synAck >= 0 ? [c.synAck] : c.bothSyn && server.syns.length > 0 ? server.syns : unasked ? [] : server.synAcks;
  const synAck = answers.length > 0 ? answers[0] : -1;
  if (syn < 0 && synAck < 0) return [];
  const read = (index: number) => (index < 0 ? null : optionsOf(index));
  const copies = client.syns
    .filter((index) => syn >= 0 && c.segments.seq[index] === c.segments.seq[syn])
    .map(read)
    .filter((one) => one !== null);
  const offers = { c, syn, synAck, client: read(syn), server: read(synAck), copies, optionsOf };
  const rows = [mss(offers), windowScale(offers), sack(offers), timestamps(offers), fastOpen(offers), ecn(offers)];
  if (offers.client?.multipath === true || offers.server?.multipath === true) rows.push(multipath(offers));
  return rows;
}

/** One text of several clauses: `first; second; third.` */
function sentence(...parts: readonly ByLanguage[]): ByLanguage {
  const [first, ...rest] = parts;
  return joinTexts(
    [{ en: first.en.charAt(0).toUpperCase() + first.en.slice(1), zh: first.zh }, ...rest],
    'clause.join',
    true,
  );
}

function row(
  o: Offers,
  option: NegotiatedOption,
  rfc: string,
  text: (options: SegmentOptions) => string,
  answer: Answer,
): Negotiated {
  return {
    option,
    client: o.client === null ? null : text(o.client),
    server: o.server === null ? null : text(o.server),
    rfc,
    ...answer,
  };
}

/** Why what one side said is not known. */
function missingText(o: Offers, side: Side): ByLanguage {
  const index = side === 'client' ? o.syn : o.synAck;
  return clause(index >= 0 ? `neg.cut.${side}` : `neg.no.${side}`);
}

/**
 * What holds where both sides must have said so: off as soon as one side did not. `key` has the texts `.neither`,
 * `.off` and `.unknown`.
 */
function needsBoth(
  o: Offers,
  key: 'neg.scale' | 'neg.sack' | 'neg.timestamps',
  has: (options: SegmentOptions) => boolean,
  unknown: Readonly<Record<string, number>> = {},
): Answer | null {
  const client = o.client === null ? null : has(o.client);
  const server = o.server === null ? null : has(o.server);
  if (client === true && server === true) return null;
  if (client === false && server === false) return { inForce: 'no', effect: sentence(clause(`${key}.neither`)) };
  if (client === false || server === false)
    return {
      inForce: 'no',
      effect: sentence(clause(`${key}.off`, { who: whoTexts[client === false ? 'client' : 'server'] })),
    };
  return {
    inForce: 'unknown',
    effect: sentence(
      clause(`${key}.unknown`, {
        who: whoTexts[client === true ? 'client' : 'server'],
        missing: missingText(o, client === true ? 'server' : 'client'),
        ...unknown,
      }),
    ),
  };
}

function mss(o: Offers): Negotiated {
  const family = o.c.segments.a.address.includes(':') ? 6 : 4;
  const limit = (options: SegmentOptions) => options.mss ?? defaultMss[family];
  const parts: ByLanguage[] = [];
  // What one side states limits what the other one sends.
  if (o.client !== null && o.server !== null)
    parts.push(clause('neg.mss.both', { toServer: limit(o.server), toClient: limit(o.client) }));
  else if (o.client !== null)
    parts.push(
      clause('neg.mss.one', { who: whoTexts.server, size: limit(o.client), missing: missingText(o, 'server') }),
    );
  else if (o.server !== null)
    parts.push(
      clause('neg.mss.one', { who: whoTexts.client, size: limit(o.server), missing: missingText(o, 'client') }),
    );
  else parts.push(clause('neg.cut'));
  if (o.client?.mss === null && o.server?.mss === null)
    parts.push(clause('neg.mss.neither', { size: defaultMss[family], family: `IPv${family}` }));
  else
    for (const [who, options] of [
      ['client', o.client],
      ['server', o.server],
    ] as const) {
      if (options !== null && options.mss === null)
        parts.push(clause('neg.mss.missing', { who: whoTexts[who], size: defaultMss[family], family: `IPv${family}` }));
    }
  if (typeof o.client?.timestamp === 'number' && typeof o.server?.timestamp === 'number')
    parts.push(clause('neg.mss.timestamps', { size: timestampBytes }));
  const known = o.client !== null && o.server !== null;
  const stated = o.client?.mss !== null || o.server?.mss !== null;
  return row(o, 'mss', 'RFC 9293 §3.7.1', (options) => (options.mss === null ? '' : String(options.mss)), {
    inForce: known ? (stated ? 'yes' : 'no') : 'unknown',
    effect: sentence(...parts),
  });
}

function windowScale(o: Offers): Negotiated {
  const factor = (options: SegmentOptions | null) => 2 ** Math.min(maxShift, options?.windowScale ?? 0);
  const text = ({ windowScale: shift }: SegmentOptions) =>
    shift === null ? '' : `${shift} (×${2 ** Math.min(maxShift, shift)})`;
  const answer = (): Answer => {
    if (o.client === null && o.server === null) return { inForce: 'unknown', effect: sentence(clause('neg.cut')) };
    const off = needsBoth(o, 'neg.scale', (options) => options.windowScale !== null, {
      factor: factor(o.client ?? o.server),
    });
    if (off !== null) return off;
    const [client, server] = [factor(o.client), factor(o.server)];
    const parts = [
      clause('neg.scale.on', {
        client,
        server,
        clientMax: sizeText(65535 * client),
        serverMax: sizeText(65535 * server),
      }),
    ];
    for (const [who, options] of [
      ['client', o.client],
      ['server', o.server],
    ] as const) {
      const shift = options?.windowScale ?? 0;
      if (shift > maxShift) parts.push(clause('neg.scale.large', { who: whoTexts[who], shift }));
    }
    return { inForce: 'yes', effect: sentence(...parts) };
  };
  return row(o, 'window-scale', 'RFC 7323 §2', text, answer());
}

function sack(o: Offers): Negotiated {
  const cut: Answer = { inForce: 'unknown', effect: sentence(clause('neg.cut')) };
  const on: Answer = { inForce: 'yes', effect: sentence(clause('neg.sack.on')) };
  const answer =
    o.client === null && o.server === null ? cut : (needsBoth(o, 'neg.sack', (options) => options.sackPermitted) ?? on);
  return row(o, 'sack', 'RFC 2018 §2', (options) => (options.sackPermitted ? 'yes' : ''), answer);
}

function timestamps(o: Offers): Negotiated {
  const text = ({ timestamp, timestampEcho }: SegmentOptions) =>
    timestamp === null ? '' : `TSval ${timestamp}${timestampEcho ? `, TSecr ${timestampEcho}` : ''}`;
  const answer = (): Answer => {
    if (o.client === null && o.server === null) return { inForce: 'unknown', effect: sentence(clause('neg.cut')) };
    const off = needsBoth(o, 'neg.timestamps', (options) => options.timestamp !== null);
    if (off !== null) return off;
    const parts = [clause('neg.timestamps.on')];
    const echo = o.server?.timestampEcho ?? 0;
    // A bare SYN of a simultaneous open has nothing to echo yet.
    if (!o.c.bothSyn)
      parts.push(
        clause(o.copies.some((one) => one.timestamp === echo) ? 'neg.timestamps.echo' : 'neg.timestamps.wrongEcho', {
          value: echo,
        }),
      );
    return { inForce: 'yes', effect: sentence(...parts) };
  };
  return row(o, 'timestamps', 'RFC 7323 §3', text, answer());
}

function fastOpen(o: Offers): Negotiated {
  const { seq, ack, length } = o.c.segments;
  const data = o.syn < 0 ? 0 : length[o.syn];
  const text = ({ fastOpenCookie: cookie }: SegmentOptions) =>
    cookie === null ? '' : cookie === 0 ? 'Cookie ?' : `Cookie ${cookie} B`;
  const say = (inForce: Answer['inForce'], ...parts: readonly ByLanguage[]): Negotiated =>
    row(o, 'fast-open', 'RFC 7413 §4', text, { inForce, effect: sentence(...parts) });
  const given = o.server?.fastOpenCookie ?? null;
  if (o.client === null) {
    if (o.syn >= 0) return say('unknown', clause('neg.cut'));
    return given !== null && given > 0
      ? say('yes', clause('neg.fastOpen.synUnknown', { size: given }))
      : say('unknown', clause('neg.fastOpen.unknown'));
  }
  const asked = o.copies.some((one) => one.fastOpenCookie === 0);
  const cookie = o.client.fastOpenCookie;
  if (cookie === null && !asked)
    return given !== null && given > 0
      ? say('no', clause('neg.fastOpen.unasked'))
      : say('no', clause('neg.fastOpen.none'));
  const renewed = given !== null && given > 0 ? [clause('neg.fastOpen.renewed', { size: given })] : [];
  if (cookie !== null && cookie > 0) {
    if (data === 0) return say('no', clause('neg.fastOpen.empty'));
    if (o.synAck < 0) return say('unknown', clause('neg.fastOpen.used', { size: data }));
    const params = { ack: ack[o.synAck], isn: seq[o.syn], size: data };
    return ack[o.synAck] === seqAdd(seq[o.syn], 1 + data)
      ? say('yes', clause('neg.fastOpen.accepted', params), ...renewed)
      : say('no', clause('neg.fastOpen.ignored', params), ...renewed);
  }
  if (o.synAck < 0) return say('unknown', clause('neg.fastOpen.asked'));
  if (o.server === null) return say('unknown', clause('neg.cut'));
  return given !== null && given > 0
    ? say('yes', clause('neg.fastOpen.given', { size: given }))
    : say('no', clause('neg.fastOpen.refused'));
}

/**
 * Classic ECN (RFC 3168, section 6.1.1) and AccECN (RFC 9768, section 3.1). Flags are in the fixed header: never cut
 * off with the options.
 */
function ecn(o: Offers): Negotiated {
  const { flags, seq } = o.c.segments;
  const bits = (index: number) => flags[index] & (AE | CWR | ECE);
  const names = (index: number) => flagTexts(bits(index)).toReversed().join('+');
  const classic = CWR | ECE;
  const accurate = AE | CWR | ECE;
  // A repeated SYN may come without the flags, in case a device on the way drops those that carry them.
  const copies = o.syn < 0 ? [] : o.c.client.syns.filter((index) => seq[index] === seq[o.syn]);
  const asks =
    copies.find((index) => bits(index) === accurate) ?? copies.find((index) => bits(index) === classic) ?? o.syn;
  const asked = asks < 0 ? 0 : bits(asks);
  const answered = o.synAck < 0 ? 0 : bits(o.synAck);
  const say = (inForce: Answer['inForce'], key: EcnKey): Negotiated => ({
    option: 'ecn',
    client: asks < 0 ? null : names(asks),
    server: o.synAck < 0 ? null : names(o.synAck),
    inForce,
    effect: sentence(clause(`neg.ecn.${key}`, { flags: o.synAck < 0 ? '' : names(o.synAck) })),
    rfc: asked === accurate ? 'RFC 9768 §3.1' : 'RFC 3168 §6.1.1',
  });
  if (o.syn < 0) return say('unknown', 'unknown');
  if (asked !== classic && asked !== accurate) return say('no', 'none');
  if (o.synAck < 0) return say('unknown', 'asked');
  if (answered === 0) return say('no', asked === accurate ? 'accurateRefused' : 'refused');
  if (answered === asked) return say('no', 'broken');
  if (answered === ECE) return say('yes', asked === accurate ? 'fallback' : 'on');
  if (asked === accurate) return say('yes', 'accurate');
  // ECE with AE was the answer of the withdrawn ECN nonce (RFC 3540): it accepts too.
  if ((answered & classic) === ECE) return say('yes', 'on');
  return (answered & classic) === classic
    ? say('no', 'broken')
    : say('no', (answered & CWR) !== 0 ? 'cwrOnly' : 'refused');
}

type EcnKey =
  | 'none'
  | 'on'
  | 'refused'
  | 'broken'
  | 'cwrOnly'
  | 'accurate'
  | 'fallback'
  | 'accurateRefused'
  | 'asked'
  | 'unknown';

function multipath(o: Offers): Negotiated {
  const text = ({ multipath: present, multipathSubtype: subtype, multipathVersion: version }: SegmentOptions) => {
    if (!present) return '';
    if (subtype === mpCapable) return `MP_CAPABLE${version === null ? '' : ` v${version}`}`;
    return subtype === mpJoin ? 'MP_JOIN' : `MPTCP ${subtype ?? ''}`.trim();
  };
  const say = (inForce: Answer['inForce'], effect: ByLanguage): Negotiated =>
    row(o, 'multipath', 'RFC 8684 §3.1', text, { inForce, effect: sentence(effect) });
  const { client, server } = o;
  if (client === null || server === null)
    return say(
      'unknown',
      clause('neg.multipath.unknown', {
        who: whoTexts[client === null ? 'server' : 'client'],
        missing: missingText(o, client === null ? 'client' : 'server'),
      }),
    );
  if (!client.multipath || !server.multipath)
    return say('no', clause('neg.multipath.off', { who: whoTexts[client.multipath ? 'server' : 'client'] }));
  if (client.multipathSubtype === mpJoin && server.multipathSubtype === mpJoin)
    return say('yes', clause('neg.multipath.joined'));
  const third = o.c.handshakeAck;
  const answer = third < 0 ? null : o.optionsOf(third);
  if (answer !== null && !answer.multipath)
    return say('no', clause('neg.multipath.fallback', { frame: o.c.segments.rows[third] + 1 }));
  return say('yes', clause('neg.multipath.on'));
}
