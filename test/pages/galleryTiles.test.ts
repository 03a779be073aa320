import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createAudioService } from '../../src/dataset/audio/audioService.ts';
import { wav } from '../unit/dataset/formats/support.ts';
import { openGallery } from './galleryHarness.ts';
import type { GalleryScene, OpenGallery } from './galleryHarness.ts';
import { inventedItem } from './galleryInvented.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset', undefined, { quiet: true });

async function openDrawn(scene: GalleryScene): Promise<OpenGallery> {
  const gallery = await pages.open((...here) => openGallery(...here, scene));
  await gallery.page.waitForSelector('.art img[src]');
  return gallery;
}

const active = (page: Page) => page.getAttribute('.grid', 'aria-activedescendant');

describe('groups', () => {
  it('have heads with their counts, of which that of the group in view stays at the top', async () => {
    const { page } = await openDrawn({ count: 3000 });
    await page.selectOption('.group select', 'split');
    await page.waitForSelector('.group-head.pinned:has-text("test300 items")');
    await page.$eval('.grid', (grid) => (grid.scrollTop = 2500));
    await page.waitForFunction(() => document.querySelector('.grid')!.scrollTop === 2500);
    const head = () => page.$eval('.group-head.pinned', (element) => [element.textContent, Math.round(element.getBoundingClientRect().top - document.querySelector('.grid')!.getBoundingClientRect().top)]);
    expect(await head()).toEqual(['test300 items', 0]);
    await page.focus('.grid');
    await page.keyboard.press('End');
    await expect.poll(head).toEqual(['val300 items', 0]);
    const [first] = await page.$$eval('.tiles .tile:not([hidden]) .name', (names) => names.map((name) => name.textContent));
    expect(Number(/take_\d*(\d)\./.exec(first ?? '')?.[1])).toBe(8);
  });

  it('go with the filter, are gone through by keys as one grid, and never hide what is active under a head', async () => {
    const { page, askedOfCatalogue } = await openDrawn({ count: 300 });
    await page.selectOption('.group select', 'label');
    await page.waitForSelector('.group-head.pinned:has-text("cat")');
    await page.fill('.filter input', 'kind:audio');
    await expect.poll(() => page.textContent('.group-head.pinned')).toMatch(/cat\d items/);
    await page.focus('.grid');
    const total = Number((await page.textContent('.matches'))?.split(' ')[0]);
    for (let at = 1; at < total; at++) {
      await page.keyboard.press('ArrowRight');
    }
    expect(await active(page)).toBe(`tile-${total - 1}`);
    for (let at = 0; at < 4; at++) {
      await page.keyboard.press('ArrowUp');
    }
    const clear = await page.evaluate(() => {
      const tile = document.querySelector('.tile.active')!.getBoundingClientRect();
      return tile.top >= document.querySelector('.group-head.pinned')!.getBoundingClientRect().bottom - 1;
    });
    expect(clear).toBe(true);
    expect(askedOfCatalogue.filter(([method, params]) => method === 'items' && (params as { group?: string }).group === 'label').length).toBeGreaterThan(0);
    await page.selectOption('.group select', '');
    await page.waitForSelector('.group-head.pinned', { state: 'hidden' });
  });

  it('that are too many are said to be, and the items stay without them', async () => {
    const { page } = await openDrawn({ count: 300, catalogue: { sums: () => Array.from({ length: 6000 }, (_, at) => ({ value: `c${at}`, items: 1, seconds: 0, bytes: 0 })) } });
    await page.selectOption('.group select', 'folder');
    await page.waitForSelector('.note:has-text("6,000 groups are too many")');
    expect(await page.isVisible('.group-head.pinned')).toBe(false);
    await page.waitForSelector('#tile-0 .name:text("take_000000")');
  });
});

