import type { FrameLocator, Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { makeModalities } from '../modalities.ts';
import { picture, screenshot } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';
import type { Workbench } from '../workbench/workbench.ts';

/** What VS Code opens by itself opens in our previews at a click. */
const ASSOCIATIONS = { '*.jpg': 'trainyard.image', '*.wav': 'trainyard.audio', '*.mp4': 'trainyard.video', '*.jsonl': 'trainyard.rows' };

/** Opens a file of the Explorer in place of what is open, and gives the page of its preview. */
async function open(workbench: Workbench, name: string): Promise<FrameLocator> {
  await workbench.explorer.row(name).dblclick();
  await workbench.editor.tab(name).waitFor();
  return workbench.webview();
}

async function close(workbench: Workbench): Promise<void> {
  await workbench.runCommand('View: Close All Editors');
  await workbench.page.locator('iframe.webview.ready').waitFor({ state: 'detached' });
}

const seconds = (time: Locator) => time.evaluate((element) => Number(element.getAttribute('aria-valuenow')));

/** How many different colours a canvas holds: more than its ground, where something is drawn. */
const colours = (canvas: Locator) =>
  canvas.first().evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) {
      seen.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
    }
    return seen.size;
  });

describe('the previews in a window', () => {
  it('show pictures, play sound and films, and go through rows, arrays and archives', async () => {
    await withWindow({ name: 'previews', trust: true, prepare: makeModalities, settings: { 'workbench.editorAssociations': ASSOCIATIONS } }, async ({ workbench }) => {
      const window = workbench.page;
      await workbench.explorer.expand('media');

      let page = await open(workbench, 'halves.jpg');
      await page.getByRole('combobox', { name: 'Zoom to' }).waitFor({ timeout: 60_000 });
      await page.locator('.stage:not([data-busy])').waitFor();
      await page.locator('.stage').hover({ position: { x: 40, y: 250 } });
      await expect.poll(() => page.locator('.values').innerText()).toMatch(/R\s*(19\d|20\d)/);
      await screenshot(window, 'preview-image');
      await close(workbench);

      for (const name of ['tone.wav', 'talk.m4a']) {
        page = await open(workbench, name);
        await page.locator('.play:not([aria-disabled="true"])').waitFor({ timeout: 60_000 });
        await page.locator('.stack:not([data-busy])').waitFor();
        await page.locator('.play').click();
        await expect.poll(() => seconds(page.locator('.transport .time')), { timeout: 30_000 }).toBeGreaterThan(0.5);
        expect(await colours(page.locator('.stack > .drawn'))).toBeGreaterThan(8);
        await (name === 'tone.wav' ? picture(window, 'preview-audio') : screenshot(window, 'preview-aac'));
        await close(workbench);
      }

      page = await open(workbench, 'take.mp4');
      await page.locator('.transport').waitFor({ timeout: 60_000 });
      await page.locator('.play:not([aria-disabled="true"])').click({ timeout: 60_000 });
      await expect.poll(() => seconds(page.locator('.transport .time')), { timeout: 30_000 }).toBeGreaterThan(1.5);
      await picture(window, 'preview-video');
      await close(workbench);

      page = await open(workbench, 'rows.jsonl');
      await page.locator('.drawn [role=gridcell]').first().waitFor({ timeout: 60_000 });
      await page.locator('.go input').fill('4,321');
      await window.keyboard.press('Enter');
      await page.locator('.row.active', { hasText: 'row number 4320' }).waitFor();
      await picture(window, 'preview-rows');
      await close(workbench);

      page = await open(workbench, 'wave.npy');
      await page.locator('canvas').first().waitFor({ timeout: 60_000 });
      await expect.poll(() => colours(page.locator('canvas'))).toBeGreaterThan(1);
      await screenshot(window, 'preview-array');
      await close(workbench);

      page = await open(workbench, 'shard.tar');
      await page.getByText('halves.jpg').first().waitFor({ timeout: 60_000 });
      await screenshot(window, 'preview-archive');
    });
  });
});
