/**
 * A whole protocol, to copy: begin with what it is, its RFC, and what is *not* decoded. This one is made up: numbered
 * questions and answers over TCP, each a header of four bytes (kind, number, length) and a text. It is not part of the
 * product; test/unit/dissect/skeleton.test.ts runs it. To add yours: this file, one line in index.ts, one test.
 */
import { utf8Text } from '../../bytes/text.ts';
import { Cursor } from '../cursor.ts';
import { strings } from '../dispatch.ts';
import { string, u8, u16 } from '../field.ts';
import { handOn } from '../hand-on.ts';
import { defineProtocol } from '../protocol.ts';
import { needs } from '../streams/frame.ts';

const headerSize = 4;

export const skeleton = defineProtocol('skeleton', {
  // First line of the layer in the tree; what the Protocol column says.
  label: 'Skeleton Protocol',
  short: 'SKELETON',
  // Who leads to it: the child names its parent. `heuristicOn: 'tcp'` with `matches` where no number does.
  bind: [{ table: 'tcp.port', keys: [4242] }],
  // What leads on from it: whoever wants the text of some subject binds to this table.
  tables: { 'skeleton.subject': strings('Subject') },
  // Names become skeleton.kind, skeleton.number …: Wireshark's, and of its types (`tshark -G fields`). With `at` the
  // field is read and shown by itself. Tree, filters, columns, JSON and completion need no other line.
  fields: {
    kind: u8('Kind', { at: 0, values: { 1: 'Question', 2: 'Answer' } }),
    number: u8('Number', { at: 1 }),
    length: u16('Length', { at: 2 }),
    // No `at`: it lies where the cursor of `dissect` stands.
    text: string('Text'),
    subject: string('Subject of the question', { generated: true }),
  },
  // Bytes of the header: so many, or the key of the field that holds them. `step`, where there is one, gets it too.
  size: headerSize,

  // Over a stream: where the message at `at` ends. Pure. Over UDP this, `start` and `learn` are left out.
  frame: (bytes, at, end) =>
    end - at < headerSize ? needs(headerSize) : headerSize + ((bytes[at + 2] << 8) | bytes[at + 3]),
  // What a stream remembers: here the text of the latest question. `learn` runs once for each message, in order, and
  // answers a new object where something changed, or the old one. Bounded: packets are hostile.
  start: () => ({ question: '' }),
  learn: (state, { bytes, start, end }) =>
    bytes[start] === 1
      ? { question: utf8Text(bytes, start + headerSize, Math.min(64, end - start - headerSize)) }
      : state,

  // One message. A read past its end throws, which the engine shows as "cut short" or "malformed": do not check every
  // read. Walk lists with `c.items`.
  dissect(view, out, { state }) {
    // Reads the fields behind the header one by one; width, type and byte order are what they were declared with.
    const c = new Cursor(view, out, view.size);
    const text = c.read('text', view.get('length'));
    const isAnswer = view.get('kind') === 2;
    // What is computed and stands nowhere: offset, bytes covered (none), value.
    if (isAnswer) out.add('subject', 0, 0, state.question);
    out.info(`${isAnswer ? 'Answer' : 'Question'} ${view.get('number')}: ${text}`);
    // Whoever asked for this subject shows the text as its own layer.
    handOn(view, out, [['skeleton.subject', isAnswer ? state.question : text]], view.size, view.get('length'));
  },
});
