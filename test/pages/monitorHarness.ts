import type { Browser } from 'playwright-core';
import { known } from '../../src/base/absent.ts';
import { WebviewHost } from '../../src/platform/webviewHost.ts';
import { DashboardFeed, emptyFrame, pastFrame } from '../../src/monitor/view/dashboardFeed.ts';
import type { FeedOptions } from '../../src/monitor/view/dashboardFeed.ts';
import { columns, seriesValues } from '../../src/monitor/view/dashboardSeries.ts';
import { readHoldings } from '../../src/monitor/view/holders.ts';
import type { Viewer } from '../../src/monitor/view/viewer.ts';
import { GpuWatch } from '../../src/monitor/view/watch.ts';
import type { DashboardHost, DashboardPage, History, HistoryEvent, MachineChoice, ProcessScope, RunRow } from '../../src/monitor/webview/protocol.ts';
import type { SystemSample } from '../../src/monitor/systemSample.ts';
import type { CollectorState } from '../../src/monitor/collectorClient.ts';
import { INVENTED_INVENTORY, LENA_ON_EIGHT } from '../unit/monitor/view/invented.ts';
import { FakePanel, FakeUri } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';

export interface DashboardScene {
  readonly sample: SystemSample;
  /** Of a box of which no sample has come yet. */
  readonly unseen?: boolean;
  readonly viewer?: Viewer;
  readonly collector?: CollectorState;
  readonly runs?: readonly RunRow[];
  readonly watch?: GpuWatch;
  /** Milliseconds of history before the sample; 15 minutes without it. */
  readonly history?: number;
  readonly events?: readonly HistoryEvent[];
  /** In the list of machines; this one alone without it. */
  readonly machines?: readonly MachineChoice[];
  /** Of a box: its name and how it stands. */
  readonly box?: NonNullable<FeedOptions['box']>;
  /** Milliseconds by which the machine's clock is ahead of the browser's. */
  readonly ahead?: number;
}

export interface OpenDashboard extends OpenPage {
  readonly panel: FakePanel;
  /** What the page asked for: the method and its argument. */
  readonly asked: (readonly [method: string, params: unknown])[];
  /** A later sample, as the collector would bring it. */
  show(sample: SystemSample, changes?: Partial<DashboardScene>): void;
  readonly host: WebviewHost<DashboardHost, DashboardPage>;
  dispose(): void;
}

const QUARTER = 15 * 60_000;

/** A dashboard with an invented machine behind it, whose time is the browser's own. */
export async function openDashboard(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, first: DashboardScene, options: PageOptions = {}): Promise<OpenDashboard> {
  const panel = new FakePanel('System');
  const asked: (readonly [string, unknown])[] = [];
  const clock = () => Date.now() + (first.ahead ?? 0);
  let scene = { ...first, sample: atNow(first.sample, clock()) };
  const viewer = scene.viewer ?? LENA_ON_EIGHT;
  const watch = scene.watch ?? new GpuWatch();
  const feed = new DashboardFeed(viewer, watch);
  let scope: ProcessScope = 'gpu';
  const feedOptions = () => ({ now: clock(), collector: scene.collector ?? ({ kind: 'live' } as const), inventory: { ...INVENTED_INVENTORY, hostname: scene.sample.host }, scope, ...(scene.box && { box: scene.box }), ...(scene.runs && { runs: scene.runs }) });
  const send = () => {
    if (scene.unseen === true && scene.box) {
      host.notify('frame', emptyFrame(scene.box, feedOptions()));
      return;
    }
    const holdings = readHoldings(scene.sample, viewer);
    watch.observe(holdings);
    host.notify('frame', feed.frame(holdings, feedOptions()));
  };
  const record =
    <T>(method: string, answer: (params: never) => T) =>
    (params: unknown): T => {
      asked.push([method, params]);
      return answer(params as never);
    };
  const host = new WebviewHost<DashboardHost, DashboardPage>({
    webview: panel.webview as never,
    extensionUri: new FakeUri('') as never,
    page: 'monitorDashboard',
    title: 'System',
    onReady: () => {
      feed.reset();
      host.notify('machines', first.machines ?? [{ key: '', title: scene.sample.host, line: '' }]);
      send();
    },
    handlers: {
      history: record('history', ({ from, to, step }: { from: number; to: number; step: number }) => inventedHistory(scene, from, to, step)),
      kept: record('kept', () => (scene.history === 0 ? { reason: 'Keeping a history is off.', events: [] } : { from: scene.sample.time - 48 * 3_600_000, to: scene.sample.time, events: scene.events ?? [] })),
      at: record('at', ({ time, scope: wanted }: { time: number; scope: ProcessScope }) => pastFrame({ ...scene.sample, time, gpus: scene.sample.gpus.map((reading) => ({ ...reading, time })) }, viewer, watch, { ...feedOptions(), scope: wanted })),
      scope: record('scope', (params: { scope: ProcessScope }) => {
        ({ scope } = params);
        send();
      }),
      mode: record('mode', () => undefined),
      machine: record('machine', () => undefined),
      act: record('act', () => undefined),
    },
  });
  const opened = await openPage(browser, panel.webview, bundles, { width: 1392, height: 808, ...options });
  return Object.assign(opened, {
    panel,
    asked,
    host,
    show(sample: SystemSample, changes: Partial<DashboardScene> = {}) {
      scene = { ...scene, ...changes, sample };
      if (changes.box) {
        feed.reset();
      }
      send();
    },
    dispose: () => host.dispose(),
  });
}

