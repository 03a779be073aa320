import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startLab } from '../../lab/lab.ts';
import { picture } from '../screenshot.ts';
import { withWindow } from '../withWindow.ts';

const FILES: Readonly<Record<string, string>> = {
  'train.py': 'epochs = 10\n',
  'configs/base.yaml': 'lr: 0.1\n',
  'configs/old.yaml': 'lr: 0.2\n',
  'data/labels.csv': 'file,label\na.jpg,owl\n',
  '.gitignore': 'runs/\n',
  'runs/last.pt': 'ignored by git',
};

async function makeProject(folder: string, boxes: readonly { readonly name: string; readonly home: string }[]): Promise<void> {
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  execFileSync('git', ['init', '--quiet', folder]);
  await mkdir(join(folder, '.vscode'));
  const targets = boxes.map(({ name, home }) => ({ name: `code-${name}`, box: name, remote: join(home, 'code'), deletions: 'plan' }));
  await writeFile(join(folder, '.vscode/trainyard.json'), JSON.stringify({ targets }));
}

/** A change is seen by size or time: this one has a time of its own. */
async function change(file: string, text: string, at: number): Promise<void> {
  await writeFile(file, text);
  await utimes(file, at, at);
}

const row = (page: FrameLocator, name: string) => page.locator('.table .drawn .row', { has: page.locator(`.name:text-is("${name}")`) });

describe('a sync in a window', () => {
  it('is seen before it happens, does that and no more, and can be put back', async () => {
    await using lab = await startLab({ boxes: 2 });
    const [box, other] = lab.boxes;
    await withWindow({ name: 'sync', trust: true, settings: { 'trainyard.sync.sshConfig': lab.config }, prepare: (folder) => makeProject(folder, lab.boxes) }, async ({ workbench, folder }) => {
      const there = (name: string): string => join(box!.home, 'code', name);
      await workbench.activity('Trainyard').click();
      const view = workbench.treeView('Remote Sync');
      await view.row('code-box1').waitFor({ timeout: 60_000 });
      expect(await view.row('code-box1').textContent()).toContain('never synced');

      // First push: what git ignores stays here.
      await workbench.runCommand('Trainyard: Plan Sync…');
      await workbench.quickPick.choose('code-box1');
      await workbench.editor.tab('Sync plan').waitFor();
      const plan = workbench.webview();
      await row(plan, 'train.py').waitFor({ timeout: 60_000 });
      expect(existsSync(there('train.py'))).toBe(false);
      await picture(workbench.page, 'sync-plan');
      await plan.locator('.commit .main').click();
      await plan.locator('.boxes .line', { hasText: 'sent' }).waitFor({ timeout: 60_000 });
      expect(await readFile(there('configs/base.yaml'), 'utf8')).toBe('lr: 0.1\n');
      expect(existsSync(there('runs/last.pt'))).toBe(false);
      expect(existsSync(join(other!.home, 'code'))).toBe(false);

      // Changed here, changed on both sides, gone here.
      await change(join(folder, 'train.py'), 'epochs = 20\n', 1_800_000_000);
      await change(join(folder, 'data/labels.csv'), 'file,label\na.jpg,hawk\n', 1_800_000_000);
      await change(there('data/labels.csv'), 'file,label\na.jpg,eagle\n', 1_800_000_100);
      await rm(join(folder, 'configs/old.yaml'));
      await plan.getByRole('button', { name: 'Plan again' }).first().click();
      await row(plan, 'labels.csv').locator('.action .conflict').waitFor({ timeout: 60_000 });
      await row(plan, 'old.yaml').locator('.action .delete').waitFor();
      await plan.locator('.commit .main').click();
      await plan.locator('.boxes .line', { hasText: '1 item sent' }).waitFor({ timeout: 60_000 });
      expect(await readFile(there('train.py'), 'utf8')).toBe('epochs = 20\n');
      expect(await readFile(there('data/labels.csv'), 'utf8')).toContain('eagle');
      expect(existsSync(there('configs/old.yaml'))).toBe(true);

      // The deletion and the conflict, once they were ticked.
      await plan.getByRole('button', { name: 'Plan again' }).first().click();
      // It was in the plan before, which stands there until the new one is begun.
      await row(plan, 'train.py').waitFor({ state: 'hidden', timeout: 60_000 });
      await row(plan, 'old.yaml').locator('.tick.off').click({ timeout: 60_000 });
      await row(plan, 'old.yaml').locator('.tick.on').waitFor();
      await row(plan, 'labels.csv').getByText('Keep here').click();
      await row(plan, 'labels.csv').locator('.tick.on').waitFor();
      await plan.locator('.commit .main').click();
      await plan.locator('.boxes .line', { hasText: '1 deleted' }).waitFor({ timeout: 60_000 });
      expect(existsSync(there('configs/old.yaml'))).toBe(false);
      expect(await readFile(there('data/labels.csv'), 'utf8')).toContain('hawk');

      // And back.
      await plan.getByRole('button', { name: /^Undo this sync/ }).click();
      await workbench.page.locator('.monaco-dialog-box').getByText('Undo', { exact: true }).click();
      await plan.locator('.boxes .line', { hasText: 'put back' }).waitFor({ timeout: 60_000 });
      expect(await readFile(there('configs/old.yaml'), 'utf8')).toBe('lr: 0.2\n');
      expect(await readFile(there('data/labels.csv'), 'utf8')).toContain('eagle');

      await view.expand('code-box1');
      await view.row(/^undo/).waitFor({ timeout: 30_000 });
      await picture(workbench.page, 'sync-history');

      // What is saved from now on goes by itself; what needs a decision waits.
      await workbench.runCommand('Trainyard: Send Changes as They Are Saved');
      await workbench.quickPick.choose('code-box1');
      await view.row(/watching · 2 deletions and conflicts to decide/).waitFor({ timeout: 60_000 });
      await change(join(folder, 'configs/base.yaml'), 'lr: 0.3\n', 1_800_000_200);
      await writeFile(join(folder, 'configs/new.yaml'), 'lr: 0.4\n');
      await writeFile(join(folder, 'runs/next.pt'), 'ignored by git, too');
      await expect.poll(() => readFile(there('configs/base.yaml'), 'utf8'), { timeout: 60_000 }).toBe('lr: 0.3\n');
      await expect.poll(() => existsSync(there('configs/new.yaml')), { timeout: 60_000 }).toBe(true);
      expect(existsSync(there('runs'))).toBe(false);
      expect(existsSync(there('configs/old.yaml'))).toBe(true);
      expect(await readFile(there('data/labels.csv'), 'utf8')).toContain('eagle');
    });
  });
});
