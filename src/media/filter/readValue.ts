import type { FilterColumn, NumberUnits } from './filterColumns.ts';
import { FilterError } from './filterError.ts';
import type { Test } from './filterTree.ts';
import { PatternError, readPattern } from './linearPattern.ts';
import { nearest } from '../../base/nearest.ts';

/** A value as it stands in the expression. */
export interface Written {
  readonly text: string;
  readonly quoted: boolean;
  readonly from: number;
  readonly to: number;
}

/** The numbers that a written number stands for: from `from` on, below `to`; `value` where one is to be named. */
interface Meant {
  readonly value: number;
  readonly from: number;
  readonly to: number;
}

type NumericColumn = Exclude<FilterColumn, { readonly type: 'text' }>;
export type Comparison = '<' | '<=' | '>' | '>=';

/** What equals a written value: a glob where it stands without quotes and has stars, a range, a number as precise as written. */
export function equalsTest(column: FilterColumn, written: Written, now: number): Test {
  if (column.type === 'text') {
    return textTest(column, written);
  }
  const dots = written.quoted ? -1 : written.text.indexOf('..');
  if (dots >= 0) {
    return rangeTest(column, written, dots, now);
  }
  const { from, to } = meant(column, written, now);
  return { op: 'range', from, to, openTo: true };
}

export function compareTest(column: FilterColumn, comparison: Comparison, written: Written, now: number): Test {
  if (column.type === 'text') {
    throw new FilterError(written.from, written.to, `${column.name} is text and has no order here: use ==, ~ or in`);
  }
  const found = meant(column, written, now);
  // After a day means after the whole of it.
  const whole = column.type === 'date';
  const [low, high] = whole ? [found.from, found.to] : [found.value, found.value];
  switch (comparison) {
    case '<':
      return { op: 'range', to: low, openTo: true };
    case '<=':
      return { op: 'range', to: high, ...(whole && { openTo: true }) };
    case '>':
      return { op: 'range', from: high, ...(!whole && { openFrom: true }) };
    case '>=':
      return { op: 'range', from: low };
  }
}

/** `/dog|cat/i` as it stands in the expression. */
export function fitsTest(column: FilterColumn, { text, from, to }: Pick<Written, 'text' | 'from' | 'to'>): Test {
  if (column.type !== 'text') {
    throw new FilterError(from, to, `A pattern looks into text, and ${column.name} is ${aNumber(column)}: use ==, <, > or a range like 5..30`);
  }
  const end = text.lastIndexOf('/');
  const source = text.slice(1, end);
  const ignoreCase = text.slice(end + 1) === 'i';
  try {
    readPattern(source, ignoreCase);
  } catch (error) {
    if (error instanceof PatternError) {
      const at = from + 1 + Math.min(error.at, source.length);
      throw new FilterError(at, Math.max(at + 1, to - (ignoreCase ? 2 : 1)), error.message);
    }
    throw error;
  }
  return { op: 'fits', source, ignoreCase };
}

export function containsTest(column: FilterColumn, written: Written): Test {
  if (column.type !== 'text') {
    throw new FilterError(written.from, written.to, `~ looks into text, and ${column.name} is ${aNumber(column)}: use ==, <, > or a range like 5..30`);
  }
  return isGlob(written) ? { op: 'glob', pattern: `*${written.text}*` } : { op: 'contains', text: written.text };
}

function textTest(column: Extract<FilterColumn, { readonly type: 'text' }>, written: Written): Test {
  if (isGlob(written)) {
    return { op: 'glob', pattern: written.text };
  }
  const { values } = column;
  if (values === undefined) {
    return { op: 'equals', text: written.text };
  }
  const text = written.text.toLowerCase();
  if (!values.includes(text)) {
    const near = nearest(text, values);
    const meant = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new FilterError(written.from, written.to, `There is no ${column.name} “${written.text}”: it is ${listed(values)}.${meant}`);
  }
  return { op: 'equals', text };
}

