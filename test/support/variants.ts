/**
 * One whole exchange for each way a connection opens and closes: everything that was sent, so that a test can take some
 * of it away.
 */

export interface Variant {
  readonly name: string;
  /** As `parseSegments` reads it. A is the client. */
  readonly text: string;
  /** The client took it for open, though the server did not. */
  readonly clientOpened?: boolean;
  /** The resets of B are forged: B goes on. */
  readonly forged?: boolean;
  /**
   * Codes that the complete exchange does not have but a part of it may show just as well: nobody could tell from that
   * part.
   */
  readonly alsoSeenAs?: readonly string[];
}

const syn = 'A SYN seq=100 mss=1460 ws=7 sack ts=5';
const synAck = 'B SYN,ACK seq=300 ack=101 mss=1400 ws=8 sack ts=9 echo=5';
const open = `${syn}; ${synAck}; A ACK seq=101 ack=301`;
const talk =
  'A ACK,PSH seq=101 ack=301 len=50; B ACK seq=301 ack=151; B ACK,PSH seq=301 ack=151 len=100; A ACK seq=151 ack=401';
const opened = `${open}; ${talk}`;
const closed = 'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402';

export const variants: readonly Variant[] = [
  { name: 'O1 C1', text: `${opened}; ${closed}` },
  {
    name: 'O1 C1, the server first',
    text: `${opened}; B FIN,ACK seq=401 ack=151; A ACK seq=151 ack=402; A FIN,ACK seq=151 ack=402; B ACK seq=402 ack=152`,
  },
  {
    name: 'O2 C2',
    text: `${syn}; ${synAck}; A ACK seq=101 ack=301 len=20; B ACK seq=301 ack=121; A FIN,ACK seq=121 ack=301; B FIN,ACK seq=301 ack=122; A ACK seq=122 ack=302`,
  },
  { name: 'O3', text: `${syn}; +1000 ${syn}; +2000 ${syn}; ${synAck}; A ACK seq=101 ack=301; ${talk}; ${closed}` },
  { name: 'O4', text: `${syn}; ${synAck}; +1000 ${synAck}; A ACK seq=101 ack=301; ${talk}; ${closed}` },
  { name: 'O5', text: `${syn}; B RST,ACK seq=0 ack=101` },
  {
    name: 'O5 three times',
    text: `${syn}; B RST,ACK seq=0 ack=101; +500 ${syn}; B RST,ACK seq=0 ack=101; +500 ${syn}; B RST,ACK seq=0 ack=101`,
  },
  {
    name: 'O5, then open',
    alsoSeenAs: ['O5'],
    text: `${syn}; B RST,ACK seq=0 ack=101; +500 ${syn}; ${synAck}; A ACK seq=101 ack=301; ${talk}; ${closed}`,
  },
  { name: 'O6', text: `${syn}; +1000 ${syn}; +2000 ${syn}` },
  { name: 'O8', text: 'A SYN seq=100; B SYN,ACK seq=300 ack=91; A RST seq=91' },
  {
    name: 'O8, then open',
    text: `A SYN seq=100; B SYN,ACK seq=700 ack=91; A RST seq=91; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; ${talk}; ${closed}`,
  },
  { name: 'O9 stray', text: 'B SYN,ACK seq=300 ack=101; A RST seq=101' },
  {
    name: 'O10 C4',
    text: `A SYN seq=100; +0 B SYN seq=300; A SYN,ACK seq=100 ack=301; B SYN,ACK seq=300 ack=101; ${talk}; A FIN,ACK seq=151 ack=401; +0 B FIN,ACK seq=401 ack=151; A ACK seq=152 ack=402; B ACK seq=402 ack=152`,
  },
  {
    name: 'O11',
    text: `A SYN seq=100; B SYN seq=300; A SYN,ACK seq=100 ack=301; B ACK seq=301 ack=101; ${talk}; ${closed}`,
  },
  {
    name: 'O11 in five',
    text: `A SYN seq=100; B ACK seq=300 ack=101; B SYN seq=300; A SYN,ACK seq=100 ack=301; B ACK seq=301 ack=101; ${talk}; ${closed}`,
  },
  {
    name: 'O12',
    alsoSeenAs: ['C15'],
    text: `A SYN seq=400; B ACK seq=300 ack=100; A RST seq=100; +1000 A SYN seq=400; B SYN,ACK seq=700 ack=401; A ACK seq=401 ack=701; A ACK seq=401 ack=701 len=9; B ACK seq=701 ack=410; A FIN,ACK seq=410 ack=701; B FIN,ACK seq=701 ack=411; A ACK seq=411 ack=702`,
  },
  { name: 'O13 C15', text: `${opened}; +9000 B ACK,PSH seq=401 ack=151 len=10; A RST seq=151`, alsoSeenAs: ['O13'] },
  { name: 'O14', text: `${syn}; ${synAck}; A RST seq=101` },
  {
    name: 'O15',
    text: 'A SYN seq=100 len=50 tfo=8 mss=1460; B SYN,ACK seq=300 ack=151 mss=1460; A ACK seq=151 ack=301; B ACK,PSH seq=301 ack=151 len=100; A ACK seq=151 ack=401; A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402',
  },
  {
    name: 'O15 ignored',
    text: `A SYN seq=100 len=50 tfo=8; B SYN,ACK seq=300 ack=101; A ACK,PSH seq=101 ack=301 len=50; B ACK seq=301 ack=151; B ACK,PSH seq=301 ack=151 len=100; A ACK seq=151 ack=401; ${closed}`,
  },
  {
    name: 'O17',
    text: `A SYN,ECE,CWR seq=100; B SYN,ACK,ECE seq=300 ack=101; A ACK seq=101 ack=301; ${talk}; ${closed}`,
  },
  {
    name: 'O18',
    text: `A SYN seq=100 len=50; B SYN,ACK seq=300 ack=101; A ACK,PSH seq=101 ack=301 len=50; B ACK seq=301 ack=151; B ACK,PSH seq=301 ack=151 len=100; A ACK seq=151 ack=401; ${closed}`,
  },
  { name: 'O19', text: `${syn}; ${synAck}; +1000 ${synAck}; +2000 ${synAck}` },
  { name: 'O23', text: `${syn}; ${synAck}; B RST seq=301` },
  {
    name: 'O23 after the third segment',
    text: `${syn}; ${synAck}; A ACK seq=101 ack=301; B RST seq=301`,
    clientOpened: true,
    alsoSeenAs: ['O13', 'C15'],
  },
  { name: 'C2', text: `${opened}; A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402` },
  {
    name: 'C3',
    text: `${opened}; A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B ACK,PSH seq=401 ack=152 len=1000; A ACK seq=152 ack=1401; B ACK,PSH seq=1401 ack=152 len=1000; A ACK seq=152 ack=2401; B FIN,ACK seq=2401 ack=152; A ACK seq=152 ack=2402`,
  },
  {
    name: 'C4',
    text: `${opened}; A FIN,ACK seq=151 ack=401; +0 B FIN,ACK seq=401 ack=151; A ACK seq=152 ack=402; B ACK seq=402 ack=152`,
  },
  { name: 'C5 by the client', text: `${opened}; A RST,ACK seq=151 ack=401` },
  { name: 'C5 by the server', text: `${opened}; B RST,ACK seq=401 ack=151` },
  { name: 'C5 at once', text: `${open}; A RST,ACK seq=101 ack=301` },
  {
    name: 'C5 crossing data',
    text: `${opened}; B RST,ACK seq=401 ack=151; +0 A ACK,PSH seq=151 ack=401 len=30; B RST seq=401`,
    alsoSeenAs: ['O13', 'C15'],
  },
  {
    name: 'C5 after unanswered probes',
    text: `${opened}; +5000 A ACK seq=150 ack=401; +1000 A ACK seq=150 ack=401; +1000 A ACK seq=150 ack=401; +1000 A RST,ACK seq=151 ack=401`,
  },
  { name: 'C6', text: `${opened}; A FIN,ACK seq=151 ack=401; B RST,ACK seq=401 ack=152` },
  {
    name: 'C7',
    text: `${opened}; A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402; A RST seq=152`,
    alsoSeenAs: ['C8', 'O13', 'C15'],
  },
  {
    name: 'C8',
    text: `${opened}; A FIN,ACK seq=151 ack=401; B ACK,PSH seq=401 ack=152 len=10; A RST seq=152`,
    alsoSeenAs: ['O13', 'C15'],
  },
  {
    name: 'C9',
    text: `${opened}; A FIN,ACK seq=151 ack=401; +200 A FIN,ACK seq=151 ack=401; +400 A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402`,
  },
  { name: 'C10', text: `${opened}; A FIN,ACK seq=151 ack=401; +200 A FIN,ACK seq=151 ack=401` },
  { name: 'C11', text: `${opened}; B FIN,ACK seq=401 ack=151; A ACK seq=151 ack=402` },
  { name: 'C12', text: `${opened}; A ACK,PSH seq=151 ack=401 len=9; B ACK seq=401 ack=160` },
  {
    name: 'C12 kept alive',
    text: `${opened}; +5000 A ACK seq=150 ack=401; B ACK seq=401 ack=151; +5000 A ACK seq=150 ack=401; B ACK seq=401 ack=151`,
  },
  {
    name: 'C13',
    text: `${opened}; A FIN,ACK,PSH seq=151 ack=401 len=9; B ACK seq=401 ack=161; B FIN,ACK seq=401 ack=161; A ACK seq=161 ack=402`,
  },
  {
    name: 'C14',
    text: `${opened}; A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402; +30 B RST seq=402`,
    alsoSeenAs: ['O13', 'C15'],
  },
  {
    name: 'a blind reset, challenged',
    forged: true,
    text: `${opened}; B RST seq=901; A ACK seq=151 ack=401; A ACK,PSH seq=151 ack=401 len=9; B ACK seq=401 ack=160; A FIN,ACK seq=160 ack=401; B FIN,ACK seq=401 ack=161; A ACK seq=161 ack=402`,
  },
];
