import type { SystemSample } from '../systemSample.ts';
import type { History } from '../webview/protocol.ts';
import { columns, seriesValues } from './dashboardSeries.ts';
import type { Point } from './dashboardSeries.ts';

const KEPT_MS = 3_600_000;
/** Samples further apart are not joined. */
const GAP_MS = 15_000;

/** What this window has seen of the last hour: the values of charts and no more. For who keeps no history. */
export class SeenHistory {
  private seen: { readonly time: number; readonly values: ReadonlyMap<string, number> }[] = [];

  observe(sample: SystemSample): void {
    const first = this.seen[0]?.time ?? sample.time;
    // In large steps: to shift an array by one each second costs more than it saves.
    if (sample.time - first > KEPT_MS * 1.1) {
      this.seen = this.seen.filter(({ time }) => time >= sample.time - KEPT_MS);
    }
    this.seen.push({ time: sample.time, values: seriesValues(sample) });
  }

  /** Undefined before the first sample. */
  get from(): number | undefined {
    return this.seen[0]?.time;
  }

  history({ from, to, step }: { readonly from: number; readonly to: number; readonly step: number }): History {
    const start = Math.floor(from / step) * step;
    const points = new Map<string, Point[]>();
    for (const { time, values } of this.seen) {
      for (const [name, value] of time >= start && time < to ? values : []) {
        const list = points.get(name) ?? [];
        points.set(name, list);
        list.push({ time, value });
      }
    }
    return { from: start, step, gap: GAP_MS, series: Object.fromEntries([...points].map(([name, list]) => [name, columns(list, start, to, step)])) };
  }
}
