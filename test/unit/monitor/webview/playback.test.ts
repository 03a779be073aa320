import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Playback } from '../../../../src/monitor/webview/playback.ts';
import type { Frame } from '../../../../src/monitor/webview/protocol.ts';

const FRAME = (time: number): Frame => ({ time, now: time, whole: true });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function playback() {
  const asked: number[] = [];
  const shown: (number | undefined)[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  let slow = false;
  const made = new Playback(
    {
      kept: async () => ({ from: 1000, to: 100_000, events: [{ time: 60_000, kind: 'note', words: 'b' }, { time: 20_000, kind: 'heat', words: 'a' }] }),
      at: (time) => {
        asked.push(time);
        return slow ? new Promise((resolve) => waiting.push(() => resolve(FRAME(time)))) : Promise.resolve(FRAME(time));
      },
    },
    { moved: () => undefined, frame: (frame) => shown.push(frame?.time), failed: () => shown.push(undefined) },
  );
  return { made, asked, shown, waiting, slowly: () => (slow = true) };
}

describe('playback', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => vi.useRealTimers());

  it('shows what was at the playhead, and stays within what is kept', async () => {
    const { made, shown } = playback();
    await made.start(50_000);
    made.move(5e9);
    await settled();
    expect([made.playhead, shown.at(-1)]).toEqual([100_000, 100_000]);
    made.move(-5);
    await settled();
    expect(shown.at(-1)).toBe(1000);
  });

  it('asks for one moment at a time, and of those passed over meanwhile only for the last', async () => {
    const { made, asked, shown, waiting, slowly } = playback();
    await made.start(50_000);
    await settled();
    slowly();
    [51_000, 52_000, 53_000, 54_000].forEach((time) => made.move(time));
    await settled();
    expect(asked).toEqual([50_000, 51_000]);
    waiting.shift()?.(FRAME(0));
    await settled();
    waiting.shift()?.(FRAME(0));
    await settled();
    expect([asked, shown]).toEqual([[50_000, 51_000, 54_000], [50_000, 54_000]]);
  });

  it('shows no moment that comes after it was stopped', async () => {
    const { made, shown, waiting, slowly } = playback();
    await made.start(50_000);
    await settled();
    slowly();
    made.move(60_000);
    await settled();
    made.stop();
    waiting.shift()?.(FRAME(0));
    await settled();
    expect(shown).toEqual([50_000]);
  });

  it('jumps from event to event', async () => {
    const { made } = playback();
    await made.start(50_000);
    made.jump(-1);
    expect(made.playhead).toBe(20_000);
    made.jump(-1);
    expect(made.playhead).toBe(20_000);
    made.jump(1);
    expect(made.playhead).toBe(60_000);
  });

  it('plays ten seconds a second until the end of what is kept', async () => {
    const { made } = playback();
    await made.start(70_000);
    await settled();
    made.toggle();
    for (let second = 0; second < 5; second++) {
      vi.advanceTimersByTime(1000);
      await settled();
    }
    expect([made.playhead, made.isPlaying]).toEqual([100_000, false]);
  });
});
