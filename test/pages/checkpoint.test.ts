import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../vscode/browser.ts';
import { madeCheckpoints, openCheckpointPage } from './checkpointHarness.ts';
import type { OpenCheckpoint } from './checkpointHarness.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';

let browser: Browser;
let bundles: Awaited<ReturnType<typeof bundlePages>>;
let folder: string;
let opened: OpenCheckpoint | undefined;

beforeAll(async () => {
  [browser, bundles, folder] = await Promise.all([startBrowser(), bundlePages('sync', ['checkpoint']), madeCheckpoints()]);
});
afterEach(async () => {
  opened?.dispose();
  await opened?.page.context().close();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(name: string, options?: PageOptions) {
  opened = await openCheckpointPage(browser, bundles, join(folder, name), join(folder, 'base.safetensors'), options);
  await opened.page.waitForSelector('main:not(.waiting)');
  return opened;
}

test('shows the state, the sizes by layer and the tensors as a tree', async () => {
  const { page, complaints } = await open('step-18400.safetensors');
  expect(await page.locator('.toolbar .state').textContent()).toBe('complete');
  expect(await page.locator('.layers .bar').count()).toBe(14);
  const row = page.getByRole('row', { name: /model/ }).first();
  expect(await row.getAttribute('aria-expanded')).toBe('false');
  await row.click();
  expect(await page.getByRole('row', { name: /^layers/ }).count()).toBe(1);
  expect(await page.locator('.inspector dt', { hasText: /^(?:step|loss)$/ }).allTextContents()).toEqual(['step', 'loss']);
  expect(complaints).toEqual([]);
});

test('draws a model that has no layers as one bar, not over the whole page', async () => {
  const { page } = await open('bare.safetensors');
  const boxes = await page.locator('.layers .bar').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  expect(boxes).toEqual([80]);
});

test('finds tensors by a glob, and counts them', async () => {
  const { page } = await open('step-18400.safetensors');
  await page.getByLabel('Filter by name').fill('*.mlp.*');
  await page.getByText('24 of 87').waitFor();
});

test('reads the values of all tensors on demand, and leads to those that are not finite', async () => {
  const { page } = await open('step-18400.safetensors');
  expect(await page.getByText('NaN').count()).toBe(0);
  await page.getByRole('button', { name: 'Check values', exact: true }).click();
  await page.getByText('model.layers.3.self_attn.k_proj.weight holds 2 NaN').waitFor();
  await page.getByRole('button', { name: 'Show' }).click();
  const active = page.locator('.drawn .row.active');
  await expect.poll(() => active.textContent()).toContain('k_proj');
  expect(await active.locator('.range').textContent()).toContain('2 NaN');
});

test('tells at once what is in one of both alone, and how far values are apart when asked', async () => {
  const { page } = await open('step-18400.safetensors');
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByText('not compared yet').waitFor();
  expect(await page.locator('.inspector dl').filter({ hasText: 'Only there' }).textContent()).toMatch(/Only here\s*1\s*Only there\s*1/);
  await page.getByRole('button', { name: 'Compare values' }).click();
  await page.getByText(/largest .* layer 11/).waitFor();
});

test('says of a file that was cut what is missing of it', async () => {
  const { page } = await open('cut.safetensors');
  expect(await page.locator('.toolbar .state').textContent()).toBe('being written');
  await page.getByText(/bytes are missing at its end/).first().waitFor();
});

test('says why a file cannot be opened', async () => {
  const { page } = await open('nothing.safetensors');
  await page.getByRole('alert').getByText(/nothing\.safetensors cannot be opened/).waitFor();
});

test('opens the inspector of a narrow page below the toolbar, however many lines that takes', async () => {
  const { page } = await open('step-18400.safetensors', { width: 480, height: 740 });
  await page.getByRole('button', { name: 'Inspector', exact: true }).click();
  const [bar, inspector] = await Promise.all(['.toolbar', '.inspector'].map((part) => page.locator(part).boundingBox()));
  expect(bar && bar.height > 60 && inspector).toMatchObject({ y: bar!.y + bar!.height, height: 740 - bar!.height });
});

test('keeps all actions within a narrow page at twice the size', async () => {
  const { page } = await open('step-18400.safetensors', { width: 1144, height: 740, zoom: 2 });
  for (const name of ['Compare with…', 'Check values', 'Inspector']) {
    const box = await page.getByRole('button', { name, exact: true }).boundingBox();
    expect(box && box.x + box.width).toBeLessThanOrEqual(572);
  }
});
