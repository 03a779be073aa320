import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { openGallery } from './galleryHarness.ts';
import { galleryScenes } from './galleryScenes.ts';
import { bundlePages } from './harness.ts';
import type { ThemeName } from './themes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

/** Takes a picture of every scene of the gallery whose name has `part` in it. */
export async function lookAtGalleries(folder: string, part: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset')]);
  try {
    for (const [name, { scene, options, ready, act, themes }] of Object.entries(galleryScenes)) {
      for (const theme of themes ?? THEME_NAMES) {
        const file = `gallery-${name}.${theme}.png`;
        if (!file.includes(part)) {
          continue;
        }
        const open = await openGallery(browser, bundles, scene, { ...options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector(ready ?? '.grid');
        await act?.(open);
        await open.page.waitForFunction(() => {
          const view = document.querySelector('.grid')!.getBoundingClientRect();
          const isSeen = ({ top, bottom }: DOMRect) => top < view.bottom - 8 && bottom > view.top + 8;
          return [...document.querySelectorAll('.tiles .tile:not([hidden])')].every((tile) => !isSeen(tile.getBoundingClientRect()) || tile.querySelector('img[src], canvas:not([hidden]), .words:not([hidden]), .state.broken, .state.vanished'));
        });
        await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
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
