/** A text as a cell of a table: quoted where it must be (RFC 4180). `delimiter`: one character. */
export function csvCell(text: string, delimiter = ','): string {
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
