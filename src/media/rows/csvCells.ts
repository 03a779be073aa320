export interface Dialect {
  /** One character. */
  readonly delimiter: string;
  /** Whether cells may be quoted. */
  readonly quotes: boolean;
}

/** The cells of one record, by the same rules by which `QuotedRecordEnds` finds its end. */
export function splitCells(record: string, { delimiter, quotes }: Dialect): string[] {
  if (!quotes || !record.includes('"')) {
    return record.split(delimiter);
  }
  const cells: string[] = [];
  for (let at = 0; ; ) {
    const cell = takeCell(record, at, delimiter);
    cells.push(cell.text);
    if (cell.end >= record.length) {
      return cells;
    }
    at = cell.end + 1;
  }
}

function takeCell(record: string, from: number, delimiter: string): { readonly text: string; readonly end: number } {
  let text = '';
  let at = from;
  if (record[at] === '"') {
    for (;;) {
      const quote = record.indexOf('"', at + 1);
      text += record.slice(at + 1, quote < 0 ? record.length : quote);
      if (quote < 0) {
        return { text, end: record.length };
      }
      at = quote + 1;
      if (record[at] !== '"') {
        break;
      }
      text += '"';
    }
  }
  const next = record.indexOf(delimiter, at);
  const end = next < 0 ? record.length : next;
  return { text: text + record.slice(at, end), end };
}