/** The sample as of now: the page's clock is the browser's. */
export function atNow(sample: SystemSample, now = Date.now()): SystemSample {
  const shift = now - sample.time;
  const processes = known(sample.processes);
  return {
    ...sample,
    time: now,
    gpus: sample.gpus.map((reading) => ({
      ...reading,
      time: reading.time + shift,
      state: reading.state.kind === 'silent' ? { kind: 'silent', since: reading.state.since + shift } : reading.state,
    })),
    ...(processes && { processes: processes.map((process) => ({ ...process, started: process.started + shift })) }),
  };
}

/** What led to a sample: values around its own, saw-toothed where a GPU waits for input, with a gap. */
function inventedHistory({ sample, history = QUARTER }: DashboardScene, from: number, to: number, step: number): History {
  const begin = Math.floor(from / step) * step;
  const alive = new Map<string, number>(seriesValues({ ...sample, gpus: sample.gpus.map((reading) => ({ ...reading, state: { kind: 'answering' as const } })) }));
  const ends = Math.min(...sample.gpus.map(({ state }) => (state.kind === 'silent' ? state.since : Infinity)), sample.time);
  const start = sample.time - history;
  const series = Object.fromEntries(
    [...alive].map(([name, value], lane) => {
      const points = [];
      for (let time = Math.max(begin, start); time <= Math.min(to, name.includes(' ') ? ends : to); time += Math.max(1000, step / 2)) {
        points.push({ time, value: invented(name, value, time, lane, sample.time - time) });
      }
      return [name, columns(points, begin, to, step)];
    }),
  );
  return { from: begin, step, gap: 5000, series };
}

function invented(name: string, value: number, time: number, lane: number, ago: number): number {
  const second = Math.floor(time / 1000);
  const noise = (((second * 2654435761 + lane * 97) >>> 8) % 1000) / 1000;
  if (name.startsWith('limit')) {
    return value === 0 ? 0 : value === 1 ? (ago > 150_000 && ago < 360_000 ? 1 : ago > 560_000 && ago < 690_000 ? 1 : 0) : ago < 550_000 ? value : 0;
  }
  if (name.startsWith('busy')) {
    if (value > 25 && value < 40) {
      return Math.max(0, Math.min(100, 45 + 55 * Math.sin(time / 4500 + lane) + noise * 6));
    }
    return value === 0 ? (ago > 13.5 * 60_000 ? 30 * noise : 0) : Math.min(100, value > 90 ? value - 3 * noise - (second % 230 < 4 ? 22 : 0) : value * (0.4 + noise));
  }
  return value * (0.75 + 0.5 * noise);
}
