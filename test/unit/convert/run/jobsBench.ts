import { join } from 'node:path';
import type { ConvertRequest } from '../../../../src/convert/job.ts';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import { createFileJobStore } from '../../../../src/convert/run/fileJobStore.ts';
import { createInProcessJobs } from '../../../../src/convert/run/inProcessJobs.ts';
import { createJobRunner } from '../../../../src/convert/run/jobRunner.ts';
import { createSpawnedJobs } from '../../../../src/convert/run/spawnedJobs.ts';
import { builtInstallation } from './installationBench.ts';
import { newFolder } from './runBench.ts';

export const env = process.env;

export const requestFor = (inputs: readonly string[], change: Partial<ConvertRequest> = {}): ConvertRequest => ({
  preset: 'image.fit', options: { edge: 32 }, inputs,
  salvage: false, imageEngine: 'auto', toolPaths: {}, customPresets: [],
  ...change,
});

export async function inProcess(): Promise<Jobs> {
  const store = createFileJobStore(join(newFolder(), 'jobs'));
  const runner = createJobRunner({ store: store.folder, installation: await builtInstallation(), env });
  return createInProcessJobs(store, runner);
}

export async function spawned(): Promise<Jobs> {
  return createSpawnedJobs({ store: createFileJobStore(join(newFolder(), 'jobs')), installation: await builtInstallation(), env });
}
