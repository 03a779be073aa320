import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLab } from '../../lab/lab.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';

/** A safetensors file (huggingface/safetensors, “Format”) of one layer. */
function weights(step: number): Buffer {
  const header = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, 'layers.0.weight': { dtype: 'F32', shape: [64, 16], data_offsets: [0, 4096] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(4096, step % 251)]);
}

/** As transformers' Trainer writes it, its state last. */
async function writeCheckpoint(run: string, step: number, loss: number): Promise<void> {
  const folder = join(run, `checkpoint-${step}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.safetensors'), weights(step));
  await writeFile(join(folder, 'config.json'), '{}');
  await writeFile(join(folder, 'trainer_state.json'), JSON.stringify({ global_step: step, epoch: step / 100, log_history: [{ step, eval_loss: loss }] }));
}

describe('a run on a box in a window', () => {
  it('shows its checkpoints as they are, has one pulled whole, opens one where it lies, and is followed', async () => {
    await using lab = await startLab();
    const [box] = lab.boxes;
    const run = join(box!.home, 'runs/vlm-sft-r7');
    await writeCheckpoint(run, 100, 1.431);
    await writeCheckpoint(run, 200, 1.418);
    await mkdir(join(run, 'checkpoint-300'));
    await writeFile(join(run, 'checkpoint-300/model.safetensors'), weights(300).subarray(0, 900));

    const prepare = async (folder: string): Promise<void> => {
      await mkdir(join(folder, '.vscode'));
      await writeFile(join(folder, '.vscode/trainyard.json'), JSON.stringify({ targets: [{ name: 'code', box: 'box1', remote: join(box!.home, 'code') }] }));
    };
    await withWindow({ name: 'runs', trust: true, settings: { 'trainyard.sync.sshConfig': lab.config }, prepare }, async ({ workbench, folder }) => {
      const { page } = workbench;
      await workbench.activity('Trainyard').click();
      const view = workbench.treeView('Remote Sync');
      await view.row('code').waitFor({ timeout: 60_000 });
      await workbench.runCommand('Trainyard: Add Run Folder…');
      await workbench.quickPick.choose('box1');
      await workbench.quickPick.input.fill(run);
      await page.keyboard.press('Enter');

      await view.row(/vlm-sft-r7\s*step 200 · eval_loss 1\.418/).waitFor({ timeout: 60_000 });
      await view.expand('vlm-sft-r7');
      await view.row(/^200\s*1\.418/).waitFor({ timeout: 60_000 });
      expect(await view.row(/^200\s*1\.418/).textContent()).toContain('best');
      expect(await view.row(/^100\s*1\.431/).textContent()).toContain('complete');
      expect(await view.row(/being written/).count()).toBe(1);
      expect(await view.row(/^200\s*1\.418/).locator('.action-label').evaluateAll((actions) => actions.map((action) => action.getAttribute('aria-label')))).toEqual(['Open Checkpoint of Run', 'Pull Checkpoint']);
      await picture(page, 'runs');

      await view.row(/^200\s*1\.418/).hover();
      await view.row(/^200\s*1\.418/).locator('[aria-label^="Open Checkpoint of Run"]').click();
      await workbench.editor.tab('checkpoint-200').waitFor();
      const checkpoint = workbench.webview();
      await checkpoint.getByText('layers.0').first().waitFor({ timeout: 60_000 });

      await workbench.runCommand('Trainyard: Follow Run');
      await workbench.quickPick.input.fill(`${folder}/`);
      await page.getByRole('button', { name: 'Put Checkpoints Here' }).click();
      await view.row(/following/).waitFor({ timeout: 60_000 });
      await writeCheckpoint(join(box!.home, 'next'), 400, 1.402);
      await rename(join(box!.home, 'next/checkpoint-400'), join(run, 'checkpoint-400'));
      const here = join(folder, 'vlm-sft-r7/checkpoint-400');
      await expect.poll(() => existsSync(join(here, 'trainer_state.json')), { timeout: 90_000 }).toBe(true);
      expect((await readFile(join(here, 'model.safetensors'))).equals(weights(400))).toBe(true);
      // What was there when following began, and what is being written, stay there.
      expect(existsSync(join(folder, 'vlm-sft-r7/checkpoint-300'))).toBe(false);
      expect(existsSync(join(folder, 'vlm-sft-r7/checkpoint-200'))).toBe(false);
    });
  });
});
