import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, known } from '../../../../src/base/absent.ts';
import { at, historyPath, NAME, reader, withGpu, writer } from './support.ts';

interface Taken {
  readonly millisecond: number;
  /** undefined: absent. */
  readonly utilization: number | undefined;
}

/** Steps of a second or so, now and then a long one; percent in tenths, as they are kept. */
const samples = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 700, max: 1600 }) }, { weight: 1, arbitrary: fc.integer({ min: 16_000, max: 400_000 }) }),
      fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10) }, { weight: 1, arbitrary: fc.constant(undefined) }),
    ),
    { minLength: 1, maxLength: 250 },
  )
  .map((steps) => {
    let millisecond = 0;
    return steps.map(([step, utilization]): Taken => ({ millisecond: (millisecond += step), utilization }));
  });

/** Where the writer is made to write all it has, and where it is replaced by another. */
const breaks = fc.array(fc.tuple(fc.nat(400), fc.boolean()), { maxLength: 5 });

describe.each([
  ['ten seconds', 10_000],
  ['a minute', 60_000],
])('buckets of %s', (_, resolution) => {
  it('hold what a plain reference makes of the same samples', () => {
    fc.assert(
      fc.property(samples, breaks, (taken, ends) => {
        const path = historyPath();
        let kept = writer(path);
        for (const [index, { millisecond, utilization }] of taken.entries()) {
          kept.add(withGpu(millisecond / 1000, { utilization: utilization ?? absent('not told') }));
          const end = ends.find(([place]) => place === index);
          if (end?.[1] === true) {
            kept.dispose();
            kept = writer(path);
          } else if (end !== undefined) {
            kept.flush();
          }
        }
        kept.flush();

        const points = Math.floor(taken.at(-1)!.millisecond / resolution) + 1;
        const query = { host: NAME, from: at(0), to: at((points * resolution) / 1000), points, series: ['gpu.utilization'] };
        const range = reader(path).range(query);
        const [series] = range.series;
        for (let column = 0; column < points; column++) {
          const within = taken.filter(({ millisecond }) => Math.floor(millisecond / resolution) === column);
          const values = within.flatMap(({ utilization }) => utilization ?? []);
          expect(range.samples[column]).toBe(within.length);
          expect(series?.absent[column]).toBe(within.length - values.length);
          expect(series?.min[column]).toBe(values.length === 0 ? null : Math.min(...values));
          expect(series?.max[column]).toBe(values.length === 0 ? null : Math.max(...values));
          if (values.length > 0) {
            const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
            expect(Math.abs(series!.mean[column]! - mean)).toBeLessThanOrEqual(0.1001);
          } else {
            expect(series?.mean[column]).toBeNull();
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('samples as they came', () => {
  it('come back one by one over the last hour', () => {
    fc.assert(
      fc.property(samples, (taken) => {
        const path = historyPath();
        const kept = writer(path);
        taken.forEach(({ millisecond, utilization }) => kept.add(withGpu(millisecond / 1000, { utilization: utilization ?? absent('not told') })));
        kept.flush();
        const read = reader(path);
        const last = taken.at(-1)!.millisecond;
        for (const { millisecond, utilization } of taken.filter(({ millisecond: time }) => time > last - 3_500_000)) {
          const found = read.at({ host: NAME, time: at(millisecond / 1000) });
          expect(found?.sample.time).toBe(at(millisecond / 1000));
          expect(known(found?.sample.gpus[0]?.gpus[0]?.utilization)).toBe(utilization);
        }
      }),
      { numRuns: 25 },
    );
  });
});
