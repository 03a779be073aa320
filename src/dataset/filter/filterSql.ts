import type { SqliteDatabase } from '../../base/sqlite.ts';
import type { ColumnName } from '../../media/filter/filterTypes.ts';
import type { FilterNode, Test } from '../../media/filter/filterTree.ts';
import { LinearRegExp } from '../../media/filter/linearRegExp.ts';

export interface FilterSql {
  /** A condition over the table `item`; a value of NULL is no match. */
  readonly condition: string;
  /** For its placeholders, in their order. */
  readonly values: readonly (string | number)[];
}

/** Columns of which it is kept whether they apply to an item: its bits. */
export const APPLIES = { duration: 1, rate: 2, channels: 4, width: 8, height: 16, fps: 32, codec: 64, rows: 128 } as const;
export type ApplyingColumn = keyof typeof APPLIES;

export function isApplying(column: ColumnName): column is ApplyingColumn {
  return Object.hasOwn(APPLIES, column);
}

const FOLDER = '(SELECT path FROM folder WHERE folder.id = item.folder)';
const PATH = "(SELECT CASE path WHEN '' THEN item.name ELSE path || '/' || item.name END FROM folder WHERE folder.id = item.folder)";
/** How a column is had from the table `item`, where that is not by its own name. */
const EXPRESSIONS: Readonly<Partial<Record<ColumnName, string>>> = { path: PATH, folder: FOLDER };

export function sqlOf(column: ColumnName): string {
  return EXPRESSIONS[column] ?? `item.${column}`;
}

/** The function by which SQLite asks whether a regular expression fits; `defineFits` makes it known. */
const FITS = 'trainyard_fits';
/** Expressions that are kept ready. */
const MOST_READY = 16;

/** Lets a database understand filters with regular expressions. */
export function defineFits(database: SqliteDatabase): void {
  const ready = new Map<string, LinearRegExp>();
  database.define(FITS, (source, ignoreCase, text) => {
    if (typeof text !== 'string') {
      return null;
    }
    const key = `${String(ignoreCase)}${String(source)}`;
    let expression = ready.get(key);
    if (expression === undefined) {
      if (ready.size >= MOST_READY) {
        ready.clear();
      }
      expression = new LinearRegExp(String(source), ignoreCase === 1);
      ready.set(key, expression);
    }
    return expression.test(text) ? 1 : 0;
  });
}

/** All that a person wrote goes in as a value, and never into the text. */
export function filterSql(node: FilterNode): FilterSql {
  const values: (string | number)[] = [];
  return { condition: conditionOf(node, values), values };
}

type Values = (string | number)[];

function conditionOf(node: FilterNode, values: Values): string {
  switch (node.kind) {
    case 'and':
      return joined(node.parts.map((part) => conditionOf(part, values)), ' AND ', '1');
    case 'or':
      return joined(node.parts.map((part) => conditionOf(part, values)), ' OR ', '0');
    case 'not':
      // Of what is not known nothing else is so, and therefore its opposite: either passes, never neither.
      return `(${conditionOf(node.part, values)}) IS NOT TRUE`;
    case 'words': {
      const contains: Test = { op: 'contains', text: node.text };
      return joined([PATH, 'item.caption', 'item.label'].map((sql) => testSql(sql, contains, values)), ' OR ', '0');
    }
    case 'test':
      return columnTest(node.column, node.test, values);
  }
}

function columnTest(column: ColumnName, test: Test, values: Values): string {
  if (column === 'folder' && test.op !== 'unknown' && test.op !== 'none') {
    return `item.folder IN (SELECT id FROM folder WHERE ${testSql('path', test, values)})`;
  }
  if (column === 'health' && test.op === 'equals') {
    return testSql('item.severity', test, values);
  }
  return testSql(column === 'health' ? 'item.severity' : sqlOf(column), test, values, column);
}

function testSql(sql: string, test: Test, values: Values, column?: ColumnName): string {
  switch (test.op) {
    case 'equals':
      values.push(test.text);
      return `${sql} = ?`;
    case 'contains':
      return containsSql(sql, test.text, values);
    case 'glob':
      // The bracket is SQLite's own, and no wildcard of ours.
      values.push(test.pattern.replaceAll('[', '[[]'));
      return `${sql} GLOB ?`;
    case 'fits':
      values.push(test.source, test.ignoreCase ? 1 : 0);
      return `${FITS}(?, ?, ${sql})`;
    case 'range':
      return rangeSql(sql, test, values);
    case 'any':
      return joined(test.tests.map((one) => testSql(sql, one, values, column)), ' OR ', '0');
    case 'unknown':
      return column !== undefined && isApplying(column) ? `(${sql} IS NULL AND item.applies & ${APPLIES[column]} <> 0)` : `${sql} IS NULL`;
    case 'none':
      return `${sql} IS NULL`;
  }
}

function rangeSql(sql: string, { from, to, openFrom, openTo }: Extract<Test, { readonly op: 'range' }>, values: Values): string {
  const ends = [
    ...(from === undefined ? [] : [[openFrom === true ? '>' : '>=', from] as const]),
    ...(to === undefined ? [] : [[openTo === true ? '<' : '<=', to] as const]),
  ];
  values.push(...ends.map(([, value]) => value));
  return joined(ends.map(([sign]) => `${sql} ${sign} ?`), ' AND ', '1');
}

/** LIKE takes only ASCII letters alike whether large or small: of others both are asked for, and a capital in front. */
function containsSql(sql: string, text: string, values: Values): string {
  const lower = text.toLowerCase();
  const spellings = /[^\x00-\x7f]/.test(text) ? new Set([text, lower, text.toUpperCase(), lower.replace(/^./u, (first) => first.toUpperCase())]) : [text];
  const patterns = [...spellings].map((spelling) => `%${spelling.replace(/[\\%_]/g, '\\$&')}%`);
  values.push(...patterns);
  return joined(patterns.map(() => `${sql} LIKE ? ESCAPE '\\'`), ' OR ', '0');
}

function joined(parts: readonly string[], by: string, none: string): string {
  return parts.length === 0 ? none : parts.length === 1 ? parts[0]! : `(${parts.join(by)})`;
}
