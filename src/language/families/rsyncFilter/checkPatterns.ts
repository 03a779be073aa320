import { printable } from '../../../base/printable.ts';
import type { FilterLine } from '../../../base/rsyncFilterLine.ts';
import { isFilterLine, type ReadLine } from './filterLines.ts';
import { rewrite, type FilterCode, type FilterFinding, type FilterFix } from './filterRules.ts';
import { fromGitignore } from './gitRules.ts';
import { bracesOf, openSetAt } from './patternParts.ts';

/** Rules that a brace is written out into, at most. */
const MOST_RULES = 50;

/** What a line says that was most likely not meant. `gitignore`: the lines of that file beside the list, if there is one. */
export function patternFindings(lines: readonly ReadLine[], gitignore?: readonly string[]): readonly FilterFinding[] {
  const written = new Set(lines.map(({ text }) => text));
  return lines.flatMap(({ line, text, read }) => {
    if (!isFilterLine(read) || read.kind === '!') {
      return [];
    }
    if (read.kind === '.' || read.kind === ':') {
      return /(?:^|\/)\.gitignore$/.test(read.pattern) ? [gitignoreFinding(line, text, read.kind === ':', gitignore)] : [];
    }
    return patternFinding(line, text, read, written);
  });
}

function gitignoreFinding(line: number, text: string, isPerFolder: boolean, gitignore: readonly string[] | undefined): FilterFinding {
  const fixes = gitignore === undefined ? [] : [rewrite('Write its rules here, as rsync understands them', line, ...fromGitignore(gitignore))];
  return {
    code: 'rsync/gitignore-merge', line, from: 0, to: text.length, fixes,
    message: `rsync reads a .gitignore wrongly: it knows no “!”, and lets the first match win.${isPerFolder ? ' With --delete, what the file ignores is deleted on the other side unless the file is there already.' : ''}`,
  }; // prettier-ignore
}

function patternFinding(line: number, text: string, read: FilterLine, written: ReadonlySet<string>): readonly FilterFinding[] {
  const { pattern, patternSpan } = read;
  const head = text.slice(0, patternSpan.from);
  const found = (code: FilterCode, message: string, [from, to]: readonly [number, number], fixes: readonly FilterFix[]): FilterFinding[] => [
    { code, line, from: patternSpan.from + from, to: patternSpan.from + to, message, fixes },
  ];
  const change = (meant: string): FilterFix => rewrite(`Change to “${printable(head + meant)}”`, line, head + meant);
  const comment = /\s+(#.*)$/.exec(pattern);
  if (comment) {
    const fix = rewrite('Put the comment on a line of its own', line, comment[1] ?? '', head + pattern.slice(0, comment.index));
    return found('rsync/comment', 'Comments stand on lines of their own: here it is a part of the pattern.', [comment.index, pattern.length], [fix]);
  }
  const trimmed = pattern.trim();
  if (trimmed !== pattern && trimmed !== '') {
    const start = pattern.length - pattern.trimStart().length;
    const span: readonly [number, number] = start > 0 ? [0, start] : [pattern.trimEnd().length, pattern.length];
    return found('rsync/space', `The space ${start > 0 ? 'before' : 'behind'} the pattern belongs to it: only names that have it are matched.`, span, [change(trimmed)]);
  }
  const quoted = /^(["'])(.+)\1$/.exec(pattern)?.[2];
  if (quoted !== undefined) {
    return found('rsync/quotes', 'Quotes belong to the pattern: only names that have them are matched.', [0, pattern.length], [change(quoted)]);
  }
  const brace = bracesOf(pattern);
  if (brace) {
    const lines = brace.patterns.slice(0, MOST_RULES).map((one) => head + one);
    return found('rsync/braces', 'rsync has no braces: they stand for themselves.', brace.span, lines.length === brace.patterns.length ? [rewrite(`Write ${lines.length} rules`, line, ...lines)] : []);
  }
  const open = openSetAt(pattern);
  if (open !== undefined) {
    return found('rsync/open-set', 'The “[” is not closed, and such a pattern matches nothing.', [open, pattern.length], [change(`${pattern.slice(0, open)}\\${pattern.slice(open)}`)]);
  }
  return [...neverFinding(), ...backslashFinding(), ...starsFinding()];

  function neverFinding(): readonly FilterFinding[] {
    const odd = /^~\/|(?:^|\/)\.\.?(?=\/|$)|\/\//.exec(pattern);
    if (odd === null && pattern !== '/') {
      return [];
    }
    const meant = pattern.replace(/\/{2,}/g, '/').replace(/^(?:\.\/)+/, '/').replace(/\/(?:\.\/)+/g, '/');
    const isMended = meant !== pattern && meant !== '/' && !/^~\/|(?:^|\/)\.\.?(?=\/|$)/.test(meant);
    const at = odd?.index ?? 0;
    return found('rsync/never', 'Paths begin at the folder of the transfer and have no “.”, “..”, “~” or empty names: nothing matches.', [at, at + (odd?.[0].length ?? 1)], isMended ? [change(meant)] : []);
  }

  function backslashFinding(): readonly FilterFinding[] {
    const at = /[*?[]/.test(pattern) ? -1 : pattern.search(/\\./);
    return at === -1 ? [] : found('rsync/backslash', 'Where a pattern has no “*”, “?” or “[”, a backslash stands for itself.', [at, at + 1], [change(pattern.replace(/\\(.)/g, '$1'))]);
  }

  function starsFinding(): readonly FilterFinding[] {
    if (/^\*\*\/[^*]/.test(pattern) || /^\*\*\/\*(?!\*)/.test(pattern)) {
      return found('rsync/needless-stars', 'What does not begin with “/” matches at any depth anyway: “**/” says nothing here.', [0, 3], [change(pattern.slice(3))]);
    }
    const at = pattern.indexOf('/**/');
    const other = at === -1 ? '' : head + pattern.slice(0, at) + pattern.slice(at + 3);
    if (at === -1 || written.has(other)) {
      return [];
    }
    return found('rsync/middle-stars', 'Between the slashes stands at least one folder. Git would take none as well, rsync does not.', [at + 1, at + 3], [rewrite(`Add “${printable(other)}”`, line, other, text)]);
  }
}
