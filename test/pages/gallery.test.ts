import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createThumbnailsService } from '../../src/dataset/thumbnails/thumbnailsService.ts';
import { faintWords } from './faintWords.ts';
import { openGallery } from './galleryHarness.ts';
import type { GalleryScene, OpenGallery } from './galleryHarness.ts';
import { inventedItem } from './galleryInvented.ts';
import type { PageOptions } from './harness.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset', undefined, { quiet: true });

function open(scene: GalleryScene, options?: PageOptions): Promise<OpenGallery> {
  return pages.open((...here) => openGallery(...here, scene, options));
}

async function openDrawn(scene: GalleryScene = { count: 500 }, options?: PageOptions): Promise<OpenGallery> {
  const gallery = await open(scene, options);
  await gallery.page.waitForSelector('.art img[src]');
  return gallery;
}

const active = (page: Page) => page.getAttribute('.grid', 'aria-activedescendant');
const footer = (page: Page) => page.textContent('.selection').then((words) => words?.replace(/\s+/g, ' ').trim());
const selectedIds = (page: Page) => page.$$eval('.tiles .tile.selected:not([hidden])', (tiles) => tiles.map((tile) => tile.id));

describe('the tiles', () => {
  it('draw the real thumbnails of real files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gallery-'));
    const service = createThumbnailsService({ storage: folder, root: '/nowhere', cacheBytes: 2 ** 24 }, () => undefined);
    try {
      const colours = ['#ff0000', '#00ff00', '#0000ff'];
      await Promise.all(colours.map((background, index) => sharp({ create: { width: 640, height: 480, channels: 3, background } }).jpeg().toFile(join(folder, `${index}.jpg`))));
      const { page } = await open({
        count: 3,
        thumbnails: service.handlers,
        catalogue: { items: () => ({ items: [0, 1, 2].map((index) => ({ ...inventedItem(index), kind: 'image' as const, place: { file: join(folder, `${index}.jpg`) } })), total: 3, generation: 1 }) },
      });
      await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>('.art img[src]')].filter((image) => image.complete && image.naturalWidth > 0).length === 3);
      const seen = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLImageElement>('.art img[src]')].map((image) => {
          const canvas = new OffscreenCanvas(1, 1);
          const context = canvas.getContext('2d')!;
          context.drawImage(image, 0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((value) => Math.round(value / 255));
        }),
      );
      expect(seen).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    } finally {
      service.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('draw waves, series, words and what cannot be drawn each in its way', async () => {
    const { page } = await openDrawn();
    await page.waitForSelector('#tile-3 canvas:not([hidden])');
    const painted = (index: number) =>
      page.$eval(`#tile-${index} canvas`, (canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0));
    expect(await painted(3)).toBe(true);
    await page.waitForSelector('#tile-8 canvas:not([hidden])');
    expect(await painted(8)).toBe(true);
    await page.waitForSelector('#tile-6 .words:not([hidden])');
    expect(await page.textContent('#tile-6 .words')).toContain('motorcycle');
    await page.waitForSelector('#tile-10 .state.broken');
    expect(await page.textContent('#tile-10')).toMatch(/cannot decode.*truncated at 48 KiB/);
    expect(await page.textContent('#tile-12 .state')).toContain('no longer there');
  });

  it('have their size and place from the beginning: nothing moves when thumbnails and facts come', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { page } = await open({ count: 500, thumbnails: { thumbnail: async () => (await held, { drawn: 'text', lines: ['x'] }) } });
    await page.waitForSelector('#tile-5');
    const boxes = () => page.$$eval('.tiles .tile', (tiles) => tiles.map((tile) => JSON.stringify(tile.getBoundingClientRect())));
    const before = await boxes();
    release();
    await page.waitForSelector('#tile-5 .words:not([hidden])');
    expect(await boxes()).toEqual(before);
  });

  it('ask for no thumbnail but those in view, the nearest the pointer first, and call off what is scrolled past', async () => {
    const aborted: number[] = [];
    const asked: string[] = [];
    const { page } = await open({
      count: 5000,
      thumbnails: {
        thumbnail: (params, signal) => {
          const { place } = params as { place: { file: string } };
          asked.push(place.file);
          return new Promise((_, reject) => signal.addEventListener('abort', () => (aborted.push(asked.length), reject(new Error('no')))));
        },
      },
    });
    await page.waitForFunction(() => document.querySelectorAll('.tile:not(.waiting)').length > 10);
    await expect.poll(() => asked.length).toBe(8);
    await page.$eval('.grid', (grid) => (grid.scrollTop = 20_000));
    await expect.poll(() => aborted.length).toBe(8);
    await expect.poll(() => asked.length).toBe(16);
    expect(asked.slice(8).every((file) => Number(/take_(\d+)/.exec(file)?.[1]) > 300)).toBe(true);
  });

  it('reach the last of a million, and bring the right items', async () => {
    const { page } = await openDrawn({ count: 1_000_000 });
    await page.focus('.grid');
    await page.keyboard.press('End');
    await page.waitForSelector('#tile-999999 .name:text("take_999999")');
    expect(await page.$eval('#tile-999999', (tile) => tile.getBoundingClientRect().bottom <= document.querySelector('.grid')!.getBoundingClientRect().bottom)).toBe(true);
    await page.keyboard.press('Home');
    await page.waitForSelector('#tile-0 .name:text("take_000000")');
  });

  it('stay where they are seen when the scrolling of a million comes to rest', async () => {
    const { page } = await openDrawn({ count: 1_000_000 });
    await page.mouse.move(300, 300);
    await page.mouse.wheel(0, 500);
    await page.waitForFunction(() => document.querySelector('.grid')!.scrollTop > 0);
    const top = () => page.$eval('#tile-10', (tile) => Math.round(tile.getBoundingClientRect().top));
    const before = await top();
    await page.waitForFunction(() => document.querySelector('.grid')!.scrollTop < 400);
    expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
  });
});

