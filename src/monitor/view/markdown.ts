import { printable } from '../../base/printable.ts';

/**
 * Text as Markdown that means nothing but itself: every sign of ASCII is written as its entity, so that no table, link, icon,
 * emphasis or HTML can come of a process's name.
 */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export type Alignment = 'left' | 'right';

/** A hover puts columns hard beside one another. */
const GAP = '&nbsp;&nbsp;';

/** A table whose cells are Markdown already. */
export function markdownTable(heads: readonly (readonly [title: string, alignment: Alignment])[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `|${cells.map((cell, column) => (heads[column]?.[1] === 'right' ? `${GAP}${cell}` : `${cell}${GAP}`)).join('|')}|`;
  return [
    line(heads.map(([title]) => title)),
    `|${heads.map(([, alignment]) => (alignment === 'right' ? '--:' : ':--')).join('|')}|`,
    ...rows.map(line),
  ].join('\n');
}
