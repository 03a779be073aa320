import { absent, isAbsent, type Measured } from '../../../base/absent.ts';
import type { ClockLimit } from '../../gpuSample.ts';
import { cellText } from './cell.ts';

/** Bits of `nvmlDeviceGetCurrentClocksEventReasons`, as nvml.h names them: `nvmlClocksEventReason…`. */
const BITS: readonly (readonly [number, ClockLimit])[] = [
  [0x1, 'idle'],
  [0x2, 'applicationClocks'],
  [0x4, 'powerCap'],
  [0x8, 'hardwareSlowdown'],
  [0x10, 'syncBoost'],
  [0x20, 'softwareThermal'],
  [0x40, 'hardwareThermal'],
  [0x80, 'powerBrake'],
  [0x100, 'displayClocks'],
];

const NONE: readonly ClockLimit[] = [];

/** Reads `0x0000000000000044`. Bits that have no name yet are left out. */
export function parseClockLimits(cell: string | undefined): Measured<readonly ClockLimit[]> {
  if (cell === undefined || !/^0x[0-9A-Fa-f]{1,16}$/.test(cell)) {
    const text = cellText(cell);
    return isAbsent(text) ? text : absent(`not a mask: ${text}`);
  }
  // The upper half of 64 bits is beyond what a number can hold, and has no names.
  const mask = parseInt(cell.slice(2).slice(-8), 16);
  return mask === 0 ? NONE : BITS.filter(([bit]) => (mask & bit) !== 0).map(([, limit]) => limit);
}
