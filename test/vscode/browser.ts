import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import type { VscodeServer } from './server.ts';

export class BrowserError extends Error {
  override name = 'BrowserError';
}

/** Debian's Chromium without a window. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new BrowserError('No Chromium is installed. On Debian, as root: apt-get install --yes chromium');
  }
  return chromium.launch({
    executablePath,
    headless: true,
    // Playwright would end the process at an interrupt, before what else was started is ended.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

export interface WindowOptions {
  /** Absolute path of the folder to open. */
  readonly folder: string;
  /** Absolute path of the extension's source tree; left out where it was installed. Needs a server with `driver`, as does what follows. */
  readonly extensionDevelopmentPath?: string;
  /** Absolute path of a module that exports `run(): Promise<void>`; it decides when the window's work is over. */
  readonly extensionTestsPath?: string;
  readonly extensionEnvironment?: Readonly<Record<string, string>>;
  readonly colorScheme?: 'dark' | 'light';
  /** What the extension host prints, while its tests run. */
  readonly onLog?: (type: string, args: readonly unknown[]) => void;
  /** The end of the extension's tests: 0 where `run` resolved. */
  readonly onExit?: (code: number) => void;
}

/** Opens a window of VS Code; resolves when the page has begun to load. */
export async function openWindow(browser: Browser, server: VscodeServer, options: WindowOptions): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: options.colorScheme ?? 'dark',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => options.onLog?.(type, args));
  await page.exposeFunction('codeAutomationExit', (code: number) => options.onExit?.(code));
  await page.goto(windowUrl(server, options), { waitUntil: 'commit' });
  return page;
}

/** The address of such a window, for any browser on this machine. */
export function windowUrl(server: VscodeServer, options: WindowOptions): string {
  const { host } = new URL(server.origin);
  const remote = (path: string): string => `vscode-remote://${host}${path}`;
  const payload: [string, string][] = [];
  if (options.extensionDevelopmentPath !== undefined) {
    payload.push(['extensionDevelopmentPath', remote(options.extensionDevelopmentPath)]);
  }
  if (options.extensionTestsPath !== undefined) {
    payload.push(['extensionTestsPath', remote(options.extensionTestsPath)]);
  }
  if (options.extensionEnvironment !== undefined) {
    payload.push(['extensionEnvironment', JSON.stringify(options.extensionEnvironment)]);
  }
  const query = payload.length === 0 ? '' : `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  return `${server.origin}/?folder=${encodeURIComponent(options.folder).replaceAll('%2F', '/')}${query}`;
}
