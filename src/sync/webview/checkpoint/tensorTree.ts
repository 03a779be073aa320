import type { ChangeView, DifferenceKind, TensorRow, ValuesView } from './protocol.ts';

/** A line of the table: a tensor, or a group of tensors that share the beginning of their names. */
export interface Line {
  /** Of a group the shared beginning; of a tensor its name. */
  readonly path: string;
  readonly label: string;
  readonly level: number;
  readonly count: number;
  readonly row?: TensorRow;
  readonly parameters: number;
  readonly bytes: number;
  readonly dtypes: string;
  /** Names of its tensors. */
  readonly names: readonly string[];
}

export type Sort = 'file' | 'name' | 'size' | 'change';

/** What was found out about tensors so far, by name. */
export interface Findings {
  readonly values: ReadonlyMap<string, ValuesView>;
  readonly changes: ReadonlyMap<string, ChangeView>;
  readonly kinds: ReadonlyMap<string, DifferenceKind> | undefined;
}

/** ‖w − v‖ ÷ ‖v‖ over some tensors; undefined where none of them was compared. */
export function relativeChange(names: readonly string[], changes: ReadonlyMap<string, ChangeView>): number | undefined {
  let [difference, norm, found] = [0, 0, false];
  for (const name of names) {
    const change = changes.get(name);
    if (change?.difference !== undefined && change.norm !== undefined) {
      [difference, norm, found] = [difference + change.difference, norm + change.norm, true];
    }
  }
  return !found ? undefined : difference === 0 ? 0 : norm === 0 ? Infinity : Math.sqrt(difference / norm);
}

/** `*.mlp.*` and `layers.?` match as globs over the whole name, everything else as a part of it. */
export function nameFilter(text: string): (name: string) => boolean {
  const wanted = text.trim().toLowerCase();
  if (!/[*?]/.test(wanted)) {
    return (name) => name.toLowerCase().includes(wanted);
  }
  const parts = wanted.split(/\*+/);
  return (name) => matches(name.toLowerCase(), parts);
}

/** Linear in the name for each part: no expression of a person's is run. */
function matches(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) {
    return name.length === first.length && fits(name, 0, first);
  }
  if (name.length < first.length + last.length || !fits(name, 0, first) || !fits(name, name.length - last.length, last)) {
    return false;
  }
  const end = name.length - last.length;
  let at = first.length;
  for (const part of rest) {
    while (at + part.length <= end && !fits(name, at, part)) {
      at++;
    }
    if (at + part.length > end) {
      return false;
    }
    at += part.length;
  }
  return true;
}

function fits(name: string, at: number, part: string): boolean {
  return [...part].every((character, index) => character === '?' || character === name[at + index]);
}

export function sortRows(rows: readonly TensorRow[], sort: Sort, changes: ReadonlyMap<string, ChangeView>): readonly TensorRow[] {
  const collator = new Intl.Collator('en', { numeric: true });
  const change = ({ name }: TensorRow) => relativeChange([name], changes) ?? -1;
  switch (sort) {
    case 'file':
      return rows;
    case 'name':
      return [...rows].sort((one, other) => collator.compare(one.name, other.name));
    case 'size':
      return [...rows].sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0));
    case 'change':
      return [...rows].sort((one, other) => change(other) - change(one));
  }
}

export function flatLines(rows: readonly TensorRow[]): readonly Line[] {
  return rows.map((row) => leaf(row, row.name, 0));
}

/** The lines of the tree that are to be seen. A chain of groups with one child each is one line. */
export function treeLines(rows: readonly TensorRow[], isOpen: (path: string) => boolean): readonly Line[] {
  const lines: Line[] = [];
  const add = (some: readonly TensorRow[], prefix: string, level: number) => {
    for (const [key, inner] of groupsOf(some, prefix)) {
      const only = inner.length === 1 ? inner[0] : undefined;
      if (only) {
        lines.push(leaf(only, only.name.slice(prefix.length), level));
        continue;
      }
      const path = sharedPath(inner, `${prefix}${key}.`);
      lines.push({
        path,
        label: path.slice(prefix.length, -1),
        level,
        count: inner.length,
        parameters: inner.reduce((sum, { parameters }) => sum + parameters, 0),
        bytes: inner.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
        dtypes: [...new Set(inner.map(({ dtype }) => dtype))].join(' · '),
        names: inner.map(({ name }) => name),
      });
      if (isOpen(path)) {
        add(inner, path, level + 1);
      }
    }
  };
  add(rows, '', 0);
  return lines;
}

function leaf(row: TensorRow, label: string, level: number): Line {
  return { path: row.name, label, level, count: 1, row, parameters: row.parameters, bytes: row.bytes ?? 0, dtypes: row.dtype, names: [row.name] };
}

function groupsOf(rows: readonly TensorRow[], prefix: string): ReadonlyMap<string, readonly TensorRow[]> {
  const groups = new Map<string, TensorRow[]>();
  for (const row of rows) {
    const rest = row.name.slice(prefix.length);
    const dot = rest.indexOf('.');
    // A tensor that bears the name of a group stands beside it.
    const key = dot < 0 ? `\0${rest}` : rest.slice(0, dot);
    const group = groups.get(key);
    if (group) {
      group.push(row);
    } else {
      groups.set(key, [row]);
    }
  }
  return groups;
}

function sharedPath(rows: readonly TensorRow[], start: string): string {
  let path = start;
  for (;;) {
    const dot = rows[0]?.name.indexOf('.', path.length) ?? -1;
    const longer = rows[0]?.name.slice(0, dot + 1) ?? '';
    if (dot < 0 || !rows.every(({ name }) => name.startsWith(longer))) {
      return path;
    }
    path = longer;
  }
}
