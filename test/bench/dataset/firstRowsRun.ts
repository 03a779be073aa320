import { join } from 'node:path';
import type { CatalogueApi, CatalogueEvents } from '../../../src/dataset/catalogue/catalogueApi.ts';
import { ServiceThread } from '../../../src/dataset/serviceThread.ts';

/** Bundled and run by walk.ts: the built `datasetWorker.js`, a folder, an empty folder for its catalogue, and whether the thread is there already. */
export interface FirstRowsFigures {
  /** Milliseconds until the first 200 items were here. */
  readonly first: number;
  readonly items: number;
}

const ROWS = 200;
const [script = '', folder = '', storage = '', when = ''] = process.argv.slice(2);
const thread = new ServiceThread<CatalogueApi, CatalogueEvents>({
  script,
  service: 'catalogue',
  context: () => Promise.resolve({ storage: join(storage, 'store'), root: storage, cacheBytes: 0 }),
  events: { changed: () => undefined },
  log: (line) => process.stderr.write(`${line}\n`),
});
if (when === 'ahead') {
  // It has answered once when it is there.
  await thread.request('summary', { root: join(storage, 'nothing') }).catch(() => undefined);
}
const began = performance.now();
await thread.request('open', { root: folder });
let items = 0;
while (items < ROWS) {
  ({ items: { length: items } } = await thread.request('items', { root: folder, filter: '', offset: 0, count: ROWS }));
}
process.stdout.write(JSON.stringify({ first: performance.now() - began, items } satisfies FirstRowsFigures));
process.exit(0);
