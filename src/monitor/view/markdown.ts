import { printable } from '../../base/printable.ts';

/**
 * Text as Markdown that means nothing but itself: every sign of ASCII is written as its entity, so that no table, link, icon,
 * emphasis or HTML can come of a process's name.
 */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export type Alignment = 'left' | 'right';

/** A table whose cells are Markdown already. */
export function markdownTable(heads: readonly (readonly [title: string, alignment: Alignment])[], rows: readonly (readonly string[])[]): string {
  return [
    `|${heads.map(([title]) => title).join('|')}|`,
    `|${heads.map(([, alignment]) => (alignment === 'right' ? '--:' : ':--')).join('|')}|`,
    ...rows.map((cells) => `|${cells.join('|')}|`),
  ].join('\n');
}
