import type { Extent, Orientation } from '../../../base/orientation.ts';
import { shownPoint } from '../../../base/orientation.ts';
import type { Shape } from './protocol.ts';

/** A shape in pixels of the picture as it is shown. */
export interface ShownShape {
  readonly index: number;
  readonly label: string;
  readonly score: number | undefined;
  /** Left, top, width, height. */
  readonly box: readonly [number, number, number, number] | undefined;
  readonly polygons: readonly (readonly (readonly [number, number])[])[];
  readonly keypoints: readonly { readonly x: number; readonly y: number; readonly visible: boolean }[];
}

export interface LabelSum {
  readonly label: string;
  /** Of its colour in the data series. */
  readonly colour: number;
  readonly words: string;
}

const COLOURS = ['--vscode-charts-blue', '--vscode-charts-green', '--vscode-charts-orange', '--vscode-charts-purple', '--vscode-charts-yellow', '--vscode-charts-red'] as const;

export function shownShapes(shapes: readonly Shape[], stored: Extent, orientation: Orientation): readonly ShownShape[] {
  const at = (x: number, y: number) => shownPoint(x, y, stored, orientation);
  return shapes.map(({ label, score, box, polygons = [], keypoints = [] }, index) => ({
    index,
    label,
    score,
    box: box && boxBetween(at(box[0], box[1]), at(box[0] + box[2], box[1] + box[3])),
    polygons: polygons.map((flat) => Array.from({ length: Math.floor(flat.length / 2) }, (_, point) => at(flat[2 * point] ?? 0, flat[2 * point + 1] ?? 0))),
    keypoints: keypoints.map(({ x, y, visible }) => {
      const [shownX, shownY] = at(x, y);
      return { x: shownX, y: shownY, visible };
    }),
  }));
}

/** What there is of each label, the most frequent first; a label keeps its colour whatever is hidden. */
export function labelSums(shapes: readonly Shape[]): readonly LabelSum[] {
  const byLabel = new Map<string, Shape[]>();
  for (const shape of shapes) {
    byLabel.set(shape.label, [...(byLabel.get(shape.label) ?? []), shape]);
  }
  return [...byLabel]
    .sort(([nameA, a], [nameB, b]) => b.length - a.length || (nameA < nameB ? -1 : 1))
    .map(([label, of], colour) => ({ label, colour, words: wordsOf(of) }));
}

/** The variable of a series' colour; past six all have the foreground's, and their names. */
export function colourVariable(colour: number): string {
  return COLOURS[colour] ?? '--vscode-charts-foreground';
}

/** The smallest shape whose box or outline holds a point. */
export function shapeAt(shapes: readonly ShownShape[], x: number, y: number): ShownShape | undefined {
  return shapes.filter((shape) => holds(shape, x, y)).sort((a, b) => areaOf(a) - areaOf(b))[0];
}

/** Square pixels of the box, or of what the outlines enclose. */
export function areaOf({ box, polygons }: ShownShape): number {
  return polygons.length > 0 ? polygons.reduce((sum, polygon) => sum + Math.abs(signedArea(polygon)), 0) : box ? box[2] * box[3] : 0;
}

function holds({ box, polygons }: ShownShape, x: number, y: number): boolean {
  if (polygons.some((polygon) => isInside(polygon, x, y))) {
    return true;
  }
  return box !== undefined && x >= box[0] && y >= box[1] && x <= box[0] + box[2] && y <= box[1] + box[3];
}

function isInside(polygon: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  let [beforeX, beforeY] = polygon.at(-1) ?? [0, 0];
  for (const [hereX, hereY] of polygon) {
    if (hereY > y !== beforeY > y && x < ((beforeX - hereX) * (y - hereY)) / (beforeY - hereY) + hereX) {
      inside = !inside;
    }
    [beforeX, beforeY] = [hereX, hereY];
  }
  return inside;
}

function signedArea(polygon: readonly (readonly [number, number])[]): number {
  let sum = 0;
  let [beforeX, beforeY] = polygon.at(-1) ?? [0, 0];
  for (const [x, y] of polygon) {
    sum += beforeX * y - x * beforeY;
    [beforeX, beforeY] = [x, y];
  }
  return sum / 2;
}

function boxBetween([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): readonly [number, number, number, number] {
  return [Math.min(ax, bx), Math.min(ay, by), Math.abs(bx - ax), Math.abs(by - ay)];
}

function wordsOf(shapes: readonly Shape[]): string {
  const count = (number: number, one: string, many: string) => (number === 0 ? [] : [`${number} ${number === 1 ? one : many}`]);
  return [
    ...count(shapes.filter(({ box }) => box !== undefined).length, 'box', 'boxes'),
    ...count(shapes.filter(({ polygons }) => polygons !== undefined && polygons.length > 0).length, 'mask', 'masks'),
    ...count(shapes.filter(({ keypoints }) => keypoints !== undefined && keypoints.length > 0).length, 'pose', 'poses'),
  ].join(', ');
}
