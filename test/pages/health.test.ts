import { describe, expect, it } from 'vitest';
import type { PageOptions } from './harness.ts';
import { healthScenes, openHealth } from './healthHarness.ts';
import type { HealthScene, OpenHealth } from './healthHarness.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset');

async function open(scene: HealthScene, options?: PageOptions): Promise<OpenHealth> {
  const made = await pages.open((...here) => openHealth(...here, scene, options));
  await made.page.waitForSelector('.toolbar .meta');
  return made;
}

describe('the page of a dataset’s health', () => {
  it('lists kinds of problems by what comes of them, and the problems of the first', async () => {
    const { page, complaints } = await open(healthScenes.found);
    expect(await page.locator('.consequence h2').allInnerTexts()).toEqual(['Will stop a run', 'Will bias the result', 'Worth a look']);
    expect(await page.locator('.group').first().innerText()).toMatch(/Cannot be decoded[\s\S]*23/);
    await page.waitForSelector('.table .drawn .row .message');
    expect(await page.locator('.table .drawn .row').first().innerText()).toMatch(/train_00\.jsonl/);
    expect(complaints).toEqual([]);
  });

  it('says how much is not checked', async () => {
    const { page } = await open(healthScenes.found);
    expect(await page.locator('.groups .note').innerText()).toBe('38\u202f% of the items are not checked. The counts below can only grow.');
  });

  it('lays a pair side by side and underlines what differs', async () => {
    const { page } = await open(healthScenes.found);
    await page.click('.group:has-text("Same item in two splits")');
    await page.waitForSelector('.art img >> nth=1');
    expect(await page.locator('.pair figure').first().locator('.differs').allInnerTexts()).toEqual(['2964×2000', '1.82 MB', 'motorcycle']);
    await page.keyboard.press('.');
    await expect.poll(() => page.locator('.pair-bar .number').innerText()).toBe('Pair 2 of 37');
    // The picture itself is drawn, not only its frame.
    await expect.poll(() => page.locator('.art img').first().evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(320);
  });

  it('opens a problem by keyboard', async () => {
    const { page, asked } = await open(healthScenes.found);
    await page.waitForSelector('.table .drawn .row .message');
    await page.locator('.table .drawn .row').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => asked.filter(([method]) => method === 'open').at(-1)?.[1]).toEqual({ code: 'media/undecodable', index: 1 });
  });

  it('keeps the chosen kind while counts grow, and after it was hidden', async () => {
    const made = await open(healthScenes.found);
    await made.page.click('.group:has-text("Mixed sample rates")');
    made.show({ ...healthScenes.found, groups: [{ code: 'media/zero-bytes', consequence: 'stops', title: 'Zero bytes', detail: '', count: 1, form: 'rows' }, ...healthScenes.found.groups] });
    await expect.poll(() => made.page.locator('.group').count()).toBe(9);
    expect(await made.page.locator('.group[aria-selected=true]').innerText()).toContain('Mixed sample rates');
    await made.reload();
    await expect.poll(() => made.page.locator('.group[aria-selected=true]').innerText()).toContain('Mixed sample rates');
  });

  it('offers to check where nothing was checked, and to stop while it runs', async () => {
    const { page, asked, show } = await open(healthScenes.never);
    await page.click('.empty .button');
    expect(asked.at(-1)).toEqual(['start', { full: false }]);
    show(healthScenes.running);
    await page.click('.toolbar .button:has-text("Stop")');
    expect(asked.some(([method]) => method === 'stop')).toBe(true);
  });

  it('says that all is well only of what was checked', async () => {
    const { page } = await open(healthScenes.sound);
    expect(await page.locator('.empty').innerText()).toContain('No problems in 48,212 items.');
  });

  it.each([{ width: 420, height: 640 }, { width: 1000, height: 700, zoom: 2 }])('scrolls nothing sideways: %o', async (options) => {
    const { page } = await open(healthScenes.found, options);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
