/**
 * Something that is under way once for all who wait for it at the same time. Whoever's signal is aborted waits no longer, and fails
 * nobody else; it is ended where nobody waits any more.
 */
export function createShared(run: (signal: AbortSignal) => Promise<void>): (signal?: AbortSignal) => Promise<void> {
  let current: { readonly done: Promise<void>; readonly stop: AbortController; waiting: number } | undefined;

  return async (signal) => {
    signal?.throwIfAborted();
    if (current === undefined) {
      const stop = new AbortController();
      current = { done: run(stop.signal), stop, waiting: 0 };
    }
    const joined = current;
    joined.waiting++;
    try {
      await unlessAborted(joined.done, signal);
    } finally {
      joined.waiting--;
      if (joined.waiting === 0) {
        joined.stop.abort();
        current = current === joined ? undefined : current;
      }
    }
  };
}

function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', end);
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', end));
  });
}
