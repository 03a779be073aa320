import { Worker } from 'node:worker_threads';
import type { Disposable } from './disposable.ts';
import { Endpoint } from './endpoint.ts';
import type { Handlers, Params, Result } from './endpoint.ts';
import { ReplyError } from './replyError.ts';

export interface WorkerThreadOptions<Ours> {
  /** Absolute path of the bundle. */
  readonly script: string;
  /** For the log and for a debugger. */
  readonly name: string;
  /** As it is at each start; it crosses to the thread as a copy. */
  readonly data: () => Promise<unknown>;
  /** Answers to what the thread tells and asks. */
  readonly handlers: Handlers<Ours>;
  readonly log: (line: string) => void;
  /** MiB of JavaScript objects after which the thread is ended by V8 rather than taking the window with it. */
  readonly heap: number;
}

/** Milliseconds; long work is answered at once and told of by events. */
const TIMEOUT = 600_000;

interface Running<Theirs, Ours> {
  readonly worker: Worker;
  readonly endpoint: Endpoint<Theirs, Ours>;
}

/**
 * A worker thread that answers requests: started by the first, and once more by the next one where it has died. Requests that were
 * out when it died are answered with `disposed`.
 */
export class WorkerThread<Theirs, Ours> implements Disposable {
  private running: Promise<Running<Theirs, Ours>> | undefined;
  private disposed = false;

  constructor(private readonly options: WorkerThreadOptions<Ours>) {}

  request<K extends keyof Theirs & string>(method: K, ...params: Params<Theirs, K>): Promise<Result<Theirs, K>> {
    return this.requestUntil(undefined, method, ...params);
  }

  /** The same, given up when `signal` is aborted. */
  async requestUntil<K extends keyof Theirs & string>(signal: AbortSignal | undefined, method: K, ...params: Params<Theirs, K>): Promise<Result<Theirs, K>> {
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
    // A start that failed has been told to whoever asked for it.
    ending?.then(
      ({ worker, endpoint }) => {
        endpoint.dispose();
        return worker.terminate();
      },
      () => undefined,
    );
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  private begun(): Promise<Running<Theirs, Ours>> {
    if (this.running === undefined) {
      const starting = this.start();
      this.running = starting;
      starting.catch(() => this.running === starting && (this.running = undefined));
    }
    return this.running;
  }

  private async start(): Promise<Running<Theirs, Ours>> {
    const { script, name, data, handlers, log, heap } = this.options;
    const workerData = await data();
    if (this.disposed) {
      throw new ReplyError('disposed', 'The window closes.');
    }
    const worker = new Worker(script, { workerData, name: `trainyard ${name}`, resourceLimits: { maxOldGenerationSizeMb: heap } });
    const endpoint = new Endpoint<Theirs, Ours>((message) => worker.postMessage(message), handlers, TIMEOUT);
    const running = { worker, endpoint };
    worker.on('message', (message) => endpoint.receive(message));
    worker.on('error', (error) => log(`${name} failed: ${error.stack ?? error.message}`));
    worker.on('exit', () => void this.forget(running));
    return running;
  }

  private async forget(ended: Running<Theirs, Ours>): Promise<void> {
    ended.endpoint.dispose();
    if ((await this.running) === ended) {
      this.running = undefined;
    }
  }
}
