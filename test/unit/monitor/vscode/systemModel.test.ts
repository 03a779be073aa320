import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { Emitter } from '../../../../src/base/emitter.ts';
import type { CollectorClient, CollectorState, SampleWish } from '../../../../src/monitor/collectorClient.ts';
import { OwnProcesses } from '../../../../src/monitor/ownProcesses.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { SystemModel } from '../../../../src/monitor/vscode/systemModel.ts';
import { sample } from '../inventedSample.ts';

/** A collector that says what it is told to say. */
function collector() {
  const samples = new Emitter<SystemSample>();
  const wishes: (SampleWish | undefined)[] = [];
  const client: CollectorClient = {
    state: { kind: 'live' },
    onDidChangeState: new Emitter<CollectorState>().event,
    onSample: samples.event,
    latest: undefined,
    wish: (wish) => void wishes.push(wish),
    inventory: () => Promise.reject(new Error('not asked for')),
    dispose() {},
  };
  const nothing = () => absent('not there');
  const model = new SystemModel(client, new OwnProcesses({ text: nothing, list: nothing, link: nothing }));
  return { model, samples, wishes };
}

describe('this machine as a window sees it', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told again when no sample comes, so that nobody shows old values as if they were new', () => {
    const { model, samples } = collector();
    let told = 0;
    model.onDidChange(() => told++);
    model.look().wish({ interval: 5000, detail: 'gpus' });
    samples.fire(sample(0));
    expect(told).toBe(1);
    vi.advanceTimersByTime(16_000);
    expect(told).toBe(2);
    vi.advanceTimersByTime(60_000);
    expect(told).toBe(4);
    model.dispose();
  });

  it('keeps no clock while nobody looks', () => {
    const { model, samples } = collector();
    const look = model.look();
    look.wish({ interval: 5000, detail: 'gpus' });
    samples.fire(sample(0));
    look.dispose();
    vi.advanceTimersByTime(16_000);
    expect(vi.getTimerCount()).toBe(0);
    model.dispose();
  });

  it('is wished for as often and as fully as whoever wants most', () => {
    const { model, wishes } = collector();
    const [bar, page] = [model.look(), model.look()];
    bar.wish({ interval: 5000, detail: 'gpus' });
    page.wish({ interval: 1000, detail: 'full' });
    page.wish(undefined);
    bar.dispose();
    expect(wishes).toEqual([{ interval: 5000, detail: 'gpus' }, { interval: 1000, detail: 'full' }, { interval: 5000, detail: 'gpus' }, undefined]);
    model.dispose();
  });

  it('shows a viewer the workspace as it is now', () => {
    const { model } = collector();
    const { viewer } = model;
    model.setFolders(['/home/lena/a']);
    expect(viewer.folders).toEqual(['/home/lena/a']);
    model.dispose();
  });
});
