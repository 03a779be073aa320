import type { Disposable } from '../base/disposable.ts';
import { PageError } from './pageError.ts';
import type { PageErrorReason } from './pageError.ts';

/** The one argument of a method of the interface `A`, or none. */
export type Params<A, K extends keyof A> = A[K] extends (...params: infer P) => unknown ? P : never;
/** What a method of the interface `A` answers with. */
export type Result<A, K extends keyof A> = A[K] extends (...params: never) => infer R ? Awaited<R> : never;

/** Answers for every method of `A`. The argument comes from the other side and is not to be trusted before it is checked. */
export type Handlers<A> = { readonly [K in keyof A]: (params: unknown) => Result<A, K> | Promise<Result<A, K>> };

interface Call {
  readonly call: string;
  /** Left out where no answer is wanted. */
  readonly id?: number;
  readonly params?: unknown;
}

interface Reply {
  readonly reply: number;
  readonly value?: unknown;
  readonly error?: { readonly reason: PageErrorReason; readonly message: string };
}

/** What a page sends first: it listens now, and what was meant for it meanwhile may be sent. */
export const READY = { call: 'ready' } as const satisfies Call;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: PageError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const TIMEOUT = 30_000;

/**
 * One end of the line between a page and its host; the same class serves both ends. Every request is settled: with the
 * other side's value, with its error, with `timeout`, or with `disposed`.
 */
export class Endpoint<Theirs, Ours> implements Disposable {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private disposed = false;

  /** `timeout` in milliseconds. */
  constructor(
    private readonly post: (message: unknown) => void,
    private readonly handlers: Handlers<Ours>,
    private readonly timeout = TIMEOUT,
  ) {}

  request<K extends keyof Theirs & string>(method: K, ...[params]: Params<Theirs, K>): Promise<Result<Theirs, K>> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.disposed) {
        reject(new PageError('disposed', 'The page is closed.'));
        return;
      }
      const id = ++this.lastId;
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new PageError('timeout', `No answer after ${Math.round(this.timeout / 1000)} s.`));
      }, this.timeout);
      this.pending.set(id, { resolve, reject, timer });
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
    }
  }

  dispose(): void {
    this.disposed = true;
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(new PageError('disposed', 'The page is closed.'));
    }
    this.pending.clear();
  }

  private settle({ reply, value, error }: Reply): void {
    const pending = this.pending.get(reply);
    if (!pending) {
      return;
    }
    this.pending.delete(reply);
    clearTimeout(pending.timer);
    if (error) {
      pending.reject(new PageError(error.reason, error.message));
    } else {
      pending.resolve(value);
    }
  }

  private async answer({ call, id, params }: Call): Promise<void> {
    let reply: Omit<Reply, 'reply'>;
    try {
      reply = { value: await this.handle(call, params) };
    } catch (error) {
      reply = { error: asReplyError(error) };
    }
    // A page may be gone by the time its answer is there.
    if (id !== undefined && !this.disposed) {
      this.post({ reply: id, ...reply } satisfies Reply);
    }
  }

  private handle(call: string, params: unknown): unknown {
    if (!Object.hasOwn(this.handlers, call)) {
      throw new PageError('unknown', `There is no request "${call}".`);
    }
    return this.handlers[call as keyof Ours](params);
  }
}

function isCall(message: object): message is Call {
  const { call, id } = message as Partial<Call>;
  return typeof call === 'string' && (id === undefined || typeof id === 'number');
}

function isReply(message: object): message is Reply {
  return typeof (message as Partial<Reply>).reply === 'number';
}

function asReplyError(error: unknown): NonNullable<Reply['error']> {
  if (PageError.is(error)) {
    return { reason: error.reason, message: error.message };
  }
  return { reason: 'failed', message: error instanceof Error ? error.message : String(error) };
}
