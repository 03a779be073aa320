import { rmSync, unlinkSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { createAudioService } from '../../src/dataset/audio/audioService.ts';
import type { Service } from '../../src/dataset/service.ts';
import { createVideoService } from '../../src/dataset/video/videoService.ts';
import type { Preview } from '../../src/dataset/vscode/preview.ts';
import { videoPreview } from '../../src/dataset/vscode/previews/video.ts';
import { broken, soundFolder } from './audioScenes.ts';
import { openPlayer } from './playerHarness.ts';
import { TOOLS } from './previewHarness.ts';
import type { PlayerScene } from './playerHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { FRAMES, frameOfGrey, greys, H264, MPEG4, turned, uneven } from './videoScenes.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset', ['video']);
const folder = soundFolder();
const services = (search?: typeof TOOLS) => {
  const context = { storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0, ...(search && { search }) };
  return { audio: createAudioService(context, () => undefined), video: createVideoService(context, () => undefined) } as unknown as Record<string, Service<never>>;
};
const withTools = services(TOOLS);
const without = services();

afterAll(() => {
  [withTools, without].forEach((all) => Object.values(all).forEach((service) => service.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(scene: PlayerScene, of = withTools): Promise<OpenPreview> {
  const made = await pages.open((...here) => openPlayer(...here, videoPreview as unknown as Preview<never, never>, of, scene));
  await made.page.waitForSelector('.toolbar h1, .empty');
  return made;
}

async function ready(page: Page): Promise<void> {
  await page.waitForSelector('.picture[data-time]');
  await page.waitForSelector('.transport .index');
}

/** Which of the numbered pictures is on the stage. */
const frameShown = async (page: Page) =>
  frameOfGrey(
    await page.locator('.picture').evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')!.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[0]!),
  );

const index = async (page: Page) => Number(await page.textContent('.transport .index'));

async function stepTo(page: Page, count: number, key: string): Promise<void> {
  for (let step = 0; step < count; step++) {
    const before = await page.getAttribute('.picture', 'data-time');
    await page.keyboard.press(key);
    await page.waitForFunction((time) => document.querySelector<HTMLElement>('.picture')?.dataset.time !== time, before);
  }
}

describe('the preview of a film', () => {
  it.each([['in the window', 'greys.mp4', H264, false], ['on the host', 'greys.mp4', H264, true], ['on the host', 'greys.avi', MPEG4, false]] as const)(
    'steps by the decoded picture %s: %s',
    async (_where, name, args, onHost) => {
      const { page, complaints } = await open({ file: greys(folder, name, args), onHost });
      await ready(page);
      expect(Math.round(await frameShown(page))).toBe(0);
      await page.focus('.film');
      await stepTo(page, 5, '.');
      expect(await index(page)).toBe(6);
      expect(Math.round(await frameShown(page))).toBe(5);
      await stepTo(page, 2, ',');
      expect(await index(page)).toBe(4);
      expect(Math.round(await frameShown(page))).toBe(3);
      await page.keyboard.press('End');
      await page.waitForFunction((last) => document.querySelector('.transport .index')?.textContent === String(last), FRAMES);
      await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.picture')?.dataset.time) > 2.3);
      expect(Math.round(await frameShown(page))).toBe(FRAMES - 1);
      expect(complaints).toEqual([]);
    },
  );

  it('tells the times of the packets as ffprobe reads them', async () => {
    const { page } = await open({ file: greys(folder, 'greys.mp4', H264) });
    await ready(page);
    await page.focus('.film');
    await stepTo(page, 1, '.');
    // 25 a second in a time base of 12800: 512 ticks each.
    expect(await page.textContent('.transport .facts')).toMatch(/frame 2 of 60 PTS 512×1\/12800 DTS -?\d+/);
    expect(await page.textContent('.packets .head')).toContain('largest');
  });

  it.each([['in the window', 'greys.mp4', H264, false], ['on the host', 'greys.avi', MPEG4, false]] as const)('plays %s with sound, the picture with the time: %s', async (_where, name, args, onHost) => {
    const { page, asked, complaints } = await open({ file: greys(folder, name, args), onHost });
    await ready(page);
    await page.waitForSelector('.play:not([aria-disabled="true"])');
    await page.click('.play');
    await page.waitForFunction(() => Number(document.querySelector('.transport .time')?.getAttribute('aria-valuenow')) > 1);
    const apart = async () => {
      const [time, shown] = await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.picture')!;
        return [Number(document.querySelector('.transport .time')!.getAttribute('aria-valuenow')), canvas.getContext('2d')!.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[0]!] as const;
      });
      return Math.abs(frameOfGrey(shown) + 0.5 - time * 25);
    };
    // Within one picture of 40 ms, half of it being that of the time itself; of the host's twelve a second within two of theirs.
    await expect.poll(apart, { interval: 20 }).toBeLessThan(name.endsWith('avi') ? 5.5 : 1.5);
    expect(await page.textContent('[aria-label="Playback"]')).toContain('Sound:');
    expect(asked.some(([method]) => method === 'bytes' || method === 'samples')).toBe(true);
    await page.waitForFunction(() => document.querySelector('.play')?.getAttribute('aria-label') === 'Play');
    expect(complaints).toEqual([]);
  });

  it('turns the picture as the file says, and says so', async () => {
    const { page } = await open({ file: turned(folder) });
    await ready(page);
    const box = (await page.locator('.picture').boundingBox())!;
    expect(box.width / box.height).toBeCloseTo(96 / 160, 1);
    expect(await page.textContent('[aria-label="File"]')).toMatch(/(90|270)°, applied/);
  });

  it('steps over uneven distances', async () => {
    const { page } = await open({ file: uneven(folder) });
    await ready(page);
    await page.focus('.film');
    const seen = [Math.round(await frameShown(page))];
    for (let step = 0; step < 5; step++) {
      await stepTo(page, 1, '.');
      seen.push(Math.round(await frameShown(page)));
    }
    // Every third picture, and each one after a seventh.
    expect(seen).toEqual([0, 1, 3, 6, 8, 9]);
    expect(await page.textContent('.silent')).toBe('no sound');
  });

  it('draws the strip along the time', async () => {
    const { page } = await open({ file: greys(folder, 'greys.mp4', H264) });
    await ready(page);
    await page.waitForFunction(() => {
      const strip = document.querySelector<HTMLCanvasElement>('.strip')!;
      const grey = (part: number) => strip.getContext('2d')!.getImageData(Math.round(strip.width * part), strip.height >> 1, 1, 1).data;
      const [first, last] = [grey(0.02), grey(0.97)];
      return first[3] === 255 && last[3] === 255 && last[0]! - first[0]! > 100;
    });
  });

  it('says where no tool may be run what cannot be shown', async () => {
    const { page } = await open({ file: greys(folder, 'greys.mkv', MPEG4) }, without);
    await page.waitForSelector('.notice');
    expect(await page.textContent('.notice')).toContain('this window does not decode MPEG4, and no tool is run in a workspace that is not trusted');
    const avi = await open({ file: greys(folder, 'greys.avi', MPEG4) }, without);
    expect(await avi.page.textContent('.empty')).toContain('only ffprobe reads avi');
  });

  it('says in its place that a file is no film, or is gone', async () => {
    const pointer = await open({ file: broken(folder) });
    expect(await pointer.page.textContent('.empty')).toContain('a Git LFS pointer');
    const file = greys(folder, 'gone.mp4', H264);
    const { page, changes } = await open({ file });
    await ready(page);
    unlinkSync(file);
    changes.fire('gone');
    await page.waitForSelector('.transport .warning');
  });
});
