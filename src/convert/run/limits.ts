import type { EngineId } from '../engine.ts';
import type { ToolLimits } from '../../process/toolPlan.ts';

/** Seconds for a second of media or a megapixel, far above what the slowest honest case takes (VP9 in 4K on one thread: some 60). */
const SLOWEST: Readonly<Record<EngineId, number>> = { sox: 10, ffmpeg: 600, imagemagick: 60, sharp: 60 };

/** Seconds that any process may take to start and to write, on a slow disk of a busy machine. */
const GRACE = 120;

const MIB = 1024 * 1024;

export type LimitsFor = (engine: EngineId, cost: number, threads: number) => ToolLimits;

/** Bounds of a process that does work of this `cost` on `threads` threads: wide, so that only what has gone wrong meets them. */
export const limitsFor: LimitsFor = (engine, cost, threads) => {
  const wallSeconds = Math.ceil(GRACE + cost * SLOWEST[engine]);
  return {
    wallSeconds,
    cpuSeconds: wallSeconds * threads,
    // A second of 4K video with every sample kept is some 750 MB.
    fileSize: Math.ceil(1024 * MIB + cost * 1024 * MIB),
    memory: 16 * 1024 * MIB,
  };
};
