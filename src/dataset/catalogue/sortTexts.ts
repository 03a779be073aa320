/** Texts one behind the other: the bytes of the one at `at` lie from `starts[at]` to before `starts[at + 1]`. */
export interface PackedTexts {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly length: number;
}

/** Texts that are added one by one, in a memory that grows. */
export class GrowingTexts implements PackedTexts {
  bytes: Buffer = Buffer.alloc(65_536);
  starts = new Uint32Array(1024);
  length = 0;

  add(text: string): void {
    const start = this.starts[this.length]!;
    // A character of UTF-16 takes three bytes at most.
    const most = start + text.length * 3;
    if (most > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(most, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, start);
      this.bytes = larger;
    }
    if (this.length + 2 > this.starts.length) {
      const larger = new Uint32Array(this.starts.length * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[++this.length] = start + this.bytes.write(text, start);
  }
}

/** Fewer are sorted by comparing them whole. */
const FEW = 12;
/** Texts that are gone through between two looks at the clock. */
const LOOK = 16_384;

/**
 * The places of texts in the order of their bytes, by a quicksort of three parts that looks at one byte of each at a time
 * (Bentley and Sedgewick, 1997). `rest` is awaited every `LOOK` or so: it lets others have their turn, and may reject.
 */
export async function sortTexts({ bytes, starts, length }: PackedTexts, rest: () => Promise<void>): Promise<Uint32Array> {
  const order = Uint32Array.from({ length }, (_, at) => at);
  const byteOf = (place: number, depth: number): number => {
    const at = starts[place]! + depth;
    return at < starts[place + 1]! ? bytes[at]! : -1;
  };
  const isBefore = (one: number, other: number, from: number): boolean => {
    for (let depth = from; ; depth++) {
      const [a, b] = [byteOf(one, depth), byteOf(other, depth)];
      if (a !== b || a < 0) {
        return a < b;
      }
    }
  };
  const swap = (one: number, other: number): void => {
    const held = order[one]!;
    order[one] = order[other]!;
    order[other] = held;
  };
  const waiting: number[] = [0, length, 0];
  let work = 0;
  while (waiting.length > 0) {
    const depth = waiting.pop()!;
    const end = waiting.pop()!;
    const begin = waiting.pop()!;
    work += end - begin;
    if (work > LOOK) {
      work = 0;
      await rest();
    }
    if (end - begin <= FEW) {
      for (let at = begin + 1; at < end; at++) {
        for (let to = at; to > begin && isBefore(order[to]!, order[to - 1]!, depth); to--) {
          swap(to, to - 1);
        }
      }
      continue;
    }
    const pivot = byteOf(order[(begin + end) >>> 1]!, depth);
    let [low, at, high] = [begin, begin, end];
    while (at < high) {
      const byte = byteOf(order[at]!, depth);
      if (byte < pivot) {
        swap(low++, at++);
      } else if (byte > pivot) {
        swap(at, --high);
      } else {
        at++;
      }
    }
    waiting.push(begin, low, depth, high, end, depth);
    if (pivot >= 0) {
      waiting.push(low, high, depth + 1);
    }
  }
  return order;
}

/** Numbers that are in the order of the texts, the same for the same text, by the texts' places. */
export async function ranksOf(texts: PackedTexts, rest: () => Promise<void>): Promise<Uint32Array> {
  const order = await sortTexts(texts, rest);
  const { bytes, starts } = texts;
  const ranks = new Uint32Array(texts.length);
  let rank = 0;
  for (let at = 0; at < order.length; at++) {
    const [place, before] = [order[at]!, order[at - 1]];
    if (before !== undefined && !isSame(bytes, starts, before, place)) {
      rank++;
    }
    ranks[place] = rank;
    if (at % LOOK === LOOK - 1) {
      await rest();
    }
  }
  return ranks;
}

function isSame(bytes: Uint8Array, starts: Uint32Array, one: number, other: number): boolean {
  const [from, start] = [starts[one]!, starts[other]!];
  const length = starts[one + 1]! - from;
  if (starts[other + 1]! - start !== length) {
    return false;
  }
  for (let at = 0; at < length; at++) {
    if (bytes[from + at] !== bytes[start + at]) {
      return false;
    }
  }
  return true;
}
