import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import { openImage } from './imageHarness.ts';
import { imageScenes, pictureFolder } from './imageScenes.ts';
import type { ThemeName } from './themes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

/** Takes a picture of every scene of the image preview whose name has `part` in it. */
export async function lookAtImages(folder: string, part: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [browser, bundles, pictures] = await Promise.all([startBrowser(), bundlePages('dataset'), pictureFolder()]);
  try {
    for (const [name, { file, annotations, options, act }] of Object.entries(imageScenes)) {
      for (const theme of THEME_NAMES) {
        const target = `image-${name}.${theme}.png`;
        if (!target.includes(part)) {
          continue;
        }
        const open = await openImage(browser, bundles, { file: await file(pictures), ...(annotations && { annotations }) }, { ...options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector('.stage .empty, .viewer:has(canvas.histogram, .toolbar select) .stage:not([data-busy])');
        await act?.(open);
        await open.page.waitForSelector('.stage:not([data-busy])');
        await open.page.screenshot({ path: join(folder, target), animations: 'disabled' });
        open.complaints.forEach((complaint) => process.stderr.write(`${target}: ${complaint}\n`));
        open.dispose();
        await open.page.context().close();
      }
    }
  } finally {
    await browser.close();
    await rm(pictures, { recursive: true, force: true });
  }
}
