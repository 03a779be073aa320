import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '../../../../src/convert/ledger.ts';
import { buildEntry, prepareCrash, runUntil } from './crashBench.ts';
import { runCrashJob } from './crashJob.ts';
import { cleanUp, hashes, tree } from './runBench.ts';

let entry: string;

beforeAll(async () => (entry = await buildEntry()));
afterAll(cleanUp);

const NAMES = ['a.jpg', 'bad-1.jpg', 'b.jpg'];
const GOOD = ['0/a.jpg', '2/b.jpg'];

const runsOf = (tools: string, name: string): number =>
  existsSync(join(tools, 'log')) ? readFileSync(join(tools, 'log'), 'utf8').split('\n').filter((line) => line === name).length : 0;

describe('a job whose process is killed', () => {
  it('is done by the next run, whenever it died, and never shows half an output', async () => {
    let step = 1;
    for (; ; step++) {
      const job = await prepareCrash(NAMES);
      const before = hashes(job.images);
      if (!(await runUntil(entry, step, job))) {
        break;
      }
      const inPlace = existsSync(job.output) ? tree(job.output).filter((path) => path.endsWith('.jpg')) : [];
      expect(hashes(inPlace.map((path) => join(job.output, path))), `outputs after step ${step}`).toEqual(inPlace.map(() => before[0]));
      const runs = inPlace.map((path) => runsOf(job.tools, path.slice(2)));

      const status = await runCrashJob(job);
      expect(status, `step ${step}`).toMatchObject({ state: 'done', progress: 1, counts: { write: 3, done: 2, failed: 1 } });
      expect(tree(job.output).filter((path) => !path.endsWith('/')), `step ${step}`).toEqual(GOOD);
      expect(tree(job.output).filter((path) => path.endsWith('/')), `step ${step}`).toEqual(['0/', '2/']);
      expect(hashes(job.images)).toEqual(before);
      // What had its name was verified: it is not made again.
      expect(inPlace.map((path) => runsOf(job.tools, path.slice(2))), `step ${step}`).toEqual(runs);
      const ledger = await readLedger(job);
      expect(GOOD.map((path) => ledger.stampOf(join(job.output, path)) !== undefined)).toEqual([true, true]);
    }
    expect(step).toBeGreaterThan(30);
  }, 240_000);
});

