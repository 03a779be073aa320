import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../vscode/browser.ts';
import { faintWords } from './faintWords.ts';
import { bundlePages } from './harness.ts';
import { crowding } from './monitorCrowding.ts';
import { openDashboard } from './monitorHarness.ts';
import type { OpenDashboard } from './monitorHarness.ts';
import { monitorScenes } from './monitorScenes.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';

let browser: Browser;
let bundles: Awaited<ReturnType<typeof bundlePages>>;

beforeAll(async () => {
  [browser, bundles] = await Promise.all([startBrowser(), bundlePages('monitor')]);
});
afterAll(() => browser.close());

async function see<T>(name: string, theme: ThemeName, look: (open: OpenDashboard) => Promise<T>, options = {}): Promise<T> {
  const scene = monitorScenes[name]!;
  const open = await openDashboard(browser, bundles, scene.scene(), { ...scene.options, ...options, theme });
  try {
    await open.page.waitForSelector(scene.ready);
    await scene.act?.(open);
    return await look(open);
  } finally {
    open.dispose();
    await open.page.context().close();
  }
}

describe.each(Object.keys(THEMES) as ThemeName[])('in the theme %s', (theme) => {
  it.each(['runs', 'sixteen', 'playback', 'silent', 'mismatch', 'open', 'stale', 'signIn'])('every word of the dashboard (%s) stands out from what is behind it', async (name) => {
    await see(name, theme, async ({ page, complaints }) => {
      const ground = await page.evaluate(() => {
        const probe = document.createElement('div');
        probe.style.color = 'var(--vscode-editor-background)';
        document.body.append(probe);
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      });
      expect(await page.evaluate(faintWords, ground)).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });
});

describe.each([1392, 1199, 999, 899, 759, 599, 479, 419, 300])('%d pixels wide', (width) => {
  it.each(['runs', 'sixteen', 'playback', 'nothingKnown', 'box', 'signIn'])('nothing of the dashboard (%s) is beyond its side, and no row’s cells overlap', async (name) => {
    const { beyond, overlapping } = await see(name, 'dark', ({ page }) => page.evaluate(crowding), { width, height: 900 });
    expect([beyond, overlapping]).toEqual([[], []]);
  });
});

it('at twice the size nothing is beyond its side', async () => {
  expect(await see('eight', 'light', ({ page }) => page.evaluate(() => document.querySelector('main')!.scrollWidth - document.querySelector('main')!.clientWidth), { zoom: 2 })).toBe(0);
});
