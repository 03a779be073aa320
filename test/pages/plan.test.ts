import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FakePanel, panels, serializers } from './fakeVscode.ts';
import { BASE, HOSTILE_NAMES, hostileRow, inventedJobs, inventedStatus } from './invented.ts';
import { pagesInBrowser } from './support.ts';

const open = pagesInBrowser();
const planned = () => inventedJobs({ statuses: [inventedStatus({ leftOut: { otherKinds: 12, duplicates: 3, ownOutputs: 0, unfollowed: 0 } })], atOnce: 8 });
const million = () => inventedJobs({ statuses: [inventedStatus()], rows: 1_000_000 });

const drawn = (index: number) => `[data-index="${index}"]:not([aria-busy])`;

/** The row that has the focus, and whether the whole of it is in view. */
async function focusedRow(page: Page): Promise<{ readonly index: number; readonly inView: boolean }> {
  return page.evaluate(() => {
    const row = document.activeElement as HTMLElement;
    const table = row.closest('.table')?.getBoundingClientRect();
    const head = document.querySelector('.table .columns')?.getBoundingClientRect();
    const box = row.getBoundingClientRect();
    return {
      index: Number(row.dataset['index'] ?? -1),
      inView: table !== undefined && head !== undefined && box.top >= head.bottom - 1 && box.bottom <= table.bottom + 1,
    };
  });
}

/** The first row of which more than half is in view. */
async function topRow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const top = document.querySelector('.table .columns')?.getBoundingClientRect().bottom ?? 0;
    const rows = [...document.querySelectorAll<HTMLElement>('[data-index]')];
    return Number(rows.find((row) => row.getBoundingClientRect().top >= top - 12)?.dataset['index'] ?? -1);
  });
}

