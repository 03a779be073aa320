import { known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { formatDuration } from '../../base/format.ts';
import type { SystemSample } from '../systemSample.ts';
import { forecast } from './forecast.ts';
import type { Level } from './forecast.ts';
import type { Notice, NoticeRule } from './notice.ts';

const EVERY_MS = 10_000;
const WINDOW_MS = 5 * 60_000;
/** A growth is believed when it was seen for this long. */
const SEEN_MS = 2 * 60_000;
const SOON_MS = 20 * 60_000;
/** Percent: below, there is time enough; from the second on there is none left, growing or not. */
const WORTH_A_FORECAST = 70;
const FULL = 97;
/** An episode is over when it falls below this. */
const OVER = 65;

/** Tells that the host's memory, a container's limit or `/dev/shm` runs out, with a forecast where it grows. */
export class MemoryRunsOut implements NoticeRule {
  private readonly pools = [new Pool('host memory'), new Pool('the memory that this container may use'), new Pool('/dev/shm')];

  observe({ system: { memory, limits }, time, host }: SystemSample): readonly Notice[] {
    const levels: readonly (readonly [Measured<number>, Measured<number>])[] = [
      [memory.used, memory.total],
      [limits.memoryUsed, limits.memoryLimit],
      [memory.sharedUsed, memory.sharedTotal],
    ];
    return this.pools.flatMap((pool, index) => {
      const [used, total] = levels[index] ?? [];
      const sentence = pool.observe(time, known(used), known(total));
      return sentence === undefined ? [] : [{ kind: 'memory', message: `${host}: ${sentence}` }];
    });
  }
}

class Pool {
  private levels: Level[] = [];
  private told = false;

  constructor(private readonly name: string) {}

  observe(time: number, used: number | undefined, total: number | undefined): string | undefined {
    if (used === undefined || total === undefined || total === 0) {
      return undefined;
    }
    const percent = (100 * used) / total;
    if (percent < OVER) {
      this.told = false;
    }
    const last = this.levels.at(-1);
    if (last !== undefined && time < last.time) {
      this.levels = [];
    }
    if (last === undefined || time - last.time >= EVERY_MS || time < last.time) {
      this.levels = [...this.levels.filter((level) => level.time >= time - WINDOW_MS), { time, value: used }];
    }
    const sentence = this.told ? undefined : this.sentence(time, percent, total);
    this.told ||= sentence !== undefined;
    return sentence;
  }

  private sentence(time: number, percent: number, total: number): string | undefined {
    if (percent >= FULL) {
      return `${Math.floor(percent)}% of ${this.name} is in use.`;
    }
    const [first] = this.levels;
    if (percent < WORTH_A_FORECAST || first === undefined || time - first.time < SEEN_MS) {
      return undefined;
    }
    const full = forecast(this.levels, total);
    return full === undefined || full - time > SOON_MS
      ? undefined
      : `${this.name} is full in about ${formatDuration(Math.max(60, Math.round((full - time) / 60_000) * 60))} if it grows on as it does; ${Math.floor(percent)}% is in use.`;
  }
}
