import type { ClockLimit } from './gpuSample.ts';

/** Limits by which heat or the power supply slows a GPU down; a power cap is normal under full load. */
export const COSTLY_LIMITS: readonly ClockLimit[] = ['softwareThermal', 'hardwareThermal', 'hardwareSlowdown', 'powerBrake'];
