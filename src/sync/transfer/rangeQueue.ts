import { rangesOf } from './ranges.ts';
import type { Range } from './ranges.ts';
import type { Move } from './work.ts';

/** A range that came to be other bytes than it was so often is no accident of the link. */
const TRIES = 3;

/** What is to go, what is there, and what of it was only said to be there by an earlier run. */
export class RangeQueue {
  private readonly waiting: Range[];
  private readonly open: number[];
  private readonly tries = new Map<Range, number>();
  private readonly dropped = new Set<number>();

  constructor(
    moves: readonly Move[],
    private readonly said: ReadonlySet<string>,
    private readonly onWhole: (file: number) => void,
  ) {
    const ranges = moves.map(({ source }, file) => rangesOf(source.size, file));
    this.waiting = ranges.flat().toReversed();
    this.open = ranges.map(({ length }) => length);
  }

  next(): Range | undefined {
    for (let range = this.waiting.pop(); range !== undefined; range = this.waiting.pop()) {
      if (!this.dropped.has(range.file)) {
        return range;
      }
    }
    return undefined;
  }

  /** Whether it was never sent, nor asked for. */
  isFirst(range: Range): boolean {
    return !this.tries.has(range);
  }

  /** Whether an earlier run has sent it. */
  wasSaid({ file, offset }: Range): boolean {
    return this.said.has(`${file} ${offset}`);
  }

  arrived(range: Range): void {
    const open = (this.open[range.file] ?? 0) - 1;
    this.open[range.file] = open;
    if (open === 0 && !this.dropped.has(range.file)) {
      this.onWhole(range.file);
    }
  }

  /** Puts it back; false where it was tried often enough. */
  again(range: Range): boolean {
    const tries = (this.tries.get(range) ?? 0) + 1;
    this.tries.set(range, tries);
    this.waiting.push(range);
    return tries < TRIES;
  }

  /** Its source is no longer what it was. */
  drop(file: number): void {
    this.dropped.add(file);
  }

  isDropped(file: number): boolean {
    return this.dropped.has(file);
  }
}