describe('the page of a plan', () => {
  it('says what is to be done, and that nothing is done yet', async () => {
    const { page, panel, complaints } = await open.plan(planned());
    await page.waitForSelector(drawn(0));
    expect(panel.title).toBe('Plan: FLAC, lossless');
    expect(await page.innerText('header')).toMatch(/Plan: FLAC, lossless[\s\S]*home-mm\/audio[\s\S]*nothing written yet/);
    expect((await page.locator('.sum').allInnerTexts()).map((text) => text.replaceAll('\n', ' '))).toEqual([
      '4,590 write',
      '82 replace',
      '1,104 skip',
      '205 cannot',
      '48.9 GB to read',
      '412 GB free at home-mm/audio-flac',
      '15 left out',
      '8 at once',
    ]);
    expect(await page.getAttribute('.sum:has-text("left out")', 'title')).toBe('Left out: 12 of other kinds, 3 further names of files');
    expect(await page.locator(`${drawn(6)} [role=gridcell]`).allInnerTexts()).toEqual(['Cannot', 'bench_take_07.wav', 'none', '0 B', '–', 'empty file']);
    expect(complaints).toEqual([]);
  });

  it('starts the job by its command, once', async () => {
    const face = await open.plan(planned());
    let finish: (value: unknown) => void = () => undefined;
    face.onCommand = () => new Promise((resolve) => (finish = resolve));
    await face.page.dblclick('[data-action=runPlan]');
    await face.page.waitForSelector('[data-action=runPlan][aria-disabled=true]');
    expect(face.commands).toEqual([['trainyard.convert.runPlan', inventedStatus().id]]);
    finish(undefined);
    await face.page.waitForSelector('[data-action=runPlan][aria-disabled=false]');
  });

  it.each([
    ['editOptions', 'trainyard.convert.editOptions'],
    ['copyCommand', 'trainyard.jobs.copyCommand'],
  ])('%s runs %s', async (action, command) => {
    const face = await open.plan(planned());
    await face.page.click(`[data-action=${action}]`);
    await face.page.waitForSelector(`[data-action=${action}][aria-disabled=false]`);
    expect(face.commands).toEqual([[command, inventedStatus().id]]);
  });

  it('shows why a command failed, and lets it be dismissed', async () => {
    const face = await open.plan(planned());
    face.onCommand = () => Promise.reject(new Error('The output folder is gone. \u202echoose another'));
    await face.page.click('[data-action=runPlan]');
    expect(await face.page.innerText('[role=alert]')).toBe('The output folder is gone. \\u202echoose another');
    await face.page.click('[aria-label=Dismiss]');
    expect(await face.page.locator('[role=alert]').count()).toBe(0);
  });

  it('shows why a command failed that had begun well', async () => {
    const face = await open.plan(planned());
    let fail: (error: Error) => void = () => undefined;
    face.onCommand = () => new Promise((_resolve, reject) => (fail = reject));
    await face.page.click('[data-action=runPlan]');
    await face.page.waitForSelector('[data-action=runPlan][aria-disabled=false]');
    fail(new Error('The disk is full.'));
    expect(await face.page.innerText('[role=alert]')).toBe('The disk is full.');
  });

  it('shows why rows cannot be read, and reads them when asked again', async () => {
    const store = planned();
    store.broken = 'plan.jsonl:17 is not JSON';
    const { page } = await open.plan(store);
    expect(await page.innerText('[role=alert] .words')).toBe('The rows could not be read: plan.jsonl:17 is not JSON');
    store.broken = undefined;
    await page.click('text=Try Again');
    await page.waitForSelector(drawn(0));
    expect(await page.locator('[role=alert]').count()).toBe(0);
  });

  it('filters by action and by part of the path, says where nothing matches, and clears', async () => {
    const store = planned();
    const { page } = await open.plan(store);
    await page.click('.sum.refuse');
    await page.fill('.search input', 'DIALOG_0000016');
    await page.waitForSelector('[data-index="0"] [title$="dialog_0000016.wav"]');
    expect(await page.locator('[data-index]').count()).toBe(1);
    expect(store.planReads.at(-1)?.filter).toEqual({ actions: ['refuse'], text: 'DIALOG_0000016' });
    await page.fill('.search input', 'no such file');
    await page.click('text=Clear Filter');
    await page.waitForSelector('[data-index="0"] [title$="bench_take_01.wav"]');
    expect(await page.inputValue('.search input')).toBe('');
    expect(await page.getAttribute('.sum.refuse', 'aria-pressed')).toBe('false');
  });

  it('shows hostile names as text, each in one line that reads as it is', async () => {
    const { page, complaints } = await open.plan(inventedJobs({ statuses: [inventedStatus({ title: '<b>x</b>\u202e' })], row: hostileRow, rows: 10 }));
    await page.waitForSelector(drawn(9));
    const shown = await page.locator('[data-index] .source').allInnerTexts();
    expect(shown.map((text) => text.replaceAll('\n', ''))).toEqual(
      HOSTILE_NAMES.map((name) => name.replace('\n', '\\u000a').replace('\t', '\\u0009').replace('\u202e', '\\u202e').replace('\u0007', '\\u0007').replace('\u001b', '\\u001b')),
    );
    expect(await page.locator('main img, main b b').count()).toBe(0);
    const heights = await page.locator('[data-index]').evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    expect(new Set(heights)).toEqual(new Set([24]));
    expect(complaints).toEqual([]);
  });

  it('tells while files are looked at, and shows them when the plan is there', async () => {
    const store = inventedJobs({ statuses: [inventedStatus({ state: 'planning' })] });
    const { page } = await open.plan(store);
    await page.waitForSelector('text=Looking at the files');
    expect(store.planReads).toEqual([]);
    store.set(inventedStatus().id, inventedStatus());
    await page.waitForSelector(drawn(0));
    expect(await page.innerText('[data-action=runPlan]')).toBe('Start 4,672 files');
  });

  it('follows the run, and then says what came of it', async () => {
    const store = planned();
    const { page } = await open.plan(store);
    const counts = { ...inventedStatus().counts, done: 2890, failed: 40 };
    store.set(inventedStatus().id, inventedStatus({ state: 'running', startedAt: 1, progress: 0.62, secondsLeft: 241, counts }));
    await page.waitForSelector('[role=progressbar][aria-valuenow="62"]');
    expect(await page.innerText('.pace')).toMatch(/2,930 of 4,672\s+40 failed\s+62\u202f% · ~4 min/);
    expect(await page.locator('[data-action=runPlan]').count()).toBe(0);
    store.set(inventedStatus().id, inventedStatus({ state: 'done', startedAt: 1, endedAt: 2, progress: 1, counts: { ...counts, done: 4632 } }));
    await page.waitForSelector('text=/4,632 of 4,672 files written/');
    expect(await page.locator('header button').evaluateAll((all) => all.map((button) => (button as HTMLElement).dataset['action']))).toEqual(['openLog', 'showJobs', 'retryFailed', 'revealOutput']);
  });

  it('says why there is no plan', async () => {
    const none = { write: 0, replace: 0, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0 };
    const store = inventedJobs({ statuses: [inventedStatus({ state: 'failed', counts: none, problem: 'The folder cannot be written to.' })], rows: 0 });
    const { page } = await open.plan(store);
    expect(await page.innerText('[role=alert]')).toBe('The folder cannot be written to.');
    store.set(inventedStatus().id, inventedStatus({ counts: none }));
    await page.waitForSelector('text=No files to convert');
    store.set(inventedStatus().id, undefined);
    await page.waitForSelector('text=This plan is no more');
  });

  it('collects nothing while it is hidden, and is whole and where it was when it is shown again', async () => {
    const store = planned();
    const { page, panel, reload } = await open.plan(store);
    await page.click('.sum.skip');
    await page.waitForSelector(`${drawn(0)} .icon.skip`);
    await page.focus('[data-index="0"]');
    for (let press = 0; press < 40; press++) {
      await page.keyboard.press('ArrowDown');
    }
    await page.waitForSelector(`${drawn(40)}[aria-selected=true]`);
    panel.setVisible(false);
    expect(store.watchers).toBe(0);
    store.set(inventedStatus().id, inventedStatus({ state: 'running', progress: 0.5 }));
    await reload();
    panel.setVisible(true);
    await page.waitForSelector('[role=progressbar][aria-valuenow="50"]');
    await page.waitForSelector(`${drawn(40)}[aria-selected=true]`);
    expect(await page.getAttribute('.sum.skip', 'aria-pressed')).toBe('true');
  });

  it('has one tab a job, which a reload of the window brings back', async () => {
    const { page, panel, pages } = await open.plan(planned());
    await page.waitForSelector(drawn(0));
    const count = panels.length;
    pages.open(inventedStatus().id);
    expect([panels.length - count, panel.revealed]).toEqual([0, 1]);
    const saved = await page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}') as unknown);
    expect(saved).toMatchObject({ id: inventedStatus().id });
    const restored = new FakePanel('Plan');
    panel.dispose();
    await serializers.get('trainyard.plan')?.deserializeWebviewPanel(restored, saved);
    expect(restored.webview.html).toContain('convertPlan.js');
  });

  it('closes a tab of which it is not known what it showed', async () => {
    await open.plan(planned());
    const stranger = new FakePanel('Plan');
    let closed = 0;
    stranger.onDidDispose(() => closed++);
    await serializers.get('trainyard.plan')?.deserializeWebviewPanel(stranger, { id: 7 });
    expect(closed).toBe(1);
  });
});

