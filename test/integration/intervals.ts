import { extensionUnderTest } from './extensionUnderTest.ts';

const PLACE = Symbol.for('trainyard.test.intervals');

/**
 * Notes each `setInterval` of the extension that is not cleared. VS Code runs extensions and their tests in one realm, so this
 * has to be in place before the extension is activated.
 */
export function watchIntervals(): void {
  const living = new Map<unknown, string>();
  const { setInterval: set, clearInterval: clear, clearTimeout: clearEither } = globalThis;
  const bundle = `${extensionUnderTest().extensionPath}/dist/`;
  const forget =
    (original: typeof clear): typeof clear =>
    (timer) => {
      living.delete(timer);
      original(timer);
    };
  const watched = (...args: Parameters<typeof set>): NodeJS.Timeout => {
    const timer = set(...args);
    // The message and this very function come first.
    const callers = (new Error().stack ?? '').split('\n').slice(2);
    if (callers.some((frame) => frame.includes(bundle) && !frame.includes(`${bundle}test/`))) {
      living.set(timer, callers.join('\n'));
    }
    return timer;
  };
  Object.assign(globalThis, { setInterval: watched, clearInterval: forget(clear), clearTimeout: forget(clearEither), [PLACE]: living });
}

/** Where each interval of the extension that still runs was set. */
export function livingIntervals(): string[] {
  return [...(Reflect.get(globalThis, PLACE) as Map<unknown, string>).values()];
}
