import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../../../../src/base/emitter.ts';
import { lead, type LeadingCollector } from '../../../../src/monitor/collect/leadingCollector.ts';
import { Leadership, type Turn } from '../../../../src/monitor/collect/leadership.ts';
import type { ThisMachine } from '../../../../src/monitor/collect/thisMachine.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { sample } from '../inventedSample.ts';
import { INVENTORY } from './inventedMachine.ts';
import { temporaryFolder } from './support.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }));
afterEach(() => void vi.useRealTimers());

interface Led {
  readonly turn: Turn;
  readonly folder: string;
  /** Makes a sample; then what was kept so far, by seconds. */
  readonly at: (second: number) => readonly number[];
  readonly over: readonly string[];
}

async function led(): Promise<Led> {
  const folder = temporaryFolder();
  const leadership = new Leadership(folder);
  const turn = leadership.take() as Turn;
  const sampled = new Emitter<SystemSample>();
  const machine = { collector: { onSample: sampled.event, setInterval() {} } } as unknown as ThisMachine;
  const over: string[] = [];
  const leading: LeadingCollector = await lead({
    leadership,
    turn,
    machine,
    answer: async () => INVENTORY,
    onOver(reason) {
      over.push(reason);
      leading.dispose();
    },
  });
  const kept: number[] = [];
  const first = sample(0).time;
  leading.setKeeper({ wish: { interval: 1000, detail: 'full' }, keep: ({ time }) => void kept.push((time - first) / 1000), abandon() {}, dispose() {} });
  return {
    turn,
    folder,
    at(second) {
      sampled.fire(sample(second));
      return kept;
    },
    over,
  };
}

describe('a leader that was stopped, as with its laptop or by a debugger', () => {
  it('keeps nothing when it goes on, and leads no more, where another has taken over', async () => {
    const { turn, folder, at, over } = await led();
    expect(at(0)).toEqual([0]);
    vi.setSystemTime(Date.now() + 5000);
    expect(new Leadership(folder).take(turn)).toBeDefined();
    expect(at(5)).toEqual([0]);
    expect(at(6)).toEqual([0]);
    expect(over).toEqual(['lost']);
  });

  it('goes on where nobody has', async () => {
    const { at, over } = await led();
    at(0);
    vi.setSystemTime(Date.now() + 5000);
    expect(at(5)).toEqual([0, 5]);
    expect(over).toEqual([]);
  });
});
