import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileJobStore } from '../../../../src/convert/run/fileJobStore.ts';
import type { ConvertRequest, JobStatus, PlanItem } from '../../../../src/convert/job.ts';
import type { JobStore } from '../../../../src/convert/jobStore.ts';
import { jobFiles, writeStatus } from '../../../../src/convert/run/jobFiles.ts';
import { takeOwnership } from '../../../../src/convert/run/ownerLock.ts';
import { writePlan } from '../../../../src/convert/run/planFile.ts';
import { startTimeOf } from '../../../../src/process/processIdentity.ts';
import { cleanUp, newFolder, tree } from './runBench.ts';

const request: ConvertRequest = {
  preset: 'audio.flac',
  options: {},
  inputs: ['/data/a/1.wav', '/data/b/2.wav'],
  salvage: false,
  imageEngine: 'auto',
  toolPaths: {},
  customPresets: [],
};

let store: JobStore;

beforeEach(() => (store = createFileJobStore(join(newFolder(), 'jobs'))));
afterEach(cleanUp);

async function changed(id: string, change: Partial<JobStatus>): Promise<void> {
  const status = await store.status(id);
  writeStatus(jobFiles(store.folder, id), { ...(status as JobStatus), ...change });
}

/** A process that has ended, so that its pid is nobody's or somebody else's. */
async function deadProcess(): Promise<NonNullable<JobStatus['owner']>> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  const owner = { pid: child.pid ?? 0, startTime: startTimeOf(child.pid ?? 0) ?? '' };
  child.kill('SIGKILL');
  await once(child, 'exit');
  return owner;
}

async function* planOf(count: number): AsyncGenerator<PlanItem> {
  for (let seq = 0; seq < count; seq++) {
    const action = seq % 100 === 99 ? 'refuse' : 'write';
    yield {
      seq,
      action,
      reason: 'new',
      input: `/data/${seq % 2 === 0 ? 'Even' : 'odd'}/${seq}.wav`,
      output: `/out/${seq}.flac`,
      engine: 'sox',
      size: 10,
      cost: 3,
    };
  }
}

