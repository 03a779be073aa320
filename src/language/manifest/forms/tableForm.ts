import { csvCell } from '../../../base/csvCell.ts';
import { splitCells } from '../../../media/rows/csvCells.ts';
import { tableForm as formOf } from '../../../media/rows/csvDialect.ts';
import { checkRowForm } from '../../../media/rules/row.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding, KeyPath } from '../../../media/rules/rule.ts';
import type { Layout, ManifestForm, ParsedRow, PlacedFinding, RowList, RowValue, Span } from './form.ts';
import { PATH_COLUMNS } from '../kinds/pathColumns.ts';
import { lineSpans, wholeLine } from './lineSpans.ts';
import { textFindings } from './textFindings.ts';

/** Characters by which the dialect is told. */
const HEAD = 65_536;

/** A table of text: CSV, TSV, LJSpeech's `|`. The first record may name the columns. */
export const tableForm: ManifestForm = {
  id: 'table',
  split(text, name) {
    const head = text.slice(0, HEAD);
    const isLjSpeech = /(?:^|\/)metadata\.csv$/.test(name) && /^[^\n,"]*\|/.test(head);
    const isCommonVoice = head.startsWith('client_id\t');
    const dialect = isLjSpeech
      ? { delimiter: '|', quotes: false, hasHeader: false, names: ['id', 'text', 'normalized'] }
      : formOf(Buffer.from(head), text.length <= HEAD, name);
    // A quotation mark that is not closed speaks against quoting, and in such tables it is what is wrong.
    const quotes = (dialect.quotes || dialect.delimiter === ',' || dialect.delimiter === ';') && !isCommonVoice;
    const { starts, ends } = quotes && text.includes('"') ? quotedSpans(text, dialect.delimiter) : lineSpans(text);
    const findings = [...textFindings(text)];
    let header: Span | undefined;
    const first = splitCells(text.slice(starts[0] ?? 0, ends[0] ?? 0), { delimiter: dialect.delimiter, quotes });
    // A name that stands twice makes a header none for other readers; here it is the header that is wrong.
    if (starts.length > 0 && !isLjSpeech && (dialect.hasHeader || first.some((name) => PATH_COLUMNS.has(name.trim().toLowerCase())))) {
      header = [starts.shift() ?? 0, ends.shift() ?? 0];
      findings.push(...headerFindings(text, header, { delimiter: dialect.delimiter, quotes }));
    }
    const names = header === undefined ? dialect.names : splitCells(text.slice(...header), { delimiter: dialect.delimiter, quotes }).map((cell, index) => cell.trim() || `column ${index + 1}`);
    return { starts, ends, layout: { names, delimiter: dialect.delimiter, quotes, ...(header && { header }) }, findings } satisfies RowList;
  },
  parse: (row, layout) => new TableRow(row, layout),
  change({ text, span, layout }, mend, path) {
    const [from, to] = span;
    if (mend.do === 'removeRow') {
      const [start, end] = wholeLine(text, span);
      return { from: start, to: end, text: '' };
    }
    if (mend.do === 'rewrite') {
      return { from, to, text: mend.text };
    }
    const key = (mend.at ?? path)[0];
    const column = layout.names?.indexOf(String(key)) ?? -1;
    const row = new TableRow(text.slice(from, to), layout);
    const cell = row.spans[column];
    if (mend.do === 'set' && cell) {
      return { from: from + cell[0], to: from + cell[1], text: asCell(mend.value, layout) };
    }
    if (mend.do === 'rename' && layout.header && column >= 0) {
      const named = cellSpans(text.slice(...layout.header), layout)[column];
      return named && { from: layout.header[0] + named[0], to: layout.header[0] + named[1], text: asCell(mend.to, layout) };
    }
    return undefined;
  },
};

function headerFindings(text: string, header: Span, dialect: { readonly delimiter: string; readonly quotes: boolean }): PlacedFinding[] {
  const head = text.slice(...header);
  const names = splitCells(head, dialect).map((name) => name.trim());
  const spans = cellSpans(head, dialect);
  return names.flatMap((name, index): PlacedFinding[] => {
    const span = spans[index];
    return span === undefined || name === '' || names.indexOf(name) === index
      ? []
      : [{ finding: { code: 'row/key-twice', key: name, message: `The header has ${name} twice.` }, span: [header[0] + span[0], header[0] + span[1]] }];
  });
}

class TableRow implements ParsedRow {
  readonly value: RowValue | undefined;
  readonly findings: readonly Finding<RuleCode>[];
  private found: Span[] | undefined;

  constructor(
    private readonly row: string,
    private readonly layout: Layout,
  ) {
    const { names = [], delimiter = ',', quotes = true } = layout;
    if (row.trim() === '') {
      this.findings = checkRowForm({ problem: 'the line is empty' });
      return;
    }
    const cells = splitCells(row, { delimiter, quotes });
    const value: Record<string, unknown> = {};
    for (const [index, cell] of cells.entries()) {
      value[names[index] ?? `column ${index + 1}`] = cell;
    }
    this.value = value;
    this.findings = isLjSpeech(layout) ? [] : checkCells(row, cells, names, { delimiter, quotes });
  }

  get spans(): readonly Span[] {
    return (this.found ??= cellSpans(this.row, this.layout));
  }

  locate([key]: KeyPath): Span {
    const column = this.layout.names?.indexOf(String(key)) ?? -1;
    return this.spans[column] ?? this.spans[0] ?? [0, this.row.length];
  }

  pathAt(offset: number): ReturnType<ParsedRow['pathAt']> {
    const column = this.spans.findIndex(([from, to]) => from <= offset && offset <= to);
    const span = this.spans[column];
    return span && { path: [this.layout.names?.[column] ?? `column ${column + 1}`], part: 'value', span };
  }
}

function isLjSpeech({ header, delimiter }: Layout): boolean {
  return header === undefined && delimiter === '|';
}

function checkCells(row: string, cells: readonly string[], names: readonly string[], dialect: { readonly delimiter: string; readonly quotes: boolean }): Finding<RuleCode>[] {
  const findings: Finding<RuleCode>[] = [];
  const spans = cellSpans(row, dialect);
  if (cells.length !== names.length) {
    const problem = `the row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, the header ${names.length}`;
    const missing = names.length - cells.length;
    const mends = missing > 0 ? [{ do: 'rewrite', text: row + dialect.delimiter.repeat(missing) } as const, { do: 'removeRow' } as const] : [{ do: 'removeRow' } as const];
    const extra = spans[names.length];
    findings.push(...checkRowForm({ value: cells, problem }).map((finding) => ({ ...finding, span: extra ? ([extra[0], row.length] as const) : ([0, row.length] as const), mends: surplusMends(row, spans, names.length, dialect, mends) })));
  }
  const open = dialect.quotes ? spans.find(([from, to]) => row[from] === '"' && !isClosed(row.slice(from, to))) : undefined;
  if (open) {
    findings.push({ code: 'row/unreadable', message: 'A quotation mark is not closed, or text stands behind the closing one.', span: open });
  }
  return findings;
}

/** Cells too many are mostly one that holds the delimiter: the longest run of words is taken together. */
function surplusMends(row: string, spans: readonly Span[], wanted: number, { delimiter, quotes }: { readonly delimiter: string; readonly quotes: boolean }, mends: NonNullable<Finding['mends']>): NonNullable<Finding['mends']> {
  const surplus = spans.length - wanted;
  if (surplus <= 0 || !quotes || row.includes('"')) {
    return mends;
  }
  const start = Array.from({ length: wanted }, (_, index) => index).find((index) => /^\s/.test(row.slice(...(spans[index + 1] ?? [0, 0]))));
  if (start === undefined) {
    return mends;
  }
  const [from, to] = [spans[start]?.[0] ?? 0, spans[start + surplus]?.[1] ?? 0];
  return [{ do: 'rewrite', text: `${row.slice(0, from)}${asCell(row.slice(from, to), { delimiter })}${row.slice(to)}` }, ...mends];
}

function isClosed(cell: string): boolean {
  return /^"(?:[^"]|"")*"$/.test(cell);
}