function rangeTest(column: NumericColumn, written: Written, dots: number, now: number): Test {
  const { text, from } = written;
  const piece = (start: number, end: number): Written => ({ text: text.slice(start, end), quoted: false, from: from + start, to: from + end });
  const low = dots === 0 ? undefined : meant(column, piece(0, dots), now);
  const high = dots + 2 === text.length ? undefined : meant(column, piece(dots + 2, text.length), now);
  if (low === undefined && high === undefined) {
    throw new FilterError(written.from, written.to, `A range has an end at least: write it like 5..30, 5.. or ..30`);
  }
  if (low !== undefined && high !== undefined && low.value > high.value) {
    throw new FilterError(written.from, written.to, `The range ends before it begins: ${text.slice(dots + 2)}..${text.slice(0, dots)} is meant?`);
  }
  return {
    op: 'range',
    ...(low && { from: low.value }),
    ...(high && (column.type === 'date' ? { to: high.to, openTo: true } : { to: high.value })),
  };
}

function meant(column: NumericColumn, written: Written, now: number): Meant {
  const found = column.type === 'date' ? dateOf(written.text, now) : numberOf(written.text, column.units);
  if (found !== undefined) {
    return found;
  }
  throw new FilterError(
    written.from,
    written.to,
    column.type === 'date'
      ? `“${written.text}” is no date: write it like 2026-11-02, 2026-11, 2026-11-02T14:07, today or yesterday`
      : `“${written.text}” is not ${column.units.title === 'a number' ? 'a number' : `a number of ${column.units.title}`}: write it like ${column.units.examples}`,
  );
}

/** Half a unit of the last written digit, so that 29.97 finds 30000/1001. */
function numberOf(text: string, { factors, clock }: NumberUnits): Meant | undefined {
  const clocked = clock === true ? /^(?:(\d+):)?(\d+):([0-5]?\d(?:\.\d+)?)$/.exec(text) : null;
  if (clocked !== null) {
    const value = Number(clocked[1] ?? 0) * 3600 + Number(clocked[2]) * 60 + Number(clocked[3]);
    return { value, from: value - 0.5, to: value + 0.5 };
  }
  const parts = /^([+-]?(?:\d[\d_]*)?(?:\.(\d+))?(?:e[+-]?\d+)?)([a-z]*)$/i.exec(text);
  const factor = parts?.[3] === '' ? 1 : factors[(parts?.[3] ?? '').toLowerCase()];
  const value = Number((parts?.[1] ?? '').replaceAll('_', '') || NaN) * (factor ?? NaN);
  if (!Number.isFinite(value)) {
    return undefined;
  }
  const digits = parts?.[2]?.length ?? 0;
  const half = digits === 0 ? 0.000_5 : 0.5 * 10 ** -digits * (factor ?? 1);
  return { value, from: value - half, to: value + half };
}

const DAY = 86_400_000;

/** A year, month, day, minute or second in local time, the whole of it. */
function dateOf(text: string, now: number): Meant | undefined {
  const lower = text.toLowerCase();
  if (lower === 'today' || lower === 'yesterday') {
    const today = new Date(now);
    const start = new Date(today.getFullYear(), today.getMonth(), today.getDate() - (lower === 'today' ? 0 : 1));
    return spanOf(start, new Date(start.getFullYear(), start.getMonth(), start.getDate() + 1));
  }
  const parts = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[t ](\d{1,2}):(\d{2})(?::(\d{2}))?)?)?)?$/i.exec(text);
  if (parts === null) {
    return undefined;
  }
  const [year = 0, month, day, hour, minute, second] = parts.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  const start = new Date(year, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  if (start.getMonth() !== (month ?? 1) - 1 || start.getDate() !== (day ?? 1) || (hour ?? 0) > 23 || (minute ?? 0) > 59) {
    return undefined;
  }
  const end =
    month === undefined ? new Date(year + 1, 0, 1)
    : day === undefined ? new Date(year, month, 1)
    : hour === undefined ? new Date(year, month - 1, day + 1)
    : new Date(start.getTime() + (second === undefined ? 60_000 : 1000));
  return spanOf(start, end);
}

function spanOf(start: Date, end: Date): Meant {
  const from = start.getTime();
  return { value: from, from, to: Math.min(end.getTime(), from + 366 * DAY) };
}

function isGlob({ text, quoted }: Written): boolean {
  return !quoted && /[*?]/.test(text);
}

function aNumber(column: NumericColumn): string {
  return column.type === 'date' ? 'a date' : 'a number';
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
