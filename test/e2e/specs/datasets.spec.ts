import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBirds } from '../modalities.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';

describe('a dataset in a window', () => {
  it('is found, shown as a gallery, filtered, checked, and told of in the Problems panel', async () => {
    await withWindow({ name: 'datasets', trust: true, prepare: makeBirds }, async ({ workbench, folder }) => {
      const { page } = workbench;
      await workbench.activity('Trainyard').click();
      const datasets = workbench.treeView('Datasets');
      await datasets.row('birds').waitFor({ timeout: 60_000 });
      await datasets.expand('birds');
      await datasets.row(/^val\s*8/).waitFor({ timeout: 30_000 });
      await picture(page, 'datasets-tree');

      await workbench.runCommand('Trainyard: Open Gallery');
      await workbench.editor.tab('birds').waitFor();
      const gallery = workbench.webview();
      await gallery.getByRole('gridcell').first().waitFor({ timeout: 60_000 });
      await gallery.getByRole('combobox', { name: 'Filter' }).fill('label == owl and split == val');
      await gallery.locator('.matches', { hasText: /^4 match/ }).waitFor({ timeout: 30_000 });
      await expect.poll(() => gallery.locator('[role=gridcell] canvas, [role=gridcell] img').count(), { timeout: 30_000 }).toBeGreaterThan(3);
      await gallery.getByRole('combobox', { name: 'Filter' }).fill('label == owl');
      await gallery.locator('.matches', { hasText: /^17 match/ }).waitFor({ timeout: 30_000 });
      await picture(page, 'gallery');

      await workbench.runCommand('Trainyard: Dataset Health');
      await workbench.editor.tab('Health: ').waitFor();
      const health = workbench.webview(await page.locator('iframe.webview.ready').count() - 1);
      await health.locator('.empty .button', { hasText: 'Check' }).click({ timeout: 60_000 });
      await health.locator('.group', { hasText: 'File is empty' }).waitFor({ timeout: 60_000 });
      await health.locator('.group', { hasText: 'Git LFS pointer' }).waitFor();
      await health.locator('.toolbar .button', { hasText: 'Check again' }).waitFor({ timeout: 60_000 });
      await picture(page, 'health');

      await workbench.openPanel('Problems');
      await page.locator('.markers-panel').getByText('empty.jpg').first().waitFor({ timeout: 30_000 });

      await workbench.runCommand('Trainyard: Dataset Card');
      await expect.poll(() => workbench.editor.text()).toContain('pretty_name: "birds"');
      // The dataset itself is as it was.
      expect(await readFile(join(folder, 'birds/train/owl/empty.jpg'), 'utf8')).toBe('');
    });
  });
});