describe('a table of 1,000,000 rows', () => {
  it('draws a few dozen of them, and reads a page or two', async () => {
    const store = million();
    const { page } = await open.plan(store);
    await page.waitForSelector(drawn(0));
    expect(await page.locator('[data-index]').count()).toBeLessThan(60);
    expect(await page.getAttribute('[role=grid]', 'aria-rowcount')).toBe('1000001');
    expect(store.planReads).toEqual([{ offset: 0, count: 200, filter: {} }]);
  });

  it('is walked by the keyboard, from the first to the last row', async () => {
    const { page } = await open.plan(million());
    await page.waitForSelector(drawn(0));
    await page.focus(drawn(0));
    await page.keyboard.press('ArrowDown');
    expect(await focusedRow(page)).toEqual({ index: 1, inView: true });
    await page.keyboard.press('PageDown');
    const { index: paged } = await focusedRow(page);
    expect(paged).toBeGreaterThan(5);
    await page.keyboard.press('End');
    await page.waitForSelector(drawn(999_999));
    expect(await focusedRow(page)).toEqual({ index: 999_999, inView: true });
    expect(await page.getAttribute('[data-index="999999"]', 'aria-rowindex')).toBe('1000001');
    expect(await page.innerText('.details')).toContain(`${BASE}/session-999/dialog_0999999.wav`);
    await page.keyboard.press('PageUp');
    const back = await focusedRow(page);
    expect([back.inView, back.index < 999_999, back.index > 999_900]).toEqual([true, true, true]);
    await page.keyboard.press('ArrowUp');
    expect(await focusedRow(page)).toEqual({ index: back.index - 1, inView: true });
    await page.keyboard.press('Home');
    await page.waitForSelector(drawn(0));
    expect(await focusedRow(page)).toEqual({ index: 0, inView: true });
  });

  it('is scrolled by a wheel row by row, wherever it stands', async () => {
    const { page } = await open.plan(million());
    await page.waitForSelector(drawn(0));
    await page.locator('.table').evaluate((table) => (table.scrollTop = table.scrollHeight / 2));
    await page.waitForFunction(() => !document.querySelector('[data-index][aria-busy]') && !document.querySelector('[data-index="0"]'));
    const before = await topRow(page);
    expect(Math.abs(before - 500_000)).toBeLessThan(200);
    await page.hover('.table');
    await page.mouse.wheel(0, 240);
    await page.waitForFunction((index) => {
      const top = document.querySelector('.table .columns')?.getBoundingClientRect().bottom ?? 0;
      const row = document.querySelector(`[data-index="${index}"]`);
      return row !== null && Math.abs(row.getBoundingClientRect().top - top) < 25;
    }, before + 10);
  });

  it('shows the last row where the scroll bar ends, and does not blank on the way', async () => {
    const store = million();
    const { page } = await open.plan(store);
    await page.waitForSelector(drawn(0));
    const uncovered = await page.locator('.table').evaluate(async (table) => {
      const holes: number[] = [];
      for (let step = 0; step <= 40; step++) {
        table.scrollTop = (table.scrollHeight * step) / 40;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const view = table.getBoundingClientRect();
        const rows = [...table.querySelectorAll('[data-index]')].map((row) => row.getBoundingClientRect());
        const first = rows[0];
        const last = rows.at(-1);
        if (!first || !last || first.top > view.top + 26 || last.bottom < view.bottom - 1) {
          holes.push(step);
        }
      }
      return holes;
    });
    expect(uncovered).toEqual([]);
    await page.waitForSelector(drawn(999_999));
    // 40 places were passed; only those where the reading caught up were asked for.
    expect(store.planReads.length).toBeLessThanOrEqual(90);
  });

  it('keeps the keyboard when its row is scrolled out of view', async () => {
    const { page } = await open.plan(million());
    await page.waitForSelector(drawn(0));
    await page.focus(drawn(0));
    await page.locator('.table').evaluate((table) => (table.scrollTop = 2_000_000));
    await page.waitForFunction(() => !document.querySelector('[data-index="0"]'));
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('table');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector(drawn(1));
    expect(await focusedRow(page)).toEqual({ index: 1, inView: true });
  });

  it.each([
    ['at a zoom of 300 %', 1_000_000, 3],
    ['of 5,000,000, which are higher than a browser can scroll', 5_000_000, 1],
  ])('reaches its last row %s', async (_name, rows, zoom) => {
    const { page } = await open.plan(inventedJobs({ statuses: [inventedStatus()], rows }), { width: 400 * zoom, height: 500 * zoom, zoom });
    await page.waitForSelector(drawn(0));
    await page.locator('.table').evaluate((table) => (table.scrollTop = table.scrollHeight));
    await page.waitForSelector(drawn(rows - 1));
    await page.focus(drawn(rows - 1));
    expect((await focusedRow(page)).inView).toBe(true);
  });
});

