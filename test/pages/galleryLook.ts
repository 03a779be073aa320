import { startBrowser } from '../vscode/browser.ts';
import { openGallery } from './galleryHarness.ts';
import type { OpenGallery } from './galleryHarness.ts';
import { galleryScenes } from './galleryScenes.ts';
import { bundlePages } from './harness.ts';
import type { Look } from './takeLooks.ts';
import { takeLooks } from './takeLooks.ts';

/** Takes a picture of every scene of the gallery whose name has `part` in it. */
export async function lookAtGalleries(folder: string, part: string): Promise<void> {
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset')]);
  const looks = Object.entries(galleryScenes).map(([name, { scene, options, ready, act, themes }]): [string, Look<OpenGallery>] => [
    `gallery-${name}`,
    {
      ...(options && { options }),
      ...(themes && { themes }),
      open: (wanted) => openGallery(browser, bundles, scene, wanted),
      async act(open) {
        await open.page.waitForSelector(ready ?? '.grid');
        await act?.(open);
        await open.page.waitForFunction(() => {
          const view = document.querySelector('.grid')!.getBoundingClientRect();
          const isSeen = ({ top, bottom }: DOMRect) => top < view.bottom - 8 && bottom > view.top + 8;
          return [...document.querySelectorAll('.tiles .tile:not([hidden])')].every((tile) => !isSeen(tile.getBoundingClientRect()) || tile.querySelector('img[src], canvas:not([hidden]), .words:not([hidden]), .state.broken, .state.vanished'));
        });
        await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    await browser.close();
  }
}
