import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageOptions } from './harness.ts';
import { openImage } from './imageHarness.ts';
import type { ImageScene } from './imageHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { deepGrey, MARKS, pictureFolder, quarters } from './imageScenes.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset');
let folder: string;

beforeAll(async () => {
  folder = await pictureFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(scene: ImageScene, options?: PageOptions): Promise<OpenPreview> {
  const made = await pages.open((...here) => openImage(...here, scene, options));
  await made.page.waitForSelector('.toolbar select');
  await drawn(made.page);
  return made;
}

/** All tiles that are looked at are there, and drawn. */
const drawn = (page: Page) => page.waitForSelector('.stage:not([data-busy])');

/** The colour at a part of the picture that is shown whole, 0 to 1 each way. */
const colourAt = (page: Page, x: number, y: number, width: number, height: number) =>
  page.locator('.stage canvas').evaluate(
    (canvas: HTMLCanvasElement, [atX, atY, wide, high]: number[]) => {
      const zoom = Math.min(1, canvas.width / wide!, canvas.height / high!);
      const left = canvas.width / 2 + (atX! - 0.5) * wide! * zoom;
      const top = canvas.height / 2 + (atY! - 0.5) * high! * zoom;
      return [...canvas.getContext('2d')!.getImageData(Math.round(left), Math.round(top), 1, 1).data].slice(0, 3);
    },
    [x, y, width, height],
  );

const near = (colour: readonly number[], wanted: readonly number[]) => colour.every((value, index) => Math.abs(value - (wanted[index] ?? 0)) < 14);
const RED = [220, 40, 40];
const GREEN = [40, 200, 60];
const BLUE = [50, 80, 230];

describe('the preview of a picture', () => {
  it('draws the picture', async () => {
    const { page, complaints } = await open({ file: await quarters(folder) });
    await expect.poll(async () => near(await colourAt(page, 0.25, 0.2, 1200, 800), RED)).toBe(true);
    expect(near(await colourAt(page, 0.75, 0.2, 1200, 800), GREEN)).toBe(true);
    expect(near(await colourAt(page, 0.25, 0.8, 1200, 800), BLUE)).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('turns it as EXIF says, and shows it as stored on request', async () => {
    const { page } = await open({ file: await quarters(folder, 1200, 800, 6) });
    // A quarter turn to the right: what was at the bottom left is at the top left.
    await expect.poll(async () => near(await colourAt(page, 0.2, 0.25, 800, 1200), BLUE)).toBe(true);
    await page.keyboard.press('o');
    await expect.poll(async () => near(await colourAt(page, 0.25, 0.2, 1200, 800), RED)).toBe(true);
    expect(await page.locator('[aria-label="File"]').innerText()).toContain('EXIF orientation 6');
  });

  it('reads the pixel under the pointer as stored, whichever way the picture is turned', async () => {
    const { page } = await open({ file: await quarters(folder, 1200, 800, 6) });
    const box = (await page.locator('.stage').boundingBox())!;
    // The top right quarter of the turned picture was the top left one: red.
    await page.mouse.move(box.x + box.width / 2 + 100, box.y + box.height / 2 - 200);
    await expect.poll(() => page.locator('.values').innerText()).toMatch(/R\s*2[12]\d\s+G\s*[34]\d\s+B\s*[34]\d/);
  });

  it('tells 16 bits as 16 bits', async () => {
    const { page } = await open({ file: await deepGrey(folder) });
    const box = (await page.locator('.stage').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2 + 0.5, box.y + box.height / 2 + 0.5);
    // Row 24 and column 32 of the 64 by 48: 256 · 24 · 5 + 32.
    await expect.poll(() => page.locator('.values').innerText()).toMatch(/Gray\s*30,752\s+A\s*65,535/);
    expect(await page.locator('.inspector section').first().innerText()).toContain('16 bits a channel');
  });

  it('asks for full size only where the person looks', async () => {
    const { page, asked } = await open({ file: await quarters(folder, 4800, 3200) });
    const levels = () => asked.filter(([method]) => method === 'tile').map(([, params]) => (params as { level: number }).level);
    expect(Math.min(...levels())).toBeGreaterThan(0);
    await page.keyboard.press('1');
    await expect.poll(() => levels().filter((level) => level === 0).length).toBeGreaterThan(0);
    await drawn(page);
    // Of 70 tiles at full size those in view.
    expect(levels().filter((level) => level === 0).length).toBeLessThan(20);
  });

  it('draws annotations, tells the one that is clicked, and hides a class', async () => {
    const { page } = await open({ file: await quarters(folder), annotations: MARKS });
    await page.waitForSelector('.labels li');
    const box = (await page.locator('.stage').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2 + 80, box.y + box.height / 2 - 60);
    await expect.poll(() => page.locator('[aria-label="Selected annotation"]').innerText()).toContain('motorcycle');
    const before = await colourAt(page, 0.45, 0.3, 1200, 800);
    await page.click('.label:has-text("motorcycle")');
    await expect.poll(async () => near(await colourAt(page, 0.45, 0.3, 1200, 800), RED)).toBe(true);
    expect(near(before, RED)).toBe(false);
  });

  it('says in its place why a picture cannot be shown', async () => {
    const file = join(folder, 'broken.png');
    await writeFile(file, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    const made = await pages.open((...here) => openImage(...here, { file }));
    const { page } = made;
    await page.waitForSelector('.empty');
    expect(await page.locator('.empty').innerText()).toMatch(/cannot be decoded/);
  });

  it('shows the new picture when the file is replaced, and keeps the old one when it goes', async () => {
    const file = await quarters(folder, 640, 400);
    const { page, changes } = await open({ file });
    await rm(file);
    changes.fire('gone');
    await page.waitForSelector('.status .warning');
    await expect.poll(async () => near(await colourAt(page, 0.25, 0.2, 640, 400), RED)).toBe(true);
    await quarters(folder, 640, 400);
    changes.fire('changed');
    await expect.poll(() => page.locator('.status .warning').count()).toBe(0);
  });

  it('shows every action 420 px wide and at a zoom of 200 %', async () => {
    for (const options of [{ width: 420, height: 640 }, { width: 900, height: 700, zoom: 2 }]) {
      const { page } = await open({ file: await quarters(folder) }, options);
      const outside = await page.locator('.toolbar button, .toolbar select').evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().right > window.innerWidth).length);
      expect(outside).toBe(0);
    }
  });
});
