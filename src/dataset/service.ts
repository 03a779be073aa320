import type { Handlers } from '../base/endpoint.ts';
import type { Disposable } from '../base/disposable.ts';
import type { ToolSearch } from '../process/toolSearch.ts';

/** What the services of the worker threads are given by the window; it crosses to the thread as a copy. */
export interface ServiceContext {
  /** Absolute path of the folder for catalogues and caches; it may not exist yet. */
  readonly storage: string;
  /** Absolute path of the extension's own folder. */
  readonly root: string;
  /** How tools are found; undefined where none may be run: the workspace is not trusted. */
  readonly search?: ToolSearch;
  /** Bytes that the cache of thumbnails and peaks may take. */
  readonly cacheBytes: number;
}

/** What a service is made with: its context, and what writes a line to the window's log. */
export interface ServiceSetup extends ServiceContext {
  /** Left out where there is no window. */
  readonly log?: (line: string) => void;
}

/** A service's own side: answers for its API, in a worker thread of its own or, in tests and the CLI, in this one. */
export interface Service<Api> extends Disposable {
  readonly handlers: Handlers<Api>;
}

/** Makes a service; `tell` sends one of its events to the window. */
export type CreateService<Api, Events> = (
  context: ServiceSetup,
  tell: <K extends keyof Events & string>(event: K, params: Parameters<Extract<Events[K], (params: never) => void>>[0]) => void,
) => Service<Api>;