describe('the keyboard', () => {
  it('moves by item, row, page and to the ends', async () => {
    const { page } = await openDrawn();
    await page.focus('.grid');
    const columns = Number(await page.getAttribute('.grid', 'aria-colcount'));
    const after = async (key: string) => {
      await page.keyboard.press(key);
      return active(page);
    };
    expect(await active(page)).toBe('tile-0');
    expect(await after('ArrowRight')).toBe('tile-1');
    expect(await after('ArrowDown')).toBe(`tile-${1 + columns}`);
    expect(await after('ArrowLeft')).toBe(`tile-${columns}`);
    expect(await after('ArrowUp')).toBe('tile-0');
    expect(await after('ArrowUp')).toBe('tile-0');
    expect(await after('PageDown')).not.toBe('tile-0');
    expect(await after('PageUp')).toBe('tile-0');
    expect(await after('End')).toBe('tile-499');
    expect(await after('Home')).toBe('tile-0');
  });

  it('selects with Space, extends with Shift, takes all with Ctrl+A and lets go with Escape', async () => {
    const { page, acted } = await openDrawn();
    await page.focus('.grid');
    await page.keyboard.press(' ');
    expect(await footer(page)).toMatch(/1 selected/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await selectedIds(page)).toEqual(['tile-0', 'tile-1', 'tile-2', 'tile-3']);
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await selectedIds(page)).toEqual(['tile-0', 'tile-1', 'tile-2']);
    await page.keyboard.press('Control+a');
    expect(await footer(page)).toMatch(/500 selected of 500/);
    await page.keyboard.press(' ');
    expect(await footer(page)).toMatch(/499 selected/);
    await page.click('[data-action=convert]');
    await expect.poll(() => acted.length).toBe(1);
    expect(acted[0]?.[1].selection).toEqual({ filter: '', except: [3] });
    expect((await acted[0]![1].items()).length).toBe(499);
    await page.focus('.grid');
    await page.keyboard.press('Escape');
    expect(await footer(page)).toMatch(/Nothing selected: actions take all 500 that match/);
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  });

  it('extends over items that were never looked at', async () => {
    const { page } = await openDrawn({ count: 3000 });
    await page.focus('.grid');
    await page.keyboard.press('Shift+End');
    await expect.poll(() => footer(page)).toMatch(/3,000 selected/);
  });

  it('opens with Enter, and goes through the regions with F6', async () => {
    const { page, acted } = await openDrawn();
    await page.focus('.grid');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => acted.map(([action, { item }]) => [action, item?.id])).toEqual([['open', 2]]);
    const regions: (string | undefined)[] = [];
    await page.focus('.head button');
    for (let at = 0; at < 4; at++) {
      await page.keyboard.press('F6');
      regions.push(await page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-region], [role=grid]')?.className.split(' ')[0]));
    }
    expect(regions).toEqual(['filter', 'grid', 'facets', 'selection']);
  });
});

