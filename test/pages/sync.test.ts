import { describe, expect, it } from 'vitest';
import { SyncError } from '../../src/sync/syncError.ts';
import { planOf, TARGET } from '../unit/sync/view/inventedPlan.ts';
import { faintWords } from './faintWords.ts';
import type { PageOptions } from './harness.ts';
import { pagesOf } from './support.ts';
import { openSyncPlan } from './syncHarness.ts';
import type { InventedWork, OpenPlan } from './syncHarness.ts';
import { startRuns } from './syncLook.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';

const pages = pagesOf('sync', ['plan']);

async function open(work?: InventedWork, options?: PageOptions, ready = '.table .drawn .name'): Promise<OpenPlan> {
  const made = await pages.open((browser, bundles) => openSyncPlan(browser, bundles, work, options));
  await made.page.waitForSelector(ready);
  return made;
}

const row = (name: string): string => `.table .drawn .row:has(.name:text-is("${name}"))`;

describe('the page of a plan', () => {
  it('runs what is ticked, and nothing before it is told to', async () => {
    const { page, done, progress } = await open();
    expect(await page.textContent('.commit .ticked')).toBe('3,202 files · 21.8 GB');
    await page.click(`${row('sensor')} .tick`);
    await page.waitForSelector('.commit .ticked:text("3,088 files · 14.6 GB")');
    expect(done).toEqual([]);
    await page.click('.commit .main');
    await page.waitForSelector('.commit .main[aria-disabled="true"]');
    expect([...progress.keys()].sort()).toEqual(['anvil-1', 'forge-3', 'forge-4']);
    expect(done).toContain('run forge-3 3089');
    // The others' plans are ticked as they started out.
    expect(done).toContain('run forge-4 3203');
  });

  it('lets deletions be ticked once the folder’s name was typed, and not for another name', async () => {
    const { page } = await open();
    expect(await page.locator(`${row('val')} .tick.none`).count()).toBe(1);
    await page.fill('.release input', 'vals');
    await page.click('.release button');
    await page.waitForSelector('.note.bad:has-text("not the folder")');
    await page.fill('.release input', 'val');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`${row('val')} .tick.off`);
    await page.click(`${row('tmp')} .tick`);
    await page.waitForSelector('.commit .ticked:text("24 to delete")');
  });

  it('decides conflicts one by one and compares both sides', async () => {
    const { page, done } = await open();
    const conflict = page.locator(row('instances_train.json'));
    await conflict.getByText('Compare').click();
    await conflict.getByText('Keep here').click();
    await page.waitForSelector(`${row('instances_train.json')} .tick.on`);
    expect(done).toEqual(['compare labels/instances_train.json']);
    await conflict.getByText('Keep there').click();
    await page.waitForSelector(`${row('instances_train.json')} .tick.off`);
  });

  it('is a tree for the keyboard: arrows open and close, Space ticks', async () => {
    const { page } = await open();
    await page.focus('.table [data-index="0"]');
    await page.keyboard.press('ArrowDown');
    expect(await page.getAttribute('.row.active', 'aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('.row.active[aria-expanded="false"]');
    expect(await page.locator(row('take021')).count()).toBe(0);
    await page.keyboard.press('Space');
    await page.waitForSelector('.row.active[aria-checked="false"]');
    await page.keyboard.press('ArrowLeft');
    expect(await page.textContent('.row.active .name')).toBe('home-mm');
  });

  it('filters by kind and by path', async () => {
    const { page } = await open();
    await page.click('.chip.delete');
    await page.waitForFunction(() => document.querySelector('[role=treegrid]')?.getAttribute('aria-rowcount') === '5');
    await page.click('.chip.delete');
    await page.fill('.search input', 'no such name');
    await page.waitForSelector('.state:has-text("Nothing matches")');
    await page.click('.state .button');
    await page.waitForSelector(row('images'));
  });

  it('shows how far each box is, a dead one holding up no other, and offers to undo what is done', async () => {
    const open_ = await open();
    await startRuns(open_);
    const { page, finish, done } = open_;
    expect(await page.locator('.boxes .line').allTextContents()).toEqual([
      expect.stringMatching(/forge-3\s+29.9 of 48.2 GB · 2,118 of 3,412 files\s+410 MB\/s · ~45 s/),
      expect.stringMatching(/forge-4\s+all sent · finishing/),
      expect.stringMatching(/anvil-1\s+No answer since 14:31. 3.90 GB sent, kept\s+try 3 of 5 in \d+ s/),
    ]);
    finish.get('forge-4')?.({ state: 'done', created: 3000, updated: 412, deleted: 0, bytes: 48.2e9, seconds: 124, left: [], trash: '2026-11-02' });
    finish.get('anvil-1')?.(new SyncError('unreachable', 'anvil-1 does not answer.'));
    await page.waitForSelector('.line:has-text("3,412 items sent · 48.2 GB in 2 min 4 s")');
    await page.waitForSelector('.line:has-text("anvil-1 does not answer.") >> text=Try Again');
    await page.click('[aria-label="Undo this sync: forge-4"]');
    await page.waitForSelector('.line:has-text("put back")');
    expect(done).toContain('undo forge-4');
  });

  it('says why a box could not be compared and what to do about it', async () => {
    const { page, done } = await open(
      {
        target: { ...TARGET, boxes: ['forge-3'] },
        plan: async () => {
          throw new SyncError('signIn', 'forge-3 needs signing in: Permission denied (publickey).');
        },
      },
      {},
      '.state',
    );
    expect(await page.textContent('.state')).toContain('Permission denied (publickey).');
    await page.click('.state .main');
    await expect.poll(() => done).toEqual(['signIn forge-3']);
  });

  it('cannot run past a guard that refuses', async () => {
    const guards = [{ code: 'rootEmptied', severity: 'refused', message: 'The folder here is empty and was not before.' }] as const;
    const { page, done } = await open({ plan: async (target, box) => ({ plan: planOf(box, { guards, target }), tool: 'rsync 3.2.7' }) });
    expect(await page.getAttribute('.commit .main', 'aria-disabled')).toBe('true');
    await page.click('.commit .main', { force: true });
    await page.waitForSelector('.note.bad:has-text("was not before")');
    expect(done).toEqual([]);
  });
});

describe.each(Object.keys(THEMES) as ThemeName[])('in the theme %s', (theme) => {
  it('every word stands out from what is behind it, and nothing is complained of', async () => {
    const open_ = await open({}, { theme });
    await startRuns(open_);
    expect(await open_.page.evaluate(faintWords, 'rgb(0, 0, 0)')).toEqual([]);
    expect(open_.complaints).toEqual([]);
  });
});

it('keeps its one action in sight at 200 % zoom and in a narrow tab', async () => {
  for (const options of [{ width: 1038, height: 660, zoom: 2 }, { width: 420, height: 640 }]) {
    const { page } = await open({}, options);
    const box = await page.locator('.commit .main').boundingBox();
    const { width, height } = page.viewportSize()!;
    expect(box!.x + box!.width).toBeLessThanOrEqual(width);
    expect(box!.y + box!.height).toBeLessThanOrEqual(height);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
});
