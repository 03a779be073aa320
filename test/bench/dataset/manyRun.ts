import { join } from 'node:path';
import type { CatalogueApi, CatalogueEvents } from '../../../src/dataset/catalogue/catalogueApi.ts';
import { ServiceThread } from '../../../src/dataset/serviceThread.ts';

/** Bundled and run by many.ts: the built `datasetWorker.js`, a folder, and an empty folder for its catalogue. */
export interface ManyFigures {
  readonly files: number;
  /** Milliseconds until all names are in the catalogue. */
  readonly took: number;
  /** Milliseconds of the longest answer to a request for the first rows meanwhile. */
  readonly longest: number;
  /** MB that the process was larger at most than before. */
  readonly megabytes: number;
}

const [script = '', folder = '', storage = ''] = process.argv.slice(2);
const thread = new ServiceThread<CatalogueApi, CatalogueEvents>({
  script,
  service: 'catalogue',
  context: () => Promise.resolve({ storage: join(storage, 'store'), root: storage, cacheBytes: 0 }),
  events: { changed: () => undefined },
  log: (line) => process.stderr.write(`${line}\n`),
});
const before = process.memoryUsage.rss();
let most = before;
let longest = 0;
const began = performance.now();
let summary = await thread.request('open', { root: folder });
while (summary.state === 'walking') {
  const asked = performance.now();
  await thread.request('items', { root: folder, filter: '', offset: 0, count: 200 });
  longest = Math.max(longest, performance.now() - asked);
  most = Math.max(most, process.memoryUsage.rss());
  await new Promise((resolve) => setTimeout(resolve, 1000));
  summary = await thread.request('summary', { root: folder });
}
if (summary.problem !== undefined) {
  throw new Error(summary.problem);
}
process.stdout.write(JSON.stringify({ files: summary.files, took: performance.now() - began, longest, megabytes: (most - before) / 1e6 } satisfies ManyFigures));
process.exit(0);
