import { absent, isAbsent, type Measured } from '../../base/absent.ts';
import { freedom } from '../view/free.ts';
import type { HeldGpu, Holdings } from '../view/holders.ts';

/**
 * What scripts read: bytes, bytes per second, percent, watts, degrees Celsius, megahertz, milliseconds since the epoch; each value
 * measured, or `{ "absent": reason }`.
 */
export function statusDocument({ sample, gpus }: Holdings): object {
  const { time, host, system, processes, processScope, runs } = sample;
  return {
    time,
    host,
    drivers: sample.gpus.map(({ vendor, state, time: measured }) => ({ vendor, ...state, time: measured })),
    gpus: gpus.map(gpuDocument),
    processes,
    processScope,
    ...system,
    ...(runs && { runs }),
  };
}

function gpuDocument(held: HeldGpu): object {
  const { holders } = held;
  return { ...held.gpu, free: isFree(held), processes: isAbsent(holders) ? holders : holders.map(({ use, process }) => ({ ...use, user: process?.user ?? absent('it cannot be seen here') })) };
}

function isFree(held: HeldGpu): Measured<boolean> {
  const found = freedom(held);
  return found === 'unknown' ? absent('it cannot be told') : found === 'free';
}
