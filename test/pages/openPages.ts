import type { Browser } from 'playwright-core';
import { createJobsPage } from '../../src/convert/vscode/jobsPage.ts';
import type { PageServices } from '../../src/convert/vscode/pageActions.ts';
import { createPlanPages } from '../../src/convert/vscode/planPage.ts';
import type { PlanPages } from '../../src/convert/vscode/planPage.ts';
import { FakePanel, FakeUri, panels } from './fakeVscode.ts';
import { openPage } from './harness.ts';
import type { OpenPage, PageOptions } from './harness.ts';
import type { InventedStore } from './invented.ts';

export interface OpenFace extends OpenPage {
  /** The panel or view that holds the page. */
  readonly panel: FakePanel;
  /** The commands that were run, with their arguments. */
  readonly commands: readonly (readonly unknown[])[];
  /** What the next commands come to; they succeed where nothing is set. */
  onCommand: ((command: string) => Promise<unknown>) | undefined;
  dispose(): void;
}

type Bundles = Awaited<Parameters<typeof openPage>[2]>;

/** The plan of the store's first job, by its real host, in a browser. */
export async function openPlan(browser: Browser, bundles: Bundles, store: InventedStore, options: PageOptions = {}): Promise<OpenFace & { readonly pages: PlanPages }> {
  const { face, services } = faceOf(store);
  const pages = createPlanPages(services);
  const [first] = await store.jobs.store.list();
  pages.open(first?.id ?? 'none');
  const panel = panels.at(-1) as FakePanel;
  const opened = await openPage(browser, panel.webview, bundles, options);
  return Object.assign(face, opened, { panel, pages, dispose: () => pages.dispose() });
}

/** The list of the store's jobs, by its real host, in a browser. */
export async function openJobs(browser: Browser, bundles: Bundles, store: InventedStore, options: PageOptions = {}): Promise<OpenFace> {
  const { face, services } = faceOf(store);
  const provider = createJobsPage(services);
  const panel = new FakePanel('Jobs');
  await provider.resolveWebviewView(panel as never, { state: undefined }, {} as never);
  const opened = await openPage(browser, panel.webview, bundles, options);
  return Object.assign(face, opened, { panel, dispose: () => provider.dispose() });
}

function faceOf(store: InventedStore) {
  const commands: (readonly unknown[])[] = [];
  const face = { commands, onCommand: undefined as OpenFace['onCommand'] };
  const services: PageServices = {
    extensionUri: new FakeUri('') as never,
    jobs: store.jobs,
    executeCommand: async (command, ...args) => {
      commands.push([command, ...args]);
      return face.onCommand?.(command);
    },
  };
  return { face, services };
}
