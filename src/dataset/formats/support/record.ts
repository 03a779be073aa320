/** The cells of one record. `quotes`: whether a cell may stand in quotes, within which a doubled quote is one. */
export function splitRecord(text: string, delimiter: string, quotes: boolean): string[] {
  if (!quotes || !text.includes('"')) {
    return text.split(delimiter);
  }
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const [cell, end] = text[at] === '"' ? quotedCell(text, at, delimiter) : plainCell(text, at, delimiter);
    cells.push(cell);
    at = end + 1;
  }
  return cells;
}

function plainCell(text: string, at: number, delimiter: string): [string, number] {
  const end = text.indexOf(delimiter, at);
  return end < 0 ? [text.slice(at), text.length] : [text.slice(at, end), end];
}

function quotedCell(text: string, at: number, delimiter: string): [string, number] {
  let cell = '';
  for (let from = at + 1; ; ) {
    const close = text.indexOf('"', from);
    if (close < 0) {
      return [cell + text.slice(from), text.length];
    }
    cell += text.slice(from, close);
    if (text[close + 1] !== '"') {
      const [rest, end] = plainCell(text, close + 1, delimiter);
      return [cell + rest, end];
    }
    cell += '"';
    from = close + 2;
  }
}
