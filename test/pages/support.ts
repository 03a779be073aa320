import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import type { InventedStore } from './invented.ts';
import { openJobs, openPlan } from './openPages.ts';

type Bundles = Awaited<ReturnType<typeof bundlePages>>;
type Closable = OpenPage & { dispose(): void };

/** A browser for the tests of one file, and pages of a room, some or all of them; what a test opened is closed after it. */
export function pagesOf(room?: string, only?: readonly string[], { quiet = false }: { /** Whether no page may have complained when it is closed. */ readonly quiet?: boolean } = {}) {
  let browser: Browser;
  let bundles: Bundles;
  const opened: Closable[] = [];

  beforeAll(async () => {
    [browser, bundles] = await Promise.all([startBrowser(), bundlePages(room, only)]);
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) {
      one.dispose();
      await one.page.context().close();
      if (quiet) {
        expect(one.complaints).toEqual([]);
      }
    }
  });
  afterAll(() => browser.close());

  return {
    async open<T extends Closable>(opening: (browser: Browser, bundles: Bundles) => Promise<T>): Promise<T> {
      const made = await opening(browser, bundles);
      opened.push(made);
      return made;
    },
    bundles: () => bundles,
  };
}

/** The pages of the conversions. */
export function pagesInBrowser() {
  const { open, bundles } = pagesOf();
  return {
    plan: (store: InventedStore, options?: PageOptions) => open((...here) => openPlan(...here, store, options)),
    jobs: (store: InventedStore, options?: PageOptions) => open((...here) => openJobs(...here, store, options)),
    bundles,
  };
}
