import { SensorError } from './sensorError.ts';

/** bzip2 (its format as Julian Seward's program defines it), for ROS 1 bags. Checksums are not looked at. */
export function bzip2(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const bits = new BitReader(bytes);
  if (bits.take(24) !== 0x42_5a68) {
    throw new SensorError('malformed', 'A chunk is no bzip2.');
  }
  const level = bits.take(8) - 48;
  if (level < 1 || level > 9) {
    throw new SensorError('malformed', 'A bzip2 states no valid block size.');
  }
  let filled = 0;
  for (;;) {
    const high = bits.take(24);
    const low = bits.take(24);
    bits.take(16);
    bits.take(16);
    if (high === 0x17_7245 && low === 0x38_5090) {
      return out.subarray(0, filled);
    }
    if (high !== 0x31_4159 || low !== 0x26_5359) {
      throw new SensorError('malformed', 'A bzip2 block has no mark.');
    }
    filled = unpackBlock(bits, level * 100_000, out, filled);
  }
}

class BitReader {
  private at = 0;
  private held = 0;
  private count = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** At most 24 bits. */
  take(count: number): number {
    while (this.count < count) {
      if (this.at >= this.bytes.length) {
        throw new SensorError('malformed', 'A bzip2 ends early.');
      }
      this.held = ((this.held << 8) | (this.bytes[this.at++] ?? 0)) >>> 0;
      this.count += 8;
    }
    this.count -= count;
    const value = Math.floor(this.held / 2 ** this.count) % 2 ** count;
    this.held %= 2 ** this.count;
    return value;
  }
}

interface Table {
  readonly limits: Int32Array;
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
  readonly shortest: number;
  readonly longest: number;
}

const MAX_CODE = 20;

function unpackBlock(bits: BitReader, blockSize: number, out: Uint8Array, start: number): number {
  if (bits.take(1) === 1) {
    throw new SensorError('unsupported', 'A bzip2 is of the randomised kind, which is not read.');
  }
  const origin = bits.take(24);
  const used: number[] = [];
  const ranges = bits.take(16);
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >> range)) !== 0) {
      const members = bits.take(16);
      for (let member = 0; member < 16; member++) {
        if ((members & (0x8000 >> member)) !== 0) {
          used.push(range * 16 + member);
        }
      }
    }
  }
  const alphabet = used.length + 2;
  const tableCount = bits.take(3);
  const selectorCount = bits.take(15);
  if (used.length === 0 || tableCount < 2 || tableCount > 6 || selectorCount === 0) {
    throw new SensorError('malformed', 'A bzip2 block has no valid tables.');
  }
  const order = Array.from({ length: tableCount }, (_, nth) => nth);
  const selectors = new Uint8Array(selectorCount);
  for (let nth = 0; nth < selectorCount; nth++) {
    let place = 0;
    while (bits.take(1) === 1) {
      if (++place >= tableCount) {
        throw new SensorError('malformed', 'A bzip2 block names a table that is not there.');
      }
    }
    const [chosen = 0] = order.splice(place, 1);
    order.unshift(chosen);
    selectors[nth] = chosen;
  }
  const tables = Array.from({ length: tableCount }, () => readTable(bits, alphabet));
  const counts = new Int32Array(256);
  const block = new Uint32Array(blockSize);
  const length = readSymbols(bits, { used, selectors, tables, counts, block });
  return unsort(block, counts, length, origin, out, start);
}

function readTable(bits: BitReader, alphabet: number): Table {
  const lengths = new Uint8Array(alphabet);
  let length = bits.take(5);
  for (let symbol = 0; symbol < alphabet; symbol++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE) {
        throw new SensorError('malformed', 'A bzip2 table has a code that is too long.');
      }
      if (bits.take(1) === 0) {
        break;
      }
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  const shortest = Math.min(...lengths);
  const longest = Math.max(...lengths);
  const symbols = new Uint16Array(alphabet);
  const limits = new Int32Array(MAX_CODE + 2);
  const bases = new Int32Array(MAX_CODE + 2);
  let placed = 0;
  let code = 0;
  for (let bitsOf = shortest; bitsOf <= longest; bitsOf++) {
    bases[bitsOf] = placed - code;
    for (let symbol = 0; symbol < alphabet; symbol++) {
      if (lengths[symbol] === bitsOf) {
        symbols[placed++] = symbol;
        code++;
      }
    }
    limits[bitsOf] = code - 1;
    code <<= 1;
  }
  return { limits, bases, symbols, shortest, longest };
}

