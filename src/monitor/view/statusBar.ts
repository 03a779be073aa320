import { known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { CollectorState } from '../collectorClient.ts';
import { age, gibibytes, whole } from '../webview/quantity.ts';
import { freedom } from './free.ts';
import type { HeldGpu, Holdings } from './holders.ts';
import { findTroubles } from './trouble.ts';
import { isMine } from './viewer.ts';
import type { GpuWatch } from './watch.ts';

/** What the status bar shows of the GPUs. */
export type StatusBarChoice = 'counts' | 'mine' | 'busiest' | 'average' | 'bars';

export interface StatusBarOptions {
  readonly choice: StatusBarChoice;
  /** Percent of a GPU's memory from which on it warns; 100: never. */
  readonly memoryWarning: number;
  readonly now: number;
  readonly collector: CollectorState;
  readonly watch?: GpuWatch;
}

export interface StatusBarText {
  /** With its icon: `$(pulse) 6/8 mine · 0 free`. Its width changes only with what it is about, not with the numbers. */
  readonly text: string;
  /** The same for a screen reader. */
  readonly spoken: string;
  readonly background?: 'warning' | 'error';
}

/** Older values are not shown as if they were new. */
export const STALE_AFTER = 15_000;
/** As wide as a digit. */
const FIGURE_SPACE = '\u2007';
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const MOST_BARS = 16;

/** undefined where there is nothing to say: no sample yet, or no GPU in this machine. */
export function statusBarText(holdings: Holdings | undefined, options: StatusBarOptions): StatusBarText | undefined {
  const { collector, now } = options;
  if (collector.kind === 'stopped') {
    return { text: '$(circle-slash) collecting off', spoken: `System: collecting is off, ${printable(collector.reason)}` };
  }
  if (holdings === undefined || (holdings.gpus.length === 0 && holdings.sample.gpus.length === 0)) {
    return undefined;
  }
  const old = now - holdings.sample.time;
  if (old > STALE_AFTER) {
    return { text: `$(debug-disconnect) GPU: no answer, ${age(old)}`, spoken: `GPUs not known: no sample for ${age(old)}`, background: 'warning' };
  }
  const [trouble] = findTroubles(holdings, { ...options });
  if (trouble !== undefined) {
    // A driver's own words draw no icons.
    const said = trouble.words.replaceAll('$(', '$ (');
    const words = trouble.icon === 'debug-disconnect' ? `GPU: ${said}` : said;
    return { text: `$(${trouble.icon}) ${words}`, spoken: trouble.sentence, background: trouble.level };
  }
  if (!holdings.gpus.some(({ fresh }) => fresh)) {
    return notKnown(holdings);
  }
  const text = choose(holdings.gpus, options.choice);
  return { text: `$(pulse) ${text}`, spoken: spokenCounts(holdings.gpus) };
}

function notKnown({ sample, gpus }: Holdings): StatusBarText {
  const states = sample.gpus.map(({ state }) => state);
  const failed = states.find((state) => state.kind === 'failed');
  if (failed !== undefined) {
    return { text: '$(circle-slash) GPU not known', spoken: `GPUs not known: ${printable(failed.problem.text)}` };
  }
  if (gpus.length > 0 && gpus.every(({ gpu }) => gpu.state === 'asleep')) {
    return { text: '$(pulse) GPU asleep', spoken: 'The GPU sleeps' };
  }
  return { text: '$(pulse) GPU …', spoken: 'GPUs have not been read yet' };
}

function choose(gpus: readonly HeldGpu[], choice: StatusBarChoice): string {
  switch (choice) {
    case 'counts':
      return counts(gpus);
    case 'mine': {
      const mine = gpus.filter(({ owner, fresh }) => fresh && isMine(owner));
      return mine.length === 0 ? counts(gpus) : `${padded(mine.length, gpus.length)}/${gpus.length} GPU ${numbers(mine)}`;
    }
    case 'busiest': {
      const busiest = gpus.reduce((best, held) => ((known(held.gpu.utilization) ?? -1) > (known(best.gpu.utilization) ?? -1) ? held : best));
      return `GPU ${busiest.label.padStart(String(gpus.length - 1).length, FIGURE_SPACE)} ${numbers([busiest])}`;
    }
    case 'average':
      return `${gpus.length} GPU ${numbers(gpus)}`;
    case 'bars':
      return bars(gpus);
  }
}

function counts(gpus: readonly HeldGpu[]): string {
  const free = gpus.map(freedom);
  const unknown = free.filter((state) => state === 'unknown').length;
  return `${padded(gpus.filter(({ owner, fresh }) => fresh && isMine(owner)).length, gpus.length)}/${gpus.length} mine · ${padded(free.filter((state) => state === 'free').length, gpus.length)} free${unknown > 0 ? ` · ${unknown} not known` : ''}`;
}

/** `62% 41/80G`: mean of what is known, sums of the memory; a dash stands for what is not known. */
function numbers(gpus: readonly HeldGpu[]): string {
  const busy = gpus.map(({ gpu, fresh }) => (fresh ? known(gpu.utilization) : undefined)).filter((value) => value !== undefined);
  const mean = busy.length === 0 ? '–' : whole(busy.reduce((sum, value) => sum + value, 0) / busy.length);
  const memories = gpus.filter(({ fresh }) => fresh).map(({ gpu }) => ({ used: known(gpu.memoryUsed), total: known(gpu.memoryTotal) }));
  const measured = memories.filter((memory): memory is { used: number; total: number } => memory.used !== undefined && memory.total !== undefined);
  if (measured.length === 0) {
    return `${mean.padStart(2, FIGURE_SPACE)}%`;
  }
  const total = inG(measured.reduce((sum, memory) => sum + memory.total, 0));
  const used = inG(measured.reduce((sum, memory) => sum + memory.used, 0));
  return `${mean.padStart(2, FIGURE_SPACE)}% ${used.padStart(total.length, FIGURE_SPACE)}/${total}G`;
}

function inG(bytes: number): string {
  const value = bytes / 1024 ** 3;
  return value >= 9.5 ? whole(value) : gibibytes(bytes);
}

function bars(gpus: readonly HeldGpu[]): string {
  const shown = gpus.slice(0, MOST_BARS).map(({ gpu, fresh }) => {
    const busy = fresh ? known(gpu.utilization) : undefined;
    return busy === undefined ? '·' : BARS[Math.min(BARS.length - 1, Math.floor((busy / 100) * BARS.length))];
  });
  return `${shown.join('')}${gpus.length > MOST_BARS ? '…' : ''}`;
}

function padded(value: number, most: number): string {
  return String(value).padStart(String(most).length, FIGURE_SPACE);
}

function spokenCounts(gpus: readonly HeldGpu[]): string {
  const mine = gpus.filter(({ owner, fresh }) => fresh && isMine(owner)).length;
  const free = gpus.filter((held) => freedom(held) === 'free').length;
  return `${gpus.length === 1 ? '1 GPU' : `${gpus.length} GPUs`}, ${mine} mine, ${free} free, ${numbers(gpus).replaceAll(FIGURE_SPACE, '').replace('% ', ' percent busy, ').replace(/G$/, ' gibibytes').replace(/%$/, ' percent busy')}`;
}
