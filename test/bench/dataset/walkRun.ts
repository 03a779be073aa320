import { fdir } from 'fdir';
import { walkTree } from '../../../src/dataset/walk/walkTree.ts';

/** Bundled and run by walk.ts: `ours` or `fdir`, and a folder. Prints how many names there are, and what it cost. */
export interface WalkFigures {
  readonly names: number;
  /** Milliseconds. */
  readonly took: number;
  /** Milliseconds to the first 200 names. */
  readonly first: number;
  /** MB of resident memory more than before. */
  readonly megabytes: number;
}

const FIRST = 200;
const [who, folder = ''] = process.argv.slice(2);
const before = process.memoryUsage().rss;
const began = performance.now();
let names = 0;
let first = NaN;
let most = before;
if (who === 'fdir') {
  names = (await new fdir().crawl(folder).withPromise()).length;
} else {
  for await (const { files } of walkTree(folder)) {
    names += files.length;
    if (names >= FIRST && Number.isNaN(first)) {
      first = performance.now() - began;
    }
    if (files.length > 0) {
      most = Math.max(most, process.memoryUsage.rss());
    }
  }
}
const took = performance.now() - began;
const megabytes = (Math.max(most, process.memoryUsage().rss) - before) / 1e6;
process.stdout.write(JSON.stringify({ names, took, first, megabytes } satisfies WalkFigures));
