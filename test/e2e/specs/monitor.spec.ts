import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gpuFolder, simulateGpus } from '../../fakes/simulateGpus.ts';
import { simulateRuns } from '../../fakes/simulateRuns.ts';
import { startLoopbackBox } from '../../lab/loopback.ts';
import { openWindow } from '../../vscode/browser.ts';
import { picture, screenshot } from '../screenshot.ts';
import { ContextMenu } from '../workbench/contextMenu.ts';
import { withWindow } from '../withWindow.ts';
import { Workbench } from '../workbench/workbench.ts';

let home: string;
/** What a workspace's preparation started: runs that hold the simulated GPUs. */
let runs: Awaited<ReturnType<typeof simulateRuns>> | undefined;

beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'trainyard-gpus-'))));
afterEach(async () => {
  runs?.[Symbol.dispose]();
  runs = undefined;
  await rm(home, { recursive: true, force: true });
});

const env = () => ({ PATH: `${gpuFolder(home)}:${process.env['PATH'] ?? ''}` });

async function prepare(folder: string): Promise<void> {
  await writeFile(join(folder, 'train.py'), 'import torch\n');
  runs = await simulateRuns(home, folder);
  await simulateGpus(home, 8, runs.env);
}

/** How many streams of GPU values run here that are this test's own. */
async function streams(): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  // The tool is held by GNU timeout, which names it by the path at which it was found.
  return commands.filter((command) => command.includes('/timeout\0') && command.includes(gpuFolder(home)) && command.includes('--query-gpu=')).length;
}

