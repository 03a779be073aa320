import { rm } from 'node:fs/promises';
import { createAudioService } from '../../src/dataset/audio/audioService.ts';
import type { Preview } from '../../src/dataset/vscode/preview.ts';
import { audioPreview } from '../../src/dataset/vscode/previews/audio.ts';
import { startBrowser } from '../vscode/browser.ts';
import { broken, compressed, manyChannels, soundFolder, take } from './audioScenes.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { openPlayer } from './playerHarness.ts';
import { BARE, TOOLS } from './previewHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import type { Look } from './takeLooks.ts';
import { takeLooks } from './takeLooks.ts';

interface AudioLook {
  readonly file: (folder: string) => string;
  readonly options?: PageOptions;
  readonly act?: (open: OpenPreview) => Promise<void>;
}

const SCENES: Readonly<Record<string, AudioLook>> = {
  take: {
    file: take,
    async act({ page }) {
      await page.click('.transcript tbody tr >> nth=2');
      await page.click('[aria-label="Zoom in"]');
      await page.mouse.move(0, 0);
    },
  },
  narrow: { file: take, options: { width: 420, height: 700 } },
  zoomed: { file: take, options: { width: 1144, height: 740, zoom: 2 } },
  many: { file: manyChannels },
  flac: { file: (folder) => compressed(folder, 'flac') },
  broken: { file: broken },
};

/** Takes a picture of every scene of the preview of recordings whose name has `part` in it. */
export async function lookAtAudio(folder: string, part: string): Promise<void> {
  const sounds = soundFolder();
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset', ['audio'])]);
  const service = createAudioService({ ...BARE, search: TOOLS }, () => undefined);
  const looks = Object.entries(SCENES).map(([name, { file, options, act }]): [string, Look<OpenPreview>] => [
    `audio-${name}`,
    {
      ...(options && { options }),
      open: (wanted) => openPlayer(browser, bundles, audioPreview as unknown as Preview<never, never>, { audio: service as never }, { file: file(sounds) }, wanted),
      async act(open) {
        await open.page.waitForSelector('.empty, .toolbar h1');
        if (name !== 'broken') {
          await open.page.waitForSelector('.play:not([aria-disabled="true"])');
          await act?.(open);
          await open.page.waitForTimeout(1500);
          await open.page.waitForSelector('.stack:not([data-busy])');
        }
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    service.dispose();
    await browser.close();
    await rm(sounds, { recursive: true, force: true });
  }
}
