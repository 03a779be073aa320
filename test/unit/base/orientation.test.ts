import { describe, expect, it } from 'vitest';
import { orientationOf, shownExtent, shownPoint, storedPoint } from '../../../src/base/orientation.ts';
import type { Orientation } from '../../../src/base/orientation.ts';

const STORED = { width: 6, height: 4 };
/** Where the corner at the top left of the stored picture is shown, as the standard's own words have it. */
const CORNERS: Readonly<Record<Orientation, readonly [number, number]>> = {
  1: [0, 0], 2: [6, 0], 3: [6, 4], 4: [0, 4], 5: [0, 0], 6: [4, 0], 7: [4, 6], 8: [0, 6],
};

describe('EXIF orientation', () => {
  it.each(Object.entries(CORNERS))('%s shows the first corner at %s', (orientation, corner) => {
    expect(shownPoint(0, 0, STORED, Number(orientation) as Orientation)).toEqual(corner);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('%i is undone', (orientation) => {
    for (const [x, y] of [[0, 0], [6, 4], [1.5, 3.5], [2, 1]] as const) {
      const [shownX, shownY] = shownPoint(x, y, STORED, orientation);
      const { width, height } = shownExtent(STORED, orientation);
      expect(shownX >= 0 && shownX <= width && shownY >= 0 && shownY <= height).toBe(true);
      expect(storedPoint(shownX, shownY, STORED, orientation)).toEqual([x, y]);
    }
  });

  it.each([0, 9, 1.5, '6', null, undefined, NaN])('takes %s for upright', (value) => {
    expect(orientationOf(value)).toBe(1);
  });
});
