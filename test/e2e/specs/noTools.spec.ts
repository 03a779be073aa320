import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { speechLike } from '../../demo/mediaMakers.ts';
import { withoutPrograms } from '../../vscode/withoutPrograms.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';

const PROGRAMS = ['ffmpeg', 'ffprobe', 'sox', 'soxi', 'convert', 'convert-im6.q16', 'identify', 'mogrify', 'magick'];
const NOWHERE = '/nonexistent/tool';

describe('without ffmpeg, sox and ImageMagick', () => {
  it('tells what is missing and the line that installs it, and lists presets that cannot run with the reason', async () => {
    const within = await withoutPrograms(PROGRAMS);
    // Where the kernel lets nobody hide programs, the user's settings point to none.
    const settings = within ? {} : Object.fromEntries(['ffmpeg', 'ffprobe', 'sox', 'imagemagick'].map((tool) => [`trainyard.tools.${tool}`, NOWHERE]));
    const prepare = (folder: string): Promise<void> => speechLike(join(folder, 'take.wav'), { seconds: 1, rate: 44_100, channels: 1, pitch: 120 });
    await withWindow({ name: 'no-tools', trust: true, prepare, settings, ...(within && { within }) }, async ({ workbench }) => {
      const { quickPick, explorer, page } = workbench;
      await workbench.runCommand('Trainyard: Show Tools');
      for (const [tool, debianPackage] of [['ffmpeg', 'ffmpeg'], ['SoX', 'sox'], ['ImageMagick', 'imagemagick']] as const) {
        expect(await quickPick.description(tool).innerText()).toMatch(new RegExp(`not found.*apt.*install.*${debianPackage}`));
      }
      await picture(page, 'no-tools');
      await quickPick.dismiss();

      await explorer.select('take.wav');
      await (await explorer.contextMenu('take.wav')).choose('Convert…');
      expect(await quickPick.description('16 kHz mono WAV').innerText()).toMatch(/apt.*install/);
      await picture(page, 'no-tools-convert');
      await quickPick.dismiss();

      await workbench.activity('Trainyard').click();
      expect(await workbench.treeView('Jobs').welcome.innerText()).toContain('was not found here');
      await picture(page, 'no-tools-jobs');
    });
  });
});
