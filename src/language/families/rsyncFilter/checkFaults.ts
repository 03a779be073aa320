import { nearest } from '../../../base/nearest.ts';
import { printable } from '../../../base/printable.ts';
import { FILTER_MODIFIERS, FILTER_WORDS, LineFault, readFilterLine } from '../../../base/rsyncFilterLine.ts';
import { isFilterLine, type ReadLine } from './filterLines.ts';
import { rewrite, type FilterCode, type FilterFinding, type FilterFix } from './filterRules.ts';
import { fromGitLine } from './gitRules.ts';

/** What rsync refuses: it then does nothing at all. */
export function faultsOf(lines: readonly ReadLine[]): readonly FilterFinding[] {
  return lines.flatMap((read) => (read.read instanceof LineFault ? [faultOf(read, read.read, lines)] : []));
}

function faultOf({ line, text }: ReadLine, { reason, span }: LineFault, lines: readonly ReadLine[]): FilterFinding {
  const found = (code: FilterCode, message: string, fixes: readonly FilterFix[], at = span): FilterFinding => ({ code, line, ...at, message, fixes });
  if (/^\s/.test(text)) {
    const space = /^\s*/.exec(text)?.[0].length ?? 0;
    const fix = rewrite('Remove the space', line, text.trimStart());
    return found('rsync/indented', 'A line begins with the kind of its rule, with “#” or with “;”: rsync refuses space before it.', [fix], { from: 0, to: space });
  }
  switch (reason) {
    case 'unknownRule':
      return found('rsync/not-a-rule', `rsync refuses “${printable(text)}”: a rule begins with its kind, as “- PATTERN” to leave out and “+ PATTERN” to take in.`, kindFixes(line, text));
    case 'trailing':
      return /^![^\s,]/.test(text)
        ? found('rsync/git-negation', 'In rsync “!” stands alone and throws away all rules before it. To take something in again, “+ PATTERN” stands before the rule that leaves it out.', negationFixes(line, text, lines), { from: 0, to: text.length })
        : found('rsync/trailing', `Nothing may stand behind “${text.slice(0, span.from)}”, no space either.`, [rewrite('Remove what follows', line, text.slice(0, span.from))]);
    case 'noPattern':
      return found('rsync/no-pattern', 'The rule has no pattern: rsync refuses it.', [rewrite('Remove the line', line)]);
    case 'unknownModifier':
      return found('rsync/modifier', modifierWords(text, text.charAt(span.from)), modifierFixes(line, text, span.from));
  }
}

function modifierWords(text: string, modifier: string): string {
  const kind = text.charAt(0);
  const sign = printable(modifier);
  const isKnown = Object.values(FILTER_MODIFIERS).some((known) => known.includes(modifier));
  if (isKnown && !isPatternAlone(text)) {
    return `The modifier “${sign}” cannot stand here: this kind of rule takes ${listed(text)}.`;
  }
  return kind === '.' || kind === ':'
    ? `“${kind}” at the start of a line has rsync read rules from a file, and “${sign}” is none of its modifiers.`
    : `There is no modifier “${sign}”. A space stands between the kind of a rule and its pattern.`;
}

function listed(text: string): string {
  const word = /^[a-z-]+/.exec(text)?.[0] ?? '';
  const kind = FILTER_WORDS[word] ?? text.charAt(0);
  return Object.entries(FILTER_MODIFIERS).filter(([sign]) => sign === kind).map(([, known]) => [...known].map((one) => `“${one}”`).join(', ')).join('');
}

/** Whether a name seems to stand there, with no rule before it. */
function isPatternAlone(text: string): boolean {
  return !/[ _]/.test(text.trimEnd());
}

function modifierFixes(line: number, text: string, at: number): readonly FilterFix[] {
  if (/^[-+]/.test(text) && isPatternAlone(text)) {
    const meant = `${text.charAt(0)} ${text.slice(1)}`;
    return [rewrite(`Change to “${meant}”`, line, meant)];
  }
  if (isPatternAlone(text)) {
    return kindFixes(line, text);
  }
  const without = text.slice(0, at) + text.slice(at + 1);
  return isFilterLine(readFilterLine(without)) ? [rewrite('Remove the modifier', line, without)] : [];
}

function kindFixes(line: number, text: string): readonly FilterFix[] {
  const [word = ''] = /^[a-z-]+(?=[ ,_])/i.exec(text) ?? [];
  const meant = nearest(word, Object.keys(FILTER_WORDS));
  const rules = fromGitLine(text);
  const spelt = meant === undefined ? '' : meant + text.slice(word.length);
  return [
    ...(isFilterLine(readFilterLine(spelt)) ? [rewrite(`Change to “${meant}”`, line, spelt)] : []),
    ...(rules.length > 0 ? [rewrite(`Leave it out: “${rules[0]}”`, line, ...rules)] : []),
    ...(rules.length > 0 ? [rewrite(`Take it in: “+ ${text}”`, line, `+ ${text}`)] : []),
  ];
}

/** The rule goes before all others, since here the first match wins. */
function negationFixes(line: number, text: string, lines: readonly ReadLine[]): readonly FilterFix[] {
  const rules = fromGitLine(text);
  const first = lines.find(({ read }) => read !== undefined);
  if (rules.length === 0 || first === undefined) {
    return [];
  }
  const title = `Take it in: “${rules[0]}”`;
  const isFirst = first.line === line;
  return [isFirst ? rewrite(title, line, ...rules) : { title: `${title}, before the other rules`, edits: [{ line: first.line, text: [...rules, first.text] }, { line, text: [] }] }];
}
