import { SyncError } from '../../src/sync/syncError.ts';
import { planOf, TARGET } from '../unit/sync/view/inventedPlan.ts';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { openSyncPlan } from './syncHarness.ts';
import type { InventedWork, OpenPlan } from './syncHarness.ts';
import { takeLooks } from './takeLooks.ts';
import type { Look } from './takeLooks.ts';
import type { ThemeName } from './themes.ts';

interface SyncLook {
  readonly work?: InventedWork;
  readonly options?: PageOptions;
  readonly themes?: readonly ThemeName[];
  readonly ready?: string;
  readonly act?: (open: OpenPlan) => Promise<unknown>;
}

const SENDING = { phase: 'sending', totalBytes: 48.2e9, totalFiles: 3412, rate: 410e6, left: 45 } as const;

export async function startRuns({ page, progress }: OpenPlan): Promise<void> {
  await page.click('.commit .main');
  await page.waitForSelector('.boxes .line');
  progress.get('forge-3')?.({ ...SENDING, bytes: 29.9e9, files: 2118 });
  progress.get('forge-4')?.({ ...SENDING, phase: 'finishing', bytes: 48.2e9, files: 3412 });
  progress.get('anvil-1')?.({ ...SENDING, phase: 'waiting', bytes: 3.9e9, files: 80, retry: { attempt: 3, of: 5, at: Date.now() + 40_000, said: 'No answer since 14:31.' } });
  await page.waitForSelector('.boxes :text("3.90 GB")');
}

const LOOKS: Readonly<Record<string, SyncLook>> = {
  plan: {},
  running: { act: startRuns },
  conflict: { themes: ['dark', 'light'], act: ({ page }) => page.click('.table .row:has-text("instances_train")') },
  step: { themes: ['dark'], ready: '.state', work: { target: { ...TARGET, boxes: ['forge-3'] }, plan: async (target, box) => ({ plan: planOf(box, { items: [], guards: [], target }), tool: 'rsync 3.2.7' }) } },
  signIn: {
    themes: ['dark', 'light'],
    ready: '.state',
    work: {
      target: { ...TARGET, boxes: ['forge-3'] },
      plan: async () => {
        throw new SyncError('signIn', 'forge-3 needs signing in: Permission denied (publickey,password).');
      },
    },
  },
  narrow: { themes: ['dark', 'light'], options: { width: 420, height: 640 } },
  zoomed: { themes: ['dark'], options: { width: 1038, height: 660, zoom: 2 } },
};

/** Takes a picture of every look of a sync's plan whose name has `part` in it. */
export async function lookAtSync(folder: string, part: string): Promise<void> {
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('sync', ['plan'])]);
  const looks = Object.entries(LOOKS).map(([name, { work, options, themes, ready = '.table .drawn .name', act }]): [string, Look<OpenPlan>] => [
    `sync-${name}`,
    {
      ...(options && { options }),
      ...(themes && { themes }),
      open: (wanted) => openSyncPlan(browser, bundles, work, wanted),
      async act(open) {
        await open.page.waitForSelector(ready);
        await act?.(open);
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    await browser.close();
  }
}
