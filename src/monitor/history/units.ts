import { LARGEST } from './bytes.ts';

/**
 * What a value is in, and how finely it is kept. `last`: a value that has no mean, of which a bucket keeps the last.
 */
export interface Unit {
  readonly name: string;
  /** Steps in one. */
  readonly steps: number;
  readonly last?: boolean;
}

/** Steps of bytes are powers of two, so that what is read back is exact. */
export const PERCENT: Unit = { name: '%', steps: 10 };
export const BYTES: Unit = { name: 'B', steps: 1 / 1024 };
export const RATE: Unit = { name: 'B/s', steps: 1 / 128 };
export const WATTS: Unit = { name: 'W', steps: 10 };
export const CELSIUS: Unit = { name: '°C', steps: 10 };
export const MEGAHERTZ: Unit = { name: 'MHz', steps: 1 };
export const COUNT: Unit = { name: '', steps: 1 };
export const LOAD: Unit = { name: '', steps: 100 };
export const SECONDS: Unit = { name: 's', steps: 1 };
export const MILLISECONDS: Unit = { name: 'ms', steps: 1 };
export const CODE: Unit = { name: '', steps: 1, last: true };

/** In whole steps; what is not 0 never becomes 0. undefined where it is no number or far too large for one that was measured. */
export function toSteps(value: number, unit: Unit): number | undefined {
  const scaled = value * unit.steps;
  if (!(scaled <= LARGEST && scaled >= -LARGEST)) {
    return undefined;
  }
  const steps = Math.round(scaled);
  return steps === 0 && value !== 0 ? Math.sign(value) : steps + 0;
}

export function fromSteps(steps: number, unit: Unit): number {
  return steps / unit.steps;
}
