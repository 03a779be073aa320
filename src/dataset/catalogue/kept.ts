/** What was found out of the catalogue, to be used again as long as it holds. */
interface Entry {
  readonly generation: number;
  /** Milliseconds, of `performance.now`, when it was begun, and that it took. */
  readonly at: number;
  readonly took: number;
  readonly bytes: number;
  readonly value: unknown;
}

interface Making {
  readonly promise: Promise<unknown>;
  readonly abort: AbortController;
  wanted: number;
}

type Make<T> = (signal: AbortSignal) => Promise<{ readonly value: T; readonly bytes: number }>;

export interface KeptOptions {
  /** Changes whenever what is made may differ. */
  readonly generation: () => number;
  /** Whether it changes all the time: then what is there is used at once, and made anew beside. */
  readonly restless: () => boolean;
  /** Bytes of all values together. */
  readonly budget: number;
}

/** Where it changes all the time, a tenth of the time at most goes into making things anew. */
const SHARE = 10;
/** What is older than so many times its making is waited for, however long that takes. */
const OLD = 30;
/** Milliseconds; what is made as quickly is not worth being kept a little old. */
const QUICK = 10;

/** Keeps values by key up to a budget, the latest used ones, and makes each once for all who want it at the same time. */
export class Kept {
  private readonly entries = new Map<string, Entry>();
  private readonly making = new Map<string, Making>();

  constructor(private readonly options: KeptOptions) {}

  /**
   * Rejects with the signal's reason; the making ends when nobody wants it any more. `fresh` waits for what is made now, where
   * what is there would do for others: something else is made of it.
   */
  async get<T>(key: string, signal: AbortSignal | undefined, make: Make<T>, fresh = false): Promise<T> {
    signal?.throwIfAborted();
    const entry = this.entries.get(key);
    if (entry !== undefined && this.isGood(entry)) {
      this.entries.delete(key);
      this.entries.set(key, entry);
      return entry.value as T;
    }
    if (entry !== undefined && !fresh && this.isUsable(entry)) {
      // The next one to ask is given what is made now: nobody waits for what changes again meanwhile.
      if (!this.making.has(key)) {
        this.begin(key, make);
      }
      return entry.value as T;
    }
    const making = this.making.get(key) ?? this.begin(key, make);
    making.wanted++;
    const leave = (): void => {
      if (--making.wanted === 0) {
        making.abort.abort();
        this.forget(key, making);
      }
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      const value = await (making.promise as Promise<T>);
      signal?.throwIfAborted();
      return value;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  clear(): void {
    this.entries.clear();
  }

  private begin<T>(key: string, make: Make<T>): Making {
    const abort = new AbortController();
    const generation = this.options.generation();
    const at = performance.now();
    const promise = make(abort.signal)
      .then(({ value, bytes }) => {
        this.keep(key, { generation, at, took: performance.now() - at, bytes, value });
        return value;
      })
      .finally(() => this.forget(key, making));
    const making: Making = { promise, abort, wanted: 0 };
    // Whoever waits is told; where nobody does any more it is no failure.
    promise.catch(() => {});
    this.making.set(key, making);
    return making;
  }

  private forget(key: string, making: Making): void {
    if (this.making.get(key) === making) {
      this.making.delete(key);
    }
  }

  private isGood({ generation, at, took }: Entry): boolean {
    return generation === this.options.generation() || (this.options.restless() && took > QUICK && performance.now() - at < took * SHARE);
  }

  private isUsable({ at, took }: Entry): boolean {
    return this.options.restless() && took > QUICK && performance.now() - at < took * OLD;
  }

  private keep(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    let bytes = [...this.entries.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [oldest, { bytes: own }] of this.entries) {
      if (bytes <= this.options.budget || oldest === key) {
        return;
      }
      this.entries.delete(oldest);
      bytes -= own;
    }
  }
}
