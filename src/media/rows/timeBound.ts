import type { Context } from 'node:vm';
import { createContext, Script } from 'node:vm';

/** Runs synchronous code that may not end: a bad stream can send a decoder round for ever. A call costs some 25 µs. */
export class TimeBound {
  private readonly script = new Script('call()');
  private readonly context: Context = createContext(Object.create(null) as Context);

  constructor(
    /** Milliseconds. */
    private readonly most: number,
  ) {}

  /** What the code gives or throws; throws a `RangeError` where it was not done in time. */
  run<T>(code: () => T): T {
    this.context['call'] = code;
    try {
      return this.script.runInContext(this.context, { timeout: this.most }) as T;
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new RangeError(`it was not decoded within ${this.most / 1000} s`) : error;
    } finally {
      this.context['call'] = undefined;
    }
  }
}
