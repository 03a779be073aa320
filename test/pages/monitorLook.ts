import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { openFleet } from './fleetHarness.ts';
import { fleetScenes } from './fleetScenes.ts';
import { bundlePages } from './harness.ts';
import { openDashboard } from './monitorHarness.ts';
import { monitorScenes } from './monitorScenes.ts';
import type { ThemeName } from './themes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

/** Takes a picture of every scene of the dashboard and the fleet whose name has `part` in it. */
export async function lookAtDashboard(folder: string, part: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await startBrowser();
  try {
    const bundles = await bundlePages('monitor');
    for (const [name, scene] of Object.entries(monitorScenes)) {
      for (const theme of scene.themes ?? THEME_NAMES) {
        const file = `dashboard-${name}.${theme}.png`;
        if (!file.includes(part)) {
          continue;
        }
        const open = await openDashboard(browser, bundles, scene.scene(), { ...scene.options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector(scene.ready);
        await scene.act?.(open);
        await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
        await open.page.screenshot({ path: join(folder, file), animations: 'disabled' });
        open.complaints.forEach((complaint) => process.stderr.write(`${file}: ${complaint}\n`));
        open.dispose();
        await open.page.context().close();
      }
    }
    for (const [name, scene] of Object.entries(fleetScenes)) {
      for (const theme of scene.themes ?? THEME_NAMES) {
        const file = `fleet-${name}.${theme}.png`;
        if (!file.includes(part)) {
          continue;
        }
        const open = await openFleet(browser, bundles, scene.machines, { ...scene.options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector(scene.ready);
        await scene.act?.(open);
        await open.page.screenshot({ path: join(folder, file), animations: 'disabled' });
        open.complaints.forEach((complaint) => process.stderr.write(`${file}: ${complaint}\n`));
        open.dispose();
        await open.page.context().close();
      }
    }
  } finally {
    await browser.close();
  }
}
