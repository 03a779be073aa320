import type { Handlers, Params, Result } from '../base/endpoint.ts';

/** What the services of the worker threads are given by the window; it crosses to the thread as a copy. */
export interface SyncContext {
  /** Absolute path of the folder for snapshots, history and journals; it may not exist yet. */
  readonly storage: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folders (the workspace's) from which nothing is run. */
  readonly never: readonly string[];
  /** A configuration of ssh in place of the user's own. */
  readonly sshConfig?: string;
}

/** The window's side, as a service sees it. */
export interface Window<Events> {
  tell<K extends keyof Events & string>(event: K, ...params: Params<Events, K>): void;
  ask<K extends keyof Events & string>(method: K, ...params: Params<Events, K>): Promise<Result<Events, K>>;
}

/** Makes a service, in a worker thread of its own or, in tests, in this one. */
export type CreateService<Api, Events> = (context: SyncContext, window: Window<Events>) => { readonly handlers: Handlers<Api>; dispose(): void };

/** The services that run in a worker thread each, loaded when their thread starts. A service is one line here. */
export const SYNC_SERVICES = {
  sync: async () => (await import('./engine/syncService.ts')).createSyncService,
  checkpoint: async () => (await import('./checkpoints/checkpointService.ts')).createCheckpointService,
} satisfies Readonly<Record<string, () => Promise<unknown>>>;

export interface SyncWorkerData {
  readonly service: keyof typeof SYNC_SERVICES;
  readonly context: SyncContext;
}
