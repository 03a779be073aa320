import { LineFault, readFilterLine, type FilterLine, type LineSpan } from './rsyncFilterLine.ts';
import { wildMatch } from './rsyncWildcard.ts';

/**
 * Filter rules with rsync's meaning (rsync(1), "FILTER RULES"; rsync 3.5): the first rule that matches decides, what no rule
 * matches takes part, and nothing below a folder that is left out is looked at.
 */

/** `sender`: what is not sent; `receiver`: what is not deleted. Most rules go for both. */
export type FilterSide = 'sender' | 'receiver';

export interface FilterRule {
  /** As it was written. */
  readonly text: string;
  readonly includes: boolean;
  readonly sides: readonly FilterSide[];
  /** Matches what the pattern does not. */
  readonly negated: boolean;
  readonly folderOnly: boolean;
  /** Without a `/` at its start where it is `anchored` to the root, nor at its end. */
  readonly pattern: string;
  readonly anchored: boolean;
  readonly slashes: number;
  readonly wild: boolean;
  /** Holds `**`. */
  readonly crossing: boolean;
  readonly crossingFirst: boolean;
  /** Ends in `***`: the folder itself, too. */
  readonly folderAndBelow: boolean;
}

export class FilterFault extends Error {
  override readonly name = 'FilterFault';

  constructor(
    /** Counts from 0. */
    readonly index: number,
    message: string,
    /** The very characters of the rule. */
    readonly span: LineSpan,
  ) {
    super(message);
  }
}

const KINDS: Readonly<Partial<Record<FilterLine['kind'], Pick<FilterRule, 'includes' | 'sides'>>>> = {
  '-': { includes: false, sides: ['sender', 'receiver'] },
  '+': { includes: true, sides: ['sender', 'receiver'] },
  H: { includes: false, sides: ['sender'] },
  S: { includes: true, sides: ['sender'] },
  P: { includes: false, sides: ['receiver'] },
  R: { includes: true, sides: ['receiver'] },
};

/**
 * Reads rules, one a line: `- *.tmp`, `+ keep/`, `P runs/***`, `exclude x`; `!` throws away what came before; lines that are blank
 * or begin with `#` or `;` say nothing. Patterns are bytes, one character each. Throws a `FilterFault` for what is no rule, and for
 * rules that read files (`merge`, `dir-merge`): what they say would differ on each side.
 */
