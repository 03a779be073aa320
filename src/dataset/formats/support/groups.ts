import type { Draft, Part } from './createDataset.ts';

/** Samples that are read together: the members of a shard, the lines of one transcript. */
export interface Group {
  readonly count: number;
  load(): Promise<readonly Draft[]>;
}

/** Samples of groups one after the other; of one group at a time they are in memory. */
export function groupedPart(groups: readonly Group[]): Part {
  const starts = new Float64Array(groups.length);
  let count = 0;
  for (const [number, group] of groups.entries()) {
    starts[number] = count;
    count += group.count;
  }
  let kept: { readonly number: number; readonly drafts: Promise<readonly Draft[]> } | undefined;

  function draftsOf(number: number): Promise<readonly Draft[]> {
    if (kept?.number !== number) {
      kept = { number, drafts: groups[number]?.load() ?? Promise.resolve([]) };
    }
    return kept.drafts;
  }

  function numberOf(index: number): number {
    let low = 0;
    let high = groups.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  return {
    count,
    async at(index) {
      const number = numberOf(index);
      return (await draftsOf(number))[index - (starts[number] ?? 0)];
    },
    async *read(from, signal) {
      for (let number = numberOf(from); number < groups.length; number++) {
        signal?.throwIfAborted();
        const start = starts[number] ?? 0;
        const length = groups[number]?.count ?? 0;
        yield* (await draftsOf(number)).slice(Math.max(0, from - start), length);
      }
    },
  };
}
