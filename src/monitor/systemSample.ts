import type { Measured } from '../base/absent.ts';
import type { GpuReading } from './gpuSample.ts';
import type { HostSample, ProcessSample } from './hostSample.ts';

/** One machine at one moment: what the collector gives, the history keeps, and every face shows. */
export interface SystemSample {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly host: string;
  /** One for each vendor of which something is here; empty on a machine without accelerators. */
  readonly gpus: readonly GpuReading[];
  readonly system: HostSample;
  /** Absent where nobody may see it. Other users' processes may be hidden: then `hidden` of `processScope`. */
  readonly processes: Measured<readonly ProcessSample[]>;
  readonly processScope: ProcessScope;
}

export interface ProcessScope {
  /** `/proc` shows only our own processes (mount option `hidepid`). */
  readonly hidden: boolean;
  /** We are in a pid namespace: the driver's pids are another's and are joined to ours only where proven. */
  readonly namespaced: boolean;
}
