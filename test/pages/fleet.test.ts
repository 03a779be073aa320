import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../vscode/browser.ts';
import { inventedFleet, unknownFleet } from '../unit/monitor/view/inventedFleet.ts';
import { faintWords } from './faintWords.ts';
import { openFleet } from './fleetHarness.ts';
import type { OpenFleet } from './fleetHarness.ts';
import { fleetScenes } from './fleetScenes.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { crowding } from './monitorCrowding.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';

let browser: Browser;
let bundles: Awaited<ReturnType<typeof bundlePages>>;
const opened: OpenFleet[] = [];

beforeAll(async () => {
  [browser, bundles] = await Promise.all([startBrowser(), bundlePages('monitor')]);
});
afterEach(async () => {
  for (const { page, dispose } of opened.splice(0)) {
    dispose();
    await page.context().close();
  }
});
afterAll(() => browser.close());

/** null: nothing has been told yet. */
async function open(machines: Exclude<Parameters<typeof openFleet>[2], undefined> | null = inventedFleet, options: PageOptions = {}): Promise<OpenFleet> {
  const made = await openFleet(browser, bundles, machines ?? undefined, options);
  opened.push(made);
  await made.page.waitForSelector(machines ? '.row.box' : '.none');
  return made;
}

const titles = ({ page }: OpenFleet) => page.locator('.row.box .title b').allTextContents();

describe('the fleet', () => {
  it('has a row for each box with its GPUs, who holds them, and how many are free', async () => {
    const fleet = await open();
    expect(await titles(fleet)).toEqual(['hgx-01', 'hgx-02', 'hgx-03', 'atlas-02', 'lab-04', 'lab-05', 'render-1', 'hgx-04']);
    const row = fleet.page.locator('.row.box', { hasText: 'hgx-02' });
    expect(await row.locator('.tile .holder').allTextContents()).toEqual(['mkim', 'mkim', 'mkim', 'mkim', 'free', 'free', 'free', 'free']);
    expect(await row.locator('.end').innerText()).toMatch(/^4\s+GPUs free$/);
    expect(await fleet.page.locator('.counts').textContent()).toBe('8 boxes · 8 GPUs free of 43 known · 13 mine · 3 boxes not readable');
    expect(fleet.complaints).toEqual([]);
  });

  it('says a row whole to a screen reader, and nothing of an old one as if it were so', async () => {
    const { page } = await open();
    expect(await page.locator('.row.box', { hasText: 'lab-05' }).getAttribute('aria-label')).toMatch(/^lab-05, 4 × RTX 6000 Ada Generation, 2 free, seen \d s ago, GPU 0 free, GPU 1 free, GPU 2 ana 0 percent, GPU 3 ana 14 percent$/);
    expect(await page.locator('.row.box', { hasText: 'lab-04' }).getAttribute('aria-label')).toMatch(/^lab-04, 4 × A100-PCIE-40GB, Stale, seen 6 min ago, The link is cut/);
  });

  it('opens a box at a click and by the keyboard, which goes from row to row', async () => {
    const { page, asked } = await open();
    await page.locator('.row.box', { hasText: 'hgx-03' }).locator('.tile').first().click();
    await page.locator('.row.box', { hasText: 'hgx-03' }).focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Open lab-05' }).click();
    await expect.poll(() => asked).toEqual(['hgx-03', 'hgx-02', '', 'lab-05'].map((key) => ({ action: 'open', key })));
    expect(await page.locator('.row.box[tabindex="0"]').count()).toBe(1);
  });

  it('signs in to a box, tries one again, and adds one, without opening it', async () => {
    const { page, asked } = await open();
    await page.locator('.row.box [data-action=signIn]').click();
    await page.locator('.row.box', { hasText: 'hgx-04' }).getByText('Retry').click();
    await page.click('[data-action=retryAll]');
    await page.click('[data-action=addBox]');
    await expect.poll(() => asked).toEqual([{ action: 'signIn', key: 'render-1' }, { action: 'retryBox', key: 'hgx-04' }, { action: 'retryAll' }, { action: 'addBox' }]);
  });

  it('is filtered, cleared by Escape, and put in another order that is found again', async () => {
    const fleet = await open();
    const { page, reload } = fleet;
    await page.fill('.input input', 'joon h200');
    expect(await titles(fleet)).toEqual(['hgx-03']);
    await page.fill('.input input', 'nobody');
    expect(await page.locator('.none').textContent()).toBe('No box matches the filter.');
    await page.keyboard.press('Escape');
    await page.click('[data-value=free]');
    expect((await titles(fleet))[0]).toBe('hgx-02');
    await reload();
    await page.waitForSelector('.row.box');
    expect((await titles(fleet))[0]).toBe('hgx-02');
  });

  it('waits, and invites where there is no other box yet', async () => {
    expect(await (await open(null)).page.locator('.none').textContent()).toBe('Asking for your boxes…');
    const { page, asked } = await open((now) => inventedFleet(now).slice(0, 1));
    await page.click('[data-action=addFirst]');
    await expect.poll(() => asked).toEqual([{ action: 'addBox' }]);
  });

  it('tells a screen reader when a box is lost and found, and never a number', async () => {
    const { page, show } = await open();
    show((now) => inventedFleet(now).map((machine) => (machine.alias === 'hgx-02' ? { ...machine, link: { kind: 'stale', since: now - 16_000 } } : machine)));
    await expect.poll(() => page.locator('[role=status]').textContent()).toBe('hgx-02: Stale, seen 16 s ago');
    show(inventedFleet);
    await expect.poll(() => page.locator('[role=status]').textContent()).toBe('hgx-02 is read again');
  });

  it('keeps the row that has the focus while values come', async () => {
    const { page, show } = await open();
    await page.locator('.row.box', { hasText: 'hgx-03' }).focus();
    show(inventedFleet);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['key'])).toBe('hgx-03');
  });

  it('is safe from what a box calls itself', async () => {
    const { page, complaints } = await open((now) => unknownFleet(now).map((machine) => ({ ...machine, title: '<img src=x onerror=alert(1)>\u202e' })));
    expect(await page.locator('.row.box img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe.each(Object.keys(THEMES) as ThemeName[])('in the theme %s', (theme) => {
  it.each(['all', 'unknown', 'alone'])('every word of the fleet (%s) stands out from what is behind it', async (name) => {
    const { page, complaints } = await open(fleetScenes[name]!.machines, { theme });
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

describe.each([1392, 1199, 999, 759, 599, 479, 300])('%d pixels wide', (width) => {
  it.each(['all', 'unknown'])('nothing of the fleet (%s) is beyond its side, and no row’s cells overlap', async (name) => {
    const { page } = await open(fleetScenes[name]!.machines, { width, height: 900 });
    const { beyond, overlapping } = await page.evaluate(crowding);
    expect([beyond, overlapping]).toEqual([[], []]);
  });
});
