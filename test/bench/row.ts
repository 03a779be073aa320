/** One line of the table: `ours` and `peer` in `unit`; `ratio` is ours over the peer, or over the budget where there is no peer. */
export interface BenchRow {
  readonly room: string;
  readonly case: string;
  readonly ours: number;
  /** null where nothing else does the job, or the row is a size that is held to a budget. */
  readonly peer: number | null;
  readonly unit: string;
  readonly ratio: number | null;
  /** The largest ratio (with a peer) or value (without) that is good enough; null where the figure is only told. */
  readonly target: number | null;
  readonly holds: boolean | null;
}

export interface Bench {
  readonly room: string;
  /** Names of its rows begin with it; `npm run bench -- ROOM NAME` runs this one alone. */
  readonly name: string;
  readonly run: (context: BenchContext) => Promise<readonly BenchRow[]>;
}

export interface BenchContext {
  /** Absolute path of the checkout, with what is shipped built in `dist`. */
  readonly root: string;
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** Says on stderr what goes on. */
  readonly say: (line: string) => void;
}

export function against(room: string, name: string, ours: number, peer: number, target: number | null, unit = 's'): BenchRow {
  const ratio = ours / peer;
  return { room, case: name, ours, peer, unit, ratio, target, holds: target === null ? null : ratio <= target };
}

export function alone(room: string, name: string, ours: number, budget: number | null, unit: string): BenchRow {
  return { room, case: name, ours, peer: null, unit, ratio: null, target: budget, holds: budget === null ? null : ours <= budget };
}

/** `case | ours | peer | ratio | target`, in columns. */
export function tableOf(rows: readonly BenchRow[]): string {
  const cells = rows.map(({ room, case: name, ours, peer, unit, ratio, target, holds }) => [
    `${room}: ${name}`,
    `${rounded(ours)} ${unit}`,
    peer === null ? '' : `${rounded(peer)} ${unit}`,
    ratio === null ? '' : ratio.toFixed(2),
    target === null ? '' : `≤ ${peer === null ? `${rounded(target)} ${unit}` : target} ${holds ? '✓' : '✗'}`,
  ]);
  const heads = ['case', 'ours', 'peer', 'ratio', 'target'];
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ');
  return [line(heads), widths.map((width) => '-'.repeat(width)).join('-|-'), ...cells.map(line)].join('\n');
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3)).toString();
}
