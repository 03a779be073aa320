import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobStatus } from '../../../../src/convert/job.ts';
import type { JobStore } from '../../../../src/convert/jobStore.ts';
import { endNotice, windowProgress } from '../../../../src/convert/view/jobNotices.ts';
import type { JobsChange } from '../../../../src/convert/view/jobsModel.ts';
import { JobsModel } from '../../../../src/convert/view/jobsModel.ts';
import { cliLine } from '../../../../src/convert/view/cliLine.ts';
import { aStatus } from './statuses.ts';

class FakeStore {
  jobs: JobStatus[] = [];
  readonly listed = vi.fn();
  private listener: (id: string) => void = () => undefined;
  watched = false;

  set(...jobs: JobStatus[]): void {
    this.jobs = jobs;
    jobs.forEach(({ id }) => this.listener(id));
  }

  tell(id: string): void {
    this.listener(id);
  }

  readonly store = {
    list: async () => {
      this.listed();
      return this.jobs;
    },
    status: async (id: string) => this.jobs.find((job) => job.id === id),
    watch: (listener: (id: string) => void) => {
      this.listener = listener;
      this.watched = true;
      return { dispose: () => void (this.watched = false) };
    },
  } as unknown as JobStore;
}

describe('the jobs that a window knows', () => {
  let fake: FakeStore;
  let model: JobsModel;
  let seen: JobsChange[];
  const errors = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    fake = new FakeStore();
    model = new JobsModel(fake.store, errors);
    seen = [];
    model.onDidChange((change) => seen.push(change));
  });

  afterEach(() => {
    model.dispose();
    vi.useRealTimers();
  });

  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(600);

  it('are read once, and told of even where there are none', async () => {
    model.start();
    await settle();
    expect(model.isLoaded).toBe(true);
    expect(seen).toEqual([{ changed: [], listChanged: false, ended: [] }]);
  });

  it('follow a job that was running before the window was, to its end', async () => {
    fake.jobs = [aStatus({ id: 'a' }), aStatus({ id: 'b', state: 'done' })];
    model.start();
    await settle();
    expect(seen[0]?.ended).toEqual([]);
    fake.set(aStatus({ id: 'a', state: 'done' }), aStatus({ id: 'b', state: 'done' }));
    await settle();
    expect(seen[1]?.ended.map(({ id }) => id)).toEqual(['a']);
    expect(seen[1]?.changed.map(({ id }) => id)).toEqual(['a']);
    expect(seen[1]?.listChanged).toBe(false);
  });

  it('reads only what changed, however often the store speaks', async () => {
    fake.jobs = [aStatus({ id: 'a' })];
    model.start();
    await settle();
    for (let progress = 0; progress < 100; progress++) {
      fake.set(aStatus({ id: 'a', progress: progress / 100 }));
      await vi.advanceTimersByTimeAsync(10);
    }
    await settle();
    expect(fake.listed).toHaveBeenCalledTimes(1);
    expect(seen.length).toBeLessThanOrEqual(5);
    expect(model.get('a')?.progress).toBe(0.99);
  });

  it('tells of a job that this window ran although it was never seen running', async () => {
    model.start();
    await settle();
    model.expect('quick');
    fake.set(aStatus({ id: 'quick', state: 'done' }));
    await settle();
    fake.set(aStatus({ id: 'others', state: 'done' }), aStatus({ id: 'quick', state: 'done' }));
    await settle();
    expect(seen.flatMap(({ ended }) => ended.map(({ id }) => id))).toEqual(['quick']);
  });

  it('lets go of a job that was removed', async () => {
    fake.jobs = [aStatus({ id: 'a' }), aStatus({ id: 'b' })];
    model.start();
    await settle();
    fake.jobs = [aStatus({ id: 'b' })];
    fake.tell('a');
    await settle();
    expect(model.all.map(({ id }) => id)).toEqual(['b']);
    expect(seen.at(-1)?.listChanged).toBe(true);
  });

  it('reads everything again after the store could not be read', async () => {
    model.start();
    await settle();
    fake.listed.mockImplementationOnce(() => {
      throw new Error('EIO');
    });
    fake.set(aStatus({ id: 'a' }));
    await settle();
    expect(errors).toHaveBeenCalledTimes(1);
    fake.tell('a');
    await settle();
    expect(model.all.map(({ id }) => id)).toEqual(['a']);
  });

  it('stops watching at its end', () => {
    model.start();
    model.dispose();
    expect(fake.watched).toBe(false);
  });
});

describe('what is said of a job outside its view', () => {
  const ran = (seconds: number) => ({ startedAt: 0, endedAt: seconds * 1000 });

  it.each<[string, JobStatus, string | undefined]>([
    ['a short success says nothing', aStatus({ state: 'done', counts: { write: 5, done: 5 }, ...ran(10) }), undefined],
    ['a long one says so', aStatus({ state: 'done', counts: { write: 5, done: 5 }, ...ran(12) }), 'info FLAC, lossless: 5 files done in 12 s'],
    ['a failure speaks up at once', aStatus({ state: 'done', counts: { write: 5, done: 4, failed: 1 }, ...ran(1) }), 'warn FLAC, lossless: 1 of 5 files failed'],
    ['nothing but failures is an error', aStatus({ state: 'failed', counts: { write: 1, failed: 1 }, ...ran(1) }), 'error FLAC, lossless: 1 of 1 file failed'],
    ['a job that stopped says why', aStatus({ state: 'failed', problem: 'the disk is full' }), 'error FLAC, lossless stopped: the disk is full'],
    ['a cancelled one is silent', aStatus({ state: 'cancelled', counts: { write: 5, failed: 2 }, ...ran(60) }), undefined],
  ])('%s', (_, status, expected) => {
    const notice = endNotice(status);
    expect(notice && `${notice.severity} ${notice.message}`).toBe(expected);
    expect(notice?.canRetry ?? false).toBe(status.state !== 'cancelled' && status.counts.failed > 0);
  });

  it('names the newest running job and counts the others', () => {
    const running = aStatus({ counts: { write: 10, done: 6 } });
    expect(windowProgress([aStatus({ state: 'done' })])).toBeUndefined();
    expect(windowProgress([running])).toBe('FLAC, lossless: 6 of 10 · ~4 min');
    expect(windowProgress([aStatus({ state: 'planning' }), running])).toBe('FLAC, lossless: planning · 1 more');
  });
});

describe('the same conversion from a terminal', () => {
  it('names everything that was chosen, and no file is taken for an option', () => {
    const request = { preset: 'image.fit', options: { edge: 640, format: 'png' }, inputs: ['/data/a b', '/data/-x'], salvage: true };
    expect(cliLine(request)).toBe("trainyard convert --preset image.fit --set edge=640 --set format=png --salvage -- '/data/a b' /data/-x");
    expect(cliLine({ ...request, options: {}, salvage: false, output: '/out', jobs: 3 })).toBe(
      "trainyard convert --preset image.fit --out /out --jobs 3 -- '/data/a b' /data/-x",
    );
  });
});
