import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryGrid } from '../../../../src/monitor/webview/historyGrid.ts';

const NAME = 'busy x';

function grid(seconds = 10): HistoryGrid {
  const made = new HistoryGrid();
  made.reset(0, seconds * 1000, 1000);
  return made;
}

const at = (made: HistoryGrid) => made.values(NAME).filter((_, index) => index % 2 === 0);

describe('the values behind a chart', () => {
  it('keeps the smallest and the largest of a column, so that a short drop is seen', () => {
    const made = new HistoryGrid();
    made.reset(0, 20_000, 10_000);
    for (const [time, value] of [[0, 97], [4000, 20], [9000, 96], [10_000, 95]] as const) {
      made.add(time, [[NAME, value]]);
    }
    expect(made.values(NAME)).toEqual([20, 97, 95, 95]);
    expect(made.times()).toEqual([0, 0, 10_000, 10_000]);
  });

  it('breaks the line where no sample came, and goes on over a short wait', () => {
    const made = grid();
    made.gap = 3000;
    for (const second of [0, 1, 3, 8, 9]) {
      made.add(second * 1000, [[NAME, 50]]);
    }
    expect(at(made)).toEqual([50, 50, undefined, 50, null, null, null, null, 50, 50]);
    expect(made.gaps(NAME)).toEqual([[4000, 8000]]);
  });

  it('is a gap from its start where collecting began later', () => {
    const made = grid();
    made.add(9000, [[NAME, 1]]);
    expect(made.gaps(NAME)).toEqual([[0, 9000]]);
    expect(made.gaps('unheard')).toEqual([[0, 10_000]]);
  });

  it('moves on with newer samples and forgets what is older than the window', () => {
    const made = grid();
    made.add(0, [[NAME, 1]]);
    made.add(9000, [[NAME, 9]]);
    made.add(12_000, [[NAME, 12]]);
    expect([made.from, made.to]).toEqual([3000, 13_000]);
    expect(at(made)).toEqual([null, null, null, null, null, null, 9, undefined, undefined, 12]);
  });

  it('takes a value that is not told for no sample, never for 0', () => {
    const made = grid();
    made.add(1000, [[NAME, undefined]]);
    expect(made.extent(NAME)).toBeUndefined();
  });

  it('lays the history under what came live meanwhile', () => {
    const made = grid();
    made.add(9000, [[NAME, 90]]);
    made.load({ from: 0, step: 1000, gap: 1000, series: { [NAME]: { min: [1, null, 3, null, null, null, null, null, null, 80] } } });
    expect(at(made)).toEqual([1, null, 3, null, null, null, null, null, null, 80]);
    expect(made.values(NAME).at(-1)).toBe(90);
  });

  it('says which share of the known time a limit was active, and when', () => {
    const made = grid();
    [0, 0, 1, 1, 3, 3, 0].forEach((value, second) => made.add(second * 1000, [[NAME, value]]));
    expect(Math.round(made.share(NAME, 1) ?? 0)).toBe(57);
    expect(Math.round(made.share(NAME, 3) ?? 0)).toBe(29);
    expect(made.spans(NAME)).toEqual([
      { from: 2000, to: 4000, value: 1 },
      { from: 4000, to: 6000, value: 3 },
    ]);
  });

  it('is told in parts, each with its smallest and largest', () => {
    const made = grid();
    [5, 9, 7].forEach((value, second) => made.add(second * 1000, [[NAME, value]]));
    expect(made.parts(NAME, 5)).toEqual([
      { time: 0, low: 5, high: 9 },
      { time: 2000, low: 7, high: 7 },
      ...[4000, 6000, 8000].map((time) => ({ time, low: undefined, high: undefined })),
    ]);
  });

  it('means over what is known of several', () => {
    const made = grid(2);
    made.add(0, [['a', 10], ['b', 30]]);
    made.add(1000, [['a', 50]]);
    expect(made.mean(['a', 'b', 'c'])).toEqual([20, 50]);
  });

  it('never draws what was not put in, whatever the times and values', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -50_000, max: 80_000 }), fc.double())), (samples) => {
        const made = grid();
        samples.forEach(([time, value]) => made.add(time, [[NAME, value]]));
        const known = made.values(NAME).filter((value) => typeof value === 'number');
        const put = new Set(samples.map(([, value]) => value));
        expect(known.every((value) => put.has(value))).toBe(true);
        expect(made.count).toBe(10);
      }),
    );
  });
});
