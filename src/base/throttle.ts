import type { Disposable } from './disposable.ts';

export interface Throttle extends Disposable {
  /** Runs at once, or as soon as the interval since the last run is over; however often it is asked. */
  request(): void;
}

/** Keeps runs at least `ms` milliseconds apart without losing the last request. Runs never overlap; they see to their own errors. */
export function createThrottle(ms: number, run: () => void | Promise<void>): Throttle {
  let timer: NodeJS.Timeout | undefined;
  let busy = false;
  let wanted = false;
  let disposed = false;

  function request(): void {
    if (disposed) {
      return;
    }
    if (busy || timer !== undefined) {
      wanted = true;
      return;
    }
    busy = true;
    wanted = false;
    void (async () => run())().finally(() => {
      busy = false;
      if (!disposed) {
        timer = setTimeout(rest, ms);
      }
    });
  }

  function rest(): void {
    timer = undefined;
    if (wanted) {
      request();
    }
  }

  return {
    request,
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}
