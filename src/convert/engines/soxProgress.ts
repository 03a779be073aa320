import type { ProgressReader } from '../../process/toolPlan.ts';

/**
 * Reads what `sox -S` writes ten times a second: `In:34.1% 00:00:01.02 […]`, the share of the input that was read, and `Done.` at the
 * end. Of several runs of equal weight, one after the other. It never falls.
 */
export function createSoxProgress(runs: number): ProgressReader {
  let rest = '';
  let done = 0;
  let best = 0;

  function read(part: string): void {
    if (part === 'Done.') {
      done++;
    }
    const percent = Number(/^In:(\d+(?:\.\d+)?)%\s/.exec(part)?.[1] ?? 0);
    best = Math.max(best, Math.min(1, (done + Math.min(1, percent / 100)) / runs));
  }

  return {
    stream: 'stderr',
    read(text) {
      const parts = (rest + text).split(/[\r\n]/);
      // What follows the last line end may be cut.
      rest = (parts.pop() ?? '').slice(-200);
      const before = best;
      parts.forEach(read);
      return best > before ? best : undefined;
    },
  };
}