interface Symbols {
  readonly used: readonly number[];
  readonly selectors: Uint8Array;
  readonly tables: readonly Table[];
  readonly counts: Int32Array;
  readonly block: Uint32Array;
}

/** Move-to-front and runs undone; gives the block's length. */
function readSymbols(bits: BitReader, { used, selectors, tables, counts, block }: Symbols): number {
  const front = [...used];
  const end = used.length + 1;
  let filled = 0;
  let run = 0;
  let weight = 1;
  let group = 0;
  let left = 0;
  let table = tables[0];
  const put = (byte: number, times: number) => {
    if (filled + times > block.length) {
      throw new SensorError('malformed', 'A bzip2 block is larger than is stated.');
    }
    counts[byte] = (counts[byte] ?? 0) + times;
    block.fill(byte, filled, filled + times);
    filled += times;
  };
  for (;;) {
    if (left === 0) {
      table = tables[selectors[group++] ?? -1];
      left = 50;
    }
    left--;
    if (table === undefined) {
      throw new SensorError('malformed', 'A bzip2 block has more groups than tables.');
    }
    const symbol = readSymbol(bits, table);
    if (symbol <= 1) {
      run += weight << symbol;
      weight <<= 1;
      if (run > block.length) {
        throw new SensorError('malformed', 'A bzip2 run is longer than its block.');
      }
      continue;
    }
    if (run > 0) {
      put(front[0] ?? 0, run);
      run = 0;
      weight = 1;
    }
    if (symbol === end) {
      return filled;
    }
    const [byte = 0] = front.splice(symbol - 1, 1);
    front.unshift(byte);
    put(byte, 1);
  }
}

function readSymbol(bits: BitReader, { limits, bases, symbols, shortest, longest }: Table): number {
  let code = bits.take(shortest);
  for (let length = shortest; length <= longest; length++) {
    if (code <= (limits[length] ?? -1)) {
      return symbols[code + (bases[length] ?? 0)] ?? 0;
    }
    code = (code << 1) | bits.take(1);
  }
  throw new SensorError('malformed', 'A bzip2 block has a code that is in no table.');
}

/** The Burrows-Wheeler transform and the runs before it undone. */
function unsort(block: Uint32Array, counts: Int32Array, length: number, origin: number, out: Uint8Array, start: number): number {
  if (origin >= length) {
    throw new SensorError('malformed', 'A bzip2 block starts outside of itself.');
  }
  const firsts = new Int32Array(256);
  for (let byte = 1; byte < 256; byte++) {
    firsts[byte] = (firsts[byte - 1] ?? 0) + (counts[byte - 1] ?? 0);
  }
  for (let index = 0; index < length; index++) {
    const byte = (block[index] ?? 0) & 255;
    const to = firsts[byte] ?? 0;
    firsts[byte] = to + 1;
    block[to] = ((block[to] ?? 0) & 255) | (index << 8);
  }
  let filled = start;
  let at = (block[origin] ?? 0) >>> 8;
  let same = 0;
  let last = -1;
  for (let index = 0; index < length; index++) {
    const entry = block[at] ?? 0;
    const byte = entry & 255;
    at = entry >>> 8;
    const times = same === 4 ? byte : 1;
    if (filled + times > out.length) {
      throw new SensorError('malformed', 'A bzip2 is larger than is stated.');
    }
    if (same === 4) {
      out.fill(last, filled, filled + times);
      same = 0;
      last = -1;
    } else {
      out[filled] = byte;
      same = byte === last ? same + 1 : 1;
      last = byte;
    }
    filled += times;
  }
  return filled;
}
