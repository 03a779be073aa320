import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { readLedger } from '../../../../src/convert/ledger.ts';
import { jobFiles, newJobId, writeStatus } from '../../../../src/convert/run/jobFiles.ts';
import { writePlan } from '../../../../src/convert/run/planFile.ts';
import type { PlanItem } from '../../../../src/convert/job.ts';
import { runCrashJob, type CrashJob } from './crashJob.ts';
import { cleanUp, emptyStatus, hashes, makeImages, newFolder, planFor, tree } from './runBench.ts';
import { standIn } from './standIn.ts';

let entry: string;

beforeAll(async () => {
  entry = join(newFolder(), 'crash.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'crashEntry.ts')],
    outfile: entry,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['sharp'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
});
afterAll(cleanUp);

interface Prepared extends CrashJob {
  readonly images: readonly string[];
}

const NAMES = ['a.jpg', 'bad-1.jpg', 'b.jpg'];
const GOOD = ['0/a.jpg', '2/b.jpg'];

async function prepare(): Promise<Prepared> {
  const images = makeImages(newFolder(), NAMES);
  const job = { store: newFolder(), id: newJobId(Date.now()), output: join(newFolder(), 'out'), tools: newFolder() };
  standIn(job.tools);
  const files = jobFiles(job.store, job.id);
  mkdirSync(files.folder);
  const inOwnFolder = (item: PlanItem): PlanItem => ({ ...item, output: join(job.output, String(item.seq), NAMES[item.seq] ?? '') });
  await writePlan(files, asyncOf(planFor(images, job.output, 'sox', inOwnFolder)), () => {});
  writeStatus(files, emptyStatus(job.id, job.output));
  return { ...job, images };
}

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Runs the job until its `step`th change of the disk; whether it got that far. */
async function runUntil(step: number, { images: _, ...job }: Prepared): Promise<boolean> {
  const child = spawn(process.execPath, [entry, JSON.stringify(job), String(step)], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(code === 0 || signal === 'SIGKILL').toBe(true);
  return signal === 'SIGKILL';
}

const runsOf = (tools: string, name: string): number =>
  existsSync(join(tools, 'log')) ? readFileSync(join(tools, 'log'), 'utf8').split('\n').filter((line) => line === name).length : 0;

describe('a job whose process is killed', () => {
  it('is done by the next run, whenever it died, and never shows half an output', async () => {
    let step = 1;
    for (; ; step++) {
      const job = await prepare();
      const before = hashes(job.images);
      if (!(await runUntil(step, job))) {
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

