import type { ArrayEntry, ArraySource, Span } from './arraySource.ts';
import { spanLength } from './arraySource.ts';

/** What a line is drawn from: the smallest and the largest value of each pixel column. NaN where a column has no number. */
export interface LineColumns {
  /** Indices of the first element of each column, and one beyond the last. */
  readonly edges: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Whether every element was looked at; else a part of each column. */
  readonly exact: boolean;
}

/** Elements read for one picture of a line at most: what is longer is looked at in part, as is said. */
const MAX_READ = 8_388_608;
const PIECE = 262_144;

/** Goes along `dimension`, of which `selection` names the part; every other dimension is a single index. */
export async function lineColumns(source: ArraySource, entry: ArrayEntry, selection: readonly Span[], dimension: number, columns: number, signal?: AbortSignal): Promise<LineColumns> {
  const span = selection[dimension] ?? { start: 0, stop: 0, step: 1 };
  const count = spanLength(span);
  const width = Math.max(1, Math.min(columns, count));
  const edges = Float64Array.from({ length: width + 1 }, (_, column) => span.start + Math.floor((column * count) / width) * span.step);
  const min = new Float64Array(width).fill(NaN);
  const max = new Float64Array(width).fill(NaN);
  const exact = count <= MAX_READ;
  const perColumn = exact ? Infinity : Math.floor(MAX_READ / width);
  const read = (start: number, stop: number) => source.slice(entry, selection.map((other, nth) => (nth === dimension ? { start, stop, step: span.step } : other)), signal);
  const fold = (column: number, value: number) => {
    if (!(value >= (min[column] ?? NaN))) {
      min[column] = Number.isNaN(value) ? (min[column] ?? NaN) : value;
    }
    if (!(value <= (max[column] ?? NaN))) {
      max[column] = Number.isNaN(value) ? (max[column] ?? NaN) : value;
    }
  };
  if (!exact) {
    for (let column = 0; column < width; column++) {
      const start = edges[column] ?? 0;
      const { values } = await read(start, Math.min(edges[column + 1] ?? 0, start + perColumn * span.step));
      values.forEach((value) => fold(column, value));
    }
    return { edges, min, max, exact };
  }
  let column = 0;
  for (let at = 0; at < count; at += PIECE) {
    const start = span.start + at * span.step;
    const { values } = await read(start, Math.min(span.stop, start + PIECE * span.step));
    for (let index = 0; index < values.length; index++) {
      while (column < width - 1 && start + index * span.step >= (edges[column + 1] ?? 0)) {
        column++;
      }
      fold(column, values[index] ?? NaN);
    }
  }
  return { edges, min, max, exact };
}
