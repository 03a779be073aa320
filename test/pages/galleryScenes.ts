import type { GalleryScene, OpenGallery } from './galleryHarness.ts';
import type { PageOptions } from './harness.ts';
import type { ThemeName } from './themes.ts';

export interface GalleryLook {
  readonly scene: GalleryScene;
  readonly options?: PageOptions;
  readonly ready?: string;
  readonly act?: (open: OpenGallery) => Promise<void>;
  readonly themes?: readonly ThemeName[];
}

const SOME: GalleryScene = { count: 4821 };
const DRAWN = '.art img[src]';
const select = async ({ page }: OpenGallery, ...indices: readonly number[]) => {
  for (const index of indices) {
    await page.click(`#tile-${index} .name`, { modifiers: ['Control'] });
  }
  await page.focus('.grid');
};

export const galleryScenes: Readonly<Record<string, GalleryLook>> = {
  tiles: { scene: SOME, ready: DRAWN },
  grouped: {
    scene: SOME,
    ready: DRAWN,
    async act({ page }) {
      await page.selectOption('.group select', 'label');
      await page.waitForSelector('.group-head.pinned:not([hidden])');
      // To where the next group begins.
      for (let at = 0; (await page.locator('.group-head:not(.pinned)').count()) === 0 || at === 0; at++) {
        await page.$eval('.grid', (grid) => (grid.scrollTop += 400));
        await page.waitForTimeout(20);
      }
    },
  },
  hovered: {
    scene: SOME,
    ready: DRAWN,
    async act({ page }) {
      await page.hover('#tile-3 .art');
      await page.waitForSelector('#tile-3.hovered');
    },
  },
  selected: { scene: SOME, ready: DRAWN, act: (open) => select(open, 1, 4, 7) },
  filtered: { scene: { ...SOME, filter: 'split:train duration:100..300' }, ready: DRAWN, themes: ['dark', 'light'] },
  completion: {
    scene: SOME,
    ready: DRAWN,
    async act({ page }) {
      await page.fill('.filter input', 'kind:image,video,audio split:train ');
      await page.locator('.filter input').press('End');
      await page.locator('.filter input').pressSequentially('du');
      await page.waitForSelector('.completion');
    },
    themes: ['dark', 'light', 'contrastDark'],
  },
  problem: {
    scene: SOME,
    ready: DRAWN,
    async act({ page }) {
      await page.fill('.filter input', 'split:train nonsense > 3');
      await page.waitForSelector('.filter .problem');
    },
    themes: ['dark', 'light'],
  },
  list: { scene: SOME, ready: DRAWN, act: async ({ page }) => void (await page.click('[data-action=list]')), themes: ['dark', 'light', 'contrastDark'] },
  nothingMatches: { scene: { ...SOME, filter: 'label:spoon' }, ready: '.empty', themes: ['dark', 'light'] },
  empty: { scene: { count: 0 }, ready: '.empty', themes: ['dark'] },
  failed: { scene: { count: 0, state: 'failed', problem: '/data/home-mm may not be read by this user' }, ready: '.empty', themes: ['dark'] },
  damaged: { scene: { ...SOME, problem: 'The catalogue was damaged and is made anew (database disk image is malformed)' }, ready: DRAWN, themes: ['dark', 'light', 'contrastDark', 'contrastLight'] },
  walking: { scene: { count: 482_120, state: 'walking' }, ready: DRAWN, themes: ['dark'] },
  million: { scene: { count: 1_000_000 }, ready: DRAWN, themes: ['dark'] },
  middle: { scene: SOME, ready: DRAWN, options: { width: 700, height: 700 }, themes: ['dark'] },
  narrow: { scene: SOME, ready: DRAWN, options: { width: 360, height: 700 }, themes: ['dark', 'light'] },
  zoomed: { scene: SOME, ready: DRAWN, options: { zoom: 2 }, themes: ['dark'] },
};
