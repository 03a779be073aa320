import { FilterError } from './filterError.ts';

export type TokenKind = 'word' | 'string' | 'pattern' | 'operator' | 'colon' | 'comma' | 'open' | 'close' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** What it says: of a string without quotes and escapes, of a pattern with its slashes and flags, of an operator in its one spelling. */
  readonly text: string;
  /** Characters of the expression, from and to. */
  readonly from: number;
  readonly to: number;
}

const MARKS: Readonly<Record<string, TokenKind>> = { ':': 'colon', ',': 'comma', '(': 'open', ')': 'close' };
const OPERATORS = ['==', '!=', '<>', '<=', '>=', '!~', '=~', '&&', '||', '=', '<', '>', '~', '!'] as const;
/** One thing has one spelling from here on. */
const SPELLING: Readonly<Record<string, string>> = { '=': '==', '<>': '!=', '=~': '~' };
const WORD = /[^\s:,()"'<>=!~&|]+/y;

/** Ends with a token of the kind `end`. @throws {FilterError} for a string that is not closed, or a character out of place */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, words: string, to: number): void => {
    tokens.push({ kind, text: words, from: at, to });
    at = to;
  };
  while (at < text.length) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      at++;
    } else if (character === '"' || character === "'") {
      const { words, to } = stringAt(text, at);
      push('string', words, to);
    } else if (character === '/' && isMatching(tokens.at(-1)) && patternEnd(text, at) !== undefined) {
      const to = patternEnd(text, at) ?? at;
      push('pattern', text.slice(at, to), to);
    } else if (Object.hasOwn(MARKS, character)) {
      push(MARKS[character]!, character, at + 1);
    } else {
      const operator = OPERATORS.find((one) => text.startsWith(one, at));
      WORD.lastIndex = at;
      const word = operator === undefined ? WORD.exec(text)?.[0] : undefined;
      if (operator !== undefined) {
        push('operator', SPELLING[operator] ?? operator, at + operator.length);
      } else if (word !== undefined) {
        push('word', word, at + word.length);
      } else {
        throw new FilterError(at, at + 1, `“${character}” stands in no filter; put it in quotes where it is meant literally`);
      }
    }
  }
  push('end', '', text.length);
  return tokens;
}

function isMatching(token: Token | undefined): boolean {
  return token?.kind === 'operator' && (token.text === '~' || token.text === '!~');
}

/** Between slashes, of which those in brackets and behind a backslash do not count, and its flags. */
const PATTERN = /\/(?:[^/\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/([dgimsuvy]{0,4})(?=$|[\s),])/y;

/** The end of `/…/i`; undefined where a slash begins something else, as an absolute path. */
function patternEnd(text: string, from: number): number | undefined {
  PATTERN.lastIndex = from;
  const [whole, flags = ''] = PATTERN.exec(text) ?? [];
  if (whole !== undefined && flags !== '' && flags !== 'i') {
    throw new FilterError(from + whole.length - flags.length, from + whole.length, 'A pattern has one flag alone: i, for letters alike whether large or small');
  }
  return whole === undefined ? undefined : from + whole.length;
}

function stringAt(text: string, from: number): { readonly words: string; readonly to: number } {
  const quote = text[from];
  let words = '';
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === quote) {
      return { words, to: at + 1 };
    }
    const next = text[at + 1];
    if (character === '\\' && (next === quote || next === '\\')) {
      words += next;
      at++;
    } else {
      words += character;
    }
  }
  throw new FilterError(from, text.length, `The quotation mark ${quote} is not closed`);
}
