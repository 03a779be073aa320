import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JobStatus } from '../../../../src/convert/job.ts';
import { jobFiles, readStatus } from '../../../../src/convert/run/jobFiles.ts';
import { buildEntry, prepareCrash, runUntil, type PreparedCrash } from './crashBench.ts';
import { cleanUp, hashes, tree } from './runBench.ts';

/** Root may write anywhere: then the job runs as nobody. */
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const prefix = isRoot ? ['/usr/bin/setpriv', `--reuid=${NOBODY}`, '--clear-groups'] : [];

let entry: string;
let job: PreparedCrash;

beforeAll(async () => (entry = await buildEntry()));
afterEach(() => chmodSync(job.output, 0o700));
afterAll(cleanUp);

async function prepared(names: readonly string[]): Promise<void> {
  job = await prepareCrash(names);
  const files = jobFiles(job.store, job.id);
  if (isRoot) {
    const folders = [entry, job.images[0] ?? '', job.output, job.store, job.tools].map((path) => dirname(path));
    [...folders, ...folders.map((folder) => dirname(folder))].filter((folder) => folder !== tmpdir()).forEach((folder) => chmodSync(folder, 0o755));
    const its = [
      job.store,
      files.folder,
      job.tools,
      join(job.tools, 'tool'),
      ...readdirSync(files.folder).map((name) => join(files.folder, name)),
    ];
    its.forEach((path) => chownSync(path, NOBODY, NOBODY));
  }
  mkdirSync(job.output);
}

async function run(): Promise<JobStatus> {
  await runUntil(entry, 0, job, prefix);
  return readStatus(jobFiles(job.store, job.id)) as JobStatus;
}

describe('without permission to write', () => {
  it('into the output folder, the job ends with a problem', async () => {
    await prepared(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
    chmodSync(job.output, 0o555);
    const before = hashes(job.images);
    expect(await run()).toMatchObject({
      state: 'failed',
      problem: `Nothing can be written into ${job.output}: permission denied.`,
      counts: { done: 0, failed: 1 },
    });
    expect([tree(job.output), hashes(job.images)]).toEqual([[], before]);
  });

  it('into one folder of it, only what would go there fails', async () => {
    await prepared(['a.jpg', 'b.jpg', 'c.jpg']);
    mkdirSync(join(job.output, '1'));
    chmodSync(join(job.output, '1'), 0o555);
    chmodSync(job.output, 0o777);
    const status = await run();
    expect(status).toMatchObject({ state: 'done', counts: { done: 2, failed: 1 } });
    expect(status.failures).toMatchObject([{ seq: 1, reason: `${join(job.output, '1')}: permission denied` }]);
    expect(tree(job.output)).toEqual(['0/', '0/a.jpg', '1/', '2/', '2/c.jpg']);
  });
});
