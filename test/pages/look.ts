import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../vscode/browser.ts';
import { lookAtArrays } from './arraysLook.ts';
import { lookAtCheckpoints } from './checkpointLook.ts';
import { lookAtGalleries } from './galleryLook.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import type { InventedStore } from './invented.ts';
import { openJobs, openPlan } from './openPages.ts';
import type { OpenFace } from './openPages.ts';
import { lookAtHealth } from './healthLook.ts';
import { lookAtAudio } from './audioLook.ts';
import { lookAtImages } from './imageLook.ts';
import { lookAtDashboard } from './monitorLook.ts';
import { lookAtRows } from './rowsLook.ts';
import { jobsScenes, planScenes } from './scenes.ts';
import type { Scene } from './scenes.ts';
import { lookAtSync } from './syncLook.ts';
import type { ThemeName } from './themes.ts';
import { lookAtVideo } from './videoLook.ts';

const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'contrastDark', 'contrastLight'];

type Open = (browser: Browser, bundles: Awaited<ReturnType<typeof bundlePages>>, store: InventedStore, options: PageOptions) => Promise<OpenFace>;

export async function look(folder: string, part: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await startBrowser();
  const bundles = await bundlePages();
  const take = async (name: string, scene: Scene, open: Open) => {
    for (const theme of scene.themes ?? THEME_NAMES) {
      const file = `${name}.${theme}.png`;
      if (!file.includes(part)) {
        continue;
      }
      const face = await open(browser, bundles, scene.store(), { ...scene.options, theme });
      // Panels are darker than editors; a page lets through what is behind it.
      await face.page.evaluate((variable) => (document.documentElement.style.background = `var(${variable})`), name.startsWith('jobs') ? '--vscode-panel-background' : '--vscode-editor-background');
      await face.page.waitForSelector(scene.ready);
      await scene.act?.(face);
      await face.page.screenshot({ path: join(folder, file), animations: 'disabled' });
      face.complaints.forEach((complaint) => process.stderr.write(`${file}: ${complaint}\n`));
      face.dispose();
      await face.page.context().close();
    }
  };
  try {
    for (const [name, scene] of Object.entries(planScenes)) {
      await take(`plan-${name}`, scene, openPlan);
    }
    for (const [name, scene] of Object.entries(jobsScenes)) {
      await take(`jobs-${name}`, scene, openJobs);
    }
  } finally {
    await browser.close();
  }
  await lookAtDashboard(folder, part);
  await lookAtImages(folder, part);
  await lookAtAudio(folder, part);
  await lookAtVideo(folder, part);
  await lookAtHealth(folder, part);
  await lookAtRows(folder, part);
  await lookAtGalleries(folder, part);
  await lookAtArrays(folder, part);
  await lookAtSync(folder, part);
  await lookAtCheckpoints(folder, part);
}
