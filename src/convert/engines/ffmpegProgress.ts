import type { ProgressReader } from '../../process/toolPlan.ts';

/** What one output of the process comes to; what is not known is left out. */
export interface Share {
  readonly seconds?: number | undefined;
  readonly frames?: number | undefined;
}

/**
 * Reads ffmpeg's `-progress` blocks. `out_time_us` stands at 0 while an encoder looks ahead and `frame` climbs, so that the larger
 * fraction of the two counts. Keys may be missing, `N/A` or the smallest 64-bit number, and values may step back: the fraction
 * given never falls. ffmpeg writes the outputs of one process in step, so that the time of the furthest is taken for all of them.
 */
export function createFfmpegProgress(shares: readonly Share[]): ProgressReader {
  const lengths = shares.map(({ seconds }) => seconds ?? 0);
  const total = lengths.reduce((sum, seconds) => sum + seconds, 0);
  const frames = shares.length === 1 ? shares[0]?.frames : undefined;
  let rest = '';
  let best = 0;

  function fractionOf(key: string, value: number): number {
    if (key === 'frame' && frames !== undefined && frames > 0) {
      return value / frames;
    }
    if (key === 'out_time_us' && total > 0) {
      return lengths.reduce((sum, seconds) => sum + Math.min(seconds, value / 1e6), 0) / total;
    }
    return 0;
  }

  return {
    stream: 'stdout',
    read(text) {
      const lines = (rest + text).split('\n');
      // A line that never ends is none of ffmpeg's.
      rest = (lines.pop() ?? '').slice(-200);
      const before = best;
      for (const line of lines) {
        const [, key, value] = /^(frame|out_time_us)=\s*(\d+)\s*$/.exec(line) ?? [];
        if (key !== undefined) {
          best = Math.max(best, Math.min(1, fractionOf(key, Number(value))));
        }
      }
      return best > before ? best : undefined;
    },
  };
}
