import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gpuFolder, simulateGpus } from '../../fakes/simulateGpus.ts';
import { simulateRuns } from '../../fakes/simulateRuns.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';

let home: string;
beforeAll(async () => (home = await mkdtemp(join(tmpdir(), 'trainyard-gpus-'))));
afterAll(() => rm(home, { recursive: true, force: true }));

describe('the system of a machine with eight simulated GPUs', () => {
  it('is told in the status bar, in the tree and on the dashboard, with whose each GPU is', async () => {
    await using runs = disposable();
    const prepare = async (folder: string): Promise<void> => {
      await writeFile(join(folder, 'train.py'), 'import torch\n');
      runs.started = await simulateRuns(home, folder);
      await simulateGpus(home, 8, runs.started.env);
    };
    const env = { PATH: `${gpuFolder(home)}:${process.env['PATH'] ?? ''}` };
    await withWindow({ name: 'monitor', trust: true, prepare, env }, async ({ workbench }) => {
      const { page } = workbench;
      await workbench.statusBar.getByText('GPU 3 at 8').waitFor({ timeout: 60_000 });

      await workbench.activity('Trainyard').click();
      const system = workbench.treeView('System');
      await system.row('GPU 7').waitFor();
      expect(await system.rows.filter({ hasText: /^GPU \d/ }).count()).toBe(8);
      await expect.poll(() => system.rows.filter({ hasText: /^GPU \d.*you/ }).count(), { timeout: 30_000 }).toBe(6);
      await system.expand('GPU 3');
      await system.row('python finetune_vit.py').waitFor();
      await picture(page, 'system-tree');

      await workbench.runCommand('Trainyard: Open System Dashboard');
      const dashboard = workbench.webview();
      await dashboard.getByRole('row').filter({ hasText: 'vit-l-aug' }).first().waitFor();
      expect(await dashboard.getByRole('row').filter({ hasText: 'llama-8b-sft' }).count()).toBeGreaterThan(0);
      await picture(page, 'system-dashboard');
    });
  });
});

/** What `prepare` starts once the workspace is there, ended with the test. */
function disposable(): { started?: Disposable & { readonly env: Readonly<Record<string, string>> }; [Symbol.asyncDispose](): Promise<void> } {
  return {
    async [Symbol.asyncDispose]() {
      this.started?.[Symbol.dispose]();
    },
  };
}
