/**
 * Unpacks gzip (RFC 1952, RFC 1951) in steps. Node's own is either asynchronous or wants the whole file at once, and
 * drops what it had unpacked when the stream turns out to be damaged; here every byte before the damage is kept.
 */

/** The packed stream contradicts itself, or ends too early. */
export class DamagedStream extends Error {
  constructor(
    message: string,
    /** It ends too early; nothing before its end was wrong. */
    public cut = false,
  ) {
    super(message);
  }
}

const windowSize = 32 << 10;
const outputSize = 256 << 10;
/** Longest match, RFC 1951 3.2.5. */
const longestMatch = 258;
const maxCodeLength = 15;

// RFC 1951 3.2.5: what length and distance symbols stand for, and how many bits follow them.
const lengthBase = Uint16Array.of(
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  13,
  15,
  17,
  19,
  23,
  27,
  31,
  35,
  43,
  51,
  59,
  67,
  83,
  99,
  115,
  131,
  163,
  195,
  227,
  258,
);
const lengthExtra = Uint8Array.of(
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  1,
  1,
  1,
  1,
  2,
  2,
  2,
  2,
  3,
  3,
  3,
  3,
  4,
  4,
  4,
  4,
  5,
  5,
  5,
  5,
  0,
);
const distanceBase = Uint16Array.of(
  1,
  2,
  3,
  4,
  5,
  7,
  9,
  13,
  17,
  25,
  33,
  49,
  65,
  97,
  129,
  193,
  257,
  385,
  513,
  769,
  1025,
  1537,
  2049,
  3073,
  4097,
  6145,
  8193,
  12289,
  16385,
  24577,
);
const distanceExtra = Uint8Array.of(
  0,
  0,
  0,
  0,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  4,
  5,
  5,
  6,
  6,
  7,
  7,
  8,
  8,
  9,
  9,
  10,
  10,
  11,
  11,
  12,
  12,
  13,
  13,
);
/** Order in which the lengths of the code length code are written, RFC 1951 3.2.7. */
const codeLengthOrder = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);

/** CRC-32 of one byte, and of it with one, two and three zero bytes after it: four bytes a step. */
const crcTables = makeCrcTables();

function makeCrcTables(): readonly Int32Array[] {
  const one = Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  const tables = [one];
  while (tables.length < 4)
    tables.push(tables[tables.length - 1].map((shorter) => (shorter >>> 8) ^ one[shorter & 255]));
  return tables;
}

function crc32(start: number, bytes: Uint8Array, from: number, to: number): number {
  const [one, two, three, four] = crcTables;
  let crc = ~start;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = four[crc & 255] ^ three[(crc >>> 8) & 255] ^ two[(crc >>> 16) & 255] ^ one[crc >>> 24];
  }
  for (; at < to; at++) crc = one[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc;
}

const noLengths = new Uint8Array(0);

/** A prefix code as a table over its next bits: symbol << 4 | length, 0 where no code fits. */
class PrefixCode {
  readonly table = new Uint16Array(1 << maxCodeLength);
  mask = 0;

  constructor(lengths = noLengths, from = 0, to = 0) {
    this.build(lengths, from, to);
  }

  /** Codes in the order of their lengths, `lengths[from, to)`, RFC 1951 3.2.2. */
  build(lengths: Uint8Array, from: number, to: number): void {
    const counts = new Uint16Array(maxCodeLength + 2);
    let longest = 1;
    for (let i = from; i < to; i++) {
      counts[lengths[i]]++;
      if (lengths[i] > longest) longest = lengths[i];
    }
    counts[0] = 0;
    const next = new Uint16Array(maxCodeLength + 2);
    let code = 0;
    for (let bits = 1; bits <= maxCodeLength; bits++) {
      code = (code + counts[bits - 1]) << 1;
      next[bits] = code;
      if (code + counts[bits] > 1 << bits) throw new DamagedStream('more codes than their lengths allow');
    }
    const size = 1 << longest;
    this.mask = size - 1;
    this.table.fill(0, 0, size);
    for (let i = from; i < to; i++) {
      const length = lengths[i];
      if (length === 0) continue;
      // Codes are read from their highest bit, everything else from its lowest.
      let reversed = 0;
      for (let bit = 0, value = next[length]++; bit < length; bit++, value >>>= 1)
        reversed = (reversed << 1) | (value & 1);
      const entry = ((i - from) << 4) | length;
      for (let at = reversed; at < size; at += 1 << length) this.table[at] = entry;
    }
  }
}

