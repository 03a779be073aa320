/** What a step of a pattern is: where it goes on, and what it takes or asks for. */
export type Step =
  | { readonly kind: 'take'; readonly takes: (code: number) => boolean; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'edge' | 'inside'; next: number }
  | { readonly kind: 'done' };

export interface Pattern {
  readonly steps: readonly Step[];
  readonly start: number;
}

/** A pattern that is not understood, with the place in it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

/** Counted repeats are written out: `(a{100}){100}` would be 10,000 steps. */
const MOST_STEPS = 5000;
const DEEPEST = 50;

/** One after the other; ends that are not joined yet. */
interface Piece {
  readonly start: number;
  readonly ends: readonly ((to: number) => void)[];
}

type Takes = (code: number) => boolean;

/**
 * Reads a regular expression of the usual kind without what would need going back: no references and no looking around.
 * Lazy and greedy are the same here, as only whether it fits is asked.
 *
 * @throws {PatternError}
 */
export function readPattern(source: string, ignoreCase: boolean): Pattern {
  return new Reader(source, ignoreCase).whole();
}

export function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}

const isDigit: Takes = (code) => code >= 48 && code <= 57;
const isSpace: Takes = (code) => /\s/.test(String.fromCodePoint(code));
const CLASSES: Readonly<Record<string, Takes>> = { d: isDigit, D: not(isDigit), w: isWordCode, W: not(isWordCode), s: isSpace, S: not(isSpace) };
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

function not(takes: Takes): Takes {
  return (code) => !takes(code);
}

