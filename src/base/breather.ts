import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work between two turns, so that a request or a cancellation is never kept waiting for long. */
const STRETCH = 12;

/** Called again and again in a long loop: lets others have their turn when it is time, and throws when the work is no longer wanted. */
export function createBreather(signal?: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    signal?.throwIfAborted();
    if (performance.now() - since < STRETCH) {
      return undefined;
    }
    return nextTurn().then(() => {
      since = performance.now();
      signal?.throwIfAborted();
    });
  };
}
