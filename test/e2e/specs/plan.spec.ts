import { describe, expect, it } from 'vitest';
import { makeDataset } from '../../demo/dataset.ts';
import { AUDIO, measureOutputs } from '../conversions.ts';
import { fileHashes } from '../fileHashes.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';
import { Trainyard } from '../workbench/trainyard.ts';

describe('a plan', () => {
  it('is shown in full before anything is written, is started from its page, and the panel tells how it ended', async () => {
    await withWindow({ name: 'plan', trust: true, prepare: makeDataset }, async ({ workbench, folder }) => {
      const before = await fileHashes(folder);
      const trainyard = new Trainyard(workbench);
      await trainyard.convertSelected(AUDIO.folder, AUDIO.files);
      await trainyard.choosePreset(AUDIO.preset);
      await workbench.quickPick.choose('Show the plan in full');

      const plan = workbench.webview();
      const start = plan.getByRole('button', { name: `Start ${AUDIO.files.length} files` });
      await start.waitFor();
      for (const file of AUDIO.files) {
        await plan.getByRole('row').filter({ hasText: file }).waitFor();
      }
      await picture(workbench.page, 'plan-page');
      expect(await fileHashes(folder)).toEqual(before);

      await start.click();
      await start.waitFor({ state: 'detached' });
      expect(await trainyard.waitForJob(AUDIO.preset)).toContain(`${AUDIO.files.length} done`);
      expect((await measureOutputs(folder, AUDIO)).filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);

      await workbench.openPanel('Jobs');
      const jobs = workbench.webview(1);
      await jobs.getByText(AUDIO.preset).first().waitFor();
      await picture(workbench.page, 'jobs-panel');
    });
  });
});
