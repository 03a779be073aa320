import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { getServer } from '../../vscode/getServer.ts';
import { median, take } from '../measure.ts';
import { against, alone, type Bench, type BenchRow } from '../row.ts';
import type { FilterFigures } from './filterRun.ts';

const FILTERS = ['duration > 20 and split == "train" and caption ~ "dog"', 'label in (class3, class44) or size > 4.9MB', 'caption ~ "number 99"'];
const ROUNDS = 5;

/** Filters over a million rows, in the Node that VS Code's server brings, beside the same SQL in the sqlite3 command, its start included. */
export const filtering: Bench = {
  room: 'dataset',
  name: 'filter',
  async run({ root, folder }) {
    const { node } = await getServer();
    const script = join(folder, 'filterRun.mjs');
    await build({ entryPoints: [join(root, 'test/bench/dataset/filterRun.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error', external: ['node-sqlite3-wasm'] });
    const { stdout } = await take({ argv: [node, '--disable-warning=ExperimentalWarning', script, join(folder, 'store'), ...FILTERS] });
    const { file, answers, sorts } = JSON.parse(stdout) as FilterFigures;
    const rows: BenchRow[] = [];
    for (const [at, { sql, found, took, longest, page }] of answers.entries()) {
      const input = join(folder, 'query.sql');
      writeFileSync(input, `.output ${join(folder, 'ids')}\nSELECT id FROM item WHERE ${sql} ORDER BY id;\n.output\nSELECT count(*) FROM item WHERE id <= ${found};\n`);
      const times: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const { seconds } = await take({ argv: ['sqlite3', '-readonly', file, `.read ${input}`] });
        if (round > 0) {
          times.push(seconds * 1000);
        }
      }
      const name = `filter: ${FILTERS[at] ?? ''}`;
      rows.push(
        against('dataset', `${name}, of 1,000,000`, took, median(times), 1.5, 'ms'),
        alone('dataset', `${name}, what others wait at most`, longest, null, 'ms'),
        alone('dataset', `${name}, 200 rows from its middle`, page, 20, 'ms'),
      );
    }
    for (const { column, took, longest } of sorts) {
      rows.push(alone('dataset', `sort: 1,000,000 by ${column}`, took, null, 'ms'), alone('dataset', `sort: by ${column}, what others wait at most`, longest, 150, 'ms'));
    }
    return rows;
  },
};
