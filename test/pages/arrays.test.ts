import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyBytes } from '../unit/media/arrays/arrayBytes.ts';
import { openArraysPage, openSensorPage } from './arraysHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { madeFolder } from './arraysScenes.ts';
import type { PageOptions } from './harness.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset');
let folder: string;

beforeAll(async () => {
  folder = await madeFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function open(file: string, options?: PageOptions): Promise<OpenPreview> {
  return pages.open((...here) => (/mcap$/.test(file) ? openSensorPage : openArraysPage)(...here, join(folder, file), options));
}

/** A pixel of a canvas, at parts of its width and height. */
const pixelAt = (canvas: Locator, x: number, y: number) =>
  canvas.evaluate((element: HTMLCanvasElement, [left, top]: number[]) => [...element.getContext('2d')!.getImageData(Math.min(element.width - 1, Math.floor(left! * element.width)), Math.min(element.height - 1, Math.floor(top! * element.height)), 1, 1).data].slice(0, 3), [x, y]);

/** How many pixels of a stripe of a canvas are nearly of a colour; `x` and `y` are parts of its size, from and to. */
const inkIn = (canvas: Locator, colour: readonly number[], [left, right]: readonly [number, number], [top, bottom]: readonly [number, number] = [0, 1]) =>
  canvas.evaluate(
    (element: HTMLCanvasElement, { wanted, box }: { wanted: readonly number[]; box: readonly number[] }) => {
      const [fromX, toX, fromY, toY] = [box[0]! * element.width, box[1]! * element.width, box[2]! * element.height, box[3]! * element.height].map(Math.floor) as [number, number, number, number];
      const { data } = element.getContext('2d')!.getImageData(fromX, fromY, Math.max(1, toX - fromX), Math.max(1, toY - fromY));
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        count += [0, 1, 2].every((channel) => Math.abs(data[at + channel]! - wanted[channel]!) < 40) && data[at + 3]! > 128 ? 1 : 0;
      }
      return count;
    },
    { wanted: colour, box: [left, right, top, bottom] },
  );

const seriesColour = (page: Page, name: string) =>
  page.evaluate((variable) => {
    const probe = document.createElement('i');
    probe.style.color = `var(--vscode-charts-${variable})`;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color.match(/[\d.]+/g)!.slice(0, 3).map(Number);
    probe.remove();
    return colour;
  }, name);

const near = (colour: readonly number[], wanted: readonly number[]) => colour.every((value, index) => Math.abs(value - (wanted[index] ?? 0)) < 30);

describe('the preview of arrays', () => {
  it('draws frames as the pictures that they are, and the frame that is chosen', async () => {
    const { page, complaints, largest } = await open('frames.npy');
    const canvas = page.locator('.grid-stage canvas');
    await expect.poll(() => pixelAt(canvas, 20 / 128, 0.5)).toSatisfy((colour: number[]) => near(colour, [230, 60, 40]));
    expect(near(await pixelAt(canvas, 0.99, 0.01), [127, 0, 160])).toBe(true);
    await page.getByRole('slider').fill('50');
    await expect.poll(() => pixelAt(canvas, 90 / 128, 0.5)).toSatisfy((colour: number[]) => near(colour, [230, 60, 40]));
    expect(near(await pixelAt(canvas, 20 / 128, 0.5), [230, 60, 40])).toBe(false);
    expect(largest()).toBeLessThan(1_048_576);
    expect(complaints).toEqual([]);
  });

  it('draws a heat map with the value under the cursor, and NaN apart', async () => {
    const { page } = await open('slope.npy');
    const canvas = page.locator('.grid-stage canvas');
    // sin(31/20)·cos(0) is nearly 1: the map's bright end.
    await expect.poll(() => pixelAt(canvas, 0.002, 31.5 / 200)).toSatisfy((colour: number[]) => near(colour, [253, 231, 37]));
    expect(near(await pixelAt(canvas, 94 / 300, 31.5 / 200), [68, 1, 84])).toBe(true);
    const [red, green, blue] = await pixelAt(canvas, 150.5 / 300, 100.5 / 200);
    expect(red === green && green === blue).toBe(true);
    await canvas.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => page.locator('.grid-stage .readout').textContent()).toContain('[0, 0] = 0');
    await page.keyboard.press('+');
    await expect.poll(() => page.locator('.grid-stage .readout').textContent()).toContain('rows 0 – 99, columns 0 – 149');
  });

  it('draws a line with ink where its spike is, and zooms by keyboard', async () => {
    const { page } = await open('wave.npy');
    const blue = await seriesColour(page, 'blue');
    const canvas = page.locator('.line-stage canvas');
    await canvas.waitFor();
    // Above the wave there is nothing but the spike at three quarters.
    await expect.poll(() => inkIn(canvas, blue, [0.72, 0.82], [0.1, 0.4])).toBeGreaterThan(20);
    expect(await inkIn(canvas, blue, [0.2, 0.6], [0.05, 0.4])).toBe(0);
    await page.locator('.line-stage .canvas').focus();
    await page.keyboard.press('+');
    await expect.poll(() => page.locator('.line-stage .readout').textContent()).toContain('100,000 elements');
  });

  it('tells the statistics and the histogram of what is chosen', async () => {
    const { page } = await open('slope.npy');
    const inspector = page.locator('.inspector');
    await expect.poll(() => inspector.textContent()).toContain('1, 0');
    expect(await inspector.locator('.histogram rect').count()).toBeGreaterThan(30);
    expect(await inspector.locator('.histogram').getAttribute('aria-label')).toContain('Histogram of values');
  });

  it('goes through the tree of a checkpoint by keyboard, and finds the NaN of a layer', async () => {
    const { page, complaints } = await open('step-18400.safetensors');
    await page.getByRole('row', { name: /^model/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('row', { name: /^2 / }).waitFor();
    for (let nth = 0; nth < 3; nth++) {
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('ArrowRight');
    await page.getByRole('row', { name: /^self_attn/ }).click();
    await page.getByRole('row', { name: /^k_proj/ }).click();
    await expect.poll(() => page.locator('.inspector dd.error').textContent()).toBe('1, 1');
    expect(complaints).toEqual([]);
  });

  it('shows values as they are in a table', async () => {
    const { page } = await open('episode.npz');
    await page.getByRole('button', { name: 'Table' }).click();
    await expect.poll(() => page.getByRole('gridcell').filter({ hasText: /^-?\d\.\d+/ }).count()).toBeGreaterThan(100);
    expect(await page.getByRole('row', { name: /^objects/ }).locator('[title*=pickle]').count()).toBe(1);
  });

  it('reads bytes without a type as what they may be', async () => {
    const { page } = await open('bf16.npy');
    await page.locator('select').first().selectOption('bfloat16');
    await expect.poll(() => page.locator('.inspector').textContent()).toContain('−1.5, 4');
  });

  it('says why a file cannot be shown, and shows it once it can', async () => {
    const { page, changes } = await open('broken.npy');
    expect(await page.getByRole('alert').textContent()).toContain('broken.npy cannot be shown.');
    await writeFile(join(folder, 'broken.npy'), npyBytes("'|u1'", [3], Buffer.from([1, 2, 3])));
    changes.fire('changed');
    await page.getByRole('button', { name: 'Read the file again' }).click();
    await expect.poll(() => page.locator('.inspector').textContent()).toContain('1, 3');
  });
});

describe('the preview of recordings', () => {
  const whole = 'main.sensor:not([data-busy])';

  it('lists topics with their rates and gaps', async () => {
    const { page, complaints } = await open('arm_2026-11-02.mcap');
    await page.waitForSelector(whole);
    const row = (name: string) => page.getByRole('row').filter({ hasText: name }).textContent();
    expect(await row('/imu/data')).toMatch(/100(\.0)?\s.*none/s);
    expect(await row('/arm/joint_states')).toContain('1.80 s');
    expect(await row('/cmd_vel')).toContain('silent');
    expect(complaints).toEqual([]);
  });

  it('draws lines where there are messages, and none in a gap', async () => {
    const { page, largest } = await open('arm_2026-11-02.mcap');
    await page.waitForSelector(whole);
    const blue = await seriesColour(page, 'blue');
    const canvas = page.locator('.lane').filter({ hasText: 'position' }).locator('canvas');
    // From 11 s to 12.8 s of 20 s; the axis takes some of the width.
    const at = (seconds: number) => canvas.evaluate((element: HTMLCanvasElement, share: number) => (52 + (element.clientWidth - 60) * share) / element.clientWidth, seconds / 20);
    expect(await inkIn(canvas, blue, [await at(6), await at(10.8)])).toBeGreaterThan(50);
    expect(await inkIn(canvas, blue, [await at(11.2), await at(12.7)])).toBe(0);
    expect(await inkIn(canvas, blue, [await at(13), await at(19)])).toBeGreaterThan(50);
    expect(largest()).toBeLessThan(1_048_576);
  });

  it('shows the picture, the message and the values at the cursor, and that none is there in a gap', async () => {
    const { page } = await open('arm_2026-11-02.mcap');
    await page.waitForSelector(whole);
    const picture = page.locator('.picture canvas');
    expect(near(await pixelAt(picture, 0.05, 0.5), [220, 40, 40])).toBe(true);
    expect(near(await pixelAt(picture, 0.95, 0.5), [50, 80, 230])).toBe(true);
    await page.getByRole('row').filter({ hasText: '/arm/joint_states' }).click();
    await page.locator('.plots').focus();
    await page.keyboard.press('g');
    await expect.poll(() => page.locator('.pane').textContent()).toMatch(/None at 0:11\.9.*The last one is 9\d\d ms old, the next comes in/s);
    expect(await page.locator('.lane').filter({ hasText: 'position' }).locator('.legend').textContent()).toContain('–');
    await page.keyboard.press('.');
    await expect.poll(() => page.locator('.cursor-time').textContent()).toContain('0:12.800');
    await expect.poll(() => page.locator('.message').textContent()).toContain('position[3]');
  });

  it('zooms and moves by keyboard, and the window follows the cursor', async () => {
    const { page, asked } = await open('arm_2026-11-02.mcap');
    await page.waitForSelector(whole);
    await page.locator('.plots').focus();
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await page.keyboard.press('Home');
    await expect.poll(() => page.locator('.overview').getAttribute('aria-label')).toMatch(/In view: 0:00\.000 to 0:04\.99/);
    await page.waitForSelector(whole);
    const series = asked.filter(([method]) => method === 'startSeries').map(([, params]) => params as { from: number; to: number });
    expect(series.at(-1)?.to).toBeLessThan(5.1e9);
  });

  it('shows bytes with the reason where messages cannot be told apart', async () => {
    const { page } = await open('arm_2026-11-02.mcap');
    await page.waitForSelector(whole);
    await page.getByRole('row').filter({ hasText: '/custom/tact' }).click();
    await expect.poll(() => page.locator('.pane').textContent()).toMatch(/cbor.*a1 61 78/s);
  });

  it('reads what is there of a recording that was cut off, and says so', async () => {
    const { page } = await open('crashed.mcap');
    await page.waitForSelector(whole);
    expect(await page.locator('.problems').textContent()).toContain('rebuilt from its chunks');
    expect(await page.locator('.lane canvas').count()).toBeGreaterThan(0);
  });

  it('says why a file cannot be shown', async () => {
    const { page } = await open('none.mcap');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('git lfs pull');
  });

  it.each([500, 860])('keeps its actions in sight at a width of %i', async (width) => {
    const { page } = await open('arm_2026-11-02.mcap', { width, height: 900 });
    await page.waitForSelector(whole);
    for (const name of ['Zoom in', 'Zoom out', 'All', 'Read the file again']) {
      const box = await page.getByRole('button', { name, exact: true }).boundingBox();
      expect((box?.x ?? 9999) + (box?.width ?? 0), name).toBeLessThanOrEqual(width);
    }
  });
});
