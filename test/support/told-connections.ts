/** What the connection model says of segments written as text (`segments.ts`), for tests of kinds of captures. */
import type { ToldConnection } from '../../shared/model/stream.ts';
import { judgeStream } from '../../shared/tcp/judge.ts';
import type { Judgement } from '../../shared/tcp/judgement.ts';
import type { StreamContext } from '../../shared/tcp/segments.ts';
import { connectionsOf } from '../../shared/tcp/summary.ts';
import { segments } from './segments.ts';

const context: StreamContext = { captureId: 1, stream: 0 };

export const judged = (text: string): readonly Judgement[] =>
  judgeStream(segments(text), context, (view) => (index) => view.options(index));

export const told = (text: string): readonly ToldConnection[] => connectionsOf(judged(text));

/** The codes of each connection. */
export const codes = (text: string): readonly string[] =>
  told(text).map(({ open, close }) => [...open.codes, ...close.codes].join(' '));

/** Names of the claims about one connection, with the side that did it and `proved`. */
export const claims = (text: string, n = 0): readonly string[] =>
  told(text)[n].claims.map(({ what, by, proved }) => `${what}${by === null ? '' : ` ${by}`}${proved ? ' proved' : ''}`);

/** A handshake of three segments. */
export const open = 'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';