class Reader {
  private readonly steps: Step[] = [];
  private at = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly ignoreCase: boolean,
  ) {}

  whole(): Pattern {
    const piece = this.either();
    if (this.at < this.source.length) {
      throw this.fault('There is no ( before this )');
    }
    const done = this.add({ kind: 'done' });
    piece.ends.forEach((end) => end(done));
    return { steps: this.steps, start: piece.start };
  }

  private either(): Piece {
    if (++this.depth > DEEPEST) {
      throw this.fault('Groups are nested too deep');
    }
    let piece = this.sequence();
    while (this.source[this.at] === '|') {
      this.at++;
      piece = this.split(piece, this.sequence());
    }
    this.depth--;
    return piece;
  }

  private sequence(): Piece {
    let piece: Piece | undefined;
    while (this.at < this.source.length && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      const next = this.repeated();
      if (piece === undefined) {
        piece = next;
      } else {
        piece.ends.forEach((end) => end(next.start));
        piece = { start: piece.start, ends: next.ends };
      }
    }
    return piece ?? this.nothing();
  }

  private repeated(): Piece {
    const from = this.at;
    const piece = this.one();
    const to = this.at;
    const counts = this.counts();
    if (counts === undefined) {
      return piece;
    }
    if (this.source[this.at] === '?') {
      this.at++;
    }
    if (/[*+?]/.test(this.source[this.at] ?? '')) {
      throw this.fault('There is nothing to be repeated here');
    }
    const after = this.at;
    const [least, most] = counts;
    if (least === 0 && most === 1) {
      return this.optional(piece);
    }
    if (least <= 1 && most === Infinity) {
      return this.loop(piece, least);
    }
    // Written out: read once more for each time.
    const copies: Piece[] = [];
    const copy = (): Piece => {
      this.at = from;
      const made = this.one();
      this.at = to;
      return made;
    };
    for (let time = 0; time < (most === Infinity ? least : most); time++) {
      copies.push(time < least ? copy() : this.optional(copy()));
    }
    if (most === Infinity) {
      copies.push(this.loop(copy(), 0));
    }
    this.at = after;
    return copies.length === 0 ? this.nothing() : copies.reduce((all, next) => (all.ends.forEach((end) => end(next.start)), { start: all.start, ends: next.ends }));
  }

  private counts(): readonly [number, number] | undefined {
    const simple = ({ '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] } as const)[this.source[this.at] ?? ''];
    if (simple !== undefined) {
      this.at++;
      return simple;
    }
    const [whole, least, comma, most] = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(this.source.slice(this.at, this.at + 12)) ?? [];
    if (whole === undefined) {
      return undefined;
    }
    const [low, high] = [Number(least), comma === '' ? Number(least) : most === '' ? Infinity : Number(most)];
    if (high < low) {
      throw this.fault(`{${low},${high}} counts down`);
    }
    this.at += whole.length;
    return [low, high];
  }

  private one(): Piece {
    const character = this.source[this.at];
    switch (character) {
      case '(':
        return this.group();
      case '[':
        return this.take(this.set());
      case '.':
        this.at++;
        return this.take((code) => code !== 10 && code !== 13);
      case '^':
        this.at++;
        return this.assertion('start');
      case '$':
        this.at++;
        return this.assertion('end');
      case '*':
      case '+':
      case '?':
        throw this.fault('There is nothing to be repeated here');
      case '\\':
        return this.escaped();
      default: {
        const code = this.source.codePointAt(this.at) ?? 0;
        this.at += code > 0xffff ? 2 : 1;
        return this.take(this.same(code));
      }
    }
  }

  private group(): Piece {
    const open = this.at++;
    if (this.source[this.at] === '?') {
      if (this.source[this.at + 1] !== ':') {
        throw new PatternError(open, /^\?<?[=!]/.test(this.source.slice(this.at)) ? 'Looking ahead or back is not offered: it would cost more than one look at each character' : 'Only (…) and (?:…) are groups here');
      }
      this.at += 2;
    }
    const piece = this.either();
    if (this.source[this.at] !== ')') {
      throw new PatternError(open, 'This ( is not closed');
    }
    this.at++;
    return piece;
  }

  private escaped(): Piece {
    const letter = this.source[this.at + 1];
    if (letter === 'b' || letter === 'B') {
      this.at += 2;
      return this.assertion(letter === 'b' ? 'edge' : 'inside');
    }
    return this.take(this.escape());
  }

  private escape(): Takes {
    const letter = this.source[this.at + 1];
    if (letter === undefined) {
      throw this.fault('A \\ stands at the end');
    }
    if (/[1-9k]/.test(letter)) {
      throw this.fault('References to a group are not offered: they would cost more than one look at each character');
    }
    const takes = CLASSES[letter];
    if (takes !== undefined) {
      this.at += 2;
      return takes;
    }
    return this.same(this.escapedCode(letter));
  }

  private escapedCode(letter: string): number {
    const [whole, braced, four, two] = /^\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2}))/i.exec(this.source.slice(this.at, this.at + 12)) ?? [];
    if (whole !== undefined) {
      this.at += whole.length;
      return Number.parseInt(braced ?? four ?? two ?? '', 16);
    }
    if (/[a-z]/i.test(letter) && !Object.hasOwn(CONTROLS, letter)) {
      throw this.fault(`\\${letter} means nothing here`);
    }
    const code = CONTROLS[letter] ?? this.source.codePointAt(this.at + 1) ?? 0;
    this.at += code > 0xffff ? 3 : 2;
    return code;
  }

  private set(): Takes {
    const open = this.at++;
    const isNot = this.source[this.at] === '^';
    this.at += isNot ? 1 : 0;
    const parts: Takes[] = [];
    for (;;) {
      const character = this.source[this.at];
      if (character === undefined) {
        throw new PatternError(open, 'This [ is not closed');
      }
      if (character === ']') {
        this.at++;
        const takes: Takes = (code) => parts.some((part) => part(code));
        return isNot ? not(takes) : takes;
      }
      const from = this.setMember();
      if (typeof from === 'number' && this.source[this.at] === '-' && this.source[this.at + 1] !== ']' && this.source[this.at + 1] !== undefined) {
        this.at++;
        const to = this.setMember();
        if (typeof to !== 'number' || to < from) {
          throw this.fault('This range runs backwards');
        }
        parts.push(this.range(from, to));
      } else {
        parts.push(typeof from === 'number' ? this.same(from) : from);
      }
    }
  }

  private setMember(): number | Takes {
    if (this.source[this.at] !== '\\') {
      const code = this.source.codePointAt(this.at) ?? 0;
      this.at += code > 0xffff ? 2 : 1;
      return code;
    }
    const letter = this.source[this.at + 1] ?? '';
    if (letter === 'b') {
      this.at += 2;
      return 8;
    }
    return Object.hasOwn(CLASSES, letter) ? this.escape() : this.escapedCode(letter);
  }

  private same(code: number): Takes {
    if (!this.ignoreCase) {
      return (other) => other === code;
    }
    const codes = casesOf(code);
    return (other) => codes.includes(other);
  }

  private range(from: number, to: number): Takes {
    return this.ignoreCase ? (code) => casesOf(code).some((other) => other >= from && other <= to) : (code) => code >= from && code <= to;
  }

  private take(takes: Takes): Piece {
    const step = { kind: 'take' as const, takes, next: -1 };
    return { start: this.add(step), ends: [(to) => (step.next = to)] };
  }

  private assertion(what: 'start' | 'end' | 'edge' | 'inside'): Piece {
    const step = { kind: 'assert' as const, what, next: -1 };
    return { start: this.add(step), ends: [(to) => (step.next = to)] };
  }

  private nothing(): Piece {
    const step = { kind: 'split' as const, next: -1, other: -1 };
    return { start: this.add(step), ends: [(to) => (step.next = step.other = to)] };
  }

  private split(one: Piece, other: Piece): Piece {
    return { start: this.add({ kind: 'split', next: one.start, other: other.start }), ends: [...one.ends, ...other.ends] };
  }

  private optional(piece: Piece): Piece {
    const step = { kind: 'split' as const, next: piece.start, other: -1 };
    return { start: this.add(step), ends: [...piece.ends, (to) => (step.other = to)] };
  }

  private loop(piece: Piece, least: number): Piece {
    const step = { kind: 'split' as const, next: piece.start, other: -1 };
    const at = this.add(step);
    piece.ends.forEach((end) => end(at));
    return { start: least === 0 ? at : piece.start, ends: [(to) => (step.other = to)] };
  }

  private add(step: Step): number {
    if (this.steps.length >= MOST_STEPS) {
      throw this.fault(`The pattern is too long: its repeats, written out, have more than ${MOST_STEPS} steps`);
    }
    return this.steps.push(step) - 1;
  }

  private fault(message: string): PatternError {
    return new PatternError(this.at, message);
  }
}

function casesOf(code: number): readonly number[] {
  const text = String.fromCodePoint(code);
  return [code, ...[text.toLowerCase(), text.toUpperCase()].flatMap((other) => ([...other].length === 1 ? [other.codePointAt(0) ?? code] : []))];
}
