import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobStatus } from '../../../../src/convert/job.ts';
import type { Jobs } from '../../../../src/convert/jobs.ts';
import { fakePath } from '../../../fakes/fakes.ts';
import { requestFor, spawned } from './jobsBench.ts';
import { cleanUp, hashes, makeImages, newFolder, tree } from './runBench.ts';

let data: string;
let jobs: Jobs;

beforeEach(async () => {
  data = newFolder();
  jobs = await spawned();
});
afterEach(cleanUp);

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `${String(index).padStart(3, '0')}.jpg`);

/** Starts the job, and resolves with the first status that is as wanted. */
function running(
  id: string,
  isWanted: (status: JobStatus) => boolean,
): { readonly seen: Promise<JobStatus>; readonly end: Promise<JobStatus> } {
  let end: Promise<JobStatus> | undefined;
  const seen = new Promise<JobStatus>((resolve) => {
    end = jobs.run(id, { onStatus: (status) => isWanted(status) && resolve(status) });
  });
  return { seen, end: end as unknown as Promise<JobStatus> };
}

/** Processes that a job's process has started for its tools, by the private folders that they run in. */
function toolsOf(pid: number): readonly string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return (
        /^\d+$/.test(entry) &&
        readlinkSync(`/proc/${entry}/cwd`).includes(`-${pid}-`) &&
        !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${entry}/stat`, 'utf8'))
      );
    } catch {
      return false;
    }
  });
}

describe('a job in a process of its own', () => {
  it('leaves no process and no temporary file when it is cancelled while its tools do not heed it', async () => {
    const images = makeImages(data, names(8));
    const before = hashes(images);
    const hangs = { imagemagick: fakePath('convert', 'hangs') };
    const { id, output } = await jobs.plan(requestFor([data], { imageEngine: 'imagemagick', toolPaths: hangs, jobs: 2 }));
    const { seen, end } = running(id, (status) => status.running.length === 2);
    const { owner } = await seen;
    const pid = owner?.pid ?? 0;
    expect(toolsOf(pid).length).toBeGreaterThanOrEqual(2);
    await jobs.cancel(id);
    expect(toolsOf(pid)).toEqual([]);
    expect(await end).toMatchObject({ state: 'cancelled', counts: { done: 0, failed: 0 }, running: [] });
    expect(tree(data)).toEqual(names(8));
    expect(() => statSync(output)).toThrow(/ENOENT/);
    expect(hashes(images)).toEqual(before);
  });

  it('is found interrupted when its process is killed, and does only what is left when it is run again', async () => {
    const images = makeImages(data, names(100), '1280x960');
    const before = hashes(images);
    const { id, output } = await jobs.plan(requestFor([data], { imageEngine: 'imagemagick', options: { edge: 320 }, jobs: 2 }));
    const { seen, end } = running(id, ({ counts }) => counts.done > 0);
    const pid = (await seen).owner?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    expect(await end).toMatchObject({ state: 'interrupted', running: [] });
    const inPlace = tree(output).filter((name) => !name.startsWith('.'));
    expect(inPlace.length).toBeGreaterThan(0);
    expect(inPlace.length).toBeLessThan(100);
    const inodes = inPlace.map((name) => statSync(join(output, name)).ino);

    const status = await jobs.run(id);
    expect(status).toMatchObject({ state: 'done', progress: 1, counts: { write: 100, done: 100, failed: 0 } });
    expect(tree(output)).toEqual(names(100));
    expect(inPlace.map((name) => statSync(join(output, name)).ino)).toEqual(inodes);
    expect(toolsOf(pid)).toEqual([]);
    expect(hashes(images)).toEqual(before);
  });

  it('is cancelled after its process was killed, with nothing left of it', async () => {
    makeImages(data, names(4));
    const hangs = { imagemagick: fakePath('convert', 'hangs') };
    const { id, output } = await jobs.plan(requestFor([data], { imageEngine: 'imagemagick', toolPaths: hangs }));
    const { seen, end } = running(id, (status) => status.running.length > 0);
    const pid = (await seen).owner?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await end;
    await jobs.cancel(id);
    expect(toolsOf(pid)).toEqual([]);
    expect((await jobs.store.status(id))?.state).toBe('cancelled');
    expect(tree(output)).toEqual([]);
  });

  it('is followed by everybody who asks for it to be run', async () => {
    makeImages(data, names(20));
    const { id } = await jobs.plan(requestFor([data]));
    const all = await Promise.all([jobs.run(id), jobs.run(id), jobs.run(id)]);
    expect(all.map(({ state, counts }) => [state, counts.done])).toEqual([
      ['done', 20],
      ['done', 20],
      ['done', 20],
    ]);
    const log = readFileSync(jobs.store.logFile(id), 'utf8');
    expect(log.split('\n').filter((line) => line.includes('sharp: exit 0')).length).toBeLessThanOrEqual(2);
  });
});
