import type { ToolId } from '../../process/toolPlan.ts';
import type { GpuReading } from '../gpuSample.ts';
import type { Turn } from './leadership.ts';

/** What a face gives the worker to begin with. */
export interface CollectorSettings {
  /** The user's own paths, by tool. */
  readonly toolPaths: Readonly<Partial<Record<ToolId, string>>>;
  readonly env: NodeJS.ProcessEnv;
  /** Folders (the workspace's) from which no tool is run, links resolved. */
  readonly never: readonly string[];
  /** Absolute path of the file that samples are kept in; left out where none are to be kept. */
  readonly history?: string;
}

export interface MonitorWorkerData extends CollectorSettings {
  readonly folder: string;
  readonly turn: Turn;
  readonly before?: readonly GpuReading[];
}

export type ToMonitorWorker = { readonly kind: 'stop' } | { readonly kind: 'history'; readonly path: string | undefined };

export type FromMonitorWorker = { readonly kind: 'leads' } | { readonly kind: 'log'; readonly line: string };
