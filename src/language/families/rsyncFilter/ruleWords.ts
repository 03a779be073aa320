import { shownPath } from '../../../base/bytePath.ts';
import { formatBytes, formatCountOf } from '../../../base/format.ts';
import { printable } from '../../../base/printable.ts';
import { ruleOf, type FilterRule } from '../../../base/rsyncFilter.ts';
import type { FilterKind, FilterLine } from '../../../base/rsyncFilterLine.ts';
import type { RuleTally, Tally } from './tally.ts';

export const KIND_WORDS: Readonly<Record<FilterKind, { readonly word: string; readonly about: string }>> = {
  '-': { word: 'exclude', about: 'Leaves out what matches: it is not sent, and not deleted on the other side.' },
  '+': { word: 'include', about: 'Takes in what matches, whatever later rules say.' },
  H: { word: 'hide', about: 'Does not send what matches. On the other side it may be deleted.' },
  S: { word: 'show', about: 'Sends what matches, whatever later rules say.' },
  P: { word: 'protect', about: 'Keeps what matches on the other side from being deleted.' },
  R: { word: 'risk', about: 'Lets what matches be deleted on the other side, whatever later rules say.' },
  '.': { word: 'merge', about: 'Reads more rules from a file, here and now.' },
  ':': { word: 'dir-merge', about: 'Reads more rules from a file of that name in each folder.' },
  '!': { word: 'clear', about: 'Throws away all rules before it.' },
};

const OF_FILES: Readonly<Record<string, string>> = {
  '-': 'each line of the file is a pattern to leave out',
  '+': 'each line of the file is a pattern to take in',
  C: 'the file is read as CVS reads .cvsignore; without a name that one is read',
  e: 'the file itself is left out',
  n: 'the rules do not hold in folders below',
  w: 'rules end at any space, not at the end of the line',
};
const OF_RULES: Readonly<Record<string, string>> = {
  '/': 'the pattern is held against the absolute path',
  '!': 'it holds for what does not match',
  C: 'the names that CVS leaves out take the place of the pattern',
  r: 'for the receiving side: what is deleted',
  s: 'for the sending side: what is sent',
  p: 'not in folders that are being deleted themselves',
  x: 'for names of extended attributes, not of files',
};

/** What a modifier says behind a kind. */
export function modifierWords(kind: FilterKind, modifier: string): string {
  return (kind === '.' || kind === ':' ? OF_FILES[modifier] : undefined) ?? OF_RULES[modifier] ?? '';
}

/** A rule in words. */
export function ruleWords(line: FilterLine, text: string): string {
  const { kind, modifiers, pattern } = line;
  const about = KIND_WORDS[kind].about;
  const rule = ruleOf(line, text);
  const told = rule === undefined || /[Cx]/.test(modifiers) ? (pattern === '' ? about : `${about.slice(0, -1)}: ${code(pattern)}.`) : `${about}\n\n${patternWords(rule)}`;
  const list = [...new Set(modifiers)].map((modifier) => `- ${code(modifier)}: ${modifierWords(kind, modifier)}`);
  return [told, ...(list.length > 0 ? [list.join('\n')] : [])].join('\n\n');
}

function patternWords({ negated, folderOnly, folderAndBelow, anchored, pattern, slashes, crossing, includes }: FilterRule): string {
  const what = folderOnly ? 'folders' : 'files and folders';
  const name = code(folderAndBelow ? pattern.replace(/\/?\*\*\*$/, '') || '***' : pattern);
  const where = anchored
    ? `whose path from the folder of the transfer is ${name}`
    : slashes === 0 && !crossing ? `named ${name}, at any depth` : `whose path ends in ${name}, at any depth`;
  const below = folderAndBelow ? ', and all that is below it' : includes || negated ? '' : ', and all that is in such folders';
  return `It speaks of ${negated ? `all ${what} but those` : what} ${where}${below}.`;
}

/** `12 files, 3.40 GB`; of a rule that takes in folders alone `5 folders`. */
export function tallyWords({ matched, files, folders, bytes }: RuleTally, isWhole: boolean): string {
  if (files + folders === 0) {
    return matched > 0 ? `decides about none of the ${formatCountOf(matched, 'name')} it matches` : isWhole ? 'matches nothing here' : 'matches nothing among what was looked at';
  }
  const least = isWhole ? '' : 'at least ';
  return files === 0 ? `matches ${least}${formatCountOf(folders, 'folder')}` : `matches ${least}${formatCountOf(files, 'file')}, ${formatBytes(bytes)}`;
}

/** Of the whole list. `readsFiles`: whether rules come from elsewhere as well, which are not counted in. */
export function sumWords({ taken, leftOut, isWhole }: Tally, readsFiles: boolean): string {
  const least = isWhole ? '' : 'at least ';
  return `Takes in ${least}${formatCountOf(taken.files, 'file')}, ${formatBytes(taken.bytes)} · leaves out ${least}${formatCountOf(leftOut.files, 'file')}, ${formatBytes(leftOut.bytes)}${readsFiles ? ' · without the rules of other files' : ''}`;
}

export function exampleWords({ examples }: RuleTally): string {
  return examples.map((path) => `- ${code(shownPath(path))}`).join('\n');
}

/** Text as Markdown's code, whatever is in it. */
export function code(text: string): string {
  const shown = printable(text);
  const fence = '`'.repeat(Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return shown.includes('`') || shown.startsWith(' ') ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}
