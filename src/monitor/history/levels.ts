/** One resolution of the history. Milliseconds. */
export interface Level {
  readonly resolution: number;
  /** How long it is kept. */
  readonly keep: number;
  /** Between two transactions. */
  readonly flush: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The finest first: the samples as they came, then buckets that begin at multiples of the resolution. */
export const LEVELS = [
  { resolution: SECOND, keep: HOUR, flush: 5 * SECOND },
  { resolution: 10 * SECOND, keep: DAY, flush: 10 * SECOND },
  { resolution: MINUTE, keep: 30 * DAY, flush: MINUTE },
] as const satisfies readonly Level[];

export type LevelNumber = 0 | 1 | 2;
export const LEVEL_NUMBERS: readonly LevelNumber[] = [0, 1, 2];

/** Moments in one block: a minute, ten minutes, an hour. */
export const BLOCK_MOMENTS = 60;

/** A longer time without a sample is a gap: nothing was collected. A box is stale after the same time. */
export const GAP = 15 * SECOND;
