import { damaged, type ByteReader, type ByteWriter } from './bytes.ts';

/** What is known of one value at one moment: 0 not there, 1 a value, from 2 on absent with the reason of this number less 2. */
export type Presence = number;
export const NOT_THERE = 0;
export const KNOWN = 1;
export const FIRST_REASON = 2;

type Numbers = Float64Array | Uint16Array;

/** Runs of equal presence. */
export function writePresence(out: ByteWriter, presence: Uint16Array, from: number, to: number): void {
  for (let index = from; index < to; ) {
    const value = presence[index]!;
    let end = index + 1;
    while (end < to && presence[end] === value) {
      end++;
    }
    out.unsigned(end - index);
    out.unsigned(value);
    index = end;
  }
}

export function readPresence(bytes: ByteReader, count: number): Uint16Array {
  const presence = new Uint16Array(count);
  for (let index = 0; index < count; ) {
    const length = bytes.unsigned();
    const end = index + length;
    if (length === 0 || end > count) {
      throw damaged('a run');
    }
    presence.fill(bytes.unsigned(), index, end);
    index = end;
  }
  return presence;
}

/** Whole numbers, of the moments with a value alone: one where all are the same, else each less the one before. */
export function writeNumbers(out: ByteWriter, numbers: Numbers, presence: Uint16Array, from: number, to: number): void {
  let first = from;
  while (first < to && presence[first] !== KNOWN) {
    first++;
  }
  if (first === to) {
    return;
  }
  let same = true;
  for (let index = first + 1; same && index < to; index++) {
    same = presence[index] !== KNOWN || numbers[index] === numbers[first];
  }
  out.unsigned(same ? 1 : 0);
  out.signed(numbers[first]!);
  let before = numbers[first]!;
  for (let index = first + 1; !same && index < to; index++) {
    if (presence[index] === KNOWN) {
      out.signed(numbers[index]! - before);
      before = numbers[index]!;
    }
  }
}

export function readNumbers(bytes: ByteReader, presence: Uint16Array): Float64Array {
  const numbers = new Float64Array(presence.length);
  let first = 0;
  while (first < presence.length && presence[first] !== KNOWN) {
    first++;
  }
  if (first === presence.length) {
    return numbers;
  }
  const same = bytes.unsigned() === 1;
  let value = bytes.signed();
  if (same) {
    // What lies at the moments without a value is not looked at.
    return value === 0 ? numbers : numbers.fill(value);
  }
  numbers[first] = value;
  for (let index = first + 1; index < presence.length; index++) {
    if (presence[index] === KNOWN) {
      value += bytes.signed();
      numbers[index] = value;
    }
  }
  return numbers;
}
