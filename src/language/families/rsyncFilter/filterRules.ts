import type { LineSpan } from '../../../base/rsyncFilterLine.ts';
import type { RuleHeading } from '../../../media/problem.ts';

/** All that is said about filter rules of rsync, by its stable code. */
export const FILTER_RULES = {
  'rsync/not-a-rule': { severity: 'error', title: 'A line that rsync refuses: no kind of rule stands at its start' },
  'rsync/indented': { severity: 'error', title: 'Space before a rule or a comment, which rsync refuses' },
  'rsync/git-negation': { severity: 'error', title: '`!pattern` of a .gitignore: in rsync `!` throws rules away and stands alone' },
  'rsync/modifier': { severity: 'error', title: 'A modifier that there is not, or not for this kind of rule' },
  'rsync/no-pattern': { severity: 'error', title: 'A rule without a pattern' },
  'rsync/trailing': { severity: 'error', title: 'Characters behind `!` or `clear`' },
  'rsync/not-in-target': { severity: 'error', title: 'A rule that files of rsync have, but not the list of a target' },
  'rsync/gitignore-merge': { severity: 'warning', title: 'Rules read from a .gitignore: read wrongly, and deletions reach what it should protect' },
  'rsync/space': { severity: 'warning', title: 'A space at the start or the end of a pattern belongs to it' },
  'rsync/comment': { severity: 'warning', title: 'A comment behind a pattern belongs to the pattern' },
  'rsync/quotes': { severity: 'warning', title: 'Quotes around a pattern belong to it' },
  'rsync/braces': { severity: 'warning', title: 'Braces stand for themselves' },
  'rsync/backslash': { severity: 'warning', title: 'A backslash in a pattern without wildcards stands for itself' },
  'rsync/never': { severity: 'warning', title: 'A pattern that no path can have' },
  'rsync/open-set': { severity: 'warning', title: 'A `[` that is not closed, so that nothing matches' },
  'rsync/needless-stars': { severity: 'info', title: '`**/` at the start says nothing in rsync' },
  'rsync/middle-stars': { severity: 'warning', title: '`/**/` stands for at least one folder in rsync' },
  'rsync/cleared': { severity: 'warning', title: 'A rule that a later `!` throws away' },
  'rsync/shadowed': { severity: 'warning', title: 'A rule that never decides, since an earlier one does: the first match wins' },
  'rsync/folder-left-out': { severity: 'warning', title: 'A rule for what lies in a folder that is left out' },
  'rsync/top-only': { severity: 'warning', title: 'A rule that reaches the top folder only, since all other folders are left out' },
  'rsync/shadowed-here': { severity: 'info', title: 'Earlier rules decide about all that a rule matches here' },
  'rsync/misspelt-path': { severity: 'warning', title: 'A path that is not there, but one that is nearly the same' },
  'rsync/missing-path': { severity: 'info', title: 'A path that is not there' },
  'rsync/slash-on-file': { severity: 'warning', title: 'A slash at the end, where there is a file and no folder' },
  'rsync/not-anchored': { severity: 'info', title: 'A path without `/` at its start, which matches further down as well' },
} as const satisfies Readonly<Record<string, RuleHeading>>;

export type FilterCode = keyof typeof FILTER_RULES;

/** A line that is to be others, or none. Lines count from 0. */
export interface LineEdit {
  readonly line: number;
  readonly text: readonly string[];
}

export interface FilterFix {
  readonly title: string;
  readonly edits: readonly LineEdit[];
}

/** Something to be said about a line, on the very characters. */
export interface FilterFinding extends LineSpan {
  readonly code: FilterCode;
  readonly line: number;
  readonly message: string;
  readonly fixes: readonly FilterFix[];
  /** The line that is the cause. */
  readonly because?: number;
}

/** A fix that writes one line anew. */
export function rewrite(title: string, line: number, ...text: readonly string[]): FilterFix {
  return { title, edits: [{ line, text }] };
}
