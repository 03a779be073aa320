import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openWindow, startBrowser } from '../vscode/browser.ts';
import { releaseWanted } from '../vscode/getServer.ts';
import { startServer } from '../vscode/server.ts';
import type { ServerOptions, VscodeServer } from '../vscode/server.ts';
import { screenshot } from './screenshot.ts';
import { STEADY_SETTINGS } from './steadySettings.ts';
import { Workbench } from './workbench/workbench.ts';

const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern' } as const;

export interface WindowUse extends Omit<ServerOptions, 'vsix'> {
  /** Names the picture that is kept when the use fails. */
  readonly name: string;
  /** Puts files into the workspace before it is opened; `folder` is its absolute path. */
  readonly prepare: (folder: string) => Promise<unknown>;
  readonly colorScheme?: 'dark' | 'light';
}

export interface OpenWindow {
  readonly workbench: Workbench;
  /** Absolute path of the workspace. */
  readonly folder: string;
  readonly server: VscodeServer;
}

/**
 * Starts a VS Code of its own with the packaged extension in it, opens a window on a workspace of its own, and ends all of it
 * after the use.
 */
export async function withWindow(options: WindowUse, use: (open: OpenWindow) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'trainyard-e2e-'));
  const folder = join(home, 'home-mm');
  try {
    await mkdir(folder);
    await options.prepare(folder);
    const settings = { ...STEADY_SETTINGS, 'workbench.colorTheme': THEMES[options.colorScheme ?? 'dark'], ...options.settings };
    await using server = await startServer({ release: releaseWanted(), ...options, vsix: inject('vsix'), settings });
    const browser = await startBrowser();
    try {
      const page = await openWindow(browser, server, { folder, colorScheme: options.colorScheme ?? 'dark' });
      const workbench = new Workbench(page);
      try {
        await workbench.ready();
        await use({ workbench, folder, server });
      } catch (error) {
        const path = await screenshot(page, `failed-${options.name}`);
        throw new Error(`${error instanceof Error ? error.message : String(error)}\nThe window as it was: ${path}`, { cause: error });
      }
    } finally {
      await browser.close();
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
