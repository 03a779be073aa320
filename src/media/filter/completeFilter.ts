import type { ColumnName, Completion } from './filterTypes.ts';
import { FILTER_COLUMNS, filterColumn, type FilterColumn } from './filterColumns.ts';
import { tokensOf, type Token } from './tokens.ts';

/** What the catalogue knows, to be offered. */
export interface KnownValues {
  /** Of a column that has few different ones, the most frequent first. */
  values(column: ColumnName): Promise<readonly { readonly value: string; readonly count: number }[]>;
  /** Items to which it applies and whose value is not known. */
  unknown(column: ColumnName): Promise<number>;
}

/** Values that are offered. */
const OFFERED = 50;

/** A pattern behind ~ that is being written. */
const OPEN_PATTERN = /~\s*(\/(?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\]?)*)$/;

interface Place {
  readonly from: number;
  readonly to: number;
}

/** What may stand at the caret; what is begun there already is replaced by it. */
export async function completeFilter(text: string, caret: number, known: KnownValues): Promise<readonly Completion[]> {
  const before = text.slice(0, caret);
  const pattern = OPEN_PATTERN.exec(before)?.[1];
  if (pattern !== undefined) {
    return endsOf(pattern, { from: caret - pattern.length, to: caret });
  }
  const { tokens, open } = tokensBefore(before);
  const last = tokens.at(-1);
  const isBegun = open !== undefined || (last?.kind === 'word' && last.to === caret);
  const begun = open ?? (isBegun ? last!.text : '');
  const wordEnd = /^[^\s:,()"'<>=!~&|]*/.exec(text.slice(caret))?.[0].length ?? 0;
  const from = open !== undefined ? caret - open.length - 1 : isBegun ? last!.from : caret;
  const place: Place = { from, to: open !== undefined ? endOfString(text, caret) : isBegun ? caret + wordEnd : caret };
  const done = isBegun && open === undefined ? tokens.slice(0, -1) : tokens;
  const column = columnAsked(done);
  if (column !== undefined) {
    return valuesOf(column, begun, place, known);
  }
  const subject = done.at(-1);
  const asked = subject?.kind === 'word' && isSubject(done) && subject.to < caret ? filterColumn(subject.text) : undefined;
  if (asked !== undefined && !isBegun) {
    return operatorsOf(asked, place);
  }
  return startsNew(done) || isBegun ? [...(await columnsOf(begun, place, known)), ...keywordsOf(begun, place, done)] : keywordsOf(begun, place, done);
}

function endsOf(pattern: string, place: Place): readonly Completion[] {
  const begun = pattern === '/' ? '/dog|cat' : pattern;
  return [
    { text: `${begun}/i`, kind: 'value', detail: 'a regular expression, large and small letters alike', ...place },
    { text: `${begun}/`, kind: 'value', detail: 'a regular expression', ...place },
  ];
}

function tokensBefore(before: string): { readonly tokens: readonly Token[]; readonly open?: string } {
  try {
    return { tokens: tokensOf(before).slice(0, -1) };
  } catch {
    // A string that is being written: what stands before it is whole.
    const quote = Math.max(before.lastIndexOf('"'), before.lastIndexOf("'"));
    try {
      return quote < 0 ? { tokens: [] } : { tokens: tokensOf(before.slice(0, quote)).slice(0, -1), open: before.slice(quote + 1) };
    } catch {
      return { tokens: [] };
    }
  }
}

function endOfString(text: string, caret: number): number {
  const rest = /^[^"']*["']?/.exec(text.slice(caret))?.[0] ?? '';
  return caret + (/["']$/.test(rest) ? rest.length : 0);
}

/** The column whose value comes next: after its operator, its colon, a comma in its list or the parenthesis of `in`. */
function columnAsked(tokens: readonly Token[]): FilterColumn | undefined {
  let at = tokens.length - 1;
  while (at >= 1 && tokens[at]!.kind === 'comma' && ['word', 'string'].includes(tokens[at - 1]!.kind)) {
    at -= 2;
  }
  const operator = tokens[at];
  if (operator?.kind === 'open') {
    const isList = tokens[at - 1]?.text.toLowerCase() === 'in';
    const subject = tokens[at - 2]?.text.toLowerCase() === 'not' ? tokens[at - 3] : tokens[at - 2];
    return isList && subject?.kind === 'word' ? filterColumn(subject.text) : undefined;
  }
  const isComparison = operator?.kind === 'colon' || (operator?.kind === 'operator' && !['!', '&&', '||'].includes(operator.text));
  const subject = tokens[at - 1];
  return isComparison && subject?.kind === 'word' ? filterColumn(subject.text) : undefined;
}

/** Whether the last token is a column that awaits its operator. */
function isSubject(tokens: readonly Token[]): boolean {
  const before = tokens.at(-2);
  const after = tokens.slice(0, -1);
  return startsNew(after) || before === undefined;
}

/** Whether a new test may begin here: at the start, after and, or, not, an opening parenthesis, and after a whole test. */
function startsNew(tokens: readonly Token[]): boolean {
  return columnAsked(tokens) === undefined;
}

async function columnsOf(begun: string, place: Place, known: KnownValues): Promise<readonly Completion[]> {
  const found = FILTER_COLUMNS.filter(({ name }) => name.startsWith(begun.toLowerCase()));
  const columns = found.map(({ name, detail }): Completion => ({ text: name, kind: 'column', detail, ...place }));
  const [only] = found;
  if (begun === '' || only === undefined || found.length > 1) {
    return columns;
  }
  const count = await known.unknown(only.name);
  const unknown: Completion = { text: `${only.name}:unknown`, kind: 'value', detail: 'not probed, or not stated', ...place, count };
  return count === 0 ? columns : [...columns, unknown];
}

function keywordsOf(begun: string, place: Place, done: readonly Token[]): readonly Completion[] {
  const isAfterTest = done.length > 0 && !['and', 'or', 'not', '(', '&&', '||', '!'].includes(done.at(-1)!.text.toLowerCase());
  const words = isAfterTest ? ([['and', 'both'], ['or', 'either'], ['not', 'all others']] as const) : ([['not', 'all others']] as const);
  return words.filter(([word]) => word.startsWith(begun.toLowerCase())).map(([text, detail]): Completion => ({ text, kind: 'keyword', detail, ...place }));
}

function operatorsOf(column: FilterColumn, place: Place): readonly Completion[] {
  const operators: readonly (readonly [string, string])[] =
    column.type === 'text'
      ? [['==', 'is'], ['!=', 'is not'], ['~', 'has in it'], ['!~', 'has not in it'], ['~ /', 'has what fits a regular expression'], ['in (', 'is one of'], ['is unknown', 'has none']]
      : [['>', 'more than'], ['<', 'less than'], ['>=', 'at least'], ['<=', 'at most'], ['==', 'is'], ['is unknown', 'not probed, or not stated']];
  return operators.map(([text, detail]) => ({ text, kind: 'operator', detail, ...place }));
}

async function valuesOf(column: FilterColumn, begun: string, place: Place, known: KnownValues): Promise<readonly Completion[]> {
  const lower = begun.toLowerCase();
  const unknown: Completion = { text: 'unknown', kind: 'keyword', detail: 'not probed, or not stated', ...place };
  const tail = 'unknown'.startsWith(lower) ? [unknown] : [];
  if (column.type !== 'text') {
    const examples = column.type === 'date' ? ['today', 'yesterday'] : [];
    return [...examples.filter((text) => text.startsWith(lower)).map((text): Completion => ({ text, kind: 'value', detail: 'a day', ...place })), ...tail];
  }
  const values = await known.values(column.name);
  const counted = values.filter(({ value }) => value.toLowerCase().includes(lower)).slice(0, OFFERED);
  return [...counted.map(({ value, count }): Completion => ({ text: quoted(value), kind: 'value', detail: column.name, ...place, count })), ...tail];
}

/** As it must be written in a filter, so that it means just this. */
export function quoted(value: string): string {
  const isPlain = /^[^\s:,()"'<>=!~&|*?]+$/.test(value) && !value.includes('..') && !/^(?:and|or|not|in|is|unknown|none|null)$/i.test(value);
  return isPlain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}
