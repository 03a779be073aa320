import type { Measured } from '../../base/absent.ts';
import type { ClockLimit } from '../gpuSample.ts';

/** What one run did in the time since the sample before: all that a verdict rests on. Percent from 0 to 100, unless said otherwise. */
export interface RunMoment {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly gpus: readonly RunGpu[];
  /** Percent of one core of each process that feeds a GPU and holds none: data loader workers. */
  readonly workers: readonly Measured<number>[];
  /** Workers that wait for a device (state `D`). */
  readonly waitingWorkers: number;
  /** Percent of one core, the busiest of the processes that hold a GPU. */
  readonly busiestHolder: Measured<number>;
  /** Cores of this machine, or of what we are allowed, that had nothing to do. */
  readonly idleCores: Measured<number>;
  readonly ioWait: Measured<number>;
  readonly ioPressure: Measured<number>;
  readonly cpuPressure: Measured<number>;
  readonly memoryPressure: Measured<number>;
  /** Of the memory that we may use. */
  readonly memoryUsed: Measured<number>;
  /** Share of the time in which a CPU quota held us back. */
  readonly throttled: Measured<number>;
  /** InfiniBand's traffic as percent of its links' speed. */
  readonly fabric: Measured<number>;
}

export interface RunGpu {
  readonly index: number;
  readonly utilization: Measured<number>;
  /** Percent of the limit in force. */
  readonly power: Measured<number>;
  /** Percent of the fastest. */
  readonly clock: Measured<number>;
  readonly clockLimits: Measured<readonly ClockLimit[]>;
  /** Degrees Celsius. */
  readonly temperature: Measured<number>;
}
