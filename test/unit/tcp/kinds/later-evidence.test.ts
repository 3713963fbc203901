/**
 * What later segments show of an opening or a close that was not captured whole: one direction only, numbers beyond
 * what is there, several answers.
 */
import { type Exchange, exchanges } from '../../../support/kinds.ts';

const answer = 'B SYN,ACK seq=300 ack=101';

exchanges('only the server’s direction', [
  {
    name: 'its acknowledgment of data, then a reset',
    text: `${answer}; B ACK seq=301 ack=151; B RST seq=301`,
    open: 'O9',
    close: 'C5',
    says: /^Opened, though the SYN was not captured, reset by the server, by the look of it\.$/,
    claims: [['opened'], ['reset', { by: 'server', proved: false }]],
    noClaims: ['not-opened'],
  },
  {
    name: 'its data, then a reset with ACK',
    text: `${answer}; B PSH,ACK seq=301 ack=101 len=40; B RST,ACK seq=341 ack=101`,
    open: 'O9',
    close: 'C5',
    says: /^Opened, though the SYN was not captured, reset by the server/,
    claims: [['opened'], ['reset', { by: 'server' }]],
  },
  {
    name: 'its data, then its FIN',
    text: `${answer}; B ACK seq=301 ack=151; B PSH,ACK seq=301 ack=151 len=40; B FIN,ACK seq=341 ack=151; B ACK seq=342 ack=152`,
    open: 'O9',
    says: /^Opened, though the SYN was not captured, closed/,
    initiator: null,
    closeProved: false,
    claims: [['opened']],
  },
  {
    name: 'a reset that acknowledges data nobody captured',
    text: `${answer}; B RST,ACK seq=501 ack=151`,
    open: 'O9',
    close: 'C5',
    says: /^Opened, though the SYN was not captured, reset by the server/,
  },
  {
    name: 'the reset right behind the SYN+ACK: it is told, and whether it opened is not known',
    text: `${answer}; B RST seq=301`,
    open: 'O9',
    says: /reset/i,
    claims: [['opening-unknown']],
    noClaims: ['not-opened', 'opened'],
  },
  {
    name: 'the SYN+ACK three times and a reset: it is told',
    text: `${answer}; +1000 ${answer}; +2000 ${answer}; B RST seq=301`,
    open: 'O9',
    says: /reset/i,
    noClaims: ['opened'],
  },
  {
    name: 'a lone SYN+ACK: whether it opened is not known',
    text: answer,
    open: 'O9',
    says: /^A SYN\+ACK was captured, but neither the SYN before it nor an answer to it\.$/,
    claims: [['opening-unknown']],
    noClaims: ['not-opened', 'opened'],
  },
  {
    name: 'behind the SYN, its acknowledgment of data, its data and its FIN, but no SYN+ACK',
    text: 'A SYN seq=100; +30 B ACK seq=9001 ack=121; B PSH,ACK seq=9001 ack=121 len=100; B FIN,ACK seq=9101 ack=121',
    says: /closed|FIN/,
    never: /did not open/,
  },
]);

const asked = 'A SYN seq=100; +50 A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=40; A ACK seq=141 ack=501';
exchanges('only the client’s direction', [
  {
    name: 'ended by its reset with ACK',
    text: `${asked}; A RST,ACK seq=141 ack=501`,
    open: 'O1',
    close: 'C5',
    closeProved: false,
    says: /^Opened, though the SYN\+ACK was not captured, reset by the client/,
  },
  {
    name: 'ended by its reset',
    text: `${asked}; A RST seq=141`,
    open: 'O1',
    close: 'C5',
    closeProved: false,
    says: /^Opened, though the SYN\+ACK was not captured, reset by the client/,
  },
  {
    name: 'ended by its FIN',
    text: `${asked}; A FIN,ACK seq=141 ack=501; A ACK seq=142 ack=502`,
    open: 'O1',
    says: /^Opened, though the SYN\+ACK was not captured, closed/,
    initiator: null,
    closeProved: false,
  },
  {
    name: 'resets whose numbers rise, each the answer to something that was not captured',
    text: 'A SYN seq=100; +20 A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=10; A FIN,ACK seq=111 ack=301; A RST seq=111; +1 A RST seq=112',
    never: /something in between/,
    noClaims: ['reset-injected'],
  },
  {
    name: 'its SYN and its reset',
    text: 'A SYN seq=100; +50 A RST seq=101',
    open: 'O6',
    close: '',
    says: /^The client sent a SYN and then a reset/,
    noClaims: ['opened'],
  },
  {
    name: 'without the SYN',
    text: 'A PSH,ACK seq=101 ack=301 len=40; A ACK seq=141 ack=501; A FIN,ACK seq=141 ack=501; A ACK seq=142 ack=502',
    open: 'O20',
    initiator: null,
    closeProved: false,
    says: /^The opening was not captured, closed/,
  },
]);

