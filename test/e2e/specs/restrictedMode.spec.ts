import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { speechLike } from '../../demo/mediaMakers.ts';
import { screenshot } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';

describe('in Restricted Mode', () => {
  it('runs nothing, writes nothing, and says so in the view and at the command', async () => {
    const prepare = (folder: string): Promise<void> => speechLike(join(folder, 'take.wav'), { seconds: 1, rate: 44_100, channels: 1, pitch: 120 });
    await withWindow({ name: 'restricted', trust: false, prepare }, async ({ workbench, folder, server }) => {
      await workbench.explorer.select('take.wav');
      await (await workbench.explorer.contextMenu('take.wav')).choose('Convert…');
      expect(await workbench.notifications.message('not trusted')).toContain('Trainyard runs no tool');
      expect(await workbench.notifications.actions('not trusted')).toContain('Manage Workspace Trust');

      await workbench.activity('Trainyard').click();
      expect(await workbench.treeView('Jobs').welcome.innerText()).toContain('read nothing in it and ran nothing');
      await screenshot(workbench.page, 'restricted-mode');

      expect(await readdir(folder)).toEqual(['take.wav']);
      expect(await server.detachedProcesses()).toEqual([]);
    });
  });
});
