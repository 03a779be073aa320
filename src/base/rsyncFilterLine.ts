/** Offsets of a line, in the units of the text that was read. */
export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

/** `.`: rules of a file. `:`: rules of a file in each folder. `!`: throws away what came before. */
export type FilterKind = '-' | '+' | 'H' | 'S' | 'P' | 'R' | '.' | ':' | '!';

/** One line of a list of filter rules, taken apart as rsync 3.5 does it. */
export interface FilterLine {
  readonly kind: FilterKind;
  /** The kind as it is written: `-`, `exclude`. */
  readonly kindSpan: LineSpan;
  readonly modifiers: string;
  readonly modifierSpan: LineSpan;
  /** Empty for `!`, and for lists that need no name: `:C`. */
  readonly pattern: string;
  readonly patternSpan: LineSpan;
}

export type LineFaultReason = 'unknownRule' | 'unknownModifier' | 'noPattern' | 'trailing';

/** Why rsync refuses a line, and the very characters. */
export class LineFault {
  constructor(
    readonly reason: LineFaultReason,
    readonly span: LineSpan,
  ) {}
}

export const FILTER_WORDS: Readonly<Record<string, FilterKind>> = {
  exclude: '-', include: '+', hide: 'H', show: 'S', protect: 'P', risk: 'R', merge: '.', 'dir-merge': ':', clear: '!',
}; // prettier-ignore

const OF_RULES = '/!Crspx';
const OF_SIDES = '/!px';
const OF_FILES = '/Crspx-+enw';
/** What may stand behind a kind. */
export const FILTER_MODIFIERS: Readonly<Record<FilterKind, string>> = { '-': OF_RULES, '+': OF_RULES, H: OF_SIDES, S: OF_SIDES, P: OF_SIDES, R: OF_SIDES, '.': OF_FILES, ':': OF_FILES, '!': '' };

/**
 * Reads one line of a filter file; undefined for an empty one and for a comment, which begins with `#` or `;` at its very start.
 * What is refused is what rsync refuses, and nothing is trimmed: a space at the end belongs to the pattern.
 */
export function readFilterLine(line: string): FilterLine | LineFault | undefined {
  if (/^(?:[#;]|$)/.test(line)) {
    return undefined;
  }
  const [, word] = /^(clear|dir-merge|exclude|hide|include|merge|protect|risk|show)(?=[\s_,]|$)/.exec(line) ?? [];
  const kind = word === undefined ? line.charAt(0) : (FILTER_WORDS[word] ?? '');
  if (!isKind(kind)) {
    return new LineFault('unknownRule', { from: 0, to: /^\S*/.exec(line)?.[0].length || line.length });
  }
  const kindSpan = { from: 0, to: word?.length ?? 1 };
  const start = kindSpan.to + (line[kindSpan.to] === ',' ? 1 : 0);
  if (kind === '!') {
    return start < line.length ? new LineFault('trailing', { from: start, to: line.length }) : lineOf(kind, kindSpan, line, start, start);
  }
  const modifiers = /^[^ _]*/.exec(line.slice(start))?.[0] ?? '';
  const at = faultyModifier(kind, modifiers);
  const end = start + modifiers.length;
  if (at !== -1) {
    return new LineFault('unknownModifier', { from: start + at, to: start + at + 1 });
  }
  const found = lineOf(kind, kindSpan, line, start, end);
  return found.pattern === '' && !modifiers.includes('C') ? new LineFault('noPattern', { from: 0, to: line.length }) : found;
}

function lineOf(kind: FilterKind, kindSpan: LineSpan, line: string, start: number, end: number): FilterLine {
  const from = Math.min(end + 1, line.length);
  return { kind, kindSpan, modifiers: line.slice(start, end), modifierSpan: { from: start, to: end }, pattern: line.slice(from), patternSpan: { from, to: line.length } };
}

/** The first modifier that the kind does not take; `-`, `+` and `C` each say how patterns are read, and only one can. */
function faultyModifier(kind: FilterKind, modifiers: string): number {
  let saysHow = false;
  return [...modifiers].findIndex((modifier) => {
    const isHow = '-+C'.includes(modifier);
    const isFaulty = !FILTER_MODIFIERS[kind].includes(modifier) || (isHow && saysHow);
    saysHow ||= isHow;
    return isFaulty;
  });
}

function isKind(text: string): text is FilterKind {
  return text.length === 1 && '-+HSPR.:!'.includes(text);
}
