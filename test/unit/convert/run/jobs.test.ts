import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JobStatus } from '../../../../src/convert/job.ts';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import { createSpawnedJobs } from '../../../../src/convert/run/spawnedJobs.ts';
import { env, inProcess, requestFor, spawned } from './jobsBench.ts';
import { cleanUp, hashes, makeImages, newFolder, tree } from './runBench.ts';

let data: string;
let jobs: Jobs;

afterEach(cleanUp);

describe.each([
  ['in this process', inProcess],
  ['in a process of its own', spawned],
])('a job %s', (_, create) => {
  beforeEach(async () => {
    data = newFolder();
    jobs = await create();
  });

  it('is planned, run and found done the next time', async () => {
    const images = makeImages(data, ['a.jpg', 'b.jpg', 'c.jpg']);
    const before = hashes(images);
    const planned = await jobs.plan(requestFor([data]));
    expect(planned).toMatchObject({
      state: 'planned', title: 'Fit the long edge', base: data, output: `${data}-fit`,
      counts: { write: 3, done: 0 }, progress: 0,
      leftOut: { otherKinds: 0 },
    });
    expect(planned.bytes).toBeGreaterThan(0);
    expect(planned.freeBytes).toBeGreaterThan(0);
    // Work for sharp goes in through stdin: its command would tell nothing.
    expect(planned.firstCommand).toBeUndefined();
    expect((await jobs.store.plan(planned.id, 0, 10)).items.map(({ input }) => basename(input))).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    const seen: JobStatus[] = [];
    const done = await jobs.run(planned.id, { onStatus: (status) => seen.push(status) });
    expect(done).toMatchObject({ state: 'done', progress: 1, counts: { write: 3, done: 3, failed: 0 } });
    expect(done.owner).toBeUndefined();
    expect(done.endedAt).toBeGreaterThanOrEqual(done.startedAt ?? Infinity);
    expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(['running', 'done']));
    expect(tree(`${data}-fit`)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(hashes(images)).toEqual(before);
    expect(readFileSync(jobs.store.logFile(done.id), 'utf8')).toContain('sharp: exit 0');

    const again = await jobs.plan(requestFor([data]));
    expect(again.counts).toMatchObject({ write: 0, skip: 3 });
    expect(await jobs.run(again.id)).toMatchObject({ state: 'done', progress: 1 });
  });

  it('tells the command of its first file, whatever has to be asked to know the file', async () => {
    const talk = join(data, 'talk.m4a');
    execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.3', '-c:a', 'aac', talk]);
    const { firstCommand } = await jobs.plan(requestFor([talk], { preset: 'audio.flac', options: {} }));
    expect(firstCommand).toEqual(expect.arrayContaining([`file:${talk}`, expect.stringContaining('talk.flac')]));
  });

  it.each([
    ['preset', { preset: 'image.none' }, 'There is no preset “image.none”.'],
    ['option', { options: { edge: -1 } }, 'Option “edge” takes'],
    ['output', { output: '/dev/null/none' }, 'Nothing can be written into /dev/null/none'],
  ])('whose %s is wrong fails with what to change', async (__, change, problem) => {
    makeImages(data, ['a.jpg']);
    const status = await jobs.plan(requestFor([data], change));
    expect(status.state).toBe('failed');
    expect(status.problem).toContain(problem);
    expect(status.owner).toBeUndefined();
  });

  it('plans again what has failed, where it went', async () => {
    const images = makeImages(data, ['a.jpg', 'b.jpg', 'c.jpg']);
    const { id } = await jobs.plan(requestFor([data]));
    rmSync(images[1] ?? '');
    expect(await jobs.run(id)).toMatchObject({ state: 'done', counts: { done: 2, failed: 1 } });
    const request = await jobs.retryRequest(id, true);
    expect(request).toMatchObject({ only: [images[1]], salvage: true, output: `${data}-fit` });
    makeImages(data, ['b.jpg']);
    const retry = await jobs.plan(request);
    expect(retry.counts).toMatchObject({ write: 1, skip: 0, refuse: 0 });
    expect(await jobs.run(retry.id)).toMatchObject({ state: 'done', counts: { done: 1 } });
    await expect(jobs.retryRequest(retry.id, false)).rejects.toMatchObject({ reason: 'job' });
  });

  it('that was only planned can be cancelled', async () => {
    makeImages(data, ['a.jpg']);
    const { id } = await jobs.plan(requestFor([data]));
    await jobs.cancel(id);
    expect((await jobs.store.status(id))?.state).toBe('cancelled');
  });

  it('can be cancelled at its very first word', async () => {
    makeImages(data, Array.from({ length: 40 }, (_, index) => `${index}.jpg`), '1024x768');
    const { id } = await jobs.plan(requestFor([data]));
    let cancelled: Promise<void> | undefined;
    const ended = await jobs.run(id, { onStatus: () => void (cancelled ??= jobs.cancel(id)) });
    await cancelled;
    expect(ended.state).toBe('cancelled');
    expect((await jobs.store.status(id))?.counts.done).toBeLessThan(40);
  });
});

describe('a job in a process of its own', () => {
  it('fails with a reason where the process cannot start', async () => {
    const root = newFolder();
    const { store } = await spawned();
    const broken = createSpawnedJobs({ store, installation: { root }, env });
    const status = await broken.plan(requestFor([root]));
    expect(status).toMatchObject({ state: 'failed', problem: expect.stringContaining('exit code 1') });
  });
});
