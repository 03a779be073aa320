/** One number of each row: a column, or an element of a column of lists. */
export interface NumberColumn {
  readonly column: string;
  /** Of a list. */
  readonly element?: number;
  /** How it is called within its topic. */
  readonly field: string;
}

/** Columns that are drawn and read together. */
export interface TableTopic {
  readonly name: string;
  readonly columns: readonly NumberColumn[];
}

export interface TableShape {
  /** The column that says when; undefined where rows are counted instead. */
  readonly time?: { readonly column: string; /** Nanoseconds of one. */ readonly unit: number; readonly isDate: boolean };
  readonly topics: readonly TableTopic[];
}

type Values = Readonly<Record<string, unknown>>;

const TIME_NAMES = /^(?:.*[_./ ])?(?:timestamp|time|t|ts|stamp|datetime|date|log_?time|sec|secs|seconds|elapsed)(?:[_ (\[]*(?:s|sec|ms|us|µs|ns)[)\]]*)?$/i;
/** Counters and keys: numbers, and no measurements. */
const COUNTERS = /(?:^|[_./ ])(?:index|idx|id|frame|row|seq)$/i;
/** What ends the names of columns that belong together. */
const PART = /^(.+?)[_./ -]?(x|y|z|w|roll|pitch|yaw|[a-f]|\d{1,3})$/i;
const MOST_ELEMENTS = 64;
const MOST_TOPICS = 500;
/** Nanoseconds of a second, and what a count of them since 1970 is by its size: seconds, milli-, micro-, nanoseconds. */
const SECOND = 1e9;
const SINCE_1970: readonly (readonly [from: number, unit: number])[] = [[1e17, 1], [1e14, 1e3], [1e11, 1e6]];

/** What the first rows of a table say of its columns. `names` calls the elements of lists by name. */
export function shapeOf(rows: readonly Values[], names: Readonly<Record<string, readonly string[]>> = {}): TableShape {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const time = timeColumn(columns, rows);
  const lists: TableTopic[] = [];
  const singles: string[] = [];
  for (const column of columns.filter((name) => name !== time?.column)) {
    const values = rows.map((row) => row[column]).filter((value) => !isMissing(value));
    const length = listLength(values);
    if (length !== undefined && length > 1) {
      lists.push({ name: column, columns: Array.from({ length: Math.min(length, MOST_ELEMENTS) }, (_, element) => ({ column, element, field: fieldName(names[column]?.[element] ?? `[${element}]`, element) })) });
    } else if (length === 1 || (values.length > 0 && values.every((value) => !Number.isNaN(numberOf(value))))) {
      singles.push(column);
    }
  }
  const topics = [...lists, ...groupsOf(singles)].slice(0, MOST_TOPICS);
  return { ...(time && { time }), topics: [...topics.filter(isMeasured), ...topics.filter((topic) => !isMeasured(topic))] };
}

/** NaN where it is none. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** One value of a row, as a column tells it. */
export function valueOf(row: Values, { column, element }: NumberColumn): number {
  const value = row[column];
  return numberOf(element === undefined ? (isList(value) ? value[0] : value) : isList(value) ? value[element] : undefined);
}

/** Nanoseconds; NaN where the cell says no time. */
export function timeOf(row: Values, { column, unit, isDate }: NonNullable<TableShape['time']>): number {
  const value = row[column];
  return isDate ? (value instanceof Date ? value.getTime() : Date.parse(String(value))) * 1e6 : numberOf(isList(value) ? value[0] : value) * unit;
}

function timeColumn(columns: readonly string[], rows: readonly Values[]): TableShape['time'] {
  const named = columns.filter((name) => TIME_NAMES.test(name)).sort((a, b) => rank(a) - rank(b));
  for (const column of named) {
    const values = rows.map((row) => row[column]).map((value) => (isList(value) ? value[0] : value)).filter((value) => !isMissing(value));
    const numbers = values.map(numberOf).filter((number) => !Number.isNaN(number));
    // A row or two that are broken do not make it another column.
    if (numbers.length * 2 > values.length) {
      return { column, unit: unitOf(column, Math.max(...numbers)), isDate: false };
    }
    if (values.length > 0 && values.every((value) => value instanceof Date || (typeof value === 'string' && /\d{4}-\d\d|\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value))))) {
      return { column, unit: 1, isDate: true };
    }
  }
  return undefined;
}

/** What stands for a value that is not there. */
function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && /^\s*(?:|-|nan|na|n\/a|null|none)\s*$/i.test(value));
}

function rank(name: string): number {
  return /timestamp/i.test(name) ? 0 : /time|stamp/i.test(name) ? 1 : 2;
}

/** By its name where that says it, else by how large a time since 1970 is; small numbers are seconds. */
function unitOf(name: string, largest: number): number {
  const suffix = /(?:^|[_ (\[])(ms|us|µs|ns)[)\]]*$/i.exec(name)?.[1]?.toLowerCase();
  if (suffix !== undefined) {
    return suffix === 'ms' ? 1e6 : suffix === 'ns' ? 1 : 1e3;
  }
  return SINCE_1970.find(([from]) => largest >= from)?.[1] ?? SECOND;
}

function groupsOf(columns: readonly string[]): TableTopic[] {
  const groups = new Map<string, NumberColumn[]>();
  for (const column of columns) {
    const [, stem, part] = PART.exec(column) ?? [];
    const key = stem ?? `\0${column}`;
    groups.set(key, [...(groups.get(key) ?? []), { column, field: part ?? column }]);
  }
  return [...groups].flatMap(([stem, members]) => (members.length > 1 ? [{ name: stem, columns: members.map((member, at) => ({ ...member, field: fieldName(member.field, at) })) }] : members.map(({ column }) => ({ name: column, columns: [{ column, field: 'value' }] }))));
}

/** Paths of fields are told by dots and brackets: names have none. */
function fieldName(name: string, at: number): string {
  const plain = name.replace(/[.[\]]+/g, '_').replace(/^_|_$/g, '');
  return plain === '' ? String(at) : plain;
}

function isMeasured({ name }: TableTopic): boolean {
  return !COUNTERS.test(name);
}

function listLength(values: readonly unknown[]): number | undefined {
  const lengths = new Set(values.map((value) => (isList(value) && value.length > 0 && !Number.isNaN(numberOf(value[0])) ? value.length : -1)));
  const [length = -1] = lengths;
  return lengths.size === 1 && length > 0 ? length : undefined;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
