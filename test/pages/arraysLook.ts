import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { openArraysPage, openSensorPage } from './arraysHarness.ts';
import { madeFolder, previewScenes } from './arraysScenes.ts';
import { bundlePages } from './harness.ts';
import type { ThemeName } from './themes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

/** Takes a picture of every scene of the previews of arrays and recordings whose name has `part` in it. */
export async function lookAtArrays(folder: string, part: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [browser, bundles, made] = await Promise.all([startBrowser(), bundlePages('dataset'), madeFolder()]);
  try {
    for (const [name, { page, file, options, act }] of Object.entries(previewScenes)) {
      for (const theme of THEME_NAMES) {
        const target = `${name}.${theme}.png`;
        if (!target.includes(part)) {
          continue;
        }
        const open = await (page === 'arrays' ? openArraysPage : openSensorPage)(browser, bundles, join(made, file), { ...options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector('main:not(.waiting), [role=alert]');
        await act?.(open);
        await open.page.waitForSelector('main:not([data-busy])');
        await open.page.screenshot({ path: join(folder, target), animations: 'disabled' });
        open.complaints.forEach((complaint) => process.stderr.write(`${target}: ${complaint}\n`));
        open.dispose();
        await open.page.context().close();
      }
    }
  } finally {
    await browser.close();
    await rm(made, { recursive: true, force: true });
  }
}
