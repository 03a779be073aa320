import { wildcardsMatch } from '../../base/wildcards.ts';
import type { ColumnName } from './filterTypes.ts';
import type { FilterNode, Test } from './filterTree.ts';
import { LinearRegExp } from './linearRegExp.ts';

/** A value in its column's own unit; undefined: it applies and is not known; null: there is none. */
export type FilterValue = string | number | null | undefined;
export type FilterValues = (column: ColumnName) => FilterValue;

/** Columns that words alone are looked for in. */
const WORDS = ['path', 'caption', 'label'] as const satisfies readonly ColumnName[];

/** Answers whether a thing passes. */
export type Filter = (valueOf: FilterValues) => boolean;

/** A filter made ready for many things. What is not known passes no test but `unknown`, and therefore every negation of one. */
export function prepareFilter(node: FilterNode): Filter {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map(prepareFilter);
      return (valueOf) => parts.every((part) => part(valueOf));
    }
    case 'or': {
      const parts = node.parts.map(prepareFilter);
      return (valueOf) => parts.some((part) => part(valueOf));
    }
    case 'not': {
      const part = prepareFilter(node.part);
      return (valueOf) => !part(valueOf);
    }
    case 'words': {
      const contains = preparedTest({ op: 'contains', text: node.text });
      return (valueOf) => WORDS.some((column) => contains(valueOf(column)));
    }
    case 'test': {
      const test = preparedTest(node.test);
      return (valueOf) => test(valueOf(node.column));
    }
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

function preparedTest(test: Test): (value: FilterValue) => boolean {
  switch (test.op) {
    case 'unknown':
      return (value) => value === undefined;
    case 'none':
      return (value) => value === undefined || value === null;
    case 'any': {
      const tests = test.tests.map(preparedTest);
      return (value) => tests.some((one) => one(value));
    }
    case 'range':
      return (value) => typeof value === 'number' && isFrom(value, test) && isTo(value, test);
    case 'equals':
      return (value) => value === test.text;
    case 'contains': {
      const text = test.text.toLowerCase();
      return (value) => typeof value === 'string' && value.toLowerCase().includes(text);
    }
    case 'fits': {
      const pattern = new LinearRegExp(test.source, test.ignoreCase);
      return (value) => typeof value === 'string' && pattern.test(value);
    }
    case 'glob':
      return (value) => typeof value === 'string' && wildcardsMatch(test.pattern, value);
  }
}

type RangeTest = Extract<Test, { readonly op: 'range' }>;

function isFrom(value: number, { from, openFrom }: RangeTest): boolean {
  return from === undefined || (openFrom === true ? value > from : value >= from);
}

function isTo(value: number, { to, openTo }: RangeTest): boolean {
  return to === undefined || (openTo === true ? value < to : value <= to);
}
