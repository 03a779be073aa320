import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClippingRuns, SilentRuns } from '../../../../src/dataset/audio/runs.ts';

const RATE = 16;
/** Half a second. */
const LEAST = 8;

/** Frames in stretches of one level, for two channels, cut into blocks. */
const sound = fc.tuple(
  fc.array(fc.tuple(fc.constantFrom(0, 0.0005, -0.001, 0.002, -0.5, 1, NaN), fc.nat(25), fc.boolean()), { maxLength: 12 }),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
);

function channelsOf(stretches: readonly (readonly [number, number, boolean])[]): readonly [Float32Array, Float32Array] {
  const frames = stretches.flatMap(([level, length, second]) => Array.from({ length }, () => (second ? [0, level] : [level, 0])));
  return [Float32Array.from(frames, ([one]) => one!), Float32Array.from(frames, ([, other]) => other!)];
}

function* blocksOf(channels: readonly Float32Array[], lengths: readonly number[]): Generator<readonly Float32Array[]> {
  for (let from = 0, nth = 0; from < channels[0]!.length; nth++) {
    const to = from + lengths[nth % lengths.length]!;
    yield channels.map((samples) => samples.subarray(from, to));
    from = to;
  }
}

it('finds every run in which all channels are silent for half a second, however the sound is cut into blocks', () => {
  fc.assert(
    fc.property(sound, ([stretches, lengths]) => {
      const channels = channelsOf(stretches);
      const found = new SilentRuns(RATE);
      for (const block of blocksOf(channels, lengths)) {
        found.add(block);
      }
      found.end();
      const wanted: { from: number; to: number }[] = [];
      let from = 0;
      for (let frame = 0; frame <= channels[0].length; frame++) {
        if (frame === channels[0].length || channels.some((samples) => Math.abs(samples[frame]!) > 0.001)) {
          if (frame - from >= LEAST) {
            wanted.push({ from, to: frame });
          }
          from = frame + 1;
        }
      }
      expect(found.runs.map((run) => ({ from: run.from, to: run.to }))).toEqual(wanted);
      expect([found.count, found.frames]).toEqual([wanted.length, wanted.reduce((sum, run) => sum + run.to - run.from, 0)]);
    }),
    { numRuns: 500 },
  );
});

it('finds the same clipped samples, however the sound is cut into blocks', () => {
  fc.assert(
    fc.property(sound, ([stretches, lengths]) => {
      const [channel] = channelsOf(stretches);
      const runs = (cut: readonly number[]): ClippingRuns => {
        const found = new ClippingRuns(RATE);
        for (const [block] of blocksOf([channel], cut)) {
          found.add(block!, block!.reduce((highest, value) => (Math.abs(value) > highest ? Math.abs(value) : highest), 0));
        }
        found.end();
        return found;
      };
      expect(runs(lengths).runs).toEqual(runs([1]).runs);
    }),
  );
});
