import { rm } from 'node:fs/promises';
import { createAudioService } from '../../src/dataset/audio/audioService.ts';
import type { Preview } from '../../src/dataset/vscode/preview.ts';
import { videoPreview } from '../../src/dataset/vscode/previews/video.ts';
import { createVideoService } from '../../src/dataset/video/videoService.ts';
import { startBrowser } from '../vscode/browser.ts';
import { soundFolder } from './audioScenes.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { openPlayer } from './playerHarness.ts';
import { BARE, TOOLS } from './previewHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import type { Look } from './takeLooks.ts';
import { takeLooks } from './takeLooks.ts';
import { testCard } from './videoScenes.ts';

const SCENES: Readonly<Record<string, PageOptions>> = { card: {}, narrow: { width: 420, height: 700 }, zoomed: { zoom: 2 } };

/** Takes a picture of every scene of the preview of films whose name has `part` in it. */
export async function lookAtVideo(folder: string, part: string): Promise<void> {
  const films = soundFolder();
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset', ['video'])]);
  const context = { ...BARE, search: TOOLS };
  const services = { audio: createAudioService(context, () => undefined), video: createVideoService(context, () => undefined) };
  const looks = Object.entries(SCENES).map(([name, options]): [string, Look<OpenPreview>] => [
    `video-${name}`,
    {
      options,
      open: (wanted) => openPlayer(browser, bundles, videoPreview as unknown as Preview<never, never>, services as never, { file: testCard(films) }, wanted),
      async act({ page }) {
        await page.waitForSelector('.picture[data-time]');
        await page.waitForSelector('.play:not([aria-disabled="true"])');
        await page.mouse.click(400, 480);
        await page.waitForTimeout(2500);
        await page.waitForSelector('.timeline:not([data-busy])');
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    Object.values(services).forEach((service) => service.dispose());
    await browser.close();
    await rm(films, { recursive: true, force: true });
  }
}
