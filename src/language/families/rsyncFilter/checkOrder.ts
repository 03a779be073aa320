import { decidingRule, type FilterSide } from '../../../base/rsyncFilter.ts';
import { printable } from '../../../base/printable.ts';
import { headOf, isFilterLine, type ReadLine, type RuleLine } from './filterLines.ts';
import { rewrite, type FilterFinding, type FilterFix } from './filterRules.ts';
import { subsumes } from './subsumes.ts';

/** A name that no pattern of a person has. */
const SOME_NAME = '\u0001';

/** Rules that are held against each other: each against all before it. */
const MOST_RULES = 500;

/** What rules do to each other, whatever lies on the disk. */
export function orderFindings(lines: readonly ReadLine[], all: readonly RuleLine[]): readonly FilterFinding[] {
  const rules = all.slice(0, MOST_RULES);
  return [...clearedFindings(lines), ...rules.flatMap((rule) => shadowed(rule, rules) ?? folderLeftOut(rule, rules) ?? topOnly(rule, rules) ?? [])];
}

/** “Line 3 (“- *.log”)”. */
export function lineWords({ line, text }: Pick<RuleLine, 'line' | 'text'>): string {
  return `line ${line + 1}, “${printable(text)}”,`;
}

function clearedFindings(lines: readonly ReadLine[]): readonly FilterFinding[] {
  const at = lines.findLastIndex(({ read }) => isFilterLine(read) && read.kind === '!');
  return lines.slice(0, Math.max(0, at)).flatMap(({ line, text, read }) =>
    isFilterLine(read) && read.kind !== '!'
      ? [{ code: 'rsync/cleared', line, from: 0, to: text.length, because: at, message: `Line ${at + 1} throws away all rules before it: this one says nothing.`, fixes: [rewrite('Remove the line', line)] }]
      : [],
  );
}

function shadowed(rule: RuleLine, rules: readonly RuleLine[]): FilterFinding | undefined {
  const before = rules.slice(0, rules.indexOf(rule)).filter(({ ofWholePath }) => ofWholePath === rule.ofWholePath);
  const causes = rule.rule.sides.map((side) => before.find((first) => first.rule.sides.includes(side) && subsumes(first.rule, rule.rule)));
  const [cause] = causes;
  if (cause === undefined || causes.includes(undefined)) {
    return undefined;
  }
  const fixes = cause.rule.includes === rule.rule.includes ? [rewrite('Remove the line', rule.line)] : canGoBefore(rule, cause) ? [moveBefore(rule, cause)] : [];
  return finding('rsync/shadowed', rule, cause, `Never decides: ${lineWords(cause)} matches all of this before it, and the first match wins.`, fixes);
}

/** Whether the two do not say the same, so that the earlier would be left without a meaning. */
function canGoBefore(rule: RuleLine, cause: RuleLine): boolean {
  return !subsumes(rule.rule, cause.rule);
}

export function moveBefore(rule: RuleLine, cause: RuleLine): FilterFix {
  return { title: `Move it before line ${cause.line + 1}`, edits: [{ line: cause.line, text: [rule.text, cause.text] }, { line: rule.line, text: [] }] };
}

/** A folder that stands in the pattern is left out, so that nobody looks into it. */
function folderLeftOut(rule: RuleLine, rules: readonly RuleLine[]): FilterFinding | undefined {
  const { pattern, anchored, negated, sides } = rule.rule;
  if (negated || rule.ofWholePath) {
    return undefined;
  }
  const parts = pattern.split('/').slice(0, -1);
  const wildAt = parts.findIndex((part) => /[*?[\\]/.test(part));
  const literal = wildAt === -1 ? parts : parts.slice(0, wildAt);
  for (let count = 1; count <= literal.length; count++) {
    const folder = literal.slice(0, count).join('/');
    const causes = sides.map((side) => excluder(rules, side, folder, anchored));
    const [cause] = causes;
    // `x/***` leaves out `x` by itself.
    if (cause !== undefined && cause !== rule && !causes.includes(undefined)) {
      const message = `Never looked at: ${lineWords(cause)} leaves out the folder “${printable(folder)}”, and all that is in it.`;
      return finding('rsync/folder-left-out', rule, cause, message, folderFixes(rule, cause, rules, literal, count));
    }
  }
  return undefined;
}

/** The rule that leaves a folder out; where it may lie anywhere, one that does so at any depth. */
function excluder(rules: readonly RuleLine[], side: FilterSide, folder: string, isAnchored: boolean): RuleLine | undefined {
  const own = rules.filter(({ ofWholePath }) => !ofWholePath).map(({ rule }) => rule);
  const found = decidingRule(own, side, folder, true);
  const isSure = found?.includes === false && (isAnchored || decidingRule(own, side, `${SOME_NAME}/${folder}`, true) === found);
  return isSure ? rules.find(({ rule }) => rule === found) : undefined;
}

/** Takes in the folders on the way, and leaves out what else is in them. */
function folderFixes(rule: RuleLine, cause: RuleLine, rules: readonly RuleLine[], parts: readonly string[], from: number): readonly FilterFix[] {
  if (!rule.rule.includes) {
    return [rewrite('Remove the line', rule.line)];
  }
  const start = rule.rule.anchored ? '/' : '';
  const sign = headOf(rule);
  const isWild = cause.rule.wild;
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/')).slice(isWild ? from - 1 : from);
  const ways = folders.map((folder) => `${sign}${start}${folder}/`);
  const last = isWild ? cause.text : `${headOf(cause)}${cause.read.pattern.replace(/\/$/, '')}/*`;
  const isBehind = rules.indexOf(rule) > rules.indexOf(cause);
  const edits = [{ line: cause.line, text: [...ways, ...(isBehind ? [rule.text] : []), last] }, ...(isBehind ? [{ line: rule.line, text: [] }] : [])];
  return [{ title: 'Take in the folders on the way to it', edits }];
}

/** `+ *.pt` and `- *`: the folders are left out too. */
function topOnly(rule: RuleLine, rules: readonly RuleLine[]): FilterFinding | undefined {
  const included = rules.filter(({ rule: { includes, sides } }) => includes && sides.includes('sender'));
  const cause = rule.rule.sides.includes('sender') ? excluder(rules, 'sender', SOME_NAME, true) : undefined;
  if (cause === undefined || !included.includes(rule) || !included.every(isOfFiles) || rules.indexOf(rule) > rules.indexOf(cause)) {
    return undefined;
  }
  const message = `Reaches the top folder only: ${lineWords(cause)} leaves out every folder. “+ */” before it lets rsync look into them.`;
  const fix: FilterFix = { title: 'Take in all folders: “+ */”', edits: [{ line: cause.line, text: ['+ */', cause.text] }] };
  return finding('rsync/top-only', rule, cause, message, [fix]);
}

/** `*.pt`, `train.py`: at any depth, and most likely no folder. */
function isOfFiles({ rule }: RuleLine): boolean {
  return !rule.anchored && !rule.folderOnly && rule.slashes === 0 && /\.[^.*?]+$/.test(rule.pattern);
}

function finding(code: FilterFinding['code'], rule: RuleLine, cause: RuleLine, message: string, fixes: readonly FilterFix[]): FilterFinding {
  return { code, line: rule.line, from: 0, to: rule.text.length, message, fixes, because: cause.line };
}
