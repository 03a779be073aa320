import type { ColumnName } from './filterTypes.ts';
import type { FilterNode, Test } from './filterTree.ts';

/** A value in its column's own unit; undefined: it applies and is not known; null: there is none. */
export type FilterValue = string | number | null | undefined;
export type FilterValues = (column: ColumnName) => FilterValue;

/** Columns that words alone are looked for in. */
const WORDS = ['path', 'caption', 'label'] as const satisfies readonly ColumnName[];

/** Whether a thing passes a filter. What is not known passes no test but `unknown`, and therefore every negation of one. */
export function matchesFilter(node: FilterNode, valueOf: FilterValues): boolean {
  switch (node.kind) {
    case 'and':
      return node.parts.every((part) => matchesFilter(part, valueOf));
    case 'or':
      return node.parts.some((part) => matchesFilter(part, valueOf));
    case 'not':
      return !matchesFilter(node.part, valueOf);
    case 'words':
      return WORDS.some((column) => passes({ op: 'contains', text: node.text }, valueOf(column)));
    case 'test':
      return passes(node.test, valueOf(node.column));
  }
}

/** All columns that a filter asks of. */
export function columnsOfFilter(node: FilterNode): readonly ColumnName[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return [...new Set(node.parts.flatMap(columnsOfFilter))];
    case 'not':
      return columnsOfFilter(node.part);
    case 'words':
      return WORDS;
    case 'test':
      return [node.column];
  }
}

function passes(test: Test, value: FilterValue): boolean {
  switch (test.op) {
    case 'unknown':
      return value === undefined;
    case 'none':
      return value === undefined || value === null;
    case 'any':
      return test.tests.some((one) => passes(one, value));
    case 'range':
      return typeof value === 'number' && isFrom(value, test) && isTo(value, test);
    case 'equals':
      return typeof value === 'string' && value === test.text;
    case 'contains':
      return typeof value === 'string' && value.toLowerCase().includes(test.text.toLowerCase());
    case 'glob':
      return typeof value === 'string' && globMatches(test.pattern, value);
  }
}

type RangeTest = Extract<Test, { readonly op: 'range' }>;

function isFrom(value: number, { from, openFrom }: RangeTest): boolean {
  return from === undefined || (openFrom === true ? value > from : value >= from);
}

function isTo(value: number, { to, openTo }: RangeTest): boolean {
  return to === undefined || (openTo === true ? value < to : value <= to);
}

/** `*` and `?` alone, in time linear to the length for each star: a pattern is no regular expression that could run away. */
function globMatches(pattern: string, value: string): boolean {
  let [at, star, mark] = [0, -1, 0];
  let index = 0;
  while (index < value.length) {
    if (pattern[at] === '?' || (pattern[at] === value[index] && pattern[at] !== '*')) {
      at++;
      index++;
    } else if (pattern[at] === '*') {
      star = at++;
      mark = index;
    } else if (star >= 0) {
      at = star + 1;
      index = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') {
    at++;
  }
  return at === pattern.length;
}