/** RFC 1951 3.2.6. */
const fixedLengths = new Uint8Array(288 + 30)
  .fill(8, 0, 144)
  .fill(9, 144, 256)
  .fill(7, 256, 280)
  .fill(8, 280, 288)
  .fill(5, 288);
const fixedLiterals = new PrefixCode(fixedLengths, 0, 288);
const fixedDistances = new PrefixCode(fixedLengths, 288, 318);

export class Gunzip {
  private input: Uint8Array = new Uint8Array(0);
  private at = 0;
  /** The next bits of the stream, lowest first, and how many they are. */
  private bits = 0;
  private bitCount = 0;
  /** Bits among them that lie beyond the end of the stream. */
  private padding = 0;

  private readonly output = new Uint8Array(windowSize + outputSize);
  private end = windowSize;
  private flushed = windowSize;
  private memberSize = 0;
  private crc = 0;

  private state: 'member' | 'block' | 'stored' | 'codes' | 'trailer' = 'member';
  private first = true;
  private lastBlock = false;
  private storedLeft = 0;
  private literals = fixedLiterals;
  private distances = fixedDistances;
  private readonly ownLiterals = new PrefixCode();
  private readonly ownDistances = new PrefixCode();
  private readonly lengths = new Uint8Array(320);

  /**
   * @param more the next bytes of the packed file, valid until the next call; null at its end
   * @param write takes unpacked bytes, valid during the call
   */
  constructor(
    private readonly more: () => Uint8Array | null,
    private readonly write: (bytes: Uint8Array) => void,
  ) {}

  /**
   * Unpacks some more, at most `outputSize` bytes. False at the end of the stream. Throws `DamagedStream` after writing
   * everything that was good.
   */
  step(): boolean {
    try {
      for (;;) {
        switch (this.state) {
          case 'member':
            if (!this.memberHeader()) return false;
            this.state = 'block';
            break;
          case 'block':
            this.blockHeader();
            break;
          case 'stored':
            this.stored();
            break;
          case 'codes':
            this.codes();
            break;
          case 'trailer':
            this.trailer();
            this.state = 'member';
            break;
        }
        if (this.end > this.output.length - longestMatch) {
          this.flush();
          return true;
        }
      }
    } catch (error) {
      if (error instanceof DamagedStream) {
        this.flush();
        // Zeros stand for the bits beyond the end, and may be no code.
        if (this.padding > 0) error.cut = true;
      }
      throw error;
    }
  }

  private flush(): void {
    if (this.end > this.flushed) {
      this.crc = crc32(this.crc, this.output, this.flushed, this.end);
      this.memberSize += this.end - this.flushed;
      const bytes = this.output.subarray(this.flushed, this.end);
      this.flushed = this.end;
      this.write(bytes);
    }
    this.output.copyWithin(0, this.end - windowSize, this.end);
    this.end = windowSize;
    this.flushed = windowSize;
  }

  /** Loads another piece of the input; false at its end. */
  private refill(): boolean {
    for (;;) {
      const piece = this.more();
      if (piece === null) return false;
      if (piece.length === 0) continue;
      this.input = piece;
      this.at = 0;
      return true;
    }
  }

  private load(count: number): void {
    while (this.bitCount < count) {
      if (this.at < this.input.length || this.refill()) this.bits |= this.input[this.at++] << this.bitCount;
      else this.padding += 8;
      this.bitCount += 8;
    }
  }

  /** @param count up to 16 */
  private take(count: number): number {
    this.load(count);
    const value = this.bits & ((1 << count) - 1);
    this.bits >>>= count;
    this.bitCount -= count;
    if (this.bitCount < this.padding) throw new DamagedStream('the stream ends too early', true);
    return value;
  }

