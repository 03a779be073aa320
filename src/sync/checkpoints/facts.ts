import { absent } from '../../base/absent.ts';
import { formatCount } from '../../base/format.ts';
import { elementCount } from '../../media/arrays/arraySource.ts';
import type { CheckpointFacts, CheckpointFile, CheckpointListing, CheckpointState, Inspection, Tensor } from '../checkpoint.ts';

export const NOT_STATED = absent('not stated in file');

export interface Verdict {
  readonly state: CheckpointState;
  readonly reason: string;
}

/** Milliseconds without a change after which nobody is taken to write any more. */
const WRITING = 120_000;

export function complete(reason: string): Verdict {
  return { state: 'complete', reason };
}

export function damaged(reason: string): Verdict {
  return { state: 'damaged', reason };
}

export function undecided(reason: string): Verdict {
  return { state: 'unknown', reason };
}

/** Something is missing: it is still being written where one of its files has changed lately, and was broken off otherwise. */
export function unfinished(missing: string, files: readonly CheckpointFile[], now: number): Verdict {
  const last = Math.max(0, ...files.filter(({ folder }) => !folder).map(({ mtime }) => mtime));
  return { state: last > now - WRITING ? 'writing' : 'damaged', reason: missing };
}

/** One file that is to reach to `end`, and does not. */
export function cutShort(file: CheckpointFile, end: number, now: number): Verdict {
  return unfinished(`${formatCount(end - file.size)} of ${formatCount(end)} bytes are missing at its end.`, [file], now);
}

/** The first file that is not there, or does not reach as far as it is said to; undefined where all do. */
export function lostPart(ends: ReadonlyMap<string, number>, files: readonly CheckpointFile[], now: number): Verdict | undefined {
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  for (const [name, end] of ends) {
    const size = sizes.get(name);
    if (size === undefined || size < end) {
      return unfinished(size === undefined ? `${name} is not there.` : `${name} lacks ${formatCount(end - size)} bytes at its end.`, files, now);
    }
  }
  return undefined;
}

/** The worst of several parts of one checkpoint, or what they are together. */
export function worst(verdicts: readonly Verdict[], together: Verdict): Verdict {
  for (const state of ['damaged', 'writing', 'unknown'] as const) {
    const found = verdicts.find((verdict) => verdict.state === state);
    if (found) {
      return found;
    }
  }
  return together;
}

export function elements({ shape }: Pick<Tensor, 'shape'>): number {
  return elementCount(shape);
}

/** Tensors, parameters and types of the weights among them. */
export function countsOf(tensors: readonly Tensor[]): Pick<CheckpointFacts, 'tensors' | 'parameters' | 'dtypes'> {
  const dtypes = new Map<string, number>();
  let count = 0;
  let parameters = 0;
  for (const tensor of tensors) {
    if (tensor.beside !== true) {
      const size = elements(tensor);
      count++;
      parameters += size;
      dtypes.set(tensor.dtype, (dtypes.get(tensor.dtype) ?? 0) + size);
    }
  }
  return { tensors: count, parameters, dtypes: Object.fromEntries(dtypes) };
}

export interface Progress {
  readonly step?: number | undefined;
  readonly epoch?: number | undefined;
  readonly metrics?: Readonly<Record<string, number>>;
}

export function progressFacts({ step, epoch, metrics }: Progress): Pick<CheckpointFacts, 'step' | 'epoch' | 'metrics'> {
  return { step: step ?? NOT_STATED, epoch: epoch ?? NOT_STATED, metrics: metrics && Object.keys(metrics).length > 0 ? metrics : NOT_STATED };
}

/** An inspection that could not get at the tensors, and why. */
export function withoutTensors(verdict: Verdict, why: string, files: readonly string[], progress: Progress = {}, more: Partial<Pick<Inspection, 'metadata' | 'markers'>> = {}): Inspection {
  const unread = absent(why);
  return { facts: { ...verdict, tensors: unread, parameters: unread, dtypes: unread, ...progressFacts(progress) }, tensors: [], metadata: {}, markers: [], files, ...more };
}

/**
 * Whether nothing has changed between two looks, at least ten seconds apart: all that can be said where a format has no test of its
 * own.
 */
export function isStill(earlier: CheckpointListing, later: CheckpointListing): boolean {
  return later.now - earlier.now >= 10_000 && isUnchanged(earlier, later);
}

/** Whether both list the same names, sizes and times. */
export function isUnchanged(earlier: CheckpointListing, later: CheckpointListing): boolean {
  const before = new Map(earlier.files.map((file) => [file.name, file]));
  return earlier.files.length === later.files.length && later.files.every(({ name, size, mtime }) => before.get(name)?.size === size && before.get(name)?.mtime === mtime);
}