describe('a job store', () => {
  it('lays down a job that others can read, and nobody else', async () => {
    const id = await store.create(request);
    expect(await store.status(id)).toMatchObject({ id, state: 'planning', preset: 'audio.flac', base: '/data', progress: 0 });
    expect(await createFileJobStore(store.folder).request(id)).toEqual(request);
    expect([statSync(store.folder).mode & 0o777, statSync(jobFiles(store.folder, id).folder).mode & 0o777]).toEqual([0o700, 0o700]);
  });

  it('lists the newest first', async () => {
    const ids = [await store.create(request), await store.create(request), await store.create(request)];
    expect((await store.list()).map(({ id }) => id)).toEqual(ids.reverse());
  });

  it.each(['../../etc', '', 'x', '20260102T030405678Z-9f3a01/..'])('takes no id for a path: %j', async (id) => {
    await expect(async () => store.status(id)).rejects.toMatchObject({ name: 'RequestError', reason: 'job' });
    await expect(async () => store.remove(id)).rejects.toMatchObject({ name: 'RequestError', reason: 'job' });
  });

  it('calls a job interrupted when its process is gone, and only then', async () => {
    const id = await store.create(request);
    await changed(id, { state: 'running' });
    expect((await store.status(id))?.state).toBe('running');
    const owner = await deadProcess();
    for (const [state, told] of [
      ['running', 'interrupted'],
      ['planning', 'interrupted'],
      ['done', 'done'],
      ['planned', 'planned'],
    ] as const) {
      await changed(id, { state, owner });
      expect((await store.status(id))?.state).toBe(told);
    }
  });

  it('does not take a later process of the same number for the owner', async () => {
    const id = await store.create(request);
    await changed(id, { state: 'running', owner: { pid: process.pid, startTime: 'another' } });
    expect((await store.status(id))?.state).toBe('interrupted');
  });

  it('gives pages of a long plan, as they are and filtered', async () => {
    const id = await store.create(request);
    await writePlan(jobFiles(store.folder, id), planOf(25_000), () => {});
    const seqs = async (...args: [number, number, Parameters<JobStore['plan']>[3]?]): Promise<unknown> => {
      const { items, total } = await store.plan(id, ...args);
      return [items.map(({ seq }) => seq), total];
    };
    expect(await seqs(0, 2)).toEqual([[0, 1], 25_000]);
    expect(await seqs(23_456, 3)).toEqual([[23_456, 23_457, 23_458], 25_000]);
    expect(await seqs(24_999, 10)).toEqual([[24_999], 25_000]);
    expect(await seqs(25_000, 10)).toEqual([[], 25_000]);
    expect(await seqs(120, 2, { actions: ['refuse'] })).toEqual([[12_099, 12_199], 250]);
    expect(await seqs(0, 2, { text: 'EVEN' })).toEqual([[0, 2], 12_500]);
    expect(await seqs(0, 9, { actions: ['write'], text: '2499' })).toEqual([
      [2499, 24_990, 24_991, 24_992, 24_993, 24_994, 24_995, 24_996, 24_997, 24_998].slice(1),
      9,
    ]);
  });

  it('has no plan before it is complete', async () => {
    const id = await store.create(request);
    expect(await store.plan(id, 0, 10)).toEqual({ items: [], total: 0 });
  });

  it('gives the failures since the job was last taken up', async () => {
    const id = await store.create(request);
    const { journal } = jobFiles(store.folder, id);
    const failed = (seq: number): string =>
      `${JSON.stringify({ kind: 'failed', seq, input: `/${seq}`, reason: 'no', command: [], stderr: '' })}\n`;
    writeFileSync(journal, `{"kind":"run","pid":1}\n${failed(1)}{"kind":"done","seq":2}\n${failed(3)}`);
    expect((await store.failures(id, 0, 10)).items.map(({ seq }) => seq)).toEqual([1, 3]);
    expect(await store.failures(id, 1, 1)).toEqual({ items: [{ seq: 3, input: '/3', reason: 'no', command: [], stderr: '' }], total: 2 });
    appendFileSync(journal, `{"kind":"run","pid":2}\n${failed(4)}`);
    expect((await store.failures(id, 0, 10)).items.map(({ seq }) => seq)).toEqual([4]);
  });

  it('keeps two hundred jobs, and those that have not ended', async () => {
    const first = await store.create(request);
    const second = await store.create(request);
    await changed(first, { state: 'running' });
    await changed(second, { state: 'done' });
    for (let count = 2; count <= 200; count++) {
      await changed(await store.create(request), { state: 'done' });
    }
    const left = new Set((await store.list()).map(({ id }) => id));
    expect([left.size, left.has(first), left.has(second)]).toEqual([200, true, false]);
  });

  it('removes a job with what a dead run has left in the outputs’ folders, and nothing else there', async () => {
    const id = await store.create(request);
    const files = jobFiles(store.folder, id);
    const output = newFolder();
    const token = 'aabbccddeeff';
    writeFileSync(
      files.journal,
      `${JSON.stringify({ kind: 'run', pid: 77, token, startTime: '', at: 0 })}\n${JSON.stringify({ kind: 'folder', path: output, made: false })}\n`,
    );
    mkdirSync(join(output, `.trainyard-77-${token}-2.part`));
    for (const name of [
      `.trainyard-77-${token}-1.part`,
      `.trainyard-78-${token}-1.part`,
      '.trainyard-77-ffffffffffff-1.part',
      'out.flac',
      `.trainyard-77-${token}-1.part2`,
    ]) {
      writeFileSync(join(output, name), '');
    }
    await store.remove(id);
    expect(tree(output)).toEqual([
      '.trainyard-77-aabbccddeeff-1.part2',
      '.trainyard-77-ffffffffffff-1.part',
      '.trainyard-78-aabbccddeeff-1.part',
      'out.flac',
    ]);
    expect(existsSync(files.folder)).toBe(false);
  });

  it('does not remove a job that somebody works on', async () => {
    const id = await store.create(request);
    const lock = takeOwnership(jobFiles(store.folder, id).folder);
    await expect(store.remove(id)).rejects.toMatchObject({ reason: 'job' });
    lock?.release();
    await store.remove(id);
    expect(await store.list()).toEqual([]);
  });

  it('tells of every change to any job', async () => {
    const told: string[] = [];
    let expected: { id: string; resolve: () => void } | undefined;
    const watch = store.watch((id) => {
      told.push(id);
      if (id === expected?.id) {
        expected.resolve();
      }
    });
    const change = async (id: string, act: () => Promise<void>): Promise<void> => {
      const heard = new Promise<void>((resolve) => (expected = { id, resolve }));
      await act();
      await heard;
    };
    const first = await store.create(request);
    const second = await store.create(request);
    await change(first, () => changed(first, { state: 'done' }));
    await change(second, () => changed(second, { progress: 0.5 }));
    await change(first, () => store.remove(first));
    watch.dispose();
    expect(new Set(told)).toEqual(new Set([first, second]));
  });

  it('tells when the process of a running job is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const id = await store.create(request);
    await changed(id, { state: 'running', owner: { pid: child.pid ?? 0, startTime: startTimeOf(child.pid ?? 0) ?? '' } });
    const gone = new Promise<string>((resolve) => {
      const watch = store.watch((told) => {
        watch.dispose();
        resolve(told);
      });
    });
    child.kill('SIGKILL');
    expect(await gone).toBe(id);
    expect((await store.status(id))?.state).toBe('interrupted');
  });
});
