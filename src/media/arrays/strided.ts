import { setImmediate } from 'node:timers/promises';
import { ArrayError } from './arrayError.ts';
import type { ArrayBytes, Span } from './arraySource.ts';
import { MAX_ELEMENTS, elementCount, spanLength } from './arraySource.ts';

/** Where the elements of an array lie: the first one at `offset`, neighbours of a dimension as many bytes apart as its stride. */
export interface Layout {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Of one element. */
  readonly bytes: number;
}

/** One request to the source at most; elements farther apart than `FAR` are read one by one. */
const PIECE = 1_048_576;
const FAR = 4096;
/** Bytes read between two looks at whether the reader is still wanted. */
const BREATH = 8_388_608;

export function layoutOf(offset: number, shape: readonly number[], bytes: number, fortranOrder: boolean): Layout {
  const strides = new Array<number>(shape.length);
  let stride = bytes;
  for (let nth = 0; nth < shape.length; nth++) {
    const dimension = fortranOrder ? nth : shape.length - 1 - nth;
    strides[dimension] = stride;
    stride *= shape[dimension] ?? 1;
  }
  return { offset, shape, strides, bytes };
}

/** Checks a selection against a shape; throws an `ArrayError`. */
export function checkSelection(shape: readonly number[], selection: readonly Span[]): void {
  const fits = selection.length === shape.length && selection.every(({ start, stop, step }, nth) => start >= 0 && step >= 1 && stop <= (shape[nth] ?? 0) && start <= stop);
  if (!fits || !selection.every(({ start, stop, step }) => Number.isSafeInteger(start) && Number.isSafeInteger(stop) && Number.isSafeInteger(step))) {
    throw new ArrayError('bounds', 'The selection lies outside of the array.');
  }
  if (elementCount(selection.map(spanLength)) > MAX_ELEMENTS) {
    throw new ArrayError('bounds', `A selection has at most ${MAX_ELEMENTS} elements.`);
  }
}

/** The bytes of the selected elements, packed in C order. Rejects with an `ArrayError` where the source ends before them. */
export async function readStrided(source: ArrayBytes, layout: Layout, selection: readonly Span[], signal?: AbortSignal): Promise<Buffer> {
  checkSelection(layout.shape, selection);
  const { bytes } = layout;
  const counts = selection.map(spanLength);
  const total = elementCount(counts);
  const out = Buffer.alloc(total * bytes);
  if (out.length === 0) {
    return out;
  }
  const outStrides = layoutOf(0, counts, bytes, false).strides;
  const steps = selection.map(({ step }, nth) => step * (layout.strides[nth] ?? 0));
  const first = selection.reduce((at, { start }, nth) => at + start * (layout.strides[nth] ?? 0), layout.offset);
  // The largest strides outermost: the file is read in its own order.
  const order = counts.map((_, nth) => nth).sort((one, other) => (steps[other] ?? 0) - (steps[one] ?? 0));
  const inner = order.pop();
  const run = { count: inner === undefined ? 1 : (counts[inner] ?? 1), step: inner === undefined ? 0 : (steps[inner] ?? 0), outStep: inner === undefined ? 0 : (outStrides[inner] ?? 0) };
  const runs = total / run.count;
  let sinceBreath = 0;
  for (let nth = 0; nth < runs; nth++) {
    let rest = nth;
    let from = first;
    let to = 0;
    for (let index = order.length - 1; index >= 0; index--) {
      const dimension = order[index] ?? 0;
      const size = counts[dimension] ?? 1;
      from += (rest % size) * (steps[dimension] ?? 0);
      to += (rest % size) * (outStrides[dimension] ?? 0);
      rest = Math.floor(rest / size);
    }
    sinceBreath += await readRun(source, from, bytes, run, out, to);
    if (sinceBreath > BREATH) {
      sinceBreath = 0;
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return out;
}

interface Run {
  readonly count: number;
  readonly step: number;
  readonly outStep: number;
}

/** Elements in a row; gives what it cost in bytes read. */
async function readRun(source: ArrayBytes, from: number, bytes: number, { count, step, outStep }: Run, out: Buffer, to: number): Promise<number> {
  const atOnce = step > FAR ? 1 : Math.max(1, Math.floor(PIECE / Math.max(1, step)));
  let cost = 0;
  for (let done = 0; done < count; done += atOnce) {
    const some = Math.min(atOnce, count - done);
    const length = (some - 1) * step + bytes;
    const lent = source.read(from + done * step, length);
    const piece = lent instanceof Promise ? await lent : lent;
    if (piece.length < length) {
      throw new ArrayError('truncated', `The file ends ${length - piece.length} bytes before this part of the array does.`);
    }
    if (outStep === bytes && step === bytes) {
      piece.copy(out, to + done * outStep);
    } else {
      for (let index = 0; index < some; index++) {
        piece.copy(out, to + (done + index) * outStep, index * step, index * step + bytes);
      }
    }
    cost += Math.max(length, FAR);
  }
  return cost;
}
