import { absent } from '../../../../src/base/absent.ts';
import type { RunGpu, RunMoment } from '../../../../src/monitor/doctor/runMoment.ts';

const NOT_TOLD = absent('not told');

export const GPU: RunGpu = { index: 0, utilization: 97, power: 95, clock: 97, clockLimits: [], temperature: 60 };

export const MOMENT: RunMoment = {
  time: 0,
  gpus: [GPU],
  workers: [],
  waitingWorkers: 0,
  busiestHolder: 60,
  idleCores: 40,
  ioWait: 0,
  ioPressure: 0,
  cpuPressure: 0,
  memoryPressure: 0,
  memoryUsed: 40,
  throttled: 0,
  fabric: NOT_TOLD,
};

export const START = Date.UTC(2026, 0, 1);

/** A run watched for `seconds`, once a second. */
export function watched(seconds: number, of: (second: number) => Partial<RunMoment>, from = 0): RunMoment[] {
  return Array.from({ length: seconds + 1 }, (_, index) => ({ ...MOMENT, ...of(from + index), time: START + (from + index) * 1000 }));
}

/** GPUs that work for one second and rest for two: what waiting for input looks like. */
export function sawTooth(second: number, count = 1): Pick<RunMoment, 'gpus'> {
  return { gpus: Array.from({ length: count }, (_, index) => ({ ...GPU, index, utilization: second % 3 === 0 ? 95 : 4, power: 40 })) };
}