describe('the selection', () => {
  it('survives scrolling, sorting and another filter, and says how many the filter hides', async () => {
    const { page } = await openDrawn({ count: 2000 });
    await page.click('#tile-0 .name', { modifiers: ['Control'] });
    await page.click('#tile-8 .name', { modifiers: ['Control'] });
    await page.$eval('.grid', (grid) => (grid.scrollTop = 30_000));
    await page.waitForSelector('#tile-920');
    await page.selectOption('.sort select', 'size');
    await page.waitForSelector('#tile-0 .name:text("take_001999")');
    expect(await footer(page)).toMatch(/2 selected/);
    await page.fill('.filter input', 'split:train');
    await expect.poll(() => footer(page)).toMatch(/2 selected of 1,600.*1 hidden by the filter/);
  });

  it('of all that match stays those items when the filter changes', async () => {
    const { page, acted } = await openDrawn({ count: 300, filter: 'split:test' });
    await page.focus('.grid');
    await page.keyboard.press('Control+a');
    expect(await footer(page)).toMatch(/30 selected of 30/);
    await page.click('[data-action=clear]');
    await expect.poll(() => footer(page)).toMatch(/30 selected of 300/);
    await page.click('[data-action=export]');
    await expect.poll(() => acted.length).toBe(1);
    expect((acted[0]?.[1].selection as { ids: number[] }).ids.every((id) => (id - 1) % 10 === 9)).toBe(true);
  });
});

describe('the expression', () => {
  it('is completed as it is typed, with the keyboard alone', async () => {
    const { page } = await openDrawn();
    await page.focus('.filter input');
    await page.keyboard.type('dur');
    await page.waitForSelector('.completion.chosen:has-text("duration")');
    await page.keyboard.press('Tab');
    expect(await page.inputValue('.filter input')).toBe('duration');
    await page.keyboard.press('Escape');
    expect(await page.inputValue('.filter input')).toBe('');
    await page.keyboard.press('Control+ ');
    await page.waitForSelector('.completion >> nth=2');
    await page.keyboard.press('ArrowDown');
    expect(await page.textContent('.completion.chosen code')).toBe('split');
  });

  it('filters, counts what matches, and says what is wrong with it where it is wrong', async () => {
    const { page } = await openDrawn();
    await page.fill('.filter input', 'kind:audio');
    await page.waitForSelector('#tile-0 .name:text("take_000003.wav")');
    expect(await page.textContent('.matches')).toBe('67 match');
    await page.fill('.filter input', 'nonsense > 3');
    await page.waitForSelector('.filter .problem');
    expect(await page.textContent('.filter .problem')).toContain('Did you mean label?');
    expect(await page.textContent('.colours .wrong')).toBe('nonsense');
    expect(await page.textContent('.empty')).toContain('The filter is not understood');
    await page.click('.empty button');
    await page.waitForSelector('#tile-0 .name:text("take_000000")');
    expect(await page.inputValue('.filter input')).toBe('');
  });

  it('is written into by the facets, which are its only other way in', async () => {
    const { page, askedOfCatalogue } = await openDrawn();
    await page.click('.value[data-value=audio]');
    expect(await page.inputValue('.filter input')).toBe('kind:audio');
    await page.waitForSelector('.value[data-value=audio][aria-pressed=true]');
    // Its own counts leave its own filter out.
    expect(await page.textContent('.value[data-value=image] .count')).toBe('300');
    await page.click('.value[data-value=video]');
    await page.click('.value[data-value=train]');
    expect(await page.inputValue('.filter input')).toBe('kind:audio,video split:train');
    await expect.poll(() => page.getAttribute('.value[data-value=train]', 'aria-pressed')).toBe('true');
    await page.click('.value[data-value=audio]');
    expect(await page.inputValue('.filter input')).toBe('kind:video split:train');
    await page.waitForSelector('#tile-0 .name:text("take_000002.mp4")');
    const facets = askedOfCatalogue.filter(([method]) => method === 'facets').map(([, params]) => params as { filter: string; columns: string[] });
    expect(facets.at(-1)?.columns.length).toBeGreaterThan(0);
    expect(facets.some(({ filter, columns }) => filter === 'kind:video' && columns.includes('split'))).toBe(true);
  });

  it('takes a range that is brushed over a histogram, or set with arrows', async () => {
    const { page } = await openDrawn();
    await page.waitForSelector('.hist');
    const box = (await page.locator('.hist').first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.26, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.49, box.y + 10, { steps: 3 });
    await page.mouse.up();
    expect(await page.inputValue('.filter input')).toBe('duration:150..300');
    await page.waitForSelector('.ends button');
    await page.locator('.hist').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.inputValue('.filter input')).toBe('duration:150..325');
    await page.keyboard.press('Delete');
    expect(await page.inputValue('.filter input')).toBe('');
  });
});

