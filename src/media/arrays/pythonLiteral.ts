import { ArrayError } from './arrayError.ts';

/** What a literal of Python becomes: a tuple and a list are both arrays. */
export type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>;

const MAX_DEPTH = 32;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '0': '\0' };

/** Reads the literals that `repr` writes: dicts with text keys, tuples, lists, text, integers, `True`, `False`, `None`. Throws an `ArrayError`. */
export function parseLiteral(text: string): Literal {
  const parser = new LiteralParser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

class LiteralParser {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): Literal {
    if (depth > MAX_DEPTH) {
      throw this.error('is nested too deeply');
    }
    this.space();
    const character = this.text[this.at] ?? '';
    if (character === '{') {
      return this.dict(depth);
    }
    if (character === '(' || character === '[') {
      return this.list(character === '(' ? ')' : ']', depth);
    }
    if (character === "'" || character === '"' || /^[bu]['"]/.test(this.text.slice(this.at, this.at + 2))) {
      return this.string();
    }
    return this.word();
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) {
      throw this.error('goes on after its end');
    }
  }

  private dict(depth: number): Literal {
    const entries = new Map<string, Literal>();
    this.at++;
    while (!this.take('}')) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' || !this.take(':')) {
        throw this.error('is no dict');
      }
      entries.set(key, this.value(depth + 1));
      this.separate('}');
    }
    return entries;
  }

  private list(end: string, depth: number): Literal {
    const values: Literal[] = [];
    this.at++;
    let commas = 0;
    while (!this.take(end)) {
      values.push(this.value(depth + 1));
      commas += this.separate(end) ? 1 : 0;
    }
    // Parentheses around one value make no tuple.
    return end === ')' && values.length === 1 && commas === 0 ? (values[0] ?? null) : values;
  }

  private string(): string {
    if (/[bu]/.test(this.text[this.at] ?? '')) {
      this.at++;
    }
    const quote = this.text[this.at++];
    let value = '';
    for (;;) {
      const character = this.text[this.at++];
      if (character === undefined) {
        throw this.error('has text without an end');
      }
      if (character === quote) {
        return value;
      }
      value += character === '\\' ? this.escape() : character;
    }
  }

  private escape(): string {
    const character = this.text[this.at++] ?? '';
    const digits = { x: 2, u: 4, U: 8 }[character];
    if (digits === undefined) {
      return ESCAPES[character] ?? `\\${character}`;
    }
    const point = Number.parseInt(this.text.slice(this.at, this.at + digits), 16);
    this.at += digits;
    return Number.isInteger(point) && point <= 0x10_ffff ? String.fromCodePoint(point) : '\ufffd';
  }

  private word(): Literal {
    const [word = ''] = /^[-+\w.]+/.exec(this.text.slice(this.at, this.at + 64)) ?? [];
    this.at += word.length;
    if (word === 'True' || word === 'False') {
      return word === 'True';
    }
    if (word === 'None') {
      return null;
    }
    // Python 2 wrote `10L`.
    if (/^[-+]?\d{1,18}L?$/.test(word)) {
      return Number(word.replace('L', ''));
    }
    throw this.error(`has "${word || (this.text[this.at] ?? 'its end')}" where a value is due`);
  }

  private separate(end: string): boolean {
    if (this.take(',')) {
      return true;
    }
    this.space();
    if (this.text[this.at] !== end) {
      throw this.error('lacks a comma');
    }
    return false;
  }

  private take(character: string): boolean {
    this.space();
    const found = this.text[this.at] === character;
    this.at += found ? 1 : 0;
    return found;
  }

  private space(): void {
    while (/^[ \n\r\t]$/.test(this.text[this.at] ?? '')) {
      this.at++;
    }
  }

  private error(words: string): ArrayError {
    return new ArrayError('malformed', `The header ${words} (character ${this.at + 1}).`);
  }
}
