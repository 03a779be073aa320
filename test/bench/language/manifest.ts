import { statSync } from 'node:fs';
import { join } from 'node:path';
import { median, take } from '../measure.ts';
import { against, alone } from '../row.ts';
import type { Bench } from '../row.ts';
import { makeSounds, writeManifest } from './madeManifest.ts';

const GIB = 2 ** 30;
const ROUNDS = 3;

interface Run {
  readonly rows: number;
  readonly seconds: number;
  /** Seconds of processor time. */
  readonly cpu: number;
  readonly first: number;
  readonly megabytes: number;
}

/** A manifest of 1 GiB and five million rows, checked beside what reads the same file: DuckDB on one thread, and `jq -c .`. */
export const manifest: Bench = {
  room: 'language',
  name: 'manifest',
  async run({ folder, root, say }) {
    makeSounds(folder);
    const file = join(folder, 'train.jsonl');
    say('  1 GiB of NeMo rows');
    const rows = writeManifest(file, GIB);
    const typescript = ['--import', join(root, 'test/setup/typescript.mjs')];
    const once = async (script: string): Promise<Run> => JSON.parse((await take({ argv: [process.execPath, ...typescript, join(root, 'test/bench/language', script), file] })).stdout) as Run;
    const ours: Run[] = [];
    const duck: Run[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await once('largeRun.ts'));
      duck.push(await once('duckRun.ts'));
    }
    if ([...ours, ...duck].some((run) => run.rows !== rows)) {
      throw new Error(`Not all of the ${rows} rows were read.`);
    }
    say('  jq -c .');
    const jq = await take({ argv: ['/bin/sh', '-c', 'exec jq -c . "$1" > /dev/null', 'sh', file] });
    const megabytes = statSync(file).size / 1e6;
    const cpu = median(ours.map((run) => run.cpu));
    return [
      against('language', 'manifest, processor time to check 1 GiB beside DuckDB reading it', cpu, median(duck.map((run) => run.cpu)), 3),
      against('language', 'manifest, 1 GiB checked beside jq -c .', median(ours.map(({ seconds }) => seconds)), jq.seconds, 0.5),
      alone('language', 'manifest, nanoseconds of processor time for a byte (60 MB/s are 16.7)', (cpu * 1e3) / megabytes, 16.7, 'ns'),
      alone('language', 'manifest, first problem of 1 GiB', median(ours.map(({ first }) => first)), 1000, 'ms'),
      alone('language', 'manifest, memory for 1 GiB', Math.max(...ours.map((run) => run.megabytes)), 300, 'MB'),
    ];
  },
};
