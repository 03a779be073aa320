import { known } from '../../base/absent.ts';
import { ArrayError } from '../../media/arrays/arrayError.ts';
import type { ArrayEntry, ArrayNode, ArraySource, Span } from '../../media/arrays/arraySource.ts';
import { elementCount } from '../../media/arrays/arraySource.ts';
import { isNumeric, readingsOf } from '../../media/arrays/elementType.ts';
import { lineColumns } from '../../media/arrays/lineColumns.ts';
import type { ArrayStatistics } from '../../media/arrays/statistics.ts';
import type { ArrayFacts, ArrayRow, GridRequest, GridView, LineRequest, LineView, Range, StatisticsView, TableRequest, TableView } from '../webview/arrays/protocol.ts';
import { MAX_CELLS, MAX_COLUMNS, MAX_GRID } from '../webview/arrays/protocol.ts';

export function rowOf({ label, path, entry, group }: ArrayNode): ArrayRow {
  const count = known(group?.count);
  const bytes = known(group?.bytes);
  return {
    label,
    path,
    attributes: entry?.attributes ?? group?.attributes ?? [],
    ...(entry && { array: factsOf(entry) }),
    ...(group && { group: { types: group.types, ...(count !== undefined && { count }), ...(bytes !== undefined && { bytes }) } }),
  };
}

export function factsOf({ shape, type, bytes, storage, unreadable }: ArrayEntry): ArrayFacts {
  const size = known(bytes);
  return {
    shape,
    type: type.name,
    numeric: isNumeric(type),
    isByte: type.kind === 'uint' && type.bytes === 1,
    storage,
    readings: readingsOf(type),
    ...(size !== undefined && { bytes: size }),
    ...(unreadable !== undefined && { unreadable }),
  };
}

export async function lineView(source: ArraySource, entry: ArrayEntry, { at, dimension, range, columns }: LineRequest, signal: AbortSignal): Promise<LineView> {
  const selection = selectionOf(entry, at, { [dimension]: { ...range, step: 1 } });
  return lineColumns(source, entry, selection, dimension, Math.min(columns, MAX_COLUMNS), signal);
}

/** Rows and columns are taken at even steps, so many as there is room for. */
export async function gridView(source: ArraySource, entry: ArrayEntry, request: GridRequest, signal: AbortSignal): Promise<GridView> {
  const { at, rowDimension, columnDimension, rows, columns, colours } = request;
  const height = Math.max(0, rows.stop - rows.start);
  const width = Math.max(0, columns.stop - columns.start);
  const [rowStep, columnStep] = stepsFor(height, width);
  const channels = colours === undefined ? 0 : (entry.shape[colours] ?? 0);
  const selection = selectionOf(entry, at, {
    [rowDimension]: { ...rows, step: rowStep },
    [columnDimension]: { ...columns, step: columnStep },
    ...(colours !== undefined && { [colours]: { start: 0, stop: channels, step: 1 } }),
  });
  const { values, shape } = await source.slice(entry, selection, signal);
  const strides = shape.map((_, nth) => elementCount(shape.slice(nth + 1)));
  const size = { height: shape[rowDimension] ?? 0, width: shape[columnDimension] ?? 0, rowStep, columnStep };
  const [down, across, deep] = [strides[rowDimension] ?? 0, strides[columnDimension] ?? 0, colours === undefined ? 0 : (strides[colours] ?? 0)];
  if (colours === undefined) {
    return { ...size, values: Float32Array.from({ length: size.height * size.width }, (_, index) => values[Math.floor(index / size.width) * down + (index % size.width) * across] ?? NaN) };
  }
  const pixels = new Uint8Array(size.height * size.width * 4);
  for (let index = 0; index < size.height * size.width; index++) {
    const from = Math.floor(index / size.width) * down + (index % size.width) * across;
    for (let channel = 0; channel < 3; channel++) {
      pixels[index * 4 + channel] = values[from + Math.min(channel, channels - 1) * deep] ?? 0;
    }
    pixels[index * 4 + 3] = channels === 4 ? (values[from + 3 * deep] ?? 255) : 255;
  }
  return { ...size, pixels };
}

/** Steps that leave at most `MAX_GRID` elements, nearly square ones. */
function stepsFor(height: number, width: number): readonly [rows: number, columns: number] {
  let [rows, columns] = [1, 1];
  const count = () => Math.ceil(height / rows) * Math.ceil(width / columns);
  while (count() > MAX_GRID) {
    const excess = Math.ceil(Math.sqrt(count() / MAX_GRID) * 1e6) / 1e6;
    if (height / rows > width / columns) {
      rows = Math.max(rows + 1, Math.ceil(rows * Math.min(excess, height / rows / Math.max(1, width / columns))));
    } else {
      columns = Math.max(columns + 1, Math.ceil(columns * Math.min(excess, width / columns / Math.max(1, height / rows))));
    }
  }
  return [rows, columns];
}

export async function tableView(source: ArraySource, entry: ArrayEntry, { at, rowDimension, columnDimension, rows, columns }: TableRequest, signal: AbortSignal): Promise<TableView> {
  const whole = (range: Range): Span => ({ ...range, step: 1 });
  const height = entry.shape.length === 0 ? 1 : rows.stop - rows.start;
  const width = columnDimension === undefined ? 1 : columns.stop - columns.start;
  if (height * width > MAX_CELLS) {
    throw new ArrayError('bounds', `A table has at most ${MAX_CELLS} cells.`);
  }
  const selection = selectionOf(entry, at, { [rowDimension]: whole(rows), ...(columnDimension !== undefined && { [columnDimension]: whole(columns) }) });
  const cells = await source.texts(entry, selection, signal);
  const flipped = columnDimension !== undefined && columnDimension < rowDimension;
  return { height, width, cells: flipped ? Array.from(cells, (_, index) => cells[(index % width) * height + Math.floor(index / width)] ?? '') : cells };
}

export function statisticsView(path: string, done: number, complete: boolean, result: ArrayStatistics, problem?: string): StatisticsView {
  const { positiveInfinite, negativeInfinite, histogram, ...rest } = result;
  return { path, done, complete, result: { ...rest, infinite: positiveInfinite + negativeInfinite, ...histogram }, ...(problem !== undefined && { problem }) };
}

function selectionOf({ shape }: ArrayEntry, at: readonly number[], spans: Readonly<Record<number, Span>>): readonly Span[] {
  return shape.map((_, nth) => spans[nth] ?? { start: at[nth] ?? 0, stop: (at[nth] ?? 0) + 1, step: 1 });
}
