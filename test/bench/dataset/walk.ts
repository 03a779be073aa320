import { closeSync, mkdirSync, mkdtempSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { getServer } from '../../vscode/getServer.ts';
import { median, take } from '../measure.ts';
import { against, alone, type Bench } from '../row.ts';
import type { FirstRowsFigures } from './firstRowsRun.ts';
import type { WalkFigures } from './walkRun.ts';

const FOLDERS = 1000;
const FILES = 1000;
const ROUNDS = 5;

/** A million empty files in a thousand folders: their names, beside GNU find, which writes them, and fdir, which collects them. */
export const walking: Bench = {
  room: 'dataset',
  name: 'walk',
  async run({ root, folder, say }) {
    const tree = join(folder, 'tree');
    say('  making a million files …');
    makeFiles(tree);
    const script = join(folder, 'walkRun.mjs');
    await build({ entryPoints: [join(root, 'test/bench/dataset/walkRun.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const ours: WalkFigures[] = [];
    const fdir: WalkFigures[] = [];
    const find: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const found = await take({ argv: ['find', tree, '-type', 'f', '-fprintf', join(folder, 'names'), '%P\\n'] });
      const walked = await figures([process.execPath, script, 'ours', tree]);
      const crawled = await figures([process.execPath, script, 'fdir', tree]);
      if (round > 0) {
        find.push(found.seconds);
        ours.push(walked);
        fdir.push(crawled);
      }
    }
    const rows = await firstRows(root, folder, tree);
    const took = (runs: readonly WalkFigures[]): number => median(runs.map((run) => run.took)) / 1000;
    return [
      against('dataset', 'walk: names of 1,000,000 files, beside find', took(ours), median(find), 1.2),
      against('dataset', 'walk: the same, beside fdir', took(ours), took(fdir), null),
      alone('dataset', 'walk: memory', median(ours.map(({ megabytes }) => megabytes)), 250, 'MB'),
      alone('dataset', 'walk: first 200 names', median(ours.map(({ first }) => first)), 150, 'ms'),
      alone('dataset', 'walk: first 200 rows through the service, its thread started for it', rows.cold, 150, 'ms'),
      alone('dataset', 'walk: the same with the thread started ahead', rows.ahead, 150, 'ms'),
    ];
  },
};

/** From the request to open the folder, as the window asks it of the service that is shipped, in the Node that VS Code brings. */
async function firstRows(root: string, folder: string, tree: string): Promise<{ readonly cold: number; readonly ahead: number }> {
  const { node } = await getServer();
  const script = join(folder, 'firstRowsRun.mjs');
  await build({ entryPoints: [join(root, 'test/bench/dataset/firstRowsRun.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  const times: Record<'cold' | 'ahead', number[]> = { cold: [], ahead: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const when of ['cold', 'ahead'] as const) {
      const storage = mkdtempSync(join(folder, 'storage-'));
      const { stdout } = await take({ argv: [node, '--disable-warning=ExperimentalWarning', script, join(root, 'dist/datasetWorker.js'), tree, storage, when] });
      if (round > 0) {
        times[when].push((JSON.parse(stdout) as FirstRowsFigures).first);
      }
    }
  }
  return { cold: median(times.cold), ahead: median(times.ahead) };
}

async function figures(argv: readonly string[]): Promise<WalkFigures> {
  const figures = JSON.parse((await take({ argv })).stdout) as WalkFigures;
  if (figures.names !== FOLDERS * FILES) {
    throw new Error(`${argv.slice(1).join(' ')} found ${figures.names} names`);
  }
  return figures;
}

function makeFiles(tree: string): void {
  for (let folder = 0; folder < FOLDERS; folder++) {
    const path = join(tree, `class${String(folder).padStart(4, '0')}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES; file++) {
      closeSync(openSync(join(path, `sample_${String(file).padStart(6, '0')}.jpg`), 'w'));
    }
  }
}
