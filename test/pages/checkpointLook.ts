import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startBrowser } from '../vscode/browser.ts';
import { madeCheckpoints, openCheckpointPage } from './checkpointHarness.ts';
import type { OpenCheckpoint } from './checkpointHarness.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import { takeLooks } from './takeLooks.ts';
import type { Look } from './takeLooks.ts';
import type { ThemeName } from './themes.ts';

interface CheckpointLook {
  readonly file: string;
  readonly options?: PageOptions;
  readonly themes?: readonly ThemeName[];
  readonly act?: (open: OpenCheckpoint) => Promise<unknown>;
}

async function compareAndCheck({ page }: OpenCheckpoint): Promise<void> {
  await page.getByRole('button', { name: 'Compare with…' }).click();
  await page.getByText('not compared yet').waitFor();
  await page.getByRole('button', { name: 'Compare values' }).click();
  await page.getByText(/largest .* layer 11/).waitFor();
  await page.getByRole('button', { name: 'Check values', exact: true }).click();
  await page.getByRole('button', { name: 'Show' }).click();
}

const LOOKS: Readonly<Record<string, CheckpointLook>> = {
  opened: { file: 'step-18400.safetensors' },
  compared: { file: 'step-18400.safetensors', act: compareAndCheck },
  bare: { file: 'bare.safetensors' },
  cut: { file: 'cut.safetensors', themes: ['dark', 'light'] },
  failed: { file: 'nothing.safetensors', themes: ['dark'] },
  narrow: { file: 'step-18400.safetensors', themes: ['dark', 'light'], options: { width: 480, height: 740 }, act: ({ page }) => page.getByRole('button', { name: 'Inspector', exact: true }).click() },
  zoomed: { file: 'step-18400.safetensors', themes: ['dark'], options: { zoom: 2 } },
};

/** Takes a picture of every look of a checkpoint's page whose name has `part` in it. */
export async function lookAtCheckpoints(folder: string, part: string): Promise<void> {
  const [browser, bundles, made] = await Promise.all([startBrowser(), bundlePages('sync', ['checkpoint']), madeCheckpoints()]);
  const looks = Object.entries(LOOKS).map(([name, { file, options, themes, act }]): [string, Look<OpenCheckpoint>] => [
    `checkpoint-${name}`,
    {
      ...(options && { options }),
      ...(themes && { themes }),
      open: (wanted) => openCheckpointPage(browser, bundles, join(made, file), join(made, 'base.safetensors'), wanted),
      async act(open) {
        await open.page.waitForSelector('main:not(.waiting)');
        await act?.(open);
      },
    },
  ]);
  try {
    await takeLooks(folder, part, Object.fromEntries(looks));
  } finally {
    await browser.close();
    await rm(made, { recursive: true, force: true });
  }
}
