import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { speechLike } from '../../demo/mediaMakers.ts';
import { picture } from '../screenshot.ts';
import { makeSpyTools } from '../spyTools.ts';
import type { SpyTools } from '../spyTools.ts';
import { withWindow } from '../withWindow.ts';

describe('in Restricted Mode', () => {
  let home: string;
  let spies: SpyTools;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'trainyard-spies-'));
    spies = await makeSpyTools(home, ['ffmpeg', 'ffprobe', 'sox', 'soxi', 'convert', 'magick', 'identify', 'node']);
  });

  afterAll(() => rm(home, { recursive: true }));

  const prepare = (folder: string): Promise<void> => speechLike(join(folder, 'take.wav'), { seconds: 1, rate: 44_100, channels: 1, pitch: 120 });
  const use = (name: string, trust: boolean) => ({ name, trust, prepare, env: { PATH: `${home}:${process.env.PATH}` } });

  it('runs nothing, writes nothing, and says so in the view and at each command', async () => {
    await withWindow(use('restricted', false), async ({ workbench, folder, server }) => {
      const { explorer, notifications } = workbench;
      await explorer.select('take.wav');
      await (await explorer.contextMenu('take.wav')).choose('Convert…');
      expect(await notifications.message('not trusted')).toContain('Trainyard runs no tool');
      expect(await notifications.actions('not trusted')).toContain('Manage Workspace Trust');

      await workbench.runCommand('Trainyard: Show Tools');
      await workbench.quickPick.root.waitFor({ state: 'hidden' });

      await workbench.activity('Trainyard').click();
      expect(await workbench.treeView('Jobs').welcome.innerText()).toContain('read nothing in it and ran nothing');
      await picture(workbench.page, 'restricted-mode');

      expect(await spies.runs()).toEqual([]);
      expect(await readdir(folder)).toEqual(['take.wav']);
      expect(await server.detachedProcesses()).toEqual([]);
    });
  });

  it('is what keeps tools from being run: in a trusted workspace the same tools are tried', async () => {
    await withWindow(use('trusted', true), async ({ workbench }) => {
      await workbench.runCommand('Trainyard: Show Tools');
      await workbench.quickPick.row('ffmpeg').waitFor();
      expect(await spies.runs()).toContain('ffmpeg');
    });
  });
});
