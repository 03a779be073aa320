import type { FilterNode } from '../../media/filter/filterTree.ts';
import type { ColumnName } from '../../media/filter/filterTypes.ts';
import type { GroupSum } from './catalogueApi.ts';
import type { ItemLists } from './itemLists.ts';

/** Items, seconds and bytes by the values of a column, the most frequent first, those without one last. */
export async function sumsOf(lists: ItemLists, filter: FilterNode, column: ColumnName, signal: AbortSignal): Promise<readonly GroupSum[]> {
  const ids = await lists.matching(filter, signal);
  const { codes, words } = await lists.words(column, signal);
  const [durations, sizes] = [await lists.numbers('duration', signal), await lists.numbers('size', signal)];
  const sums = words.map((value, code) => ({ value: code === 0 ? null : value, items: 0, seconds: 0, bytes: 0 }));
  for (const id of ids) {
    const sum = sums[codes[id] ?? 0];
    if (sum !== undefined) {
      sum.items++;
      sum.seconds += known(durations[id]);
      sum.bytes += known(sizes[id]);
    }
  }
  return sums.filter(({ items }) => items > 0).sort((a, b) => Number(a.value === null) - Number(b.value === null) || b.items - a.items);
}

function known(number: number | undefined): number {
  return number === undefined || Number.isNaN(number) ? 0 : number;
}
