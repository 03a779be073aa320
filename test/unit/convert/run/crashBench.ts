import { expect } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { PlanItem } from '../../../../src/convert/job.ts';
import { jobFiles, newJobId, writeStatus } from '../../../../src/convert/run/jobFiles.ts';
import { writePlan } from '../../../../src/convert/run/planFile.ts';
import type { CrashJob } from './crashJob.ts';
import { emptyStatus, makeImages, newFolder, planFor } from './runBench.ts';
import { standIn } from './standIn.ts';

/** `crashEntry.ts` as a program; its absolute path. */
export async function buildEntry(): Promise<string> {
  const entry = join(newFolder(), 'crash.mjs');
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
  return entry;
}

export interface PreparedCrash extends CrashJob {
  readonly images: readonly string[];
}

/** A planned job that copies pictures of these names by the stand-in, each into a folder of its own. */
export async function prepareCrash(names: readonly string[]): Promise<PreparedCrash> {
  const images = makeImages(newFolder(), names);
  const job = { store: newFolder(), id: newJobId(Date.now()), output: join(newFolder(), 'out'), tools: newFolder() };
  standIn(job.tools);
  const files = jobFiles(job.store, job.id);
  mkdirSync(files.folder);
  const inOwnFolder = (item: PlanItem): PlanItem => ({ ...item, output: join(job.output, String(item.seq), names[item.seq] ?? '') });
  await writePlan(files, asyncOf(planFor(images, job.output, 'sox', inOwnFolder)), () => {});
  writeStatus(files, emptyStatus(job.id, job.output));
  return { ...job, images };
}

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/**
 * Runs the job in a process until its `step`th change of the disk, to its end with 0; whether it was killed. `prefix`: what the process
 * is started through.
 */
export async function runUntil(
  entry: string,
  step: number,
  { images: _, ...job }: PreparedCrash,
  prefix: readonly string[] = [],
): Promise<boolean> {
  const [file = '', ...args] = [...prefix, process.execPath, entry, JSON.stringify(job), String(step)];
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(code === 0 || signal === 'SIGKILL').toBe(true);
  return signal === 'SIGKILL';
}
