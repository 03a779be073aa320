import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OpenJobs } from '../../../../src/convert/webview/jobDetails.ts';
import type { FailedFile } from '../../../../src/convert/webview/protocol.ts';
import { job } from './jobs.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function failure(seq: number): FailedFile {
  return { seq, input: `/data/${seq}.wav`, reason: 'sox stopped with 2', command: ['sox'], stderr: '' };
}

function open(total: number) {
  const asked: number[] = [];
  let broken: string | undefined;
  let changes = 0;
  const jobs = new OpenJobs(
    {
      failures: async (_id, offset, count) => {
        asked.push(count);
        if (broken !== undefined) {
          throw new Error(broken);
        }
        return { items: Array.from({ length: Math.min(count, total) }, (_, index) => failure(offset + index)), total };
      },
      notes: async () => [{ input: '/data/1.wav', text: 'dynamic' }],
    },
    () => changes++,
  );
  return { jobs, asked, breakWith: (words: string | undefined) => (broken = words), changes: () => changes };
}

describe('what is read of an opened job', () => {
  it('is its first failures and its notes', async () => {
    const { jobs } = open(45);
    jobs.update([job({ noteCount: 1 }, { failed: 45 })]);
    await vi.advanceTimersByTimeAsync(0);
    expect(jobs.of('a')?.failures).toHaveLength(20);
    expect(jobs.of('a')).toMatchObject({ total: 45, notes: [{ text: 'dynamic' }], problem: undefined });
  });

  it('is nothing where nothing failed and nothing is noted', async () => {
    const { jobs, asked } = open(0);
    jobs.update([job({}, {})]);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([]);
    expect(jobs.of('a')).toMatchObject({ failures: [], total: 0, notes: [] });
  });

  it('is read again when more failed, but not more than once a second', async () => {
    const { jobs, asked } = open(500);
    for (let failed = 1; failed <= 50; failed++) {
      jobs.update([job({}, { failed })]);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(asked.length).toBeLessThanOrEqual(6);
    await vi.advanceTimersByTimeAsync(2000);
    const settled = asked.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(settled);
  });

  it('is more at once where a person asks for more', async () => {
    const { jobs, asked } = open(45);
    jobs.update([job({}, { failed: 45 })]);
    await vi.advanceTimersByTimeAsync(0);
    jobs.more('a');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([20, 40]);
    expect(jobs.of('a')?.failures).toHaveLength(40);
  });

  it('says why it could not be read, keeps what was there, and is read again when asked', async () => {
    const { jobs, breakWith } = open(45);
    jobs.update([job({}, { failed: 44 })]);
    await vi.advanceTimersByTimeAsync(1000);
    breakWith('journal.jsonl: permission denied');
    jobs.update([job({}, { failed: 45 })]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(jobs.of('a')).toMatchObject({ problem: 'journal.jsonl: permission denied', total: 45 });
    expect(jobs.of('a')?.failures).toHaveLength(20);
    breakWith(undefined);
    jobs.retry('a');
    await vi.advanceTimersByTimeAsync(0);
    expect(jobs.of('a')?.problem).toBeUndefined();
  });

  it('is forgotten when the job is shut', async () => {
    const { jobs, changes } = open(45);
    jobs.update([job({}, { failed: 45 })]);
    await vi.advanceTimersByTimeAsync(0);
    const before = changes();
    jobs.update([]);
    await vi.advanceTimersByTimeAsync(5000);
    expect([jobs.of('a'), changes()]).toEqual([undefined, before]);
  });
});
