import { rm } from 'node:fs/promises';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import { openImage } from './imageHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { imageScenes, pictureFolder } from './imageScenes.ts';
import type { Look } from './takeLooks.ts';
import { takeLooks } from './takeLooks.ts';

/** Takes a picture of every scene of the image preview whose name has `part` in it. */
export async function lookAtImages(folder: string, part: string): Promise<void> {
  const [browser, bundles, pictures] = await Promise.all([startBrowser(), bundlePages('dataset'), pictureFolder()]);
  const looks = Object.entries(imageScenes).map(([name, { file, annotations, options, act }]): [string, Look<OpenPreview>] => [
    `image-${name}`,
    {
      ...(options && { options }),
      open: async (wanted) => openImage(browser, bundles, { file: await file(pictures), ...(annotations && { annotations }) }, wanted),
      async act(open) {
        await open.page.waitForSelector('.stage .empty, .viewer:has(canvas.histogram, .toolbar select) .stage:not([data-busy])');
        await act?.(open);
        await open.page.waitForSelector('.stage:not([data-busy])');
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    await browser.close();
    await rm(pictures, { recursive: true, force: true });
  }
}
