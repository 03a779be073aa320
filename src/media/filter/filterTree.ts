import type { ColumnName } from './filterTypes.ts';

/** What is asked of one column. Numbers are in the column's own unit; an unknown value passes none but `unknown` and `none`. */
export type Test =
  | { readonly op: 'equals'; readonly text: string }
  /** Letters alike whether large or small. */
  | { readonly op: 'contains'; readonly text: string }
  /** The whole value; `*` is any run of characters, `?` any one. */
  | { readonly op: 'glob'; readonly pattern: string }
  /** A regular expression that fits somewhere in it, as `LinearRegExp` reads it. */
  | { readonly op: 'fits'; readonly source: string; readonly ignoreCase: boolean }
  /** From `from` on, up to `to`; `open` ends are not within. */
  | { readonly op: 'range'; readonly from?: number; readonly to?: number; readonly openFrom?: boolean; readonly openTo?: boolean }
  | { readonly op: 'any'; readonly tests: readonly Test[] }
  /** It applies, and is not known: not looked at, or not stated. */
  | { readonly op: 'unknown' }
  /** There is no value, for whatever reason. */
  | { readonly op: 'none' };

/** A filter, understood. */
export type FilterNode =
  /** Without parts everything passes. */
  | { readonly kind: 'and'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'or'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode }
  | { readonly kind: 'test'; readonly column: ColumnName; readonly test: Test }
  /** Words that stand alone: somewhere in the path, the caption or the label. */
  | { readonly kind: 'words'; readonly text: string };

export const EVERYTHING: FilterNode = { kind: 'and', parts: [] };

/** The same filter without what it asks of one column by itself, as the counts of a facet leave out its own filter. */
export function without(node: FilterNode, column: ColumnName): FilterNode {
  const parts = node.kind === 'and' ? node.parts : [node];
  return { kind: 'and', parts: parts.flatMap((part) => (part.kind === 'and' ? [without(part, column)] : asksOnly(part, column) ? [] : [part])) };
}

function asksOnly(node: FilterNode, column: ColumnName): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.parts.length > 0 && node.parts.every((part) => asksOnly(part, column));
    case 'not':
      return asksOnly(node.part, column);
    case 'test':
      return node.column === column;
    case 'words':
      return false;
  }
}
