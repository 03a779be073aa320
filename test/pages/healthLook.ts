import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import { healthScenes, openHealth } from './healthHarness.ts';
import type { OpenHealth } from './healthHarness.ts';
import type { PageOptions } from './harness.ts';
import type { ThemeName } from './themes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

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
  await mkdir(folder, { recursive: true });
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset')]);
  try {
    for (const [name, { scene, ready, options, act }] of Object.entries(LOOKS)) {
      for (const theme of THEME_NAMES.filter((candidate) => `health-${name}.${candidate}.png`.includes(part))) {
        const open = await openHealth(browser, bundles, healthScenes[scene], { ...options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector(ready);
        await act?.(open);
        await open.page.screenshot({ path: join(folder, `health-${name}.${theme}.png`), animations: 'disabled' });
        open.dispose();
        await open.page.context().close();
      }
    }
  } finally {
    await browser.close();
  }
}
