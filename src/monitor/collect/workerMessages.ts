import type { ToolId } from '../../process/toolPlan.ts';
import type { GpuReading } from '../gpuSample.ts';
import type { Turn } from './leadership.ts';

/** Where samples are kept. */
export interface HistoryPlace {
  /** Absolute path of the file. */
  readonly path: string;
  /** Bytes that it may take on disk, its log included. */
  readonly bound: number;
}

/** What a face gives the worker to begin with. */
export interface CollectorSettings {
  /** The user's own paths, by tool. */
  readonly toolPaths: Readonly<Partial<Record<ToolId, string>>>;
  readonly env: NodeJS.ProcessEnv;
  /** Folders (the workspace's) from which no tool is run, links resolved. */
  readonly never: readonly string[];
  /** Left out where none are to be kept. */
  readonly history?: HistoryPlace;
}

export interface MonitorWorkerData extends CollectorSettings {
  readonly folder: string;
  readonly turn: Turn;
  readonly before?: readonly GpuReading[];
}

export type ToMonitorWorker = { readonly kind: 'stop' } | { readonly kind: 'history'; readonly place: HistoryPlace | undefined };

export type FromMonitorWorker = { readonly kind: 'leads' } | { readonly kind: 'log'; readonly line: string };
