const DIGIT = 16;
const RADIX = 2 ** DIGIT;

/**
 * The ids in the order of their keys, those with equal keys as they came; NaN comes last in either direction. `keys` is by id.
 * A radix sort, as a million comparisons by a function of JavaScript would hold up all else for a second.
 */
export function sortByKey(ids: Uint32Array, keys: Float64Array, descending: boolean): Uint32Array {
  const known = ids.filter((id) => !Number.isNaN(keys[id]));
  const unknown = known.length === ids.length ? undefined : ids.filter((id) => Number.isNaN(keys[id]));
  const low = new Uint32Array(known.length);
  const high = new Uint32Array(known.length);
  const float = new Float64Array(1);
  const bits = new Uint32Array(float.buffer);
  for (let at = 0; at < known.length; at++) {
    // Adding 0 makes -0 the same as 0.
    float[0] = (descending ? -keys[known[at]!]! : keys[known[at]!]!) + 0;
    const negative = bits[1]! >>> 31 === 1;
    low[at] = negative ? ~bits[0]! : bits[0]!;
    high[at] = negative ? ~bits[1]! : bits[1]! ^ 0x8000_0000;
  }
  let order = Uint32Array.from(known.keys());
  for (const words of [low, high]) {
    for (const shift of [0, DIGIT]) {
      order = passOf(order, words, shift);
    }
  }
  const sorted = new Uint32Array(ids.length);
  order.forEach((from, to) => (sorted[to] = known[from]!));
  if (unknown !== undefined) {
    sorted.set(unknown, known.length);
  }
  return sorted;
}

function passOf(order: Uint32Array<ArrayBuffer>, words: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(RADIX + 1);
  for (const word of words) {
    starts[((word >>> shift) & (RADIX - 1)) + 1]!++;
  }
  if (starts.includes(words.length)) {
    return order;
  }
  for (let digit = 1; digit <= RADIX; digit++) {
    starts[digit]! += starts[digit - 1]!;
  }
  const next = new Uint32Array(order.length);
  for (const from of order) {
    next[starts[(words[from]! >>> shift) & (RADIX - 1)]!++] = from;
  }
  return next;
}
