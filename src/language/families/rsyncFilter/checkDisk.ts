import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shownPath } from '../../../base/bytePath.ts';
import { formatCountOf } from '../../../base/format.ts';
import { nearest } from '../../../base/nearest.ts';
import { printable } from '../../../base/printable.ts';
import { ruleMatches } from '../../../base/rsyncFilter.ts';
import { lineWords, moveBefore } from './checkOrder.ts';
import { headOf, type RuleLine } from './filterLines.ts';
import { rewrite, type FilterCode, type FilterFinding, type FilterFix } from './filterRules.ts';
import type { Survey } from './survey.ts';
import type { RuleTally, Tally } from './tally.ts';

/** Rules whose paths are looked up. */
const MOST_RULES = 2000;

/** Paths that begin at the folder and lead nowhere in it. Rules for the receiver alone speak of another disk. */
export function pathFindings(rules: readonly RuleLine[], folder: string): readonly FilterFinding[] {
  return rules.slice(0, MOST_RULES).flatMap((rule) => (rule.rule.anchored && rule.rule.sides.includes('sender') && !rule.ofWholePath ? (pathFinding(rule, folder) ?? []) : []));
}

function pathFinding(rule: RuleLine, folder: string): FilterFinding | undefined {
  const { pattern, patternSpan } = rule.read;
  const whole = pattern.slice(1).replace(/\/$/, '');
  if (/(?:^|\/)\.{0,2}(?:\/|$)/.test(whole)) {
    return undefined;
  }
  let [path, at] = [folder, 1];
  for (const part of whole.split('/')) {
    if (/[*?[\\]/.test(part)) {
      return undefined;
    }
    if (kindOf(join(path, part)) === undefined) {
      return missing(rule, folder, path, part, at);
    }
    path = join(path, part);
    at += part.length + 1;
  }
  if (!rule.rule.folderOnly || kindOf(path) === 'folder') {
    return undefined;
  }
  return onFile(rule, pattern.slice(0, -1), { from: patternSpan.to - 1, to: patternSpan.to });
}

function missing(rule: RuleLine, folder: string, path: string, part: string, at: number): FilterFinding {
  const { pattern, patternSpan } = rule.read;
  const head = headOf(rule);
  const span = { from: patternSpan.from + at, to: patternSpan.from + at + part.length };
  const isFromRoot = pattern.startsWith(`${folder}/`);
  const meant = isFromRoot ? undefined : nearest(part, namesIn(path));
  const found = (code: FilterCode, message: string, fixes: readonly FilterFix[]): FilterFinding => ({ code, line: rule.line, ...span, message, fixes });
  if (isFromRoot || meant !== undefined) {
    const better = isFromRoot ? pattern.slice(folder.length) : pattern.slice(0, at) + (meant ?? '') + pattern.slice(at + part.length);
    const fix = rewrite(`Change to “${printable(head + better)}”`, rule.line, head + better);
    return found('rsync/misspelt-path', isFromRoot ? 'A “/” at the start is the folder of the transfer, not that of the disk.' : `There is no “${printable(part)}” in ${printable(path)}, but “${printable(meant ?? '')}”.`, [fix]);
  }
  return found('rsync/missing-path', `There is no “${printable(part)}” in ${printable(path)}: nothing matches here.`, [rewrite('Remove the line', rule.line)]);
}

function onFile(rule: RuleLine, pattern: string, span: { readonly from: number; readonly to: number }): FilterFinding {
  const meant = headOf(rule) + pattern;
  return { code: 'rsync/slash-on-file', line: rule.line, ...span, message: `A slash at the end matches folders alone, and “${printable(pattern)}” is a file.`, fixes: [rewrite(`Change to “${printable(meant)}”`, rule.line, meant)] };
}

/** What only shows once the rules are tried on what lies in the folder. `known`: lines of which enough is said. */
export function triedFindings(rules: readonly RuleLine[], survey: Survey, tally: Tally, known: ReadonlySet<number>): readonly FilterFinding[] {
  return rules.filter(({ line }) => !known.has(line)).flatMap((rule) => {
    const own = tally.ofLine.get(rule.line);
    return own === undefined || rule.ofWholePath || !tally.isWhole ? [] : (shadowedHere(rule, rules, own) ?? slashOnFile(rule, survey, own) ?? notAnchored(rule, own) ?? []);
  });
}

function shadowedHere(rule: RuleLine, rules: readonly RuleLine[], { matched, decided, others }: RuleTally): FilterFinding | undefined {
  const cause = rules.find(({ line }) => others.has(line));
  if (matched === 0 || decided > 0 || cause === undefined || !rule.rule.sides.includes('sender')) {
    return undefined;
  }
  const message = `Decides about nothing here: ${lineWords(cause)}${others.size > 1 ? ' and others have' : ' has'} decided about ${matched === 1 ? 'the one name' : `all ${formatCountOf(matched, 'name')}`} that it matches.`;
  const isMovable = cause.rule.includes !== rule.rule.includes && cause.line < rule.line;
  return { code: 'rsync/shadowed-here', line: rule.line, from: 0, to: rule.text.length, message, fixes: isMovable ? [moveBefore(rule, cause)] : [], because: cause.line };
}

function slashOnFile(rule: RuleLine, { names }: Survey, { matched }: RuleTally): FilterFinding | undefined {
  const { patternSpan, pattern } = rule.read;
  if (matched > 0 || !rule.rule.folderOnly || rule.rule.negated || rule.rule.wild || rule.rule.anchored) {
    return undefined;
  }
  const asFile = { ...rule.rule, folderOnly: false };
  return names.some(({ path }) => ruleMatches(asFile, path, false)) ? onFile(rule, pattern.slice(0, -1), { from: patternSpan.to - 1, to: patternSpan.to }) : undefined;
}

function notAnchored(rule: RuleLine, { deeper }: RuleTally): FilterFinding | undefined {
  const [example] = deeper;
  if (example === undefined || rule.rule.negated || !rule.rule.sides.includes('sender')) {
    return undefined;
  }
  const { pattern, patternSpan } = rule.read;
  const meant = `${headOf(rule)}/${pattern}`;
  const message = `Matches “${shownPath(example)}” too: only a “/” at the start holds a pattern to the top folder. Git would have done so for the slash within.`;
  return { code: 'rsync/not-anchored', line: rule.line, ...patternSpan, message, fixes: [rewrite(`Change to “${printable(meant)}”`, rule.line, meant)] };
}

function kindOf(path: string): 'folder' | 'other' | undefined {
  try {
    return lstatSync(path).isDirectory() ? 'folder' : 'other';
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
