import { Worker } from 'node:worker_threads';
import type { Disposable } from '../base/disposable.ts';
import { Endpoint } from '../base/endpoint.ts';
import type { Handlers, Params, Result } from '../base/endpoint.ts';
import { ReplyError } from '../base/replyError.ts';
import type { DatasetWorkerData } from './datasetWorker.ts';
import type { ServiceContext } from './service.ts';
import type { ServiceName } from './services.ts';

export interface ServiceThreadOptions<Events> {
  /** Absolute path of the bundled `datasetWorker.js`. */
  readonly script: string;
  readonly service: ServiceName;
  /** As it is at each start. */
  readonly context: () => Promise<ServiceContext>;
  readonly events: Handlers<Events>;
  readonly log: (line: string) => void;
}

/** MiB of JavaScript objects after which a thread is ended by V8 rather than taking the window with it. */
const HEAP_MB = 512;
/** Milliseconds; a service's long work is answered at once and told of by events. */
const TIMEOUT = 600_000;

interface Running<Api, Events> {
  readonly worker: Worker;
  readonly endpoint: Endpoint<Api, Events>;
}

/**
 * A service in a worker thread: started by the first request, and once more by the next one where it has died. Requests
 * that were out when it died are answered with `disposed`.
 */
export class ServiceThread<Api, Events> implements Disposable {
  private running: Promise<Running<Api, Events>> | undefined;
  private disposed = false;

  constructor(private readonly options: ServiceThreadOptions<Events>) {}

  request<K extends keyof Api & string>(method: K, ...params: Params<Api, K>): Promise<Result<Api, K>> {
    return this.requestUntil(undefined, method, ...params);
  }

  /** The same, given up when `signal` is aborted. */
  async requestUntil<K extends keyof Api & string>(signal: AbortSignal | undefined, method: K, ...params: Params<Api, K>): Promise<Result<Api, K>> {
    const { endpoint } = await this.begun();
    return endpoint.requestUntil(signal, method, ...params);
  }

  /** Begins to start it where it does not run, for a request that is likely to come: nothing is waited for, and a failure is that request's. */
  startAhead(): void {
    if (!this.disposed) {
      this.begun().catch(() => undefined);
    }
  }

  /** Ends the thread, as when settings change; the next request starts another. */
  stop(): void {
    const ending = this.running;
    this.running = undefined;
    void ending?.then(({ worker, endpoint }) => {
      endpoint.dispose();
      return worker.terminate();
    });
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  private begun(): Promise<Running<Api, Events>> {
    if (this.running === undefined) {
      const starting = this.start();
      this.running = starting;
      starting.catch(() => this.running === starting && (this.running = undefined));
    }
    return this.running;
  }

  private async start(): Promise<Running<Api, Events>> {
    const { script, service, events, log } = this.options;
    const context = await this.options.context();
    if (this.disposed) {
      throw new ReplyError('disposed', 'The window closes.');
    }
    const data: DatasetWorkerData = { service, context };
    const worker = new Worker(script, { workerData: data, name: `trainyard ${service}`, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    const told = { ...events, log: (line: unknown) => log(`${service}: ${String(line)}`) };
    const endpoint = new Endpoint<Api, Events>((message) => worker.postMessage(message), told, TIMEOUT);
    const running = { worker, endpoint };
    worker.on('message', (message) => endpoint.receive(message));
    worker.on('error', (error) => log(`${service} failed: ${error.stack ?? error.message}`));
    worker.on('exit', () => void this.forget(running));
    return running;
  }

  private async forget(ended: Running<Api, Events>): Promise<void> {
    ended.endpoint.dispose();
    if ((await this.running) === ended) {
      this.running = undefined;
    }
  }
}
