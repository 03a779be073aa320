import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScrollMap } from '../../../src/webview/scrollMap.ts';

const ROW = 24;
const VIEW = 600;
/** As high as the tests let the box become; less than 1,000,000 rows take. */
const MAX = 4_000_000;

function mapOf(rows: number, viewport = VIEW): ScrollMap {
  const map = new ScrollMap(ROW, MAX);
  map.resize(rows, viewport);
  return map;
}

/** The first and the last row of which a part is in view. */
function inView(map: ScrollMap): readonly [number, number] {
  return [Math.floor(map.offset / ROW), Math.ceil((map.offset + VIEW) / ROW) - 1];
}

describe('a short table', () => {
  it('scrolls as the browser does', () => {
    const map = mapOf(1000);
    expect(map.height).toBe(24_000);
    map.scrolled(2400);
    expect(inView(map)[0]).toBe(100);
    expect(map.settle()).toBe(2400);
  });

  it('draws what is in view and some rows beyond it, in their places', () => {
    const map = mapOf(1000);
    map.scrolled(2400);
    expect(map.window(8)).toEqual({ first: 92, count: 41, top: 92 * ROW });
    map.scrolled(0);
    expect(map.window(8)).toEqual({ first: 0, count: 33, top: 0 });
  });

  it('draws no row that is not there', () => {
    expect(mapOf(3).window(8)).toEqual({ first: 0, count: 3, top: 0 });
    expect(mapOf(0).window(8)).toEqual({ first: 0, count: 0, top: 0 });
  });

  it('goes back as far as it must when rows are filtered away', () => {
    const map = mapOf(1000);
    map.scrolled(20_000);
    map.resize(50, VIEW);
    expect(map.offset).toBe(50 * ROW - VIEW);
    expect(map.settle()).toBe(map.offset);
  });
});

describe('a table of 1,000,000 rows', () => {
  const ROWS = 1_000_000;
  const maxScroll = MAX - VIEW;

  it('asks the browser for no more height than browsers have', () => {
    expect(mapOf(ROWS).height).toBe(MAX);
  });

  it('moves by as many pixels as a wheel does', () => {
    const map = mapOf(ROWS);
    map.scrolled(1_000_000);
    const before = map.offset;
    map.scrolled(1_000_120);
    expect(map.offset - before).toBeCloseTo(120, 6);
    map.scrolled(1_000_060);
    expect(map.offset - before).toBeCloseTo(60, 6);
  });

  it('goes to the place that the scroll bar is dragged to', () => {
    const map = mapOf(ROWS);
    map.scrolled(maxScroll / 2);
    expect(inView(map)[0]).toBe(Math.floor((ROWS - VIEW / ROW) / 2));
  });

  it('shows the last row at the end of the scroll bar and the first at its beginning', () => {
    const map = mapOf(ROWS);
    map.scrolled(maxScroll);
    expect(inView(map)[1]).toBe(ROWS - 1);
    map.scrolled(0);
    expect(inView(map)[0]).toBe(0);
  });

  it('reveals any row with no more movement than needed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: ROWS - 1 }), fc.integer({ min: 0, max: maxScroll }), (index, from) => {
        const map = mapOf(ROWS);
        map.scrolled(from);
        const before = map.offset;
        const wasShown = map.isShown(index);
        const position = map.reveal(index);
        expect(map.isShown(index)).toBe(true);
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position).toBeLessThanOrEqual(maxScroll);
        if (wasShown) {
          expect(map.offset).toBe(before);
        }
      }),
    );
  });

  it('always draws rows over the whole of what the browser shows', () => {
    const moves = fc.array(fc.oneof(fc.integer({ min: -400, max: 400 }), fc.integer({ min: -3_000_000, max: 3_000_000 })), { maxLength: 60 });
    fc.assert(
      fc.property(moves, (steps) => {
        const map = mapOf(ROWS);
        let scrollTop = 0;
        for (const step of steps) {
          scrollTop = Math.min(maxScroll, Math.max(0, scrollTop + step));
          map.scrolled(scrollTop);
          const { first, count, top } = map.window(8);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first + count).toBeLessThanOrEqual(ROWS);
          expect(top).toBeLessThanOrEqual(scrollTop + 1e-6);
          expect(top + count * ROW).toBeGreaterThanOrEqual(scrollTop + VIEW - 1e-6);
        }
        // Coming to rest moves the scroll bar, never the rows.
        const { offset } = map;
        const rest = map.settle();
        map.scrolled(rest);
        expect(map.offset).toBe(offset);
        expect(rest / maxScroll).toBeCloseTo(offset / map.maxOffset, 9);
      }),
    );
  });
});
