import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** Files of these kinds open in our previews at a click. */
const ASSOCIATIONS = { '*.jpg': 'trainyard.image' };

async function prepare(folder: string): Promise<void> {
  const photos = join(folder, 'photos');
  await mkdir(photos);
  const [width, height] = [900, 600];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    pixels.set(at % width < width / 2 ? [200, 30, 30] : [30, 60, 200], at * 3);
  }
  await sharp(pixels, { raw: { width, height, channels: 3 } }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toFile(join(photos, 'halves.jpg'));
}

/** Opens a file of the Explorer and gives the page of its preview. */
async function open(workbench: Workbench, folder: string, name: string): Promise<FrameLocator> {
  await workbench.explorer.expand(folder);
  await workbench.explorer.row(name).dblclick();
  await workbench.editor.tab(name).waitFor();
  return workbench.webview();
}

describe('the previews in a window', () => {
  it('show a picture and read its pixels', async () => {
    await withWindow({ name: 'preview-image', trust: true, prepare, settings: { 'workbench.editorAssociations': ASSOCIATIONS } }, async ({ workbench }) => {
      const page = await open(workbench, 'photos', 'halves.jpg');
      await page.getByRole('combobox', { name: 'Zoom to' }).waitFor({ timeout: 60_000 });
      await page.locator('.stage:not([data-busy])').waitFor();
      await page.locator('.stage').hover({ position: { x: 40, y: 250 } });
      await expect.poll(() => page.locator('.values').innerText()).toMatch(/R\s*(19\d|20\d)/);
      await picture(workbench.page, 'preview-image');
    });
  });
});