const half = `A SYN seq=100; ${answer}`;
exchanges('a reset beyond what was captured', [
  {
    name: 'of the server: it acknowledges data of the client',
    text: `${half}; B RST,ACK seq=301 ack=181`,
    open: 'O1',
    close: 'C5',
    openProved: false,
    closeProved: false,
    says: /^Opened, though the third segment was not captured, reset by the server/,
    never: /numbers? do(es)? not fit/,
  },
  {
    name: 'of the server: both ways',
    text: `${half}; B RST,ACK seq=491 ack=182`,
    open: 'O1',
    close: 'C5',
    says: /^Opened, though the third segment was not captured, reset by the server/,
    never: /numbers? do(es)? not fit/,
  },
  {
    name: 'of the server: behind data of its own, with ACK',
    text: `${half}; B RST,ACK seq=491 ack=101`,
    open: 'O1',
    close: 'C5',
    says: /reset by the server/,
    noClaims: ['not-opened'],
  },
  {
    name: 'of the server: behind data of its own, without ACK: not proved to be an opening, nor none',
    text: `${half}; B RST seq=491`,
    says: /reset/,
    never: /Aborted/,
    noClaims: ['not-opened', 'aborted'],
  },
  {
    name: 'of the client: it acknowledges data of the server',
    text: `${half}; A RST,ACK seq=181 ack=491`,
    open: 'O1',
    close: 'C5',
    says: /^Opened, though the third segment was not captured, reset by the client/,
    noClaims: ['half-open', 'opening-unknown'],
  },
  {
    name: 'of the client: behind data of its own',
    text: `${half}; A RST seq=181`,
    says: /reset by the client/,
    never: /Abandoned|instead of completing/,
    noClaims: ['not-opened', 'abandoned'],
  },
  {
    name: 'of the client, with exactly the number of its third segment',
    text: `${half}; A RST seq=101`,
    open: 'O14',
    close: 'C5',
    says: /^Abandoned/,
  },
]);

const numbers = [300, 5000, 90_000];
const orders: readonly (readonly number[])[] = [
  [0, 1, 2],
  [2, 1, 0],
  [1, 0, 2],
];
exchanges(
  'several SYN+ACKs with numbers of their own',
  orders.flatMap((order) =>
    order.flatMap((taken, place): Exchange[] => {
      const answers = order.map((k) => `B SYN,ACK seq=${numbers[k]} ack=101`).join('; ');
      const mine = numbers[taken];
      const opened = `A SYN seq=100; ${answers}; A ACK seq=101 ack=${mine + 1}`;
      const strays = order.filter((k) => k !== taken).map((k) => `A RST seq=${numbers[k] + 1}`);
      const rest = `A PSH,ACK seq=101 ack=${mine + 1} len=10; B ACK seq=${mine + 1} ack=111; A FIN,ACK seq=111 ack=${mine + 1}; B FIN,ACK seq=${mine + 1} ack=112; A ACK seq=112 ack=${mine + 2}`;
      const common = {
        open: 'O1',
        close: 'C2',
        openProved: true,
        closeProved: true,
        initiator: 'client' as const,
        says: /^Opened in 3 segments, closed in 3 by the client\.$/,
        never: /not captured|numbers? do(es)? not fit/,
        claims: [['opened', { supports: [1, place + 2, 5], proved: true }]] as const,
        noClaims: ['sent-twice'],
      };
      return [
        {
          ...common,
          name: `${order.map((k) => numbers[k]).join(', ')}, of which the client takes ${mine}`,
          text: `${opened}; ${rest}`,
        },
        {
          ...common,
          name: `the same, and it resets those that it does not take`,
          text: `${opened}; ${strays.join('; ')}; ${rest}`,
        },
      ];
    }),
  ),
);

const talk =
  'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=50; B ACK seq=301 ack=151; B PSH,ACK seq=301 ack=151 len=100; A ACK seq=151 ack=401';
exchanges('a reset that crosses a FIN', [
  {
    name: 'the server’s reset stands first',
    text: `${talk}; B RST,ACK seq=401 ack=151; +0.05 A FIN,ACK seq=151 ack=401; +5 B RST seq=401`,
    open: 'O1',
    close: 'C5',
    initiator: 'server',
    says: /reset by the server\.$/,
    neverLossy: /closed in/,
  },
  {
    name: 'the client’s reset stands first',
    text: `${talk}; A RST,ACK seq=151 ack=401; +0.05 B FIN,ACK seq=401 ack=151; +5 A RST seq=151`,
    open: 'O1',
    close: 'C5',
    initiator: 'client',
    says: /reset by the client\.$/,
    neverLossy: /closed in/,
  },
  {
    name: 'the client’s FIN stands first, and the reset does not acknowledge it: no answer to it',
    text: `${talk}; A FIN,ACK seq=151 ack=401; +0.05 B RST,ACK seq=401 ack=151`,
    never: /answered with a reset/,
  },
  {
    name: 'the server’s FIN stands first, and the reset does not acknowledge it: no answer to it',
    text: `${talk}; B FIN,ACK seq=401 ack=151; +0.05 A RST,ACK seq=151 ack=401`,
    never: /answered with a reset/,
  },
  {
    name: 'the client’s FIN stands first, and the reset acknowledges it',
    text: `${talk}; A FIN,ACK seq=151 ack=401; +5 B RST,ACK seq=401 ack=152`,
    close: 'C6',
    initiator: 'client',
    says: /the client closed and the server answered with a reset\.$/,
  },
]);
