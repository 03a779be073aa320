/** Text as it is, whatever of Markdown or HTML is in it, in one line. */
export function escapeMarkdown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

export function heading(level: number, text: string): string {
  return `${'#'.repeat(level)} ${escapeMarkdown(text)}`;
}

/** Cells are Markdown already. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((head) => (head === 'Items' || head === 'Share' || head === 'Length' ? '--:' : '---'))), ...rows.map(line)].join('\n');
}
