import { createHash } from 'node:crypto';
import type { Move } from './work.ts';

export const MEBIBYTE = 1024 * 1024;
/** Bytes from which a file goes by ranges. */
export const LARGE = 64 * MEBIBYTE;
const LARGEST_RANGE = 32 * MEBIBYTE;
const SMALLEST_RANGE = 16 * MEBIBYTE;
/** One ssh stream carries some 2 MiB a round trip; more than four of them gained nothing, measured at 40 ms. */
export const CONNECTIONS = 4;

export interface Range {
  /** Index of its file. */
  readonly file: number;
  /** A multiple of a mebibyte. */
  readonly offset: number;
  readonly length: number;
}

/** So that each connection has something of a single file, and what a cut costs stays small. */
export function rangesOf(size: number, file: number): readonly Range[] {
  const even = Math.ceil(size / CONNECTIONS / MEBIBYTE) * MEBIBYTE;
  const step = Math.min(LARGEST_RANGE, Math.max(SMALLEST_RANGE, even));
  return Array.from({ length: Math.ceil(size / step) }, (_, index) => ({ file, offset: index * step, length: Math.min(step, size - index * step) }));
}

/** Where a file is gathered: another size or time is another part, so that two versions never mix. */
export function partName({ path, source: { size, mtime } }: Move): string {
  return createHash('sha256').update(`${path}\0${size}\0${mtime}`).digest('hex').slice(0, 32);
}
