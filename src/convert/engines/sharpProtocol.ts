import type { PixelWork, StripWork } from '../imageWork.ts';

/** One line on the worker's stdin. */
export interface SharpJob {
  readonly index: number;
  readonly salvage: boolean;
  readonly work: PixelWork | StripWork;
}

/** One line on the worker's stdout, in the order of the jobs. */
export interface SharpResult {
  readonly index: number;
  readonly state: 'clean' | 'complained' | 'failed';
  readonly lines: readonly string[];
}

/** What `sharpWorker --version` prints. */
export interface SharpBanner {
  readonly sharp: string;
  readonly vips: string;
  /** Formats that can be read from memory. */
  readonly formats: readonly string[];
}

/** Characters of a complaint that are passed on: the runner keeps the head and tail of stdout only, and results must not be lost. */
export const LONGEST_LINE = 300;
