import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import { openRowsPage } from './rowsHarness.ts';
import { rowsFolder, rowsScenes } from './rowsScenes.ts';
import type { ThemeName } from './themes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

/** Takes a picture of every scene of the rows preview whose name has `part` in it. */
export async function lookAtRows(folder: string, part: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [browser, bundles, tables] = await Promise.all([startBrowser(), bundlePages('dataset'), rowsFolder()]);
  try {
    for (const [name, { file, options, act }] of Object.entries(rowsScenes)) {
      for (const theme of THEME_NAMES) {
        const target = `rows-${name}.${theme}.png`;
        if (!target.includes(part)) {
          continue;
        }
        const open = await openRowsPage(browser, bundles, await file(tables), tables, { ...options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector(name === 'empty' ? '.toolbar .meta' : '.drawn [role=gridcell]');
        await act?.(open);
        await open.page.waitForLoadState('networkidle');
        await open.page.waitForTimeout(700);
        await open.page.screenshot({ path: join(folder, target), animations: 'disabled' });
        open.complaints.forEach((complaint) => process.stderr.write(`${target}: ${complaint}\n`));
        open.dispose();
        await open.page.context().close();
      }
    }
  } finally {
    await browser.close();
    await rm(tables, { recursive: true, force: true });
  }
}
