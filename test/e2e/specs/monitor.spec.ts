import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateGpus } from '../../fakes/simulateGpus.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';

let home: string;
beforeAll(async () => (home = await mkdtemp(join(tmpdir(), 'trainyard-gpus-'))));
afterAll(() => rm(home, { recursive: true, force: true }));

/** A server whose nvidia-smi answers for cards that are not there. */
async function withGpus(count: number): Promise<{ readonly PATH: string }> {
  return { PATH: `${await simulateGpus(home, count)}:${process.env['PATH'] ?? ''}` };
}

const prepare = (folder: string): Promise<void> => writeFile(join(folder, 'train.py'), 'import torch\n');

describe('the system of a machine with eight GPUs', () => {
  it('is told in the status bar, in the tree and on the dashboard', async () => {
    await withWindow({ name: 'monitor', trust: true, prepare, env: await withGpus(8) }, async ({ workbench }) => {
      const { page } = workbench;
      const item = workbench.statusBar.locator('#trainyard\\.trainyard\\.trainyard\\.system, [id*="trainyard.system"]').first();
      await item.filter({ hasText: /mine|GPU/ }).waitFor({ timeout: 60_000 });

      await workbench.activity('Trainyard').click();
      const system = workbench.treeView('System');
      await system.row('GPU 7').waitFor();
      expect(await system.rows.filter({ hasText: /^GPU \d/ }).count()).toBe(8);
      await picture(page, 'system-tree');

      await workbench.runCommand('Trainyard: Open System Dashboard');
      const dashboard = workbench.webview();
      await dashboard.getByText('Simulated H100').first().waitFor();
      await picture(page, 'system-dashboard');
    });
  });
});
