import type { PageOptions } from './harness.ts';
import type { DashboardScene, OpenDashboard } from './monitorHarness.ts';
import { LENA, eightGpus, inventedReading, inventedSample, noGpu, nothingKnown, silentDriver, sixteenGpus, INVENTED_HOST, inventedGpu, inventedProcess, inventedUse, GIB } from '../unit/monitor/view/invented.ts';
import { absent } from '../../src/base/absent.ts';
import type { RunRow } from '../../src/monitor/webview/protocol.ts';
import type { ThemeName } from './themes.ts';

export interface MonitorScene {
  readonly scene: () => DashboardScene;
  readonly options?: PageOptions;
  readonly ready: string;
  readonly act?: (open: OpenDashboard) => Promise<void>;
  readonly themes?: readonly ThemeName[];
}

const RUNS: readonly RunRow[] = [
  { key: '48200/4820000', title: 'llama-8b-sft', who: 'you', mine: true, gpus: '0–3', gpuKeys: [0, 1, 2, 3].map((index) => inventedGpu(index).uuid), verdict: 'heatCapped', sentence: 'GPU 3 at 87 °C was slowed by heat 61% of the time; clocks are at 71% of the fastest.', suggestion: null, minutes: [...Array.from({ length: 20 }, () => 'computeBound' as const), ...Array.from({ length: 9 }, () => 'heatCapped' as const)] },
  { key: '50992/5099200', title: 'vit-l-aug', who: 'you', mine: true, gpus: '4, 5', gpuKeys: [4, 5].map((index) => inventedGpu(index).uuid), verdict: 'inputBound', sentence: 'GPUs 33% busy, at rest 57% of the time: 16 of 16 loader workers keep a core busy while 58 cores are idle.', suggestion: 'There is room for more workers (num_workers).', minutes: Array.from({ length: 40 }, () => 'inputBound' as const) },
  { key: '31877/3187700', title: 'vllm serve', who: 'mkim', mine: false, gpus: '6', gpuKeys: [inventedGpu(6).uuid], verdict: 'unknown', sentence: 'Not your process: device counters only.', suggestion: null, minutes: [] },
];

const eight = () => ({ sample: eightGpus() });
const ROW = '.g .uplot';
const MACHINES = [
  { key: '', title: 'hgx-01', line: '8 × H100 80GB HBM3' },
  { key: 'hgx-02', title: 'hgx-02', line: '8 × H100 80GB HBM3' },
  { key: 'render-1', title: 'render-1', line: 'signed out' },
] as const;

