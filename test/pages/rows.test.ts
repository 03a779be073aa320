import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ranCommands } from './fakeVscode.ts';
import type { PageOptions } from './harness.ts';
import { openRowsPage } from './rowsHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { conversations, rowsFolder, shard, wideTable } from './rowsScenes.ts';
import { pagesOf } from './support.ts';

const pages = pagesOf('dataset');
let folder: string;
let chat: string;

beforeAll(async () => {
  folder = await rowsFolder();
  chat = await conversations(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(file: string, options?: PageOptions): Promise<OpenPreview> {
  const made = await pages.open((...here) => openRowsPage(...here, file, folder, options));
  await made.page.waitForSelector('.drawn [role=gridcell]');
  return made;
}

describe('the preview of rows', () => {
  it('shows rows with their pictures, what is null and what is not there', async () => {
    const { page, complaints } = await open(chat);
    expect(await page.locator('.meta').innerText()).toBe('3,000 rows · 1.43 MB');
    const image = page.locator('[data-index="0"] .medium.image img');
    await image.waitFor();
    expect(await image.evaluate((picture) => (picture as HTMLImageElement).decode().then(() => (picture as HTMLImageElement).naturalWidth))).toBeGreaterThan(100);
    expect(await page.locator('[data-index="1"]').innerText()).toContain('null');
    expect(await page.locator('[data-index="6"] .medium.lost').innerText()).toBe('lost.jpg');
    expect(complaints).toEqual([]);
  });

  it('says in place what is wrong with a row, with line and column', async () => {
    const { page } = await open(chat);
    expect(await page.locator('[data-index="4"] .whole').innerText()).toBe('No JSON: the value is not complete. Line 5, column 34.');
  });

  it('goes to any row by its number, and shows its conversation with the picture at its place', async () => {
    const { page } = await open(chat);
    await page.locator('.go input').fill('2,998');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-index="2997"].active');
    await expect.poll(() => page.locator('.inspector .where').innerText()).toBe('row 2,998');
    await page.waitForSelector('.turn.user img');
    const parts = await page.locator('.turn.user').first().locator('.attachment, .said').all();
    expect(await Promise.all(parts.map((part) => part.getAttribute('class')))).toEqual(['attachment', 'said']);
    expect(await page.locator('.turn.answer').count()).toBe(2);
  });

  it('opens the preview of a medium of a row', async () => {
    const { page } = await open(chat);
    await page.locator('[data-index="0"] .medium.image').click();
    await expect.poll(() => ranCommands.at(-1)?.[0]).toBe('vscode.open');
    expect(JSON.stringify(ranCommands.at(-1)?.[1])).toContain('images/take0.jpg');
  });

  it('finds a text below and above', async () => {
    const { page } = await open(chat);
    await page.locator('.find input').fill('MM-002000');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-index="2000"].active');
    expect(await page.locator('.found').innerText()).toBe('row 2,001');
    await page.locator('.find input').fill('mm-000123');
    await page.keyboard.press('Shift+Enter');
    await page.waitForSelector('[data-index="123"].active');
    await page.locator('.find input').fill('nowhere at all');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.found').innerText()).toBe('no match below');
  });

  it('moves by the keyboard, and sums all rows on request', async () => {
    const { page } = await open(chat);
    await page.locator('.rows-table').focus();
    await page.keyboard.press('End');
    await page.waitForSelector('[data-index="2999"].active');
    await page.keyboard.press('ArrowUp');
    await page.waitForSelector('[data-index="2998"].active');
    await page.locator('.status-bar .link').click();
    await expect.poll(() => page.locator('.status-bar').innerText()).toContain('columns summed over all rows');
  });

  it('draws of ten thousand columns those in view, and finds the others by name', async () => {
    const { page } = await open(await wideTable(folder));
    expect(await page.locator('.toolbar .columns').innerText()).toBe('30 of 10,000 columns');
    expect(await page.locator('.head [role=columnheader]').count()).toBeLessThan(12);
    await page.locator('.toolbar .columns').click();
    await page.locator('.chooser input[type=text]').fill('feature_9999');
    await page.locator('.chooser button', { hasText: 'Show only these' }).click();
    await expect.poll(() => page.locator('.head b').allInnerTexts()).toEqual(['feature_9999']);
    await expect.poll(() => page.locator('[data-index="1"] [role=gridcell]').allInnerTexts()).toEqual([String((31 + 9999 * 17) % 1000)]);
  });

  it('shows the samples of a shard, with pictures out of it', async () => {
    const { page } = await open(await shard(folder));
    expect(await page.locator('.head b').allInnerTexts()).toEqual(['key', 'jpg', 'txt', 'json']);
    await page.waitForSelector('[data-index="3"] .medium.image img');
    expect(await page.locator('[data-index="3"]').innerText()).toContain('a yellow field');
    await page.locator('[data-index="3"] .medium.image').click();
    await expect.poll(() => JSON.stringify(ranCommands.at(-1)?.[1])).toContain('shard-000000.tar!/000003.jpg');
  });

  it('says that its file has grown, was replaced or is gone', async () => {
    const file = join(folder, 'living.jsonl');
    await writeFile(file, '{"a":1}\n{"a":2}\n');
    const { page, changes } = await open(file);
    await appendFile(file, '{"a":3}\n');
    changes.fire('changed');
    await expect.poll(() => page.locator('.remark').innerText()).toContain('The file has grown by 8 B.');
    await page.waitForSelector('[data-index="2"] .figure');
    await writeFile(file, '{"b":7}\n');
    changes.fire('changed');
    await expect.poll(() => page.locator('.remark').innerText()).toContain('replaced');
    await expect.poll(() => page.locator('.head b').allInnerTexts()).toEqual(['b']);
    await rm(file);
    changes.fire('gone');
    await expect.poll(() => page.locator('.remark').innerText()).toContain('The file is gone');
    expect(await page.locator('[data-index="0"]').innerText()).toContain('7');
  });

  it('says why a file cannot be opened', async () => {
    const made = await pages.open((...here) => openRowsPage(...here, join(folder, 'nothing.jsonl'), folder));
    await expect.poll(() => made.page.locator('.stopped').innerText()).toContain('is not there');
  });

  it('takes what it was told for where the person was when it is shown anew', async () => {
    const { page, reload } = await open(chat);
    await page.locator('.go input').fill('1500');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-index="1499"].active');
    await reload();
    await page.waitForSelector('[data-index="1499"].active');
  });

  it('sends no more than is looked at', async () => {
    const { asked } = await open(chat);
    expect(asked.filter(([method]) => method === 'rows').length).toBeLessThan(3);
    expect((await readFile(chat)).length).toBeGreaterThan(1_000_000);
  });
});
