/** A table of rules as Markdown: what stands above it, its columns, and a row a rule. */
export function rulePage(title: string, about: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [`# ${title}`, '', about, '', line(heads), line(heads.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/** Text as a cell shows it, whatever is in it. */
export function cell(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\|/g, '&#124;').replace(/[\u0000-\u001f]/g, ' ');
}

/** `what: <code>at</code>`, without the characters where there are none to be seen. */
export function shownBreakage(what: string, at: string): string {
  return at.trim() === '' ? what : `${what}: <code>${cell(at)}</code>`;
}