export const monitorScenes: Readonly<Record<string, MonitorScene>> = {
  eight: { scene: eight, ready: ROW },
  runs: { scene: () => ({ ...eight(), runs: RUNS }), ready: ROW, themes: ['dark', 'contrastDark'] },
  open: { scene: eight, ready: ROW, themes: ['dark', 'light'], act: async ({ page }) => void (await page.click('.g >> nth=3')) },
  hover: { scene: eight, ready: ROW, themes: ['dark'], act: async ({ page }) => void (await page.hover('.g .u-over >> nth=4')) },
  sixteen: { scene: () => ({ sample: sixteenGpus() }), ready: ROW },
  playback: {
    scene: () => ({
      ...eight(),
      events: [
        { time: Date.now() - 600_000, kind: 'heat', words: 'GPU 3 slowed by heat' },
        { time: Date.now() - 420_000, kind: 'ended', words: 'bert-probe ended' },
        { time: Date.now() - 390_000, kind: 'note', words: 'Checkpoint' },
      ],
    }),
    ready: ROW,
    themes: ['dark', 'light', 'contrastDark'],
    async act({ page }) {
      await page.click('[data-action=playback]');
      await page.waitForSelector('.overview .uplot');
      await page.waitForFunction(() => document.querySelector('.proc-section .sh')?.textContent?.includes('as of'));
    },
  },
  selection: {
    scene: eight,
    ready: ROW,
    themes: ['dark'],
    async act({ page }) {
      const box = (await page.locator('.g .u-over >> nth=0').boundingBox()) as { x: number; y: number; width: number };
      await page.mouse.move(box.x + box.width * 0.3, box.y + 8);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, box.y + 8, { steps: 4 });
      await page.mouse.up();
      await page.waitForSelector('.selected');
      await page.waitForFunction(() => document.querySelector('.proc-section .sh')?.textContent?.includes('as of'));
    },
  },
  box: { scene: () => ({ sample: eightGpus({ host: 'hgx-02' }), machines: MACHINES, box: { alias: 'hgx-02', link: { kind: 'live' } } }), ready: ROW, themes: ['dark', 'light', 'contrastDark'] },
  stale: {
    scene: () => ({ sample: eightGpus({ host: 'hgx-02' }), machines: MACHINES, box: { alias: 'hgx-02', link: { kind: 'stale', since: Date.now() - 20_000, retryAt: Date.now() + 25_000 } } }),
    ready: '.trouble',
    themes: ['dark', 'light'],
  },
  signIn: {
    scene: () => ({
      sample: noGpu(),
      unseen: true,
      machines: MACHINES,
      box: { alias: 'render-1', link: { kind: 'signIn', since: Date.now() - 7_200_000, said: 'lena@render-1: Permission denied (publickey,password).', command: ['ssh', 'render-1'] } },
    }),
    ready: '.trouble',
    themes: ['dark', 'light', 'contrastDark'],
  },
  nothingKnown: { scene: () => ({ sample: nothingKnown(), history: 0 }), ready: '.g', themes: ['dark', 'light', 'contrastDark'] },
  silent: { scene: () => ({ sample: silentDriver() }), ready: '.trouble', themes: ['dark', 'light'] },
  noGpu: { scene: () => ({ sample: noGpu() }), ready: '.host', themes: ['dark', 'light'] },
  mismatch: {
    scene: () => ({
      sample: inventedSample({
        host: 'hgx-02',
        gpus: [inventedReading([], absent('the driver fails'), { state: { kind: 'failed', problem: { reason: 'driverMismatch', text: 'The driver was updated while the old one is still loaded.', remedy: 'Restart the machine, or have an administrator reload the module.', said: 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 555.42' } } })],
        processes: [inventedProcess(700, 'lena', ['python', 'prepare.py'], { cpu: 240, memory: 12 * GIB })],
      }),
    }),
    ready: '.trouble',
    themes: ['dark'],
  },
  first: { scene: () => ({ ...eight(), history: 12_000 }), ready: ROW, themes: ['dark'] },
  table: { scene: eight, ready: '.chip >> nth=1', themes: ['dark'], act: async ({ page }) => void (await page.click('[data-action=table]')) },
  one: {
    scene: () => ({
      sample: inventedSample({
        host: 'ws',
        gpus: [inventedReading([inventedGpu(0, { name: 'NVIDIA GeForce RTX 4090', memoryTotal: 24 * GIB, memoryUsed: 9.2 * GIB, utilization: 83, power: 310, powerLimit: 450, temperature: 61 })], [inventedUse(0, 5, 8.4), inventedUse(0, 6, 0.7, { kind: 'graphics' })])],
        processes: [inventedProcess(5, 'lena', ['python', 'a.py'], { cpu: 120 }), inventedProcess(6, 'lena', ['/usr/lib/xorg/Xorg'])],
        system: { ...INVENTED_HOST, infiniband: [], cpu: { ...INVENTED_HOST.cpu, cores: [12, 90, 33, 4, 55, 71, 0, 2] } },
      }),
      viewer: LENA,
    }),
    ready: ROW,
    themes: ['dark'],
  },
  narrow: { scene: () => ({ ...eight(), runs: RUNS }), ready: '.g', options: { width: 300, height: 900 }, themes: ['dark', 'light'] },
  middle: { scene: eight, ready: ROW, options: { width: 820, height: 808 }, themes: ['dark'] },
  laptop: { scene: eight, ready: ROW, options: { width: 1100, height: 700 }, themes: ['light'] },
  zoomed: { scene: eight, ready: '.g', options: { width: 1392, height: 808, zoom: 2 }, themes: ['dark'] },
  sixteenNarrow: { scene: () => ({ sample: sixteenGpus() }), ready: '.g', options: { width: 300, height: 1100 }, themes: ['dark'] },
};
