import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { absent, isAbsent } from '../../../../src/base/absent.ts';
import { ProgressMeter, weightOf } from '../../../../src/convert/run/progressMeter.ts';
import { SmoothTime } from '../../../../src/convert/run/smoothTime.ts';

function meterOf(total: number, { settled = 0, workers = 1 } = {}): { meter: ProgressMeter; pass: (seconds: number) => void } {
  let time = 0;
  const meter = new ProgressMeter({ total: new Map([['ffmpeg', total]]), settled, workers, now: () => time });
  return { meter, pass: (seconds) => (time += seconds * 1000) };
}

const items = (...weights: number[]): { input: string; weight: number }[] =>
  weights.map((weight, index) => ({ input: `/${index}`, weight }));

describe('progress', () => {
  it('is by weight, and counts the part of what runs', () => {
    const { meter } = meterOf(100, { settled: 20 });
    expect(meter.progress()).toBe(0.2);
    const portion = meter.begin('ffmpeg', items(10, 30));
    portion.update([0, 1], 0.5);
    expect(meter.progress()).toBe(0.4);
    portion.end();
    expect(meter.progress()).toBe(0.6);
  });

  it('names the item of a group that is being done', () => {
    const { meter } = meterOf(100);
    const portion = meter.begin('ffmpeg', items(10, 30));
    portion.update([0, 1], 0.625);
    expect(meter.running()).toEqual([{ input: '/1', fraction: 0.5 }]);
    portion.update([1], undefined);
    expect(meter.running()).toEqual([{ input: '/1', fraction: absent('the tool does not tell') }]);
  });

  it('never falls, whatever tools tell', () => {
    const steps = fc.array(
      fc.tuple(fc.subarray([0, 1, 2], { minLength: 1 }), fc.option(fc.double({ min: -1, max: 2 }), { nil: undefined })),
    );
    fc.assert(
      fc.property(steps, (updates) => {
        const { meter } = meterOf(60);
        const portion = meter.begin('ffmpeg', items(10, 20, 30));
        const seen = updates.map(([chosen, fraction]) => {
          portion.update(chosen, fraction);
          return meter.progress();
        });
        portion.end();
        seen.push(meter.progress());
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
        expect(seen.at(-1)).toBe(1);
      }),
    );
  });

  it('gives every item a weight, also one without cost', () => {
    expect(weightOf('sox', 0)).toBeGreaterThan(0);
  });
});

describe('the time left', () => {
  it('is not known before something was measured', () => {
    const { meter } = meterOf(100);
    meter.begin('ffmpeg', items(10));
    expect(isAbsent(meter.secondsLeft())).toBe(true);
  });

  it('comes from the measured rate, for all workers together', () => {
    const { meter, pass } = meterOf(100, { settled: 20, workers: 2 });
    const portion = meter.begin('ffmpeg', items(20));
    pass(10);
    portion.end();
    // 60 are left at 2 a second and worker.
    expect(meter.secondsLeft()).toBe(15);
  });

  it('counts what runs, where the tool tells', () => {
    const { meter, pass } = meterOf(100);
    const portion = meter.begin('ffmpeg', items(100));
    pass(10);
    portion.update([0], 0.25);
    expect(meter.secondsLeft()).toBe(30);
  });

  it('bends towards a new measure instead of jumping to it', () => {
    let time = 0;
    const smooth = new SmoothTime(() => time);
    expect(smooth.next(absent('no'))).toEqual(absent('no'));
    expect(smooth.next(100)).toBe(100);
    time = 500;
    const next = smooth.next(200) as number;
    expect(next).toBeGreaterThan(99);
    expect(next).toBeLessThan(107);
    time = 60_500;
    expect(smooth.next(40) as number).toBeCloseTo(40, 1);
  });
});
