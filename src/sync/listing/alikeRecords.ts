import type { Records } from './records.ts';

/** Of two listings as they came. */
export interface Differing {
  /** Records that both have, byte for byte: the same name, kind, size, time and permissions. */
  readonly alike: number;
  /** Those records. */
  readonly both: Buffer;
  /** What is left of each, the facts of its root among it. */
  readonly one: Buffer;
  readonly other: Buffer;
}

const EQUALS = 0x3d;

/** Takes out of two listings what they agree on, without reading it: of two trees that are nearly in step little is left to read. */
export function withoutAlike(mine: Records, theirs: Records): Differing {
  const table = tableOf(mine);
  const isAlike = { one: new Uint8Array(mine.count), other: new Uint8Array(theirs.count) };
  let alike = 0;
  for (let record = 0; record < theirs.count; record++) {
    const found = lookUp(table, mine, theirs, record);
    if (found !== -1) {
      alike++;
      isAlike.one[found] = 1;
      isAlike.other[record] = 1;
    }
  }
  return { alike, both: gather(theirs, isAlike.other, 1), one: gather(mine, isAlike.one, 0), other: gather(theirs, isAlike.other, 0) };
}

/** Open addressing; 0 is an empty place, else a record and 1. */
function tableOf({ count, hashes }: Records): Uint32Array {
  const table = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, count * 2))));
  for (let record = 0; record < count; record++) {
    let place = mixed(hashes[record] as number) & (table.length - 1);
    while (table[place] !== 0) {
      place = (place + 1) & (table.length - 1);
    }
    table[place] = record + 1;
  }
  return table;
}

function lookUp(table: Uint32Array, mine: Records, theirs: Records, record: number): number {
  const hash = theirs.hashes[record] as number;
  const start = theirs.starts[record] as number;
  const length = (theirs.starts[record + 1] as number) - start;
  if (theirs.bytes[start] === EQUALS) {
    return -1;
  }
  for (let place = mixed(hash) & (table.length - 1); table[place] !== 0; place = (place + 1) & (table.length - 1)) {
    const candidate = (table[place] as number) - 1;
    const begin = mine.starts[candidate] as number;
    if (mine.hashes[candidate] === hash && (mine.starts[candidate + 1] as number) - begin === length && isSame(mine.bytes, begin, theirs.bytes, start, length)) {
      return candidate;
    }
  }
  return -1;
}

function isSame(one: Uint8Array, begin: number, other: Uint8Array, start: number, length: number): boolean {
  for (let at = 0; at < length; at++) {
    if (one[begin + at] !== other[start + at]) {
      return false;
    }
  }
  return true;
}

/** The low bits of FNV alone do not spread names that differ in a digit. */
function mixed(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The records that are marked so, runs of them copied at once. */
function gather({ bytes, count, starts }: Records, marks: Uint8Array, mark: number): Buffer {
  const runs: Buffer[] = [];
  for (let record = 0; record < count; record++) {
    if (marks[record] === mark) {
      const first = record;
      while (record + 1 < count && marks[record + 1] === mark) {
        record++;
      }
      runs.push(bytes.subarray(starts[first], starts[record + 1]));
    }
  }
  return Buffer.concat(runs);
}
