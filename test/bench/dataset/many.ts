import { closeSync, linkSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { getServer } from '../../vscode/getServer.ts';
import { take } from '../measure.ts';
import { alone, type Bench } from '../row.ts';
import type { ManyFigures } from './manyRun.ts';

const FOLDERS = 10_000;
const FILES = 1000;
/** Names of one file, of which ext4 allows 65,000: so it takes few inodes, and minutes less. */
const LINKS = 60_000;

/** Ten million names into a catalogue, through the service that is shipped: what it takes, and that it does not fail. */
export const many: Bench = {
  room: 'dataset',
  name: 'many',
  async run({ root, folder, say }) {
    const { node } = await getServer();
    const script = join(folder, 'manyRun.mjs');
    await build({ entryPoints: [join(root, 'test/bench/dataset/manyRun.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const tree = join(folder, 'tree');
    say('  making ten million names …');
    makeNames(tree, folder);
    const { stdout } = await take({ argv: [node, '--disable-warning=ExperimentalWarning', script, join(root, 'dist/datasetWorker.js'), tree, join(folder, 'storage')] });
    const { files, took, longest, megabytes } = JSON.parse(stdout) as ManyFigures;
    if (files !== FOLDERS * FILES) {
      throw new Error(`${files} files are in the catalogue`);
    }
    return [
      alone('dataset', 'many: 10,000,000 names into the catalogue', took / 1000, null, 's'),
      alone('dataset', 'many: first rows meanwhile, what they take at most', longest, null, 'ms'),
      alone('dataset', 'many: memory, the catalogue of 10,000,000 files included', megabytes, null, 'MB'),
    ];
  },
};

function makeNames(tree: string, folder: string): void {
  let seed = '';
  for (let number = 0; number < FOLDERS * FILES; number++) {
    const parent = join(tree, `class${String(Math.floor(number / FILES)).padStart(5, '0')}`);
    if (number % FILES === 0) {
      mkdirSync(parent, { recursive: true });
    }
    if (number % LINKS === 0) {
      seed = join(folder, `seed-${number}`);
      closeSync(openSync(seed, 'w'));
    }
    linkSync(seed, join(parent, `sample_${String(number % FILES).padStart(6, '0')}.jpg`));
  }
}
