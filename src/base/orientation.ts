/** How a picture as stored is turned to be shown, by its EXIF orientation, 1 to 8. (CIPA DC-008, 4.6.4 A, Orientation) */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export function orientationOf(value: unknown): Orientation {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

/** Whether width and height change places. */
export function isSideways(orientation: Orientation): boolean {
  return orientation >= 5;
}

export function shownExtent({ width, height }: Extent, orientation: Orientation): Extent {
  return isSideways(orientation) ? { width: height, height: width } : { width, height };
}

/**
 * Where a point of the picture as stored is shown. Points lie on the edges of pixels, from 0 to the width and the height
 * of `stored`; for the middle of a pixel add one half before and take it away after.
 */
export function shownPoint(x: number, y: number, { width, height }: Extent, orientation: Orientation): readonly [number, number] {
  switch (orientation) {
    case 1:
      return [x, y];
    case 2:
      return [width - x, y];
    case 3:
      return [width - x, height - y];
    case 4:
      return [x, height - y];
    case 5:
      return [y, x];
    case 6:
      return [height - y, x];
    case 7:
      return [height - y, width - x];
    case 8:
      return [y, width - x];
  }
}

/** The point of the picture as stored that is shown at a place: the inverse of `shownPoint`. */
export function storedPoint(x: number, y: number, stored: Extent, orientation: Orientation): readonly [number, number] {
  // Each turn undoes itself but the quarter turns, which undo one another, in the extent that is shown.
  const inverse: Orientation = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  return shownPoint(x, y, shownExtent(stored, orientation), inverse);
}
