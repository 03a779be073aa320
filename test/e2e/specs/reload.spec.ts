import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { video } from '../../demo/mediaMakers.ts';
import { withWindow } from '../withWindow.ts';
import { Trainyard } from '../workbench/trainyard.ts';

const CLIPS = ['clip_1.mp4', 'clip_2.mp4', 'clip_3.mp4'];

describe('a running batch', () => {
  it('goes on while its window is reloaded, is shown again, and leaves no process when it ends', async () => {
    const prepare = async (folder: string): Promise<void> => {
      for (const [index, name] of CLIPS.entries()) {
        await video(join(folder, name), { seconds: 5, width: 640, height: 360, hertz: 200 + 100 * index });
      }
    };
    await withWindow({ name: 'reload', trust: true, prepare }, async ({ workbench, server }) => {
      const trainyard = new Trainyard(workbench);
      await trainyard.convertSelected('', CLIPS);
      await trainyard.choosePreset('Transcode to VP9');
      await trainyard.startPlan();
      await expect.poll(async () => (await server.detachedProcesses()).length, { timeout: 30_000 }).toBeGreaterThan(0);

      await workbench.page.reload({ waitUntil: 'commit' });
      await workbench.ready();
      expect(await trainyard.waitForJob('Transcode to VP9')).toContain(`${CLIPS.length} done`);
      await expect.poll(() => server.detachedProcesses(), { timeout: 30_000 }).toEqual([]);
    });
  });
});