  private symbol(code: PrefixCode): number {
    this.load(maxCodeLength);
    const entry = code.table[this.bits & code.mask];
    const length = entry & 15;
    if (length === 0) throw new DamagedStream('no such code');
    this.bits >>>= length;
    this.bitCount -= length;
    if (this.bitCount < this.padding) throw new DamagedStream('the stream ends too early', true);
    return entry >>> 4;
  }

  /** Header of a member, RFC 1952 2.3. False where the file ends, or only zeros follow. */
  private memberHeader(): boolean {
    this.bits = 0;
    this.bitCount = 0;
    let id = 0;
    do {
      if (this.at >= this.input.length && !this.refill()) return false;
      id = this.input[this.at++];
    } while (id === 0 && !this.first);
    this.first = false;
    if (id !== 0x1f || this.take(8) !== 0x8b || this.take(8) !== 8) throw new DamagedStream('no gzip header');
    const flags = this.take(8);
    for (let skipped = 0; skipped < 6; skipped++) this.take(8);
    if (flags & 4) for (let left = this.take(16); left > 0; left--) this.take(8);
    if (flags & 8) while (this.take(8) !== 0);
    if (flags & 16) while (this.take(8) !== 0);
    if (flags & 2) this.take(16);
    this.crc = 0;
    this.memberSize = 0;
    return true;
  }

  private trailer(): void {
    this.flush();
    this.take(this.bitCount & 7);
    const crc = this.take(16) | (this.take(16) << 16);
    const size = this.take(16) | (this.take(16) << 16);
    if (crc !== this.crc || size !== (this.memberSize | 0)) throw new DamagedStream('the checksum does not fit');
  }

  private blockHeader(): void {
    if (this.lastBlock) {
      this.lastBlock = false;
      this.state = 'trailer';
      return;
    }
    this.lastBlock = this.take(1) === 1;
    switch (this.take(2)) {
      case 0: {
        this.take(this.bitCount & 7);
        const length = this.take(16);
        if ((this.take(16) ^ 0xffff) !== length) throw new DamagedStream('the length of a stored block does not fit');
        this.storedLeft = length;
        this.state = 'stored';
        return;
      }
      case 1:
        this.literals = fixedLiterals;
        this.distances = fixedDistances;
        this.state = 'codes';
        return;
      case 2:
        this.dynamicCodes();
        this.state = 'codes';
        return;
      default:
        throw new DamagedStream('no such kind of block');
    }
  }

  private stored(): void {
    const { output } = this;
    const limit = output.length;
    while (this.storedLeft > 0 && this.end < limit) {
      if (this.bitCount > 0) {
        output[this.end++] = this.take(8);
        this.storedLeft--;
        continue;
      }
      if (this.at >= this.input.length && !this.refill()) throw new DamagedStream('the stream ends too early', true);
      const count = Math.min(this.storedLeft, limit - this.end, this.input.length - this.at);
      output.set(this.input.subarray(this.at, this.at + count), this.end);
      this.at += count;
      this.end += count;
      this.storedLeft -= count;
    }
    if (this.storedLeft === 0) this.state = 'block';
  }

  /** RFC 1951 3.2.7. */
  private dynamicCodes(): void {
    const { lengths } = this;
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const codeLengths = this.take(4) + 4;
    if (literals > 286 || distances > 30) throw new DamagedStream('more symbols than there are');
    lengths.fill(0, 0, 19);
    for (let i = 0; i < codeLengths; i++) lengths[codeLengthOrder[i]] = this.take(3);
    this.ownLiterals.build(lengths, 0, 19);
    const total = literals + distances;
    for (let i = 0; i < total; ) {
      const symbol = this.symbol(this.ownLiterals);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw new DamagedStream('nothing to repeat');
      const value = symbol === 16 ? lengths[i - 1] : 0;
      const count = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (i + count > total) throw new DamagedStream('more code lengths than symbols');
      lengths.fill(value, i, i + count);
      i += count;
    }
    this.ownLiterals.build(lengths, 0, literals);
    this.ownDistances.build(lengths, literals, total);
    this.literals = this.ownLiterals;
    this.distances = this.ownDistances;
  }

