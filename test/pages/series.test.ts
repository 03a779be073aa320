import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeEpisodes } from '../unit/dataset/sensors/madeEpisode.ts';
import { openSensorPage } from './arraysHarness.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset', undefined, { quiet: true });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainyard-series-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const READY = 'main.sensor:not([data-busy])';

describe('tables over time', () => {
  it('draw the columns of a CSV file as lanes on one time axis', async () => {
    const file = join(folder, 'imu.csv');
    await writeFile(file, `timestamp,acc_x,acc_y,acc_z,battery\n${Array.from({ length: 500 }, (_, at) => `${at / 50},${Math.sin(at / 9)},${Math.cos(at / 9)},9.81,${100 - at / 10}`).join('\n')}\n`);
    const { page } = await pages.open((...here) => openSensorPage(...here, file));
    await page.waitForSelector(READY);
    expect(await page.locator('.lane').count()).toBe(2);
    expect(await page.textContent('.bar')).toMatch(/2 topics.*table/s);
    const inked = await page.$$eval('.lane canvas', (canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, (canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height).data.filter((value, at) => at % 4 === 3 && value > 0).length));
    expect(inked.every((count) => count > 300)).toBe(true);
  });

  it('show the film of an episode beside its series, at the frame of the cursor', async () => {
    const { page } = await pages.open((...here) => openSensorPage(...here, madeEpisodes().data));
    await page.waitForSelector(READY);
    const grey = () => page.$eval('.picture canvas', (canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[0] ?? -1);
    await page.locator('.plots').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => page.textContent('.picture figcaption')).toMatch(/observation\.images\.top · 0:00\.000 · at the cursor/);
    const first = await grey();
    await page.keyboard.press('End');
    await expect.poll(() => page.textContent('.picture figcaption')).toMatch(/0:03\.900 · at the cursor/);
    expect((await grey()) - first).toBeGreaterThan(150);
    expect(await page.locator('.lane .plot').first().getAttribute('aria-label')).toMatch(/broken where an episode begins$/);
    expect(await page.locator('.lane').first().textContent()).toMatch(/observation\.state.*shoulder/s);
  });
});
