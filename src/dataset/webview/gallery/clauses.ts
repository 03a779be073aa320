export type TokenKind = 'word' | 'string' | 'operator' | 'colon' | 'comma' | 'open' | 'close';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A part of an expression that must be so by itself: a test, or something in parentheses. */
interface Clause {
  readonly from: number;
  readonly to: number;
  /** The column that it is about; undefined where it is no plain test. */
  readonly column: string | undefined;
  readonly tokens: readonly Token[];
}

const MARKS: Readonly<Record<string, TokenKind>> = { ':': 'colon', ',': 'comma', '(': 'open', ')': 'close' };
const TOKEN = /"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[:,()]|==|!=|<>|<=|>=|!~|=~|&&|\|\||[=<>~!&|]|[^\s:,()"'<>=!~&|]+/g;
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'unknown', 'known', 'null', 'none']);

/** An expression's parts as far as the page must tell them: for their colours, and for the facets. The catalogue alone understands it. */
export function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(TOKEN)].map(({ 0: found, index }) => {
    const first = found.charAt(0);
    const kind = first === '"' || first === "'" ? 'string' : (MARKS[found] ?? (/[<>=!~&|]/.test(first) ? 'operator' : 'word'));
    return { kind, text: found, from: index, to: index + found.length };
  });
}

export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toLowerCase());
}

/** Undefined where an `or` stands at the top: then no clause can be taken out by itself. */
function clausesOf(filter: string): readonly Clause[] | undefined {
  const tokens = tokensOf(filter);
  const clauses: Clause[] = [];
  for (let at = 0; at < tokens.length; ) {
    if (isWord(tokens[at], 'or', '||')) {
      return undefined;
    }
    if (isWord(tokens[at], 'and', '&&')) {
      at++;
      continue;
    }
    const end = Math.max(at + 1, endOfClause(tokens, at));
    const own = tokens.slice(at, end);
    const isTest = own[0]?.kind === 'word' && !isKeyword(own[0].text) && own.length > 1;
    clauses.push({ from: own[0]?.from ?? 0, to: own.at(-1)?.to ?? 0, column: isTest ? own[0]?.text.toLowerCase() : undefined, tokens: own });
    at = end;
  }
  return clauses;
}

/** Where the clause that begins at a token ends, as the catalogue's grammar has it. */
function endOfClause(tokens: readonly Token[], at: number): number {
  const first = tokens[at];
  if (isWord(first, 'not', '!')) {
    return endOfClause(tokens, at + 1);
  }
  if (first?.kind === 'open') {
    return endOfGroup(tokens, at);
  }
  const next = tokens[at + 1];
  if (first?.kind !== 'word' || next === undefined) {
    return at + 1;
  }
  if (next.kind === 'colon') {
    let end = at + 3;
    // A list, and a clock's time.
    while (tokens[end]?.kind === 'comma' || (tokens[end]?.kind === 'colon' && tokens[end]?.from === tokens[end - 1]?.to)) {
      end += 2;
    }
    return end;
  }
  if (isWord(next, 'in') || (isWord(next, 'not') && isWord(tokens[at + 2], 'in'))) {
    return endOfGroup(tokens, isWord(next, 'in') ? at + 2 : at + 3);
  }
  if (isWord(next, 'is')) {
    return isWord(tokens[at + 2], 'not') ? at + 4 : at + 3;
  }
  return next.kind === 'operator' && !isWord(next, '!', '&&', '||') ? at + 3 : at + 1;
}

function endOfGroup(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    depth += tokens[at]?.kind === 'open' ? 1 : tokens[at]?.kind === 'close' ? -1 : 0;
    if (depth === 0) {
      return at + 1;
    }
  }
  return tokens.length;
}

function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token !== undefined && token.kind !== 'string' && words.includes(token.text.toLowerCase());
}

/** The expression without its plain tests of a column. */
export function without(filter: string, column: string): string {
  return withClause(filter, column, '');
}

/** The expression with another test of a column, in the place of the present ones. */
export function withClause(filter: string, column: string, clause: string): string {
  const clauses = clausesOf(filter);
  if (clauses === undefined) {
    return clause === '' ? filter : `(${filter.trim()}) ${clause}`;
  }
  const own = clauses.filter((present) => present.column === column);
  if (own.length === 0) {
    return clause === '' ? filter : [filter.trim(), clause].filter((part) => part !== '').join(' ');
  }
  const texts = clauses.flatMap((present) => (present.column !== column ? [filter.slice(present.from, present.to)] : present === own[0] && clause !== '' ? [clause] : []));
  return texts.join(' ');
}

/** Values of a column, one of which is wanted; null: there is none. `label:cup,"two words"` */
export function valuesClause(column: string, values: readonly (string | null)[]): string {
  return values.length === 0 ? '' : `${column}:${values.map((value) => (value === null ? 'none' : plain(value))).join(',')}`;
}

/** `duration:5..30`. */
export function rangeClause(column: string, from: number, to: number): string {
  return `${column}:${short(from)}..${short(to)}`;
}

/** The values that an expression asks of a column in the short form or with `==`; undefined where it asks in some other way. */
export function valuesIn(filter: string, column: string): readonly (string | null)[] | undefined {
  const own = clausesOf(filter)?.filter((clause) => clause.column === column);
  if (own === undefined || own.length > 1) {
    return undefined;
  }
  const [, operator, ...rest] = own[0]?.tokens ?? [];
  if (operator === undefined) {
    return [];
  }
  const isPlain = operator.kind === 'colon' || ['==', '='].includes(operator.text);
  return isPlain ? rest.filter(({ kind }) => kind !== 'comma').map((token) => valueOf(token)) : undefined;
}

/** The range that an expression asks of a column as `rangeClause` writes it. */
export function rangeIn(filter: string, column: string): readonly [number, number] | undefined {
  const [, operator, value, ...more] = clausesOf(filter)?.find((clause) => clause.column === column)?.tokens ?? [];
  const [, from, to] = /^([\d.e+-]+?)\.\.([\d.e+-]+)$/.exec(value?.text ?? '') ?? [];
  return operator?.kind === 'colon' && more.length === 0 && from !== undefined && to !== undefined ? [Number(from), Number(to)] : undefined;
}

function valueOf({ kind, text }: Token): string | null {
  if (kind === 'string') {
    return text.slice(1, text.length > 1 && text.endsWith(text.charAt(0)) ? -1 : undefined).replace(/\\(["'\\])/g, '$1');
  }
  return ['none', 'null'].includes(text.toLowerCase()) ? null : text;
}

function plain(value: string): string {
  return /^[\p{L}\p{N}_./-]+$/u.test(value) && !isKeyword(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** As few digits as tell the bins of a histogram apart. */
function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
