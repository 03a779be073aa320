/** A row of tiles, or the head of a group. Pixels from the top of all. */
export type Piece =
  | { readonly kind: 'head'; readonly key: string; readonly group: number; readonly top: number }
  | { readonly kind: 'row'; readonly key: string; readonly row: number; readonly first: number; readonly count: number; readonly top: number };

export interface GridMeasure {
  readonly columns: number;
  /** Pixels of a row of tiles, and of a group's head. */
  readonly row: number;
  readonly head: number;
}

/** Where the tiles of a grid lie, in groups of which each begins a new row under its head, or without groups. */
export class GridLayout {
  readonly height: number;
  readonly rows: number;
  /** Of each group and, one more, of the end: its first item, its first row, and its top. */
  private readonly firsts: Float64Array;
  private readonly firstRows: Float64Array;
  private readonly tops: Float64Array;

  constructor(
    readonly total: number,
    readonly measure: GridMeasure,
    /** Items of each group; undefined where there are no groups. What is counted wrong is made right by the last group. */
    private readonly groups?: readonly number[],
  ) {
    const counts = groups ?? [total];
    const head = groups === undefined ? 0 : measure.head;
    this.firsts = new Float64Array(counts.length + 1);
    this.firstRows = new Float64Array(counts.length + 1);
    this.tops = new Float64Array(counts.length + 1);
    for (const [group, count] of counts.entries()) {
      const from = this.firsts[group] ?? 0;
      const to = group === counts.length - 1 ? Math.max(from, total) : Math.min(total, from + count);
      const rows = Math.ceil((to - from) / measure.columns);
      this.firsts[group + 1] = to;
      this.firstRows[group + 1] = (this.firstRows[group] ?? 0) + rows;
      this.tops[group + 1] = (this.tops[group] ?? 0) + head + rows * measure.row;
    }
    this.rows = this.firstRows[counts.length] ?? 0;
    this.height = this.tops[counts.length] ?? 0;
  }

  /** Heads and rows that lie between two heights. */
  pieces(from: number, to: number): Piece[] {
    const { measure, groups } = this;
    const found: Piece[] = [];
    const head = groups === undefined ? 0 : measure.head;
    for (let group = this.groupAt(from); group < this.tops.length - 1 && (this.tops[group] ?? 0) < to; group++) {
      const top = this.tops[group] ?? 0;
      const [begin, end] = [this.firsts[group] ?? 0, this.firsts[group + 1] ?? 0];
      const [firstRow, endRow] = [this.firstRows[group] ?? 0, this.firstRows[group + 1] ?? 0];
      if (head > 0 && top + head > from) {
        found.push({ kind: 'head', key: `head ${group}`, group, top });
      }
      const inner = top + head;
      const [low, high] = [Math.max(0, Math.floor((from - inner) / measure.row)), Math.min(endRow - firstRow, Math.ceil((to - inner) / measure.row))];
      for (let row = low; row < high; row++) {
        const first = begin + row * measure.columns;
        found.push({ kind: 'row', key: `row ${firstRow + row}`, row: firstRow + row, first, count: Math.min(measure.columns, end - first), top: inner + row * measure.row });
      }
    }
    return found;
  }

  /** The group that lies at a height. */
  groupAt(height: number): number {
    return lastAtMost(this.tops, height);
  }

  /** How much of the head of a group, that stays at the top, is pushed up by the next one. */
  pushed(group: number, offset: number): number {
    const next = this.tops[group + 1] ?? Infinity;
    return group + 1 < this.tops.length - 1 ? Math.max(0, this.measure.head - (next - offset)) : 0;
  }

  groupOf(index: number): number {
    return lastAtMost(this.firsts, index);
  }

  topOf(index: number): number {
    const group = this.groupOf(index);
    return (this.tops[group] ?? 0) + (this.groups === undefined ? 0 : this.measure.head) + Math.floor((index - (this.firsts[group] ?? 0)) / this.measure.columns) * this.measure.row;
  }

  /** The first item of the row that lies at a height. */
  firstAt(height: number): number {
    const row = this.pieces(height, height + this.measure.row + this.measure.head + 1).find((piece) => piece.kind === 'row');
    return row?.kind === 'row' ? row.first : 0;
  }

  /** From an item by so many rows, in its column where the row has one. */
  moved(index: number, rows: number): number {
    const { columns } = this.measure;
    const group = this.groupOf(index);
    const within = index - (this.firsts[group] ?? 0);
    const row = (this.firstRows[group] ?? 0) + Math.floor(within / columns);
    const target = Math.max(0, Math.min(this.rows - 1, row + rows));
    if (target === row) {
      return index;
    }
    const into = lastAtMost(this.firstRows, target);
    const first = (this.firsts[into] ?? 0) + (target - (this.firstRows[into] ?? 0)) * columns;
    return Math.min(first + (within % columns), (this.firsts[into + 1] ?? 0) - 1);
  }

  columnOf(index: number): number {
    return (index - (this.firsts[this.groupOf(index)] ?? 0)) % this.measure.columns;
  }
}

/** Of values that do not fall, the last but the end that is at most `value`; of equal ones, as of groups without items, the last. */
function lastAtMost(values: Float64Array, value: number): number {
  let low = 0;
  let high = values.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= value) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Math.max(0, low);
}
