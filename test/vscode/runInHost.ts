import type { Browser } from 'playwright-core';
import { openWindow } from './browser.ts';
import type { VscodeServer } from './server.ts';

const LIMIT_MS = 10 * 60_000;

export interface HostRun {
  /** Absolute path of the folder to open. */
  readonly folder: string;
  /** Absolute path of the extension's source tree, with its `dist`. */
  readonly extension: string;
  /** Absolute path of an ES module that exports `run(): Promise<void>`. */
  readonly module: string;
  /** Each line that is printed inside the extension host, and by VS Code itself. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs a module inside a real remote extension host, in a window of its own.
 *
 * @param server started with `driver`
 * @returns 0 where `run` resolved
 */
export async function runInHost(server: VscodeServer, browser: Browser, { folder, extension, module, onLine }: HostRun): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${module} did not end within ${LIMIT_MS} ms`)), LIMIT_MS);
      void server.ended().then(() => reject(new Error(`VS Code's server ended\n${server.log}`)));
      openWindow(browser, server, {
        folder,
        extensionDevelopmentPath: extension,
        extensionTestsPath: module,
        extensionEnvironment: { CI: '1' },
        onExit: resolve,
        onLog: (_, args) => onLine(args.map(String).join(' ')),
      }).then((page) => page.on('crash', () => reject(new Error('The page crashed'))), reject);
    });
  } finally {
    clearTimeout(timer);
  }
}
