import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import { healthScenes, openHealth } from './healthHarness.ts';
import type { OpenHealth } from './healthHarness.ts';
import type { PageOptions } from './harness.ts';
import type { Look } from './takeLooks.ts';
import { takeLooks } from './takeLooks.ts';

interface HealthLook {
  readonly scene: keyof typeof healthScenes;
  readonly ready: string;
  readonly options?: PageOptions;
  readonly act?: (open: OpenHealth) => Promise<unknown>;
}

const LOOKS: Readonly<Record<string, HealthLook>> = {
  rows: { scene: 'found', ready: '.table .drawn .message' },
  pairs: { scene: 'found', ready: '.table .drawn .message', act: async ({ page }) => {
    await page.click('.group:has-text("Same item")');
    await page.waitForSelector('.art img >> nth=1');
  } },
  never: { scene: 'never', ready: '.empty' },
  running: { scene: 'running', ready: '.table .drawn .message' },
  narrow: { scene: 'found', ready: '.table .drawn .message', options: { width: 420, height: 640 } },
};

/** Takes a picture of every look of the health page whose name has `part` in it. */
export async function lookAtHealth(folder: string, part: string): Promise<void> {
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset')]);
  const looks = Object.entries(LOOKS).map(([name, { scene, ready, options, act }]): [string, Look<OpenHealth>] => [
    `health-${name}`,
    {
      ...(options && { options }),
      open: (wanted) => openHealth(browser, bundles, healthScenes[scene], wanted),
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
