import { describe, expect, it } from 'vitest';
import { makeDataset } from '../../demo/dataset.ts';
import { AUDIO, measureOutputs, PICTURES, VIDEOS } from '../conversions.ts';
import { fileHashes } from '../fileHashes.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';
import { Trainyard } from '../workbench/trainyard.ts';

describe('a conversion from the Explorer', () => {
  it('makes verified outputs with sox, ImageMagick and ffmpeg, and changes no original', async () => {
    const settings = { 'trainyard.convert.imageEngine': 'imagemagick' };
    await withWindow({ name: 'convert', trust: true, prepare: makeDataset, settings }, async ({ workbench, folder, server }) => {
      const before = await fileHashes(folder);
      const trainyard = new Trainyard(workbench);
      for (const conversion of [AUDIO, PICTURES, VIDEOS]) {
        await trainyard.convertSelected(conversion.folder, conversion.files);
        await workbench.quickPick.row(conversion.preset).waitFor();
        await picture(workbench.page, `convert-${conversion.folder.split('/')[0]}`);
        await trainyard.choosePreset(conversion.preset);
        await picture(workbench.page, `plan-${conversion.folder.split('/')[0]}`);
        await trainyard.startPlan();
        expect(await trainyard.waitForJob(conversion.preset)).toContain(`${conversion.files.length} done`);

        const measured = await measureOutputs(folder, conversion);
        expect(measured.filter(({ isAsExpected }) => !isAsExpected)).toEqual([]);
      }
      await picture(workbench.page, 'jobs');

      const after = await fileHashes(folder);
      expect([...before].filter(([path, hash]) => after.get(path) !== hash)).toEqual([]);
      expect(after.size).toBe(before.size + AUDIO.files.length + PICTURES.files.length + VIDEOS.files.length);
      await expect.poll(() => server.detachedProcesses()).toEqual([]);
    });
  });

  it('names the file that failed, tells the reason in the view and as text, and leaves no output of it', async () => {
    await withWindow({ name: 'convert-damaged', trust: true, prepare: makeDataset }, async ({ workbench, folder }) => {
      const trainyard = new Trainyard(workbench);
      await trainyard.convertSelected('images/damaged', ['cut_short.jpg']);
      await trainyard.choosePreset(PICTURES.preset);
      await trainyard.startPlan();
      expect(await trainyard.waitForJob(PICTURES.preset)).toContain('1 failed');
      expect(await workbench.notifications.actions('failed')).toEqual(expect.arrayContaining(['Show', 'Retry Failed']));
      await trainyard.jobs.expand(PICTURES.preset);
      await trainyard.jobs.row('cut_short.jpg').waitFor();
      await picture(workbench.page, 'job-failed');
      await (await trainyard.jobs.contextMenu(PICTURES.preset)).choose('Show Failures');
      await workbench.editor.tab('Failures').waitFor();
      expect(await workbench.editor.text()).toContain('cut_short.jpg');
      expect([...(await fileHashes(folder)).keys()].filter((path) => path.startsWith('images/damaged/') && !path.endsWith('damaged/cut_short.jpg'))).toEqual([]);
    });
  });
});
