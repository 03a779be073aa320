import type { Disposable } from '../../base/disposable.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import type { ToolStreams } from '../../process/toolStreams.ts';
import type { GpuReading, GpuVendorId } from '../gpuSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';

/** What a vendor's source is given to read the machine with. */
export interface GpuMachine {
  readonly files: KernelFiles;
  /** Starts the vendor's tools, and keeps them running. */
  readonly streams: ToolStreams;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Told of every new reading; each is whole. Never called while `start` runs, nor after `dispose`. */
export type GpuSink = (reading: GpuReading) => void;

/** A running source. */
export interface GpuSource extends Disposable {
  /** Milliseconds between readings from now on. */
  setInterval(milliseconds: number): void;
}

/** One vendor of accelerators: everything that is known of it is behind this. */
export interface GpuVendor {
  readonly id: GpuVendorId;
  /** As a person knows it: `NVIDIA`. */
  readonly title: string;
  /** Whether something of this vendor is in the machine, told by files alone: nothing is started, nothing is woken. */
  isPresent(files: KernelFiles): boolean;
  /**
   * Where `isPresent` sees nothing, a device may be there all the same, out of sight of this container: the vendor is then started
   * where this program is found, and its readings count from the first that is `answering`. Until then there is nothing to show:
   * the program alone, as in many container images, is no device that fails.
   */
  readonly tool?: ToolId;
  start(machine: GpuMachine, sink: GpuSink, intervalMilliseconds: number): GpuSource;
}
