import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../vscode/browser.ts';
import { eightGpus, noGpu } from '../unit/monitor/view/invented.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { atNow, openDashboard } from './monitorHarness.ts';
import type { DashboardScene, OpenDashboard } from './monitorHarness.ts';
import { monitorScenes } from './monitorScenes.ts';

let browser: Browser;
let bundles: Awaited<ReturnType<typeof bundlePages>>;
const opened: OpenDashboard[] = [];

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

async function open(scene: DashboardScene, ready = '.host, .line1', options: PageOptions = {}): Promise<OpenDashboard> {
  const made = await openDashboard(browser, bundles, scene, options);
  opened.push(made);
  await made.page.waitForSelector(ready);
  return made;
}

function openScene(name: string): Promise<OpenDashboard> {
  const { scene, options, ready } = monitorScenes[name]!;
  return open(scene(), ready, options);
}

describe('the machines', () => {
  const MACHINES = [
    { key: '', title: 'hgx-01', line: '8 × H100' },
    { key: 'hgx-02', title: 'hgx-02', line: 'signed out' },
  ];

  it('are in a list, of which one is chosen, remembered, and asked for again', async () => {
    const { page, asked, reload } = await open({ sample: eightGpus(), machines: MACHINES });
    const list = page.getByRole('combobox', { name: 'Machine' });
    expect(await list.locator('option').allTextContents()).toEqual(['hgx-01 · 8 × H100', 'hgx-02 · signed out', 'All boxes…', 'Add box…']);
    await list.selectOption('hgx-02');
    await expect.poll(() => asked.filter(([method]) => method === 'machine')).toEqual([['machine', { key: 'hgx-02', restored: false }]]);
    await list.selectOption('Add box…');
    await list.selectOption('All boxes…');
    await expect.poll(() => asked.filter(([method]) => method === 'act').map(([, params]) => params)).toEqual([{ action: 'addBox' }, { action: 'fleet' }]);
    await page.evaluate(() => sessionStorage.setItem('state', JSON.stringify({ machine: 'hgx-02' })));
    await reload();
    await expect.poll(() => asked.filter(([method]) => method === 'machine').at(-1)).toEqual(['machine', { key: 'hgx-02', restored: true }]);
  });

  it('are one after the other: nothing of the one is left when the other is shown, and the past is asked for anew', async () => {
    const { page, asked, show } = await open({ sample: eightGpus(), machines: MACHINES });
    await page.waitForSelector('.chip >> nth=1');
    await page.click('[data-action=playback]');
    await page.waitForSelector('.pb .button, .pb button');
    const before = asked.filter(([method]) => method === 'history').length;
    show(atNow({ ...noGpu(), host: 'hgx-02' }), { box: { alias: 'hgx-02', link: { kind: 'live' } } });
    await page.waitForFunction(() => document.querySelector('.hd .chosen')?.textContent === 'hgx-02');
    expect([await page.locator('.g').count(), await page.locator('.pb').isVisible(), await page.locator('.live').innerText()]).toEqual([0, false, 'Live']);
    await expect.poll(() => asked.filter(([method]) => method === 'history').length).toBeGreaterThan(before);
  });

  it('that cannot be read say why, and what can be done', async () => {
    const { page, asked } = await openScene('signIn');
    expect(await page.locator('.trouble h2').textContent()).toBe('render-1 needs signing in');
    expect([await page.locator('.proc-section').isVisible(), await page.locator('.sampled').textContent()]).toEqual([false, '']);
    await page.click('[data-action=signIn]');
    await expect.poll(() => asked.at(-1)).toEqual(['act', { action: 'signIn' }]);
  });

  it('that are not this one offer for their processes what can be done from here, and no more', async () => {
    const { page } = await openScene('box');
    const contexts = await page.locator('.row.p').evaluateAll((rows) => rows.map((row) => JSON.parse((row as HTMLElement).dataset['vscodeContext'] ?? '') as { webviewSection: string; machine: string }));
    expect(new Set(contexts.map(({ webviewSection, machine }) => `${webviewSection} ${machine}`))).toEqual(new Set(['boxProcess hgx-02']));
  });
});