export function parseFilterRules(lines: readonly string[]): readonly FilterRule[] {
  let rules: FilterRule[] = [];
  lines.forEach((line, index) => {
    if (/^\s*(?:[#;]|$)/.test(line)) {
      return;
    }
    if (/^(?:!|clear)\s*$/.test(line)) {
      rules = [];
      return;
    }
    rules.push(parseRule(line, index));
  });
  return rules;
}

function parseRule(line: string, index: number): FilterRule {
  const whole = { from: 0, to: line.length };
  if (/^(?:[.:]|merge|dir-merge)/.test(line)) {
    throw new FilterFault(index, `“${line}” reads rules from a file, which this list cannot: write the rules themselves`, whole);
  }
  const read = readFilterLine(line);
  const isLine = read !== undefined && !(read instanceof LineFault);
  const at = isLine ? read.modifierSpan.from + read.modifiers.search(/[^!sr]/) : read?.reason === 'unknownModifier' ? read.span.from : -1;
  if (isLine ? /[^!sr]/.test(read.modifiers) : at !== -1) {
    throw new FilterFault(index, `“${line}” has the modifier “${line.charAt(at)}”, which is not known here: “!”, “s” and “r” are`, { from: at, to: at + 1 });
  }
  const rule = isLine ? ruleOf(read, line) : undefined;
  if (rule === undefined) {
    throw new FilterFault(index, `“${line}” is no filter rule: write “- PATTERN” to leave out, “+ PATTERN” to take in, “P PATTERN” to protect`, whole);
  }
  return rule;
}

/** What a line says about names; undefined for one that reads a file or throws rules away. The pattern's characters stay as they are. */
export function ruleOf({ kind: sign, modifiers, pattern }: FilterLine, text: string): FilterRule | undefined {
  const kind = KINDS[sign];
  const sides = kind?.sides.length === 1 ? kind.sides : sidesOf(modifiers);
  return kind && { text, includes: kind.includes, sides, negated: modifiers.includes('!'), ...parsePattern(pattern) };
}

function sidesOf(modifiers: string): readonly FilterSide[] {
  const named: readonly FilterSide[] = [...(modifiers.includes('s') ? ['sender' as const] : []), ...(modifiers.includes('r') ? ['receiver' as const] : [])];
  return named.length === 0 ? ['sender', 'receiver'] : named;
}

function parsePattern(written: string): Omit<FilterRule, 'text' | 'includes' | 'sides' | 'negated'> {
  const folderOnly = written.length > 1 && written.endsWith('/');
  const whole = folderOnly ? written.slice(0, -1) : written;
  const wild = /[*?[]/.test(whole);
  const anchored = whole.startsWith('/');
  return {
    folderOnly,
    anchored,
    pattern: anchored ? whole.slice(1) : whole,
    slashes: whole.split('/').length - 1,
    wild,
    crossing: whole.includes('**'),
    crossingFirst: whole.startsWith('**'),
    folderAndBelow: whole.length >= 3 && whole.endsWith('***'),
  };
}

/** Whether a rule speaks of this name. `path`: relative to the root, in bytes. */
export function ruleMatches(rule: FilterRule, path: string, isFolder: boolean): boolean {
  return matchesPattern(rule, path, isFolder) !== rule.negated;
}

function matchesPattern(rule: FilterRule, path: string, isFolder: boolean): boolean {
  const { pattern, anchored, slashes, wild, crossing, crossingFirst, folderAndBelow, folderOnly } = rule;
  if (folderOnly && !isFolder) {
    return false;
  }
  const nameOnly = slashes === 0 && !crossing;
  const name = nameOnly ? path.slice(path.lastIndexOf('/') + 1) : path;
  if (!wild) {
    return anchored ? name === pattern : name === pattern || name.endsWith(`/${pattern}`);
  }
  // A leading `**/` may stand for nothing at all, and `x/***` for the folder itself.
  const text = `${crossingFirst ? '/' : ''}${name}${isFolder && folderAndBelow ? '/' : ''}`;
  if (anchored || crossingFirst || nameOnly) {
    return wildMatch(pattern, text, 'whole');
  }
  if (crossing) {
    return wildMatch(pattern, text, 'afterEachSlash');
  }
  const names = lastNames(text, slashes + 1);
  return names !== undefined && wildMatch(pattern, names, 'whole');
}

/** The last `count` names of a path; undefined where it has fewer. */
function lastNames(path: string, count: number): string | undefined {
  let at = path.length;
  for (let left = count; left > 0; left--) {
    at = path.lastIndexOf('/', at - 1);
    if (at <= 0) {
      return left === 1 ? path : undefined;
    }
  }
  return path.slice(at + 1);
}

/** Which rule decides about a name, looked at without the folders above it. */
export function decidingRule(rules: readonly FilterRule[], side: FilterSide, path: string, isFolder: boolean): FilterRule | undefined {
  return rules.find((rule) => rule.sides.includes(side) && ruleMatches(rule, path, isFolder));
}

export interface Filter {
  /** The rule that leaves a name out, or the folder above it that is left out; undefined where it takes part. */
  leftOutBy(path: string, isFolder: boolean): FilterRule | undefined;
}

/** Asks the folders above a name as well, each once. */
export function createFilter(rules: readonly FilterRule[], side: FilterSide): Filter {
  const own = rules.filter(({ sides }) => sides.includes(side));
  const folders = new Map<string, FilterRule | undefined>();

  function folderLeftOutBy(folder: string): FilterRule | undefined {
    if (!folders.has(folder)) {
      folders.set(folder, leftOutBy(folder, true));
    }
    return folders.get(folder);
  }
  function leftOutBy(path: string, isFolder: boolean): FilterRule | undefined {
    const end = path.lastIndexOf('/');
    const above = end === -1 ? undefined : folderLeftOutBy(path.slice(0, end));
    if (above !== undefined) {
      return above;
    }
    const rule = decidingRule(own, side, path, isFolder);
    return rule?.includes === false ? rule : undefined;
  }
  return { leftOutBy: own.length === 0 ? () => undefined : leftOutBy };
}
