import type { EngineId } from '../engine.ts';

/** Something to do that is ready to be given to a worker. */
export interface Ready {
  readonly seq: number;
  readonly engine: EngineId;
  /** Seconds of media, or megapixels. */
  readonly cost: number;
  /** As in progress: the cost and something for the item itself. */
  readonly weight: number;
  readonly groupable: boolean;
}

/** The most that is worth laying into one process of an engine. */
export interface GroupLimit {
  readonly calls: number;
  readonly cost: number;
}

/** What one worker may take at most, so that the others get theirs. */
export interface Share {
  readonly items: number;
  readonly weight: number;
  /** Items that he may take in any case: an even share of the whole job. */
  readonly least: number;
}

/** A group of an eighth of what an engine takes is no longer worth splitting: another start would cost more than it spreads. */
const SMALLEST = 1 / 8;

interface Bounds {
  readonly most: number;
  readonly least: number;
  readonly cost: number;
  readonly weight: number;
}

/** Items that are ready, by engine; given out in the order of the plan, in groups where they may share a process. */
export class ReadyQueue<T extends Ready> {
  private readonly groups = new Map<EngineId, T[]>();
  private singles: T[] = [];

  constructor(private readonly limitOf: (engine: EngineId) => GroupLimit) {}

  add(item: T): void {
    if (!item.groupable || this.limitOf(item.engine).calls <= 1) {
      this.singles.push(item);
      return;
    }
    const queue = this.groups.get(item.engine) ?? [];
    queue.push(item);
    this.groups.set(item.engine, queue);
  }

  /** Whether an engine has the most that is worth laying into one process: no worker need wait for more. */
  holdsWhole(engine: EngineId): boolean {
    return (this.groups.get(engine)?.length ?? 0) >= this.limitOf(engine).calls;
  }

  /** Whether there is enough for so many workers to take twice. */
  isFull(workers: number): boolean {
    return (
      this.singles.length >= workers * 2 ||
      [...this.groups].some(([engine, queue]) => queue.length >= workers * 2 * this.limitOf(engine).calls)
    );
  }

  /**
   * The next group for one worker; undefined where nothing is ready. With `whole`, also where what is ready is less than a
   * worker should take, because more is about to come.
   */
  take(share: Share, whole: boolean): readonly T[] | undefined {
    const queue = [...this.groups.values(), this.singles].reduce<T[] | undefined>((first, next) => {
      const isEarlier = next[0] !== undefined && (first?.[0] === undefined || next[0].seq < first[0].seq);
      return isEarlier ? next : first;
    }, undefined);
    const head = queue?.[0];
    if (queue === undefined || head === undefined) {
      return undefined;
    }
    if (queue === this.singles) {
      return queue.splice(0, 1);
    }
    const limit = this.limitOf(head.engine);
    const least = Math.min(share.least, Math.ceil(limit.calls * SMALLEST));
    const most = Math.min(limit.calls, Math.max(share.items, least));
    const count = countWithin(queue, { most, least, cost: limit.cost, weight: share.weight });
    const isEnough = count < queue.length || count >= most;
    return whole && !isEnough ? undefined : queue.splice(0, count);
  }

  /** The largest first: what is begun last ends soon, and the workers end together. For when nothing more is added. */
  orderSinglesBySize(): void {
    this.singles.sort((a, b) => b.cost - a.cost);
  }

  /** Everything that is ready, given up. */
  drain(): readonly T[] {
    const all = [...this.groups.values(), this.singles].flat();
    this.groups.clear();
    this.singles = [];
    return all;
  }
}

/** How many from the head, at most `most`, stay within a cost and a weight: at least 1. The weight is no bound for the smallest group. */
function countWithin(queue: readonly Ready[], { most, least, cost, weight }: Bounds): number {
  let sumOfCost = 0;
  let sumOfWeight = 0;
  for (const [index, item] of queue.entries()) {
    sumOfCost += item.cost;
    sumOfWeight += item.weight;
    // A sum of equal parts may come out a hair above its share.
    const isTooMuch = sumOfCost > cost || (index >= least && sumOfWeight > weight * 1.0001);
    if (index >= most || (index > 0 && isTooMuch)) {
      return index;
    }
  }
  return queue.length;
}
