import type { CollectorState } from '../collectorClient.ts';
import type { HostInventory } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { RowsEncoder } from '../webview/rowsChange.ts';
import type { Frame, GpuRow, Head, HostFacts, ProcessRow, ProcessScope, RunRow } from '../webview/protocol.ts';
import { gpuRow } from './dashboardGpus.ts';
import { MANY_GPUS, head, stopped } from './dashboardHead.ts';
import type { HeadOptions } from './dashboardHead.ts';
import { emptyHead, linkTrouble } from './boxLink.ts';
import { hostFacts } from './dashboardHost.ts';
import { processRows } from './dashboardProcesses.ts';
import { readHoldings } from './holders.ts';
import type { Holdings } from './holders.ts';
import type { Viewer } from './viewer.ts';
import type { GpuWatch } from './watch.ts';

export interface FeedOptions {
  readonly box?: NonNullable<HeadOptions['box']>;
  readonly now: number;
  readonly collector: CollectorState;
  readonly inventory: HostInventory | undefined;
  readonly scope: ProcessScope;
  readonly runs?: readonly RunRow[];
  /** From playback: not stale for being old. */
  readonly past?: boolean;
}

/** Makes frames of samples: the first is whole, those after it hold what changed. One for each page. */
export class DashboardFeed {
  private readonly gpus = new RowsEncoder<GpuRow>();
  private readonly processes = new RowsEncoder<ProcessRow>();
  private readonly sent = new Map<string, string>();
  private whole = true;

  constructor(
    private readonly viewer: Viewer,
    private readonly watch: GpuWatch,
  ) {}

  /** The page was made anew: it has nothing. */
  reset(): void {
    this.gpus.reset();
    this.processes.reset();
    this.sent.clear();
    this.whole = true;
  }

  frame(holdings: Holdings, options: FeedOptions): Frame {
    const { sample } = holdings;
    const { whole } = this;
    this.whole = false;
    const gpuRows = holdings.gpus.map((held) => gpuRow(held, this.watch.of(held.gpu.uuid), options.now));
    const rows = processRows(holdings, { scope: holdings.gpus.length === 0 ? 'all' : options.scope, grouped: holdings.gpus.length > MANY_GPUS, viewer: this.viewer });
    const gpus = this.gpus.next(gpuRows);
    const processes = this.processes.next(rows);
    const headNow: Head = head(holdings, options);
    const host = this.changedFacts(hostFacts(sample.system, options.inventory));
    return {
      time: sample.time,
      now: options.now,
      whole,
      ...(this.isNew('head', headNow) && { head: headNow }),
      ...(gpus && { gpus }),
      ...(processes && { processes }),
      ...(host && { host }),
      ...(options.runs && this.isNew('runs', options.runs) && { runs: options.runs }),
    };
  }

  private changedFacts(facts: HostFacts): Partial<HostFacts> | undefined {
    const changed = Object.entries(facts).filter(([name, group]) => this.isNew(name, group));
    return changed.length === 0 ? undefined : (Object.fromEntries(changed));
  }

  private isNew(name: string, value: unknown): boolean {
    const text = JSON.stringify(value);
    const changed = this.sent.get(name) !== text;
    this.sent.set(name, text);
    return changed;
  }
}

/** Of a box of which no sample has come yet: how it stands, and nothing else. */
export function emptyFrame({ alias, link }: NonNullable<FeedOptions['box']>, { collector, now }: Pick<FeedOptions, 'collector' | 'now'>): Frame {
  const trouble = linkTrouble(alias, link, now);
  const troubles = [...(collector.kind === 'stopped' ? [stopped(collector.reason)] : []), ...(trouble ? [trouble] : [])];
  return { time: 0, now, whole: true, head: emptyHead(alias, link, troubles) };
}

/** One whole frame of a moment that was kept, for playback. */
export function pastFrame(sample: SystemSample, viewer: Viewer, watch: GpuWatch, options: Omit<FeedOptions, 'past' | 'now'>): Frame {
  return new DashboardFeed(viewer, watch).frame(readHoldings(sample, viewer), { ...options, now: sample.time, past: true });
}
