import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startBrowser } from '../vscode/browser.ts';
import { bundlePages } from './harness.ts';
import type { PageOptions } from './harness.ts';
import type { InventedStore } from './invented.ts';
import { openJobs, openPlan } from './openPages.ts';
import type { OpenFace } from './openPages.ts';

/** A browser for the tests of one file; what a test opened is closed after it. */
export function pagesInBrowser() {
  let browser: Browser;
  let bundles: Awaited<ReturnType<typeof bundlePages>>;
  const open: OpenFace[] = [];

  beforeAll(async () => {
    [browser, bundles] = await Promise.all([startBrowser(), bundlePages()]);
  });
  afterEach(async () => {
    for (const face of open.splice(0)) {
      face.dispose();
      await face.page.context().close();
    }
  });
  afterAll(() => browser.close());

  const kept = async <T extends OpenFace>(opening: Promise<T>): Promise<T> => {
    const face = await opening;
    open.push(face);
    return face;
  };
  return {
    plan: (store: InventedStore, options?: PageOptions) => kept(openPlan(browser, bundles, store, options)),
    jobs: (store: InventedStore, options?: PageOptions) => kept(openJobs(browser, bundles, store, options)),
    bundles: () => bundles,
  };
}