  /**
   * Literals and matches until the block or the room ends. Works on copies of the reader's state: this is where the
   * time goes.
   */
  private codes(): void {
    const { output } = this;
    const { table, mask } = this.literals;
    const { table: farTable, mask: farMask } = this.distances;
    const limit = output.length - longestMatch;
    let { end, input, at, bits, bitCount } = this;
    while (end <= limit) {
      // While a whole match's bits are surely there, nothing is asked twice; whatever is odd falls through to the
      // careful way below.
      while (at + 16 <= input.length && end <= limit) {
        while (bitCount < maxCodeLength) {
          bits |= input[at++] << bitCount;
          bitCount += 8;
        }
        const entry = table[bits & mask];
        if (entry < 256 << 4) {
          if (entry === 0) break;
          output[end++] = entry >>> 4;
          bits >>>= entry & 15;
          bitCount -= entry & 15;
          continue;
        }
        const code = (entry >>> 4) - 257;
        if (code < 0 || code > 28) break;
        bits >>>= entry & 15;
        bitCount -= entry & 15;
        while (bitCount < maxCodeLength + 5) {
          bits |= input[at++] << bitCount;
          bitCount += 8;
        }
        const extra = lengthExtra[code];
        const length = lengthBase[code] + (bits & ((1 << extra) - 1));
        bits >>>= extra;
        bitCount -= extra;
        const farEntry = farTable[bits & farMask];
        const far = farEntry >>> 4;
        bits >>>= farEntry & 15;
        bitCount -= farEntry & 15;
        while (bitCount < 13) {
          bits |= input[at++] << bitCount;
          bitCount += 8;
        }
        const farExtra = distanceExtra[far];
        const distance = distanceBase[far] + (bits & ((1 << farExtra) - 1));
        bits >>>= farExtra;
        bitCount -= farExtra;
        if (farEntry === 0 || far > 29 || distance > windowSize || distance > this.memberSize + end - this.flushed) {
          this.end = end;
          throw new DamagedStream('a match from before the beginning');
        }
        for (let from = end - distance, to = end + length; end < to; ) output[end++] = output[from++];
      }
      if (end > limit) break;
      while (bitCount < maxCodeLength) {
        if (at >= input.length) {
          if (this.refill()) {
            input = this.input;
            at = 0;
          } else {
            this.padding += 8;
            bitCount += 8;
            continue;
          }
        }
        bits |= input[at++] << bitCount;
        bitCount += 8;
      }
      const entry = table[bits & mask];
      const codeLength = entry & 15;
      bits >>>= codeLength;
      bitCount -= codeLength;
      const symbol = entry >>> 4;
      if (symbol < 256 && codeLength > 0 && bitCount >= this.padding) {
        output[end++] = symbol;
        continue;
      }
      this.end = end;
      this.at = at;
      this.bits = bits;
      this.bitCount = bitCount;
      if (codeLength === 0) throw new DamagedStream('no such code');
      if (bitCount < this.padding) throw new DamagedStream('the stream ends too early', true);
      if (symbol === 256) {
        this.state = 'block';
        return;
      }
      if (symbol > 285) throw new DamagedStream('no such length');
      const length = lengthBase[symbol - 257] + this.take(lengthExtra[symbol - 257]);
      const far = this.symbol(this.distances);
      if (far > 29) throw new DamagedStream('no such distance');
      const distance = distanceBase[far] + this.take(distanceExtra[far]);
      if (distance > windowSize || distance > this.memberSize + end - this.flushed)
        throw new DamagedStream('a match from before the beginning');
      ({ input, at, bits, bitCount } = this);
      // Byte by byte: a match may run into what it writes.
      for (let from = end - distance, to = end + length; end < to; ) output[end++] = output[from++];
    }
    this.end = end;
    this.at = at;
    this.bits = bits;
    this.bitCount = bitCount;
  }
}
