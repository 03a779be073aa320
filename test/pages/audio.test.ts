import { copyFileSync, rmSync, unlinkSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { createAudioService } from '../../src/dataset/audio/audioService.ts';
import type { Service } from '../../src/dataset/service.ts';
import type { Preview } from '../../src/dataset/vscode/preview.ts';
import { audioPreview } from '../../src/dataset/vscode/previews/audio.ts';
import { broken, compressed, manyChannels, soundFolder, steps, take } from './audioScenes.ts';
import type { PageOptions } from './harness.ts';
import { openPlayer } from './playerHarness.ts';
import { TOOLS } from './previewHarness.ts';
import type { PlayerScene } from './playerHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset', ['audio']);
const folder = soundFolder();
const withTools = createAudioService({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0, search: TOOLS }, () => undefined);
const without = createAudioService({ storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0 }, () => undefined);

afterAll(() => {
  withTools.dispose();
  without.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function open(scene: PlayerScene, options?: PageOptions, service: Service<never> = withTools as unknown as Service<never>): Promise<OpenPreview> {
  const made = await pages.open((...here) => openPlayer(...here, audioPreview as unknown as Preview<never, never>, { audio: service }, scene, options));
  await made.page.waitForSelector('.toolbar h1, .empty');
  return made;
}

/** Everything is read and drawn. */
async function drawn(page: Page): Promise<void> {
  await page.waitForSelector('[aria-label="Loudness"] dl');
  await page.waitForSelector('.stack:not([data-busy])');
}

/** Height of the waveform's paint, in CSS pixels, in the first lane at a part of the time that is shown. */
const paintedAt = (page: Page, part: number, lane = 0) =>
  page.locator('.stack > .drawn').evaluate(
    (canvas: HTMLCanvasElement, [at, index]: number[]) => {
      const context = canvas.getContext('2d')!;
      const scale = canvas.width / canvas.clientWidth;
      const x = Math.round((62 + at! * (canvas.clientWidth - 62)) * scale);
      const variable = getComputedStyle(canvas).getPropertyValue('--vscode-charts-blue').trim();
      context.save();
      const probe = document.createElement('canvas').getContext('2d')!;
      probe.fillStyle = variable;
      probe.fillRect(0, 0, 1, 1);
      const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
      context.restore();
      const column = context.getImageData(x, Math.round(24 * scale), 1, canvas.height - Math.round(24 * scale)).data;
      let painted = 0;
      let run = 0;
      const runs: number[] = [];
      for (let y = 0; y < column.length / 4; y++) {
        const is = column[y * 4 + 3]! > 40 && Math.abs(column[y * 4]! - r!) < 20 && Math.abs(column[y * 4 + 1]! - g!) < 20 && Math.abs(column[y * 4 + 2]! - b!) < 20;
        run = is ? run + 1 : 0;
        painted = Math.max(painted, run);
        if (!is && run === 0 && painted > 0) {
          runs.push(painted);
          painted = 0;
        }
      }
      return (runs[index!] ?? painted) / scale;
    },
    [part, lane],
  );

const position = (page: Page) => page.locator('.transport .time').evaluate((element) => Number(element.getAttribute('aria-valuenow')));

async function playsOn(page: Page): Promise<void> {
  await page.waitForSelector('.play:not([aria-disabled="true"])');
  await page.click('.play');
  await page.waitForFunction(() => Number(document.querySelector('.transport .time')?.getAttribute('aria-valuenow')) > 0.5);
}

describe('the preview of a recording', () => {
  it('draws the waveform where the sound is, louder on the left than on the right', async () => {
    const { page, complaints } = await open({ file: steps(folder) });
    await page.selectOption('#view', 'wave');
    await drawn(page);
    const [tone, silence] = [await paintedAt(page, 0.125), await paintedAt(page, 0.375)];
    expect(tone).toBeGreaterThan(100);
    expect(silence).toBeLessThan(4);
    expect(await paintedAt(page, 0.125, 1)).toBeCloseTo(tone / 2, -1);
    expect(await paintedAt(page, 0.625)).toBeGreaterThan(100);
    expect(complaints).toEqual([]);
  });

  it('draws the spectrogram bright at the tone alone', async () => {
    const { page } = await open({ file: steps(folder) });
    await page.selectOption('#view', 'linear');
    await drawn(page);
    const brightness = (part: number, height: number) =>
      page.locator('.stack > .drawn').evaluate(
        (canvas: HTMLCanvasElement, [at, up]: number[]) => {
          const scale = canvas.width / canvas.clientWidth;
          const lane = (canvas.clientHeight - 24 - 56) / 2;
          const data = canvas.getContext('2d')!.getImageData(Math.round((62 + at! * (canvas.clientWidth - 62)) * scale), Math.round((24 + lane * (1 - up!)) * scale), 1, 3).data;
          return data[0]! + data[1]! + data[2]!;
        },
        [part, height],
      );
    // 440 Hz of 24 kHz lies at the very bottom.
    expect(await brightness(0.125, 0.018)).toBeGreaterThan(350);
    expect(await brightness(0.125, 0.5)).toBeLessThan(150);
    expect(await brightness(0.375, 0.018)).toBeLessThan(150);
  });

  it.each([['wav', 'Uncompressed'], ['flac', 'window'], ['mp3', 'window'], ['opus', 'window'], ['ogg', 'window'], ['m4a', 'AAC']] as const)('plays %s, and says how it is decoded', async (kind, words) => {
    const { page, complaints } = await open({ file: kind === 'wav' ? steps(folder) : compressed(folder, kind) });
    await playsOn(page);
    expect(await page.textContent('[aria-label="Playback"]')).toContain(kind === 'm4a' ? 'ecoded' : words);
    expect(complaints).toEqual([]);
  });

  it.each(['wav', 'flac', 'm4a'] as const)('plays %s decoded on the host where that is asked for', async (kind) => {
    const { page, asked } = await open({ file: kind === 'wav' ? steps(folder) : compressed(folder, kind), onHost: true });
    await playsOn(page);
    expect(await page.textContent('[aria-label="Playback"]')).toContain('Decoded on the host');
    expect(asked.some(([method]) => method === 'samples')).toBe(true);
    expect(asked.some(([method]) => method === 'bytes')).toBe(false);
  });

  it('asks for what is heard alone', async () => {
    const { page, asked } = await open({ file: take(folder) });
    await playsOn(page);
    await page.keyboard.press('Space');
    const sent = asked.filter(([method]) => method === 'bytes').reduce((sum, [, params]) => sum + (params as { length: number }).length, 0);
    // Some seconds of 24 bits in stereo, of thirty.
    expect(sent).toBeLessThan(6 * 48_000 * 6);
  });

  it('goes round in a selection made with I, O and L', async () => {
    const { page } = await open({ file: steps(folder) });
    await drawn(page);
    await page.focus('.lanes');
    for (const key of ['ArrowRight', 'i', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', '.', 'o', 'l', 'Space']) {
      await page.keyboard.press(key);
    }
    expect(await page.textContent('.range')).toContain('0:01.000 – 0:01.200');
    await page.waitForFunction(() => document.querySelector('.play')?.getAttribute('aria-label') === 'Pause');
    for (let look = 0; look < 8; look++) {
      await page.waitForTimeout(120);
      const at = await position(page);
      expect(at).toBeGreaterThanOrEqual(0.99);
      expect(at).toBeLessThanOrEqual(1.21);
    }
    expect(await page.getAttribute('.play', 'aria-label')).toBe('Pause');
  });

  it('zooms at the pointer, pans, and shows the window in the overview', async () => {
    const { page } = await open({ file: steps(folder) });
    await drawn(page);
    const box = (await page.locator('.stack').boundingBox())!;
    await page.mouse.move(box.x + 62 + (box.width - 62) * 0.25, box.y + 80);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -250 * Math.log(4));
    await page.keyboard.up('Control');
    await page.waitForSelector('.overview .view:not([hidden])');
    await page.waitForFunction(() => document.querySelector('.overview .view')!.getBoundingClientRect().width < 400);
    const view = (await page.locator('.overview .view').boundingBox())!;
    expect((view.width + 0) / (box.width - 62)).toBeCloseTo(0.25, 1);
    // What was under the pointer, a quarter of the whole, stays a quarter into the window.
    expect((view.x - box.x - 62) / (box.width - 62)).toBeCloseTo(0.25 - 0.25 * 0.25, 1);
  });

  it('lists clipping and silence, and a click on one goes there', async () => {
    const { page } = await open({ file: take(folder) });
    await drawn(page);
    const clipping = page.locator('[aria-label="Clipping"] .mark').first();
    const words = (await clipping.textContent())!;
    expect(words).toMatch(/0:0[678]\.\d{3}\s+[\d,]+ samples/);
    expect(await page.textContent('[aria-label="Clipping"] header')).toContain('L only');
    await clipping.click();
    expect(await clipping.getAttribute('aria-pressed')).toBe('true');
    expect(words).toContain((await page.textContent('.transport .position'))!);
  });

  it('shows the text beside it, and a line of it selects its time', async () => {
    const { page } = await open({ file: take(folder) });
    await page.waitForSelector('.transcript');
    await page.click('.transcript tbody tr >> nth=2');
    expect(await page.textContent('.range')).toContain('0:10.200 – 0:14.000');
    expect(await page.textContent('.transcript tr.now')).toContain('Stop. The spoon');
  });

  it('shows eight of 64 channels, and those that are chosen', async () => {
    const { page } = await open({ file: manyChannels(folder) });
    await drawn(page);
    await page.click('.channels summary');
    expect(await page.textContent('.channels summary')).toBe('8 of 64 channels');
    await page.click('.channels label:has-text("64")');
    expect(await page.textContent('.channels summary')).toBe('9 of 64 channels');
    await page.waitForSelector('.stack:not([data-busy])');
  });

  it('says in its place what cannot be shown, and shows it once it can', async () => {
    const file = broken(folder);
    const { page, changes, complaints } = await open({ file });
    expect(await page.textContent('.empty')).toContain('a Git LFS pointer');
    copyFileSync(steps(folder), file);
    changes.fire('changed');
    await page.waitForSelector('.toolbar h1');
    await drawn(page);
    expect(complaints).toEqual([]);
  });

  it('says where no tool may be run that nothing is drawn, and plays what the window decodes', async () => {
    const { page } = await open({ file: compressed(folder, 'flac') }, {}, without as unknown as Service<never>);
    await playsOn(page);
    expect(await page.textContent('[aria-label="Loudness"]')).toContain('no tool is run in a workspace that is not trusted');
  });

  it('says that the file is gone, and keeps what was drawn', async () => {
    const file = steps(folder, 'aiff');
    const { page, changes } = await open({ file });
    await page.selectOption('#view', 'wave');
    await drawn(page);
    unlinkSync(file);
    changes.fire('gone');
    await page.waitForSelector('.transport .warning');
    expect(await paintedAt(page, 0.125)).toBeGreaterThan(100);
    await page.click('.play');
    await page.waitForFunction(() => document.querySelector('[aria-label="Playback"]')?.textContent?.includes('is not there'));
  });
});
