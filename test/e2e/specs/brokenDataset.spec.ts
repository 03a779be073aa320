import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../../src/media/rules/index.ts';
import { THIRTY_WAYS, writeThirtyWays } from '../../unit/dataset/health/thirtyWays.ts';
import { withWindow } from '../withWindow.ts';

const prepare = async (folder: string): Promise<void> => {
  await mkdir(join(folder, 'broken'));
  await writeThirtyWays(join(folder, 'broken'));
};

describe('a data set broken on purpose in thirty ways', () => {
  it('has each of them in its health page by its code, and the files in the Problems panel', async () => {
    await withWindow({ name: 'broken', trust: true, prepare }, async ({ workbench }) => {
      const { page } = workbench;
      await workbench.activity('Trainyard').click();
      await workbench.treeView('Datasets').row('broken').waitFor({ timeout: 60_000 });
      await workbench.runCommand('Trainyard: Dataset Health');
      await workbench.editor.tab('Health: ').waitFor();
      const health = workbench.webview();
      await health.locator('.empty .button', { hasText: 'Check' }).click({ timeout: 60_000 });
      await health.locator('.toolbar .button', { hasText: 'Check again' }).waitFor({ timeout: 120_000 });
      const titles = await health.locator('.groups .group').allInnerTexts();
      const missing = Object.keys(THIRTY_WAYS).filter((code) => !titles.some((title) => title.includes(ruleOf(code)?.title ?? code)));
      expect(missing).toEqual([]);
      expect(titles).toHaveLength(Object.keys(THIRTY_WAYS).length);

      await workbench.openPanel('Problems');
      const panel = page.locator('.markers-panel');
      const filter = page.locator('.viewpane-filter-container input, .markers-panel-filter-container input').first();
      for (const code of ['row/path-missing', 'nemo/shard-member', 'media/exif-orientation', 'split/same-content']) {
        await filter.fill(code);
        await panel.getByText(code).first().waitFor({ timeout: 30_000 });
      }
    });
  });
});
