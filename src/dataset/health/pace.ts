import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** Milliseconds of work between two breaks. */
const STRETCH = 10;

/** Called again and again in a long check: gives others their turn, and the disk its rest, so that work takes `share` of the time. */
export function createPace(share: number, signal: AbortSignal | undefined, onBreak: () => void): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    signal?.throwIfAborted();
    const worked = performance.now() - since;
    if (worked < STRETCH) {
      return undefined;
    }
    return (async () => {
      onBreak();
      const rest = Math.min(worked * (1 / share - 1), 1000);
      await (rest >= 1 ? pause(rest, undefined, { ...(signal && { signal }) }).catch(() => undefined) : nextTurn());
      signal?.throwIfAborted();
      since = performance.now();
    })();
  };
}
