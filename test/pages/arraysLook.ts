import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { openArraysPage, openSensorPage } from './arraysHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { madeFolder, previewScenes } from './arraysScenes.ts';
import { bundlePages } from './harness.ts';
import type { Look } from './takeLooks.ts';
import { takeLooks } from './takeLooks.ts';

/** Takes a picture of every scene of the previews of arrays and recordings whose name has `part` in it. */
export async function lookAtArrays(folder: string, part: string): Promise<void> {
  const [browser, bundles, made] = await Promise.all([startBrowser(), bundlePages('dataset'), madeFolder()]);
  const looks = Object.entries(previewScenes).map(([name, { page, file, options, act }]): [string, Look<OpenPreview>] => [
    name,
    {
      ...(options && { options }),
      open: (wanted) => (page === 'arrays' ? openArraysPage : openSensorPage)(browser, bundles, join(made, file), wanted),
      async act(open) {
        await open.page.waitForSelector('main:not(.waiting), [role=alert]');
        await act?.(open);
        await open.page.waitForSelector('main:not([data-busy])');
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    await browser.close();
    await rm(made, { recursive: true, force: true });
  }
}
