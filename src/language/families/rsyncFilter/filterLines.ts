import { toBytePath } from '../../../base/bytePath.ts';
import { ruleOf, type FilterRule } from '../../../base/rsyncFilter.ts';
import { LineFault, readFilterLine, type FilterKind, type FilterLine } from '../../../base/rsyncFilterLine.ts';

/** A line of a list, counted from 0. */
export interface ReadLine {
  readonly line: number;
  readonly text: string;
  readonly read: FilterLine | LineFault | undefined;
}

/** A line that says something about names. */
export interface RuleLine {
  readonly line: number;
  readonly text: string;
  readonly read: FilterLine;
  /** Its pattern in bytes, as paths are matched. */
  readonly rule: FilterRule;
  /** Matched against the absolute path: the modifier `/`. */
  readonly ofWholePath: boolean;
}

/** `isOfTarget`: where space before a comment and behind `!` is allowed. */
export function readLines(lines: readonly string[], isOfTarget = false): readonly ReadLine[] {
  return lines.map((text, line) => {
    const bare = isOfTarget ? text.replace(/^\s*(?=[#;]|$)/, '').replace(/^(!|clear)\s+$/, '$1') : text;
    return { line, text, read: readFilterLine(bare) };
  });
}

/** The rules that hold in the end: those behind the last `!`. Rules for attributes (`x`) and of CVS (`C`) speak of no names written here. */
export function rulesOf(lines: readonly ReadLine[]): readonly RuleLine[] {
  const cleared = lines.findLastIndex(({ read }) => isFilterLine(read) && read.kind === '!');
  return lines.slice(cleared + 1).flatMap(({ line, text, read }) => {
    const rule = isFilterLine(read) && !/[Cx]/.test(read.modifiers) ? ruleOf({ ...read, pattern: toBytePath(read.pattern) }, text) : undefined;
    return rule && isFilterLine(read) ? [{ line, text, read, rule, ofWholePath: read.modifiers.includes('/') }] : [];
  });
}

export function isFilterLine(read: ReadLine['read']): read is FilterLine {
  return read !== undefined && !(read instanceof LineFault);
}

/** What stands before a pattern, for one that is written anew. */
export function headOf({ text, read }: Pick<RuleLine, 'text' | 'read'>): string {
  return text.slice(0, read.patternSpan.from);
}

/** Whether the kind speaks of names, and not of files with rules in them or of the list. */
export function isRuleKind(kind: FilterKind): boolean {
  return !'.:!'.includes(kind);
}