describe('a tile that the pointer rests on', () => {
  it('offers its mark once the pointer rests, and not while it passes', async () => {
    const { page } = await openDrawn({ count: 500 });
    await page.evaluate(() => {
      const seen = ((window as unknown as { seen: string[] }).seen = [] as string[]);
      new MutationObserver((changes) => changes.forEach(({ target }) => (target as Element).matches('.tile.hovered') && !seen.includes((target as Element).id) && seen.push((target as Element).id))).observe(document.querySelector('.grid')!, { subtree: true, attributes: true, attributeFilter: ['class'] });
      for (const id of ['tile-1', 'tile-2', 'tile-4']) {
        document.querySelector(`#${id} .art`)!.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: 400, clientY: 200 }));
      }
    });
    await page.waitForSelector('#tile-4 .check', { state: 'visible' });
    expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual(['tile-4']);
    await page.$eval('.grid', (grid) => grid.dispatchEvent(new PointerEvent('pointerleave')));
    await page.waitForSelector('#tile-4 .check', { state: 'hidden' });
  });

  it('of a film shows the picture at the pointer, the latest that was asked for', async () => {
    const asked: number[] = [];
    const jpeg = await sharp({ create: { width: 32, height: 18, channels: 3, background: '#00ff00' } }).jpeg().toBuffer();
    const video = {
      open: () => ({ duration: 100, start: 7 }),
      frame: (params: unknown) => (asked.push((params as { time: number }).time), new Uint8Array(jpeg)),
      close: () => undefined,
    } as never;
    const { page } = await openDrawn({ count: 30, video });
    const box = (await page.locator('#tile-2 .art').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 20);
    await page.waitForSelector('#tile-2 .frame[src]:not([hidden])');
    expect(asked[0]).toBeGreaterThan(50);
    expect(asked[0]).toBeLessThan(64);
    await page.mouse.move(box.x + box.width - 2, box.y + 20);
    await expect.poll(() => asked.at(-1)).toBeCloseTo(7 + 98, 0);
    expect(await page.$eval('#tile-2 .at', (mark: HTMLElement) => parseFloat(mark.style.left))).toBe(100);
    await page.mouse.move(box.x, box.y - 60);
    await page.waitForSelector('#tile-2 .frame', { state: 'hidden' });
    await page.focus('.grid');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('.');
    await page.keyboard.press('.');
    await page.waitForSelector('#tile-2 .frame[src]:not([hidden])');
    await expect.poll(() => asked.at(-1)).toBeCloseTo(7 + 100 / 19, 0);
  });

  it('of a sound plays it by its mark or by P, one at a time, and stops by itself at its end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gallery-'));
    const file = join(folder, 'take.wav');
    await writeFile(file, wav(1.2));
    const service = createAudioService({ storage: folder, root: '/', cacheBytes: 0 }, () => undefined);
    try {
      const { page } = await openDrawn({ count: 30, audio: service.handlers, catalogue: { items: () => ({ items: Array.from({ length: 30 }, (_, index) => ({ ...inventedItem(index), place: { file } })), total: 30, generation: 1 }) } });
      await page.hover('#tile-3 .art');
      await page.click('#tile-3 .play');
      await page.waitForSelector('#tile-3 .play.heard');
      const at = () => page.$eval('#tile-3 .at', (mark: HTMLElement) => parseFloat(mark.style.left));
      await expect.poll(at).toBeGreaterThan(5);
      const before = await at();
      await expect.poll(at).toBeGreaterThan(before + 10);
      await page.waitForSelector('#tile-3 .play.heard', { state: 'detached' });
      await page.focus('.grid');
      await page.keyboard.press('p');
      await page.waitForSelector('#tile-3 .play.heard');
      await page.keyboard.press('P');
      await page.waitForSelector('#tile-3 .play.heard', { state: 'detached' });
    } finally {
      service.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('says why a sound cannot be heard', async () => {
    const { page } = await openDrawn({ count: 30 });
    await page.hover('#tile-3 .art');
    await page.click('#tile-3 .play');
    await page.waitForSelector('.note:has-text("take_000003.wav cannot be heard: there is none in this scene")');
  });
});
