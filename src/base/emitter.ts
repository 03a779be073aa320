import type { Disposable } from './disposable.ts';
import { toDisposable } from './disposable.ts';

export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Tells its listeners, in the order in which they came. For code that knows nothing of VS Code. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<{ readonly call: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.listeners.add(entry);
    return toDisposable(() => this.listeners.delete(entry));
  };

  fire(value: T): void {
    for (const { call } of [...this.listeners]) {
      call(value);
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
