import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createAudioService } from '../../src/dataset/audio/audioService.ts';
import type { Preview } from '../../src/dataset/vscode/preview.ts';
import { videoPreview } from '../../src/dataset/vscode/previews/video.ts';
import { createVideoService } from '../../src/dataset/video/videoService.ts';
import { startBrowser } from '../vscode/browser.ts';
import { soundFolder } from './audioScenes.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { openPlayer } from './playerHarness.ts';
import { TOOLS } from './previewHarness.ts';
import type { ThemeName } from './themes.ts';
import { testCard } from './videoScenes.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];
const SCENES: Readonly<Record<string, PageOptions>> = { card: {}, narrow: { width: 420, height: 700 }, zoomed: { zoom: 2 } };

/** Takes a picture of every scene of the preview of films whose name has `part` in it. */
export async function lookAtVideo(folder: string, part: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const films = soundFolder();
  const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset', ['video'])]);
  const context = { storage: '/nonexistent', root: '/nonexistent', cacheBytes: 0, search: TOOLS };
  const services = { audio: createAudioService(context, () => undefined), video: createVideoService(context, () => undefined) };
  try {
    for (const [name, options] of Object.entries(SCENES)) {
      for (const theme of THEME_NAMES) {
        const target = `video-${name}.${theme}.png`;
        if (!target.includes(part)) {
          continue;
        }
        const open = await openPlayer(browser, bundles, videoPreview as unknown as Preview<never, never>, services as never, { file: testCard(films) }, { ...options, theme });
        await open.page.evaluate(() => (document.documentElement.style.background = 'var(--vscode-editor-background)'));
        await open.page.waitForSelector('.picture[data-time]');
        await open.page.waitForSelector('.play:not([aria-disabled="true"])');
        await open.page.mouse.click(400, 480);
        await open.page.waitForTimeout(2500);
        await open.page.waitForSelector('.timeline:not([data-busy])');
        await open.page.screenshot({ path: join(folder, target), animations: 'disabled' });
        open.complaints.forEach((complaint) => process.stderr.write(`${target}: ${complaint}\n`));
        open.dispose();
        await open.page.context().close();
      }
    }
  } finally {
    Object.values(services).forEach((service) => service.dispose());
    await browser.close();
    await rm(films, { recursive: true, force: true });
  }
}