describe('the page', () => {
  it('comes back where it was, with its filter, when it was hidden', async () => {
    const { page, reload } = await openDrawn({ count: 5000 });
    await page.fill('.filter input', 'split:train');
    await page.waitForFunction(() => document.querySelector('.matches')?.textContent === '4,000 match');
    await page.$eval('.grid', (grid) => (grid.scrollTop = 20_000));
    await page.waitForFunction(() => document.querySelector('#tile-600') !== null);
    const first = () => page.$$eval('.tiles .tile', (tiles) => Math.min(...tiles.filter((tile) => tile.getBoundingClientRect().bottom > 100).map((tile) => Number((tile as HTMLElement).dataset['index']))));
    const before = await first();
    await reload();
    await page.waitForSelector(`#tile-${before}`);
    expect(await page.inputValue('.filter input')).toBe('split:train');
  });

  it('goes on showing what it has while the catalogue fills, and then the new', async () => {
    const { page, catalogue, changes } = await openDrawn();
    await page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(window, { seen });
      new MutationObserver(() => seen.add(String(document.querySelectorAll('.tile.waiting').length > 0))).observe(document.body, { subtree: true, attributes: true });
    });
    catalogue.generation++;
    changes.fire({ ...catalogue.summary(), probed: 500 });
    await page.waitForSelector('.coverage:text("all probed")');
    expect(await page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen].includes('true'))).toBe(false);
  });

  it('says why nothing is there', async () => {
    const { page } = await open({ count: 0, state: 'failed', problem: '/data/home-mm may not be read by this user' });
    await page.waitForSelector('.empty');
    expect(await page.textContent('.empty')).toContain('may not be read by this user');
  });

  it('says that the catalogue was damaged and made anew, above the items, until it is dismissed', async () => {
    const { page, catalogue, changes } = await openDrawn({ count: 500, problem: 'The catalogue was damaged and is made anew (file is not a database)' });
    expect(await page.textContent('[data-note=catalogue] .words')).toContain('damaged and is made anew');
    expect(await page.textContent('[role=status].spoken')).toContain('made anew');
    await page.click('[data-note=catalogue] button');
    catalogue.generation++;
    changes.fire(catalogue.summary());
    expect(await page.locator('[data-note=catalogue]').count()).toBe(0);
    changes.fire({ ...catalogue.summary(), problem: 'The disk is full' });
    await page.waitForSelector('[data-note=catalogue]:has-text("The disk is full")');
  });

  it('tells how much of all is probed, the members of archives among it', async () => {
    const { page } = await openDrawn({ count: 500, members: 400 });
    expect(await page.textContent('.meta')).toMatch(/^500 items/);
    expect(await page.textContent('.coverage')).toMatch(/92\s% probed/);
    expect(await page.getAttribute('.coverage', 'title')).toContain('462 of 500 items');
  });

  it('says so where the items cannot be had, and has them when asked again', async () => {
    let fails = true;
    const gallery = await open({ count: 10, items: (params) => (fails ? Promise.reject(new Error('The disk does not answer.')) as never : { items: Array.from({ length: 10 }, (_, index) => inventedItem(index)), total: 10, generation: params.offset }) });
    await gallery.page.waitForSelector('.empty:has-text("The disk does not answer.")');
    fails = false;
    await gallery.page.click('.empty button');
    await gallery.page.waitForSelector('.art img[src]');
  });

  it('offers no action that this window does not have', async () => {
    const { page } = await openDrawn({ count: 50, actions: ['open', 'export', 'refresh'] });
    await page.waitForSelector('[data-action=export]');
    expect(await page.$$('[data-action=convert], [data-action=sync]')).toEqual([]);
  });

  it.each(Object.keys(THEMES) as ThemeName[])('has no faint word in the theme %s', async (theme) => {
    const { page } = await openDrawn({ count: 500 }, { theme });
    await page.click('#tile-1 .name', { modifiers: ['Control'] });
    await page.waitForSelector('#tile-10 .state.broken');
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await page.evaluate(faintWords, background)).toEqual([]);
  });

  it('keeps every action in sight at 200 % and at 320 pixels', async () => {
    for (const options of [{ zoom: 2, width: 1280, height: 800 }, { width: 320, height: 600 }]) {
      const { page } = await openDrawn({ count: 500 }, options);
      for (const action of ['export', 'sync', 'convert', 'facets', 'list']) {
        const box = await page.locator(`[data-action=${action}]`).boundingBox();
        const width = await page.evaluate(() => innerWidth);
        expect(box, action).not.toBeNull();
        expect(box!.x + box!.width, action).toBeLessThanOrEqual(width);
      }
    }
  });
});