/** A value as a cell: quoted where it must be. */
function asCell(value: unknown, { delimiter = ',', quotes = true }: Layout): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return quotes ? csvCell(text, delimiter) : text;
}

/** Where the cells of a record are, their quotes included, by the rules of `splitCells`. */
function cellSpans(record: string, { delimiter = ',', quotes = true }: Layout): Span[] {
  const spans: Span[] = [];
  for (let at = 0; ; ) {
    let behind = at;
    if (quotes && record[at] === '"') {
      behind = at + 1;
      for (;;) {
        const quote = record.indexOf('"', behind);
        behind = quote < 0 ? record.length : quote + 1;
        if (quote < 0 || record[behind] !== '"') {
          break;
        }
        behind++;
      }
    }
    const next = record.indexOf(delimiter, behind);
    const end = next < 0 ? record.length : next;
    spans.push([at, end]);
    if (next < 0) {
      return spans;
    }
    at = next + 1;
  }
}

/** Records whose cells may hold line ends within quotes. */
function quotedSpans(text: string, delimiter: string): { readonly starts: number[]; readonly ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  const separator = delimiter.charCodeAt(0);
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let cellStart = true;
  const finish = (at: number): void => {
    starts.push(start);
    ends.push(at > start && text.charCodeAt(at - 1) === 0x0d ? at - 1 : at);
    start = at + 1;
    cellStart = true;
  };
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      finish(at);
    } else if (code === 0x22 && cellStart) {
      at = closing(text, at, separator);
      cellStart = false;
    } else {
      cellStart = code === separator;
    }
  }
  if (start < text.length && text.slice(start).trim() !== '') {
    finish(text.length);
  }
  return { starts, ends };
}

/** A quoted cell longer than this was never closed: its row ends with its line, so that one lost quote does not take the file with it. */
const MAX_QUOTED = 100_000;

/** Where the quotes that open at `from` are closed; the line's end where they are not, or by a quotation mark that opens another cell. */
function closing(text: string, from: number, separator: number): number {
  const line = text.indexOf('\n', from);
  const lineEnd = (line < 0 ? text.length : line) - 1;
  for (let at = from + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0 || at - from > MAX_QUOTED) {
      return lineEnd;
    }
    const next = text.charCodeAt(at + 1);
    if (next !== 0x22) {
      const isEnd = Number.isNaN(next) || next === separator || next === 0x0a || next === 0x0d;
      return isEnd || at <= lineEnd ? at : lineEnd;
    }
    at++;
  }
}
