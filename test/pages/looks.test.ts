import { describe, expect, it } from 'vitest';
import { faintWords } from './faintWords.ts';
import { jobsScenes, planScenes } from './scenes.ts';
import { pagesInBrowser } from './support.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';

const open = pagesInBrowser();
const NAMES = Object.keys(THEMES) as ThemeName[];

describe.each(NAMES)('in the theme %s', (theme) => {
  it.each(['planned', 'running', 'failed'])('every word of the plan (%s) stands out from what is behind it', async (name) => {
    const scene = planScenes[name];
    const { page, ...face } = await open.plan(scene!.store(), { ...scene!.options, theme });
    await page.waitForSelector(scene!.ready);
    await scene!.act?.({ page, ...face });
    expect(await page.evaluate(faintWords, 'rgb(0, 0, 0)')).toEqual([]);
    const refused = page.locator('[data-index="6"]');
    if (await refused.isVisible()) {
      await refused.hover();
      expect(await page.evaluate(faintWords, 'rgb(0, 0, 0)')).toEqual([]);
      await refused.click();
      expect(await page.evaluate(faintWords, 'rgb(0, 0, 0)')).toEqual([]);
    }
  });

  it.each(['day', 'open'])('every word of the jobs (%s) stands out from what is behind it', async (name) => {
    const scene = jobsScenes[name];
    const { page, ...face } = await open.jobs(scene!.store(), { ...scene!.options, theme });
    await page.waitForSelector(scene!.ready);
    await scene!.act?.({ page, ...face });
    const panel = await page.evaluate(() => {
      const probe = document.createElement('div');
      probe.style.color = 'var(--vscode-panel-background)';
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
    expect(await page.evaluate(faintWords, panel)).toEqual([]);
    for (const row of (await page.locator('.row:has(.error:not(.icon))').all()).slice(0, 3)) {
      await row.hover();
      expect(await page.evaluate(faintWords, panel)).toEqual([]);
    }
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(faintWords, panel)).toEqual([]);
  });
});

describe('what a page costs to load', () => {
  it('is at most 60 kB of script', () => {
    const sizes = [...open.bundles()].filter(([path]) => path.endsWith('.js')).map(([path, contents]) => ({ path, kB: contents.length / 1000 }));
    expect(sizes.map(({ path }) => path).sort()).toEqual(['/dist/pages/convertJobs.js', '/dist/pages/convertPlan.js']);
    expect(sizes.filter(({ kB }) => kB > 60)).toEqual([]);
  });
});