describe('the system of a machine with eight simulated GPUs', () => {
  it('is told in the status bar, in the tree and on the dashboard, with whose each GPU is and what a run waits for, and played back', async () => {
    const settings = { 'trainyard.monitor.notices': ['throttling'] };
    await withWindow({ name: 'monitor', trust: true, prepare, env: env(), settings }, async ({ workbench }) => {
      const { page } = workbench;
      await workbench.statusBar.getByText('GPU 3 at 8').waitFor({ timeout: 60_000 });

      await workbench.activity('Trainyard').click();
      await workbench.treeView('Jobs').collapse();
      await workbench.treeView('Remote Sync').collapse();
      const system = workbench.treeView('System');
      await system.row('GPU 7').waitFor();
      expect(await system.rows.filter({ hasText: /^GPU \d/ }).count()).toBe(8);
      await expect.poll(() => system.rows.filter({ hasText: /^GPU \d.*you/ }).count(), { timeout: 30_000 }).toBe(6);
      await system.expand('GPU 3');
      await system.row('python finetune_vit.py').waitFor();
      await picture(page, 'system-tree');

      await workbench.runCommand('Trainyard: Open System Dashboard');
      const dashboard = workbench.webview();
      await dashboard.getByRole('row').filter({ hasText: 'llama-8b-sft' }).first().waitFor();
      await page.keyboard.press('Control+B');
      await dashboard.getByRole('radio', { name: '5 m' }).or(dashboard.getByRole('button', { name: '5 m' })).first().click();
      // Told once the heat has lasted for half a minute; the toast goes after a while.
      const notice = /GPU 3 of .* is slowed down by heat/;
      await workbench.notifications.toast(notice).first().waitFor({ timeout: 90_000 });
      await workbench.notifications.choose(notice, 'Open System');
      // A verdict needs a minute of samples.
      await dashboard.getByRole('row').filter({ hasText: 'vit-l-aug' }).filter({ hasText: 'Slowed by heat' }).waitFor({ timeout: 120_000 });
      await picture(page, 'system-dashboard');

      await dashboard.getByRole('button', { name: 'Play back' }).click();
      await dashboard.getByText('Playback, not live').waitFor();
      await workbench.editor.tab('Playback, not live').waitFor();
      await dashboard.getByText(/as of \d\d:\d\d:\d\d/).first().waitFor();
      await dashboard.getByRole('row').filter({ hasText: '79.7' }).first().waitFor();
      await picture(page, 'system-playback');
      await dashboard.getByRole('button', { name: 'Go live' }).click();
      await workbench.editor.tab('System:').waitFor();
    });
  });

  it('is read once for two windows, and on when the window that reads it closes', async () => {
    await withWindow({ name: 'monitor-shared', trust: true, prepare, env: env() }, async ({ workbench, server, folder }) => {
      await workbench.statusBar.getByText('GPU 3 at 8').waitFor({ timeout: 60_000 });
      const browser = workbench.page.context().browser();
      if (browser === null) {
        throw new Error('The window is of no browser');
      }
      const second = new Workbench(await openWindow(browser, server, { folder }));
      await second.ready();
      await second.statusBar.getByText('GPU 3 at 8').waitFor({ timeout: 60_000 });
      expect(await streams()).toBe(1);

      await workbench.page.context().close();
      await second.runCommand('Trainyard: Open System Dashboard');
      const dashboard = second.webview();
      await dashboard.getByRole('row').filter({ hasText: 'llama-8b-sft' }).first().waitFor({ timeout: 60_000 });
      await dashboard.getByText('Live').waitFor();
      expect(await streams()).toBe(1);
      await second.page.context().close();
    });
  });

  it('is shown beside another box, which is read over ssh: in the tree, in the fleet, and on the dashboard, live and played back', async () => {
    const away = join(home, 'away');
    const box = await startLoopbackBox({ path: await simulateGpus(away, 2) });
    await using _ended = { [Symbol.asyncDispose]: () => box.stop() };
    const withSsh = async (folder: string): Promise<void> => {
      await prepare(folder);
      // ssh goes by the account's home and not by HOME, so the configuration is given to it by name.
      await writeFile(join(gpuFolder(home), 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${box.config}' "$@"\n`, { mode: 0o755 });
    };
    const settings = { 'trainyard.monitor.boxes': ['box', 'stranger'], 'workbench.hover.delay': 200 };
    await withWindow({ name: 'monitor-boxes', trust: true, prepare: withSsh, env: env(), settings }, async ({ workbench }) => {
      const { page } = workbench;
      await workbench.activity('Trainyard').click();
      await workbench.treeView('Jobs').collapse();
      await workbench.treeView('Remote Sync').collapse();
      const system = workbench.treeView('System');
      await system.row(/^box\s*0 of 2 mine/).waitFor({ timeout: 60_000 });
      await system.row(/^stranger\s*signed out/).waitFor({ timeout: 60_000 });
      await picture(page, 'system-boxes');

      await workbench.runCommand('Trainyard: Show Fleet of Boxes');
      await workbench.editor.tab('Fleet').waitFor();
      const fleet = workbench.webview();
      const rows = fleet.locator('.row.box');
      await rows.filter({ hasText: 'stranger' }).getByRole('button', { name: 'Sign in…' }).waitFor();
      await page.keyboard.press('Control+B');
      await rows.filter({ hasText: 'this window' }).filter({ hasText: 'you' }).waitFor();
      expect(await rows.count()).toBe(3);
      expect(await rows.filter({ has: fleet.getByText('box', { exact: true }) }).locator('.tile').count()).toBe(2);
      await picture(page, 'system-fleet');
      await rows.filter({ has: fleet.getByText('box', { exact: true }) }).click();

      await workbench.editor.tab('System: box').waitFor();
      const dashboard = workbench.webview();
      await expect.poll(() => dashboard.locator('.row.g').count(), { timeout: 30_000 }).toBe(2);
      await dashboard.getByText('sampled').waitFor();
      // What is kept of a box can be played back as of this machine.
      await dashboard.getByRole('button', { name: 'Play back' }).click();
      await workbench.editor.tab('Playback, not live: box').waitFor();
      await dashboard.getByText(/as of \d\d:\d\d:\d\d/).first().waitFor();
      await dashboard.getByRole('button', { name: 'Go live' }).click();
      await picture(page, 'system-box');

      // Nothing is offered that would be done to a process of that number here.
      await dashboard.getByRole('button', { name: 'All', exact: true }).click();
      const names = async (row: Locator): Promise<readonly string[]> => {
        await row.click({ button: 'right' });
        const found = await menu.names();
        await screenshot(page, `system-menu-${found.length}`);
        await menu.dismiss();
        return found;
      };
      const menu = new ContextMenu(page);
      expect(await names(dashboard.locator('.row.p.mk').first())).toEqual(['Open Box in Terminal', 'Copy PID', 'Copy Process Command']);

      const machines = dashboard.getByRole('combobox', { name: 'Machine' });
      await machines.selectOption({ index: 0 });
      await expect.poll(() => dashboard.locator('.row.g').count(), { timeout: 30_000 }).toBe(8);
      await dashboard.locator('.row.p.mk').first().waitFor();
      expect(await names(dashboard.locator('.row.p.mk').first())).toEqual(['Reveal Terminal of Process', 'Notify When Process Ends', 'Copy PID', 'Copy Process Command', 'Send Signal to Process…']);
      await workbench.statusBar.getByText('GPU 3 at 8').hover();
      await page.locator('.monaco-hover').getByText('Fleet').waitFor();
      await picture(page, 'system-hover');
      await machines.selectOption('stranger');
      await dashboard.getByText('stranger needs signing in').waitFor();
      await screenshot(page, 'system-sign-in');
      await machines.selectOption('box');
      await expect.poll(() => dashboard.locator('.row.g').count(), { timeout: 30_000 }).toBe(2);
    });
  });
});
