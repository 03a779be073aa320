import { openLedger } from '../../../../src/convert/ledger.ts';
import type { JobStatus } from '../../../../src/convert/job.ts';
import { jobFiles, readStatus } from '../../../../src/convert/run/jobFiles.ts';
import { runJob } from '../../../../src/convert/run/jobRun.ts';
import { limitsFor } from '../../../../src/convert/run/limits.ts';
import { StatusFile } from '../../../../src/convert/run/statusFile.ts';
import { createProber } from '../../../../src/media/probe.ts';
import { createToolRunner } from '../../../../src/process/createToolRunner.ts';
import { copyEngine, copyPreset, standInAt } from './standIn.ts';

export interface CrashJob {
  readonly store: string;
  readonly id: string;
  readonly output: string;
  /** Folder of the stand-in tool. */
  readonly tools: string;
}

/** Runs a planned job of the stand-in: the same in the process that is to die and in the one that takes the job up again. */
export async function runCrashJob({ store, id, output, tools }: CrashJob): Promise<JobStatus | undefined> {
  const files = jobFiles(store, id);
  const status = new StatusFile(files, readStatus(files) as JobStatus);
  const { toolbox } = standInAt(tools);
  const prober = createProber();
  await runJob(files, status, {
    toolbox, output, limitsFor,
    states: [],
    imageEngine: 'auto',
    preset: copyPreset,
    options: {},
    salvage: false,
    runner: createToolRunner({ tools: toolbox }),
    engines: new Map([['sox', copyEngine(2)]]),
    ledger: await openLedger({ store, output }),
    recipe: 'recipe-1',
    inspect: (path) => prober.probeFast(path) ?? prober.probe(path),
    workers: 1,
    cpus: 1,
  }, new AbortController().signal);
  return readStatus(files);
}
