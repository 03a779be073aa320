import { rm } from 'node:fs/promises';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import { openRowsPage } from './rowsHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { rowsFolder, rowsScenes } from './rowsScenes.ts';
import type { Look } from './takeLooks.ts';
import { takeLooks } from './takeLooks.ts';

/** Takes a picture of every scene of the rows preview whose name has `part` in it. */
export async function lookAtRows(folder: string, part: string): Promise<void> {
  const [browser, bundles, tables] = await Promise.all([startBrowser(), bundlePages('dataset'), rowsFolder()]);
  const looks = Object.entries(rowsScenes).map(([name, { file, options, act }]): [string, Look<OpenPreview>] => [
    `rows-${name}`,
    {
      ...(options && { options }),
      open: async (wanted) => openRowsPage(browser, bundles, await file(tables), tables, wanted),
      async act(open) {
        await open.page.waitForSelector(name === 'empty' ? '.toolbar .meta' : '.drawn [role=gridcell]');
        await act?.(open);
        await open.page.waitForTimeout(700);
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    await browser.close();
    await rm(tables, { recursive: true, force: true });
  }
}
