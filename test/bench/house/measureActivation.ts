import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { Workbench } from '../../e2e/workbench/workbench.ts';
import { openWindow, startBrowser } from '../../vscode/browser.ts';
import { startServer, type VscodeServer } from '../../vscode/server.ts';

const SOURCE_TREE = resolve(import.meta.dirname, '..', '..', '..');

/**
 * Activates the source tree's `dist` in `runs` fresh extension hosts, one after another, by opening Trainyard's view in a window
 * that has come to rest. So it is not activated by the start here: what else starts in that moment, the client on the same
 * machine above all, would be measured with it.
 *
 * @returns for each, in milliseconds, what VS Code itself counts and shows under Show Running Extensions: the loading of the
 *   bundle and the call of `activate`
 */
export async function measureActivation(runs: number): Promise<number[]> {
  const home = await mkdtemp(join(tmpdir(), 'trainyard-activation-'));
  const folder = join(home, 'workspace');
  const extension = join(home, 'extension');
  try {
    await mkdir(folder);
    await copyWithoutStart(extension);
    await using server = await startServer({ trust: true, driver: true });
    const browser = await startBrowser();
    try {
      const found: number[] = [];
      for (let run = 0; run < runs; run++) {
        found.push(await activateOnce(server, browser, folder, extension));
      }
      return found;
    } finally {
      await browser.close();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The source tree as it would be without `onStartupFinished`. */
async function copyWithoutStart(extension: string): Promise<void> {
  await mkdir(extension);
  await Promise.all(['dist', 'media', 'node_modules'].map((name) => symlink(join(SOURCE_TREE, name), join(extension, name))));
  const manifest = JSON.parse(await readFile(join(SOURCE_TREE, 'package.json'), 'utf8')) as { readonly activationEvents: readonly string[] };
  const activationEvents = manifest.activationEvents.filter((event) => event !== 'onStartupFinished');
  await writeFile(join(extension, 'package.json'), JSON.stringify({ ...manifest, activationEvents }));
}

async function activateOnce(server: VscodeServer, browser: Browser, folder: string, extension: string): Promise<number> {
  const page = await openWindow(browser, server, { folder, extensionDevelopmentPath: extension });
  try {
    const workbench = new Workbench(page);
    await workbench.activity('Trainyard').waitFor({ timeout: 60_000 });
    await machineAtRest();
    await workbench.activity('Trainyard').click();
    await workbench.treeView('Jobs').root.waitFor();
    await workbench.runCommand('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Trainyard' });
    const text = await row.locator('.activation-time').filter({ hasText: /\d/ }).innerText();
    const milliseconds = /(\d+)\s*ms/.exec(text)?.[1];
    if (milliseconds === undefined) {
      throw new Error(`VS Code tells of the activation: ${text}`);
    }
    return Number(milliseconds);
  } finally {
    await page.context().close();
  }
}

/** Resolves after half a second in which the processors were idle for nine tenths: the window's own start is over by then. */
async function machineAtRest(): Promise<void> {
  const limit = performance.now() + 60_000;
  for (let before = processorTimes(); performance.now() < limit; ) {
    await setTimeout(500);
    const now = processorTimes();
    if (now.idle - before.idle > 0.9 * (now.all - before.all)) {
      return;
    }
    before = now;
  }
  throw new Error('The machine was never at rest: nothing that is measured on it would hold');
}

function processorTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    all: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}