describe('the keyboard in a plan', () => {
  it('goes from region to region by F6, and leaves the page after the last', async () => {
    const { page } = await open.plan(planned());
    await page.waitForSelector(drawn(0));
    await page.evaluate(() => addEventListener('keydown', (event) => event.key === 'F6' && document.body.setAttribute('data-left', 'yes')));
    const where = () => page.evaluate(() => document.activeElement?.closest('header, .sums, [role=grid]')?.className ?? '');
    await page.focus('[data-action=editOptions]');
    const places = [await where()];
    for (let press = 0; press < 2; press++) {
      await page.keyboard.press('F6');
      places.push(await where());
    }
    expect(places).toEqual(['bar', 'sums number', 'table']);
    expect(await page.getAttribute('body', 'data-left')).toBeNull();
    await page.keyboard.press('F6');
    expect(await page.getAttribute('body', 'data-left')).toBe('yes');
  });

  it('stops once in the table, however many rows it has', async () => {
    const { page } = await open.plan(planned());
    await page.waitForSelector(drawn(0));
    expect(await page.locator('.table[tabindex="0"], .table [tabindex="0"]').count()).toBe(1);
    await page.focus('.search input');
    await page.keyboard.press('Tab');
    expect((await focusedRow(page)).index).toBe(0);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.table'))).toBeNull();
  });
});

describe('a narrow plan', () => {
  it.each([
    ['300 px wide', { width: 300, height: 600 }],
    ['700 px wide at a zoom of 200 %', { width: 700, height: 500, zoom: 2 }],
  ])('shows every action and does not scroll sideways, %s', async (_name, options) => {
    const { page } = await open.plan(planned(), options);
    await page.waitForSelector(drawn(0));
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('header button, .sum.filter, .search')].filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return left < 0 || right > innerWidth || width < 20;
      }).length,
    );
    expect(outside).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && (document.querySelector('.table')?.scrollWidth ?? 0) <= innerWidth)).toBe(true);
    expect(await page.innerText('[data-action=runPlan]')).toBe('Start 4,672 files');
  });
});
