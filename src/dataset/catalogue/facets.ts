import { without, type FilterNode } from '../../media/filter/filterTree.ts';
import type { ColumnName } from '../../media/filter/filterTypes.ts';
import type { Facet } from './catalogueApi.ts';
import { edgesFor } from './histogramEdges.ts';
import { hasWords, isNumber, type ItemLists } from './itemLists.ts';

/** Values that are listed, the most frequent ones. */
const LISTED = 200;

/** The counts of a column among the items of a filter, what the filter asks of the column itself left out. */
export async function facetOf(lists: ItemLists, filter: FilterNode, column: ColumnName, signal: AbortSignal): Promise<Facet> {
  if (!isNumber(column) && !hasWords(column)) {
    return { column, kind: 'values', values: [], more: 0 };
  }
  const ids = await lists.matching(without(filter, column), signal);
  return isNumber(column) ? histogram(lists, column, ids, signal) : values(lists, column, ids, signal);
}

async function values(lists: ItemLists, column: ColumnName, ids: Uint32Array, signal: AbortSignal): Promise<Facet> {
  const { codes, words } = await lists.words(column, signal);
  if (words.length === 0) {
    return { column, kind: 'values', values: [], more: 0 };
  }
  const counts = new Uint32Array(words.length);
  for (const id of ids) {
    counts[codes[id] ?? 0]!++;
  }
  const found = words.flatMap((value, code) => (code > 0 && counts[code]! > 0 ? [{ value, count: counts[code]! }] : [])).sort((a, b) => b.count - a.count);
  const none = counts[0]! > 0 ? [{ value: null, count: counts[0]! }] : [];
  return { column, kind: 'values', values: [...found.slice(0, LISTED), ...none], more: Math.max(0, found.length - LISTED) };
}

async function histogram(lists: ItemLists, column: ColumnName, ids: Uint32Array, signal: AbortSignal): Promise<Facet> {
  const numbers = await lists.numbers(column, signal);
  let known = 0;
  let low = Infinity;
  let high = -Infinity;
  let isWhole = true;
  for (const id of ids) {
    const number = numbers[id];
    if (number !== undefined && !Number.isNaN(number)) {
      known++;
      low = Math.min(low, number);
      high = Math.max(high, number);
      isWhole &&= Number.isInteger(number);
    }
  }
  const applies = Math.max(known, await lists.applying(column, ids, signal));
  if (known === 0) {
    return { column, kind: 'histogram', edges: [], counts: [], applies, known };
  }
  const edges = edgesFor(low, high, isWhole);
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const id of ids) {
    const number = numbers[id];
    if (number !== undefined && !Number.isNaN(number)) {
      counts[binOf(edges, number)]!++;
    }
  }
  return { column, kind: 'histogram', edges, counts, applies, known };
}

/** The last bin holds its upper edge as well. */
function binOf(edges: readonly number[], number: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= number) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
