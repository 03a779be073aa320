import type { Disposable } from './disposable.ts';
import { ReplyError } from './replyError.ts';
import type { ReplyErrorReason } from './replyError.ts';

/** The one argument of a method of the interface `A`, or none. */
export type Params<A, K extends keyof A> = A[K] extends (...params: infer P) => unknown ? P : never;
/** What a method of the interface `A` answers with. */
export type Result<A, K extends keyof A> = A[K] extends (...params: never) => infer R ? Awaited<R> : never;

/**
 * Answers for every method of `A`. The argument comes from the other side and is not to be trusted before it is checked;
 * `signal` is aborted when the other side no longer wants the answer.
 */
export type Handlers<A> = { readonly [K in keyof A]: (params: unknown, signal: AbortSignal) => Result<A, K> | Promise<Result<A, K>> };

interface Call {
  readonly call: string;
  /** Left out where no answer is wanted. */
  readonly id?: number;
  readonly params?: unknown;
}

interface Reply {
  readonly reply: number;
  readonly value?: unknown;
  readonly error?: { readonly reason: ReplyErrorReason; readonly message: string };
}

/** The answer to a request is no longer wanted. */
interface Cancel {
  readonly cancel: number;
}

/** What a page sends first: it listens now, and what was meant for it meanwhile may be sent. */
export const READY = { call: 'ready' } as const satisfies Call;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ReplyError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
  /** Stops listening for the asker's own wish to end it. */
  readonly release: () => void;
}

const TIMEOUT = 30_000;

/**
 * One end of the line between a page or a worker thread and its host; the same class serves both ends. Every request is
 * settled: with the other side's value, with its error, with `timeout`, `cancelled` or `disposed`.
 */
export class Endpoint<Theirs, Ours> implements Disposable {
  private readonly pending = new Map<number, Pending>();
  private readonly answering = new Map<number, AbortController>();
  private lastId = 0;
  private disposed = false;

  /** `timeout` in milliseconds. */
  constructor(
    private readonly post: (message: unknown) => void,
    private readonly handlers: Handlers<Ours>,
    private readonly timeout = TIMEOUT,
  ) {}

  request<K extends keyof Theirs & string>(method: K, ...params: Params<Theirs, K>): Promise<Result<Theirs, K>> {
    return this.requestUntil(undefined, method, ...params);
  }

  /** The same, given up when `signal` is aborted: the other side is told, and the request rejects with `cancelled`. */
  requestUntil<K extends keyof Theirs & string>(signal: AbortSignal | undefined, method: K, ...[params]: Params<Theirs, K>): Promise<Result<Theirs, K>> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.disposed) {
        reject(new ReplyError('disposed', 'The other side is gone.'));
        return;
      }
      if (signal?.aborted === true) {
        reject(new ReplyError('cancelled', 'No longer wanted.'));
        return;
      }
      const id = ++this.lastId;
      const giveUp = (reason: 'timeout' | 'cancelled', message: string) => {
        this.release(id);
        this.post({ cancel: id } satisfies Cancel);
        reject(new ReplyError(reason, message));
      };
      const timer = setTimeout(() => giveUp('timeout', `No answer after ${Math.round(this.timeout / 1000)} s.`), this.timeout);
      const onAbort = () => giveUp('cancelled', 'No longer wanted.');
      signal?.addEventListener('abort', onAbort, { once: true });
      this.pending.set(id, { resolve, reject, timer, release: () => signal?.removeEventListener('abort', onAbort) });
      this.post({ call: method, id, params } satisfies Call);
    }) as Promise<Result<Theirs, K>>;
  }

  notify<K extends keyof Theirs & string>(method: K, ...[params]: Params<Theirs, K>): void {
    if (!this.disposed) {
      this.post({ call: method, params } satisfies Call);
    }
  }

  /** Takes whatever arrived. What is not one of our messages is left alone; nothing is thrown. */
  receive(message: unknown): void {
    if (this.disposed || typeof message !== 'object' || message === null) {
      return;
    }
    if (isReply(message)) {
      this.settle(message);
    } else if (isCall(message)) {
      void this.answer(message);
    } else if (isCancel(message)) {
      this.answering.get(message.cancel)?.abort();
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const id of [...this.pending.keys()]) {
      this.release(id)?.reject(new ReplyError('disposed', 'The other side is gone.'));
    }
    for (const controller of this.answering.values()) {
      controller.abort();
    }
    this.answering.clear();
  }

  /** What waits under a number, which waits no longer. */
  private release(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    clearTimeout(pending?.timer);
    pending?.release();
    return pending;
  }

  private settle({ reply, value, error }: Reply): void {
    const pending = this.release(reply);
    if (error) {
      pending?.reject(new ReplyError(error.reason, error.message));
    } else {
      pending?.resolve(value);
    }
  }

  private async answer({ call, id, params }: Call): Promise<void> {
    const controller = new AbortController();
    if (id !== undefined) {
      this.answering.set(id, controller);
    }
    let reply: Omit<Reply, 'reply'>;
    try {
      reply = { value: await this.handle(call, params, controller.signal) };
    } catch (error) {
      reply = { error: asReplyError(error) };
    }
    if (id === undefined) {
      return;
    }
    this.answering.delete(id);
    // A page may be gone by the time its answer is there, or have given up waiting for it.
    if (!this.disposed && !controller.signal.aborted) {
      this.post({ reply: id, ...reply } satisfies Reply);
    }
  }

  private handle(call: string, params: unknown, signal: AbortSignal): unknown {
    if (!Object.hasOwn(this.handlers, call)) {
      throw new ReplyError('unknown', `There is no request "${call}".`);
    }
    return this.handlers[call as keyof Ours](params, signal);
  }
}

function isCall(message: object): message is Call {
  const { call, id } = message as Partial<Call>;
  return typeof call === 'string' && (id === undefined || typeof id === 'number');
}

function isCancel(message: object): message is Cancel {
  return typeof (message as Partial<Cancel>).cancel === 'number';
}

function isReply(message: object): message is Reply {
  return typeof (message as Partial<Reply>).reply === 'number';
}

function asReplyError(error: unknown): NonNullable<Reply['error']> {
  if (ReplyError.is(error)) {
    return { reason: error.reason, message: error.message };
  }
  return { reason: 'failed', message: error instanceof Error ? error.message : String(error) };
}
