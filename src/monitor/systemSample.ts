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
  /** What the doctor says of the runs that hold GPUs; left out by who has no doctor. */
  readonly runs?: readonly RunReport[];
}

/**
 * What holds a run back, as far as the machine's counters can tell. `unknown` where they do not: either too little was seen, or
 * the GPUs rest and nothing that was measured says why.
 */
export type VerdictKind =
  | 'computeBound'
  | 'inputBound'
  | 'communicationBound'
  | 'memoryBound'
  | 'powerCapped'
  | 'heatCapped'
  | 'unknown';

/** What one run waits for, and how that is known. */
export interface RunReport {
  /** The run's first process: `PID/STARTTICKS`. */
  readonly key: string;
  readonly kind: VerdictKind;
  /** One sentence that names what was measured. */
  readonly sentence: string;
  /** What could be done, where a number in the evidence supports it. */
  readonly suggestion?: string;
  /** The minutes before, the oldest first: each one's end in milliseconds since the epoch. */
  readonly minutes: readonly { readonly until: number; readonly kind: VerdictKind }[];
}

export interface ProcessScope {
  /** `/proc` shows only our own processes (mount option `hidepid`). */
  readonly hidden: boolean;
  /** We are in a pid namespace: the driver's pids are another's and are joined to ours only where proven. */
  readonly namespaced: boolean;
}
