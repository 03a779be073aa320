import { openGallery } from '../../pages/galleryHarness.ts';
import { bundlePages } from '../../pages/harness.ts';
import { startBrowser } from '../../vscode/browser.ts';
import { alone } from '../row.ts';
import type { Bench } from '../row.ts';

const ITEMS = 1_000_000;
/** Frames that are measured, after some that are not. */
const FRAMES = 400;
const WARM_UP = 40;

/** A gallery of a million items in Chromium: how even its frames are while it scrolls, and what a screen of it costs to send. */
export const gallery: Bench = {
  room: 'dataset',
  name: 'gallery',
  async run() {
    const [browser, bundles] = await Promise.all([startBrowser(), bundlePages('dataset')]);
    try {
      const open = await openGallery(browser, bundles, { count: ITEMS });
      const { page } = open;
      await page.waitForSelector('.art img[src]');
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable');
      const busy = async () => (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
      const rows = [];
      // As a wheel moves it, and as one who looks for something does.
      for (const [name, step] of [['at reading speed', 12], ['fast', 160]] as const) {
        const before = await busy();
        const frames = await page.evaluate(scroll, { step, frames: FRAMES, warmUp: WARM_UP });
        const perFrame = ((await busy()) - before) / (FRAMES + WARM_UP);
        rows.push(alone('dataset', `gallery of 1,000,000 items scrolled ${name}: 95 of 100 frames within`, percentile(frames, 0.95), 25, 'ms'));
        rows.push(alone('dataset', `gallery of 1,000,000 items scrolled ${name}: the page's thread is busy for each frame`, perFrame * 1000, 16.7, 'ms'));
      }
      open.sentBytes();
      await page.$eval('.grid', (grid) => (grid.scrollTop = grid.scrollHeight / 2));
      await page.waitForFunction(() => [...document.querySelectorAll('.tile')].every((tile) => tile.querySelector('.name')?.textContent !== ''));
      await page.waitForFunction(() => {
        const { top, bottom } = document.querySelector('.grid')!.getBoundingClientRect();
        return [...document.querySelectorAll('.tile')].every((tile) => {
          const box = tile.getBoundingClientRect();
          return box.bottom < top || box.top > bottom || tile.querySelector('img[src], canvas:not([hidden]), .words:not([hidden]), .state.broken, .state.vanished') !== null;
        });
      });
      rows.push(alone('dataset', 'bytes sent to the page for a screen of 25 tiles never seen before', open.sentBytes() / 1000, 1000, 'kB'));
      // What this machine can do just now: a page with nothing in it.
      await page.setContent('<div class="grid" style="height:700px;overflow:auto"><div style="height:4000000px"></div></div>');
      const empty = await page.evaluate(scroll, { step: 12, frames: FRAMES, warmUp: WARM_UP });
      rows.push(alone('dataset', 'the same of an empty page, for comparison: 95 of 100 frames within', percentile(empty, 0.95), null, 'ms'));
      return rows;
    } finally {
      await browser.close();
    }
  },
};

/** Runs in the page: milliseconds between frames while it scrolls. */
async function scroll({ step, frames, warmUp }: { readonly step: number; readonly frames: number; readonly warmUp: number }): Promise<number[]> {
  const grid = document.querySelector('.grid') as HTMLElement;
  const times: number[] = [];
  let last = 0;
  for (let frame = 0; frame < frames + warmUp; frame++) {
    const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve));
    if (frame > warmUp) {
      times.push(now - last);
    }
    last = now;
    grid.scrollTop += step;
  }
  return times;
}

function percentile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? NaN;
}
