import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../../../../src/base/emitter.ts';
import type { Box } from '../../../../src/monitor/boxes/box.ts';
import type { BoxReport, BoxState } from '../../../../src/monitor/boxes/boxState.ts';
import { openBoxSource } from '../../../../src/monitor/cli/boxSource.ts';
import type { StatusServices } from '../../../../src/monitor/cli/statusSource.ts';
import type { BoxClient } from '../../../../src/monitor/collectorClient.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { sample } from '../inventedSample.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const WISH = { interval: 1000, detail: 'full' } as const;

/** A machine with a collector that answers `boxes`, if it answers; and what both ways to read a box were asked for. */
function machine({ isThere = true, boxes }: { readonly isThere?: boolean; readonly boxes?: () => Promise<unknown> }) {
  const [theirs, own] = [new Emitter<SystemSample>(), new Emitter<SystemSample>()];
  const done: string[] = [];
  const box = {
    alias: 'gpu-box',
    report: { state: { kind: 'live' }, uid: 1000 },
    onDidReport: new Emitter<BoxReport>().event,
    onSample: theirs.event,
    latest: undefined,
    wish: (wish) => void done.push(`wished for each ${wish?.interval} ms`),
    retry() {},
  } satisfies Omit<BoxClient, 'dispose'>;
  const attach = () => ({ isThere: async () => isThere, ask: boxes, box: () => box, dispose: () => void done.push('left the collector') });
  const readBox = async () => {
    done.push('opened an ssh');
    return { uid: 2000, onSample: own.event, onDidChangeState: new Emitter<BoxState>().event, dispose: () => void done.push('closed the ssh') } as unknown as Box;
  };
  return { services: { attach, readBox } as unknown as StatusServices, done, theirs, own };
}

describe('another machine in a terminal', () => {
  it('is read over the link that the collector has', async () => {
    const { services, done, theirs } = machine({ boxes: async () => ['other', 'gpu-box'] });
    const source = await openBoxSource(services, 'gpu-box', WISH);
    const told: (number | undefined)[] = [];
    source.onSample(({ viewer }) => told.push(viewer?.uid));
    theirs.fire(sample(0));
    expect([done, told]).toEqual([['wished for each 1000 ms'], [1000]]);
    source.dispose();
    expect(done.slice(1)).toEqual(['left the collector']);
  });

  it.each([
    ['none is there', { isThere: false }],
    ['that reads others', { boxes: async () => ['other'] }],
    ['that is of an earlier version', { boxes: () => new Promise<unknown>(() => {}) }],
    ['that goes', { boxes: () => Promise.reject(new Error('the collector has gone')) }],
  ])('is read over an ssh of our own beside a collector %s', async (_, how) => {
    const { services, done, own } = machine(how);
    const opening = openBoxSource(services, 'gpu-box', WISH);
    await vi.advanceTimersByTimeAsync(2000);
    const source = await opening;
    const told: (number | undefined)[] = [];
    source.onSample(({ viewer }) => told.push(viewer?.uid));
    own.fire(sample(0));
    expect([done, told]).toEqual([['left the collector', 'opened an ssh'], [2000]]);
    source.dispose();
    expect(done.at(-1)).toBe('closed the ssh');
  });

  it('is read by ourselves from when the collector tells nothing more', async () => {
    const { services, done, theirs, own } = machine({ boxes: async () => ['gpu-box'] });
    const source = await openBoxSource(services, 'gpu-box', WISH);
    let samples = 0;
    source.onSample(() => samples++);
    for (let second = 0; second < 30; second++) {
      theirs.fire(sample(second));
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(done).toEqual(['wished for each 1000 ms']);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(done.slice(1)).toEqual(['left the collector', 'opened an ssh']);
    own.fire(sample(40));
    expect(samples).toBe(31);
    source.dispose();
  });
});
