import type { CaptureState } from '../context.ts';
import type { Registry } from '../registry.ts';
import type { StreamQuestions } from './contents.ts';
import { StreamContents } from './stream-contents.ts';

/** Streams whose answers are known, and questions of each. */
const keptStreams = 64;
const keptQuestions = 65_536;

interface Known {
  /** Last row that was read. */
  fedTo: number;
  /** Row of the first answer, by row of the question. */
  readonly answers: Map<number, number>;
}

/**
 * Where the questions of TCP streams are answered, in hindsight: each stream is read once to its end, and on from there
 * when more packets came. What is told of streams inside streams is not looked for.
 */
export class StreamAnswers implements StreamQuestions {
  private readonly known = new Map<number, Known>();
  private contents: StreamContents | null = null;

  constructor(
    private readonly state: CaptureState,
    private readonly registry: Registry,
  ) {}

  /** Row of the answer to the question of `row`, -1 none so far. */
  answerTo(stream: number, row: number): number {
    const { table, tcp } = this.state;
    const known = this.known.get(stream) ?? { fedTo: -1, answers: new Map<number, number>() };
    this.known.delete(stream);
    this.known.set(stream, known);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= keptStreams) break;
      this.known.delete(oldest);
    }
    const last = tcp.lastRow[stream];
    if (known.fedTo < last && known.answers.size < keptQuestions) {
      const rows: number[] = [];
      for (let r = last; r > known.fedTo; r = table.get('prevInStream', r)) rows.push(r);
      for (let i = rows.length - 1; i >= 0; i--) this.read(stream, rows[i], known);
      known.fedTo = last;
    }
    return known.answers.get(row) ?? -1;
  }

  /** Nothing that streams were taken for holds any more. */
  forgetAll(): void {
    this.known.clear();
    this.contents?.forgetAll();
  }

  private read(stream: number, row: number, { answers }: Known): void {
    this.contents ??= new StreamContents(this.state, this.registry, false);
    let bytes: Uint8Array | null = null;
    for (const { protocol, reassembled, messages, side, again } of this.contents.at(stream, row, null).parts) {
      const asks = this.registry.byName.get(protocol)?.answers;
      if (asks === undefined || again) continue;
      bytes ??= this.contents.payloadOf(row);
      for (const { start, end, before } of messages) {
        const question = asks(before, { bytes: reassembled ?? bytes, start, end, side, row, framed: end - start });
        if (question >= 0 && !answers.has(question)) answers.set(question, row);
      }
    }
  }
}
