import { FILTER_COLUMNS, filterColumn, type FilterColumn } from './filterColumns.ts';
import { FilterError } from './filterError.ts';
import { EVERYTHING, type FilterNode, type Test } from './filterTree.ts';
import { nearest } from '../../base/nearest.ts';
import { compareTest, containsTest, equalsTest, fitsTest, type Comparison, type Written } from './readValue.ts';
import { tokensOf, type Token } from './tokens.ts';

/** Deeper than any person nests, and far from the end of the stack. */
const DEEPEST = 100;
const LONGEST = 10_000;

/**
 * Reads a filter: `duration > 20 and split == "train" and caption ~ "dog"`, `kind:image,video duration:5..30`, mixed as one
 * likes; what stands side by side must all be so. `now` in milliseconds since 1970, for `today`.
 *
 * @throws {FilterError}
 */
export function parseFilter(text: string, now = Date.now()): FilterNode {
  if (text.length > LONGEST) {
    throw new FilterError(0, text.length, `A filter has at most ${LONGEST} characters`);
  }
  return new Parser(tokensOf(text), now).whole();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly now: number,
  ) {}

  whole(): FilterNode {
    if (this.peek().kind === 'end') {
      return EVERYTHING;
    }
    const node = this.either();
    if (this.peek().kind === 'close') {
      throw this.fault('There is no ( before this )');
    }
    if (this.peek().kind !== 'end') {
      throw this.fault(`“${this.peek().text}” does not belong here`);
    }
    return node;
  }

  private either(): FilterNode {
    const parts = [this.all()];
    while (this.takeWord('or', '||')) {
      parts.push(this.all());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
  }

  private all(): FilterNode {
    const parts = [this.one()];
    for (;;) {
      const joined = this.takeWord('and', '&&');
      const { kind } = this.peek();
      if (!joined && (kind === 'end' || kind === 'close' || this.isWord('or', '||') || !startsTest(this.peek()))) {
        return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
      }
      parts.push(this.one());
    }
  }

  private one(): FilterNode {
    if (++this.depth > DEEPEST) {
      throw this.fault('Parentheses are nested too deep');
    }
    try {
      if (this.takeWord('not', '!')) {
        return { kind: 'not', part: this.one() };
      }
      const open = this.peek();
      if (open.kind === 'open') {
        this.at++;
        const node = this.either();
        if (this.peek().kind !== 'close') {
          throw new FilterError(open.from, open.to, 'This ( is not closed');
        }
        this.at++;
        return node;
      }
      return this.test();
    } finally {
      this.depth--;
    }
  }

  private test(): FilterNode {
    const subject = this.peek();
    if (subject.kind === 'string') {
      this.at++;
      return { kind: 'words', text: subject.text };
    }
    if (subject.kind !== 'word' || this.isWord('and', 'or')) {
      throw this.fault(subject.kind === 'end' ? 'Something is missing at the end' : `“${subject.text}” needs something before it, such as a column`);
    }
    this.at++;
    const negated = this.isWord('not') && ['in'].includes(this.tokens[this.at + 1]?.text.toLowerCase() ?? '');
    if (!negated && !this.isComparison()) {
      return this.words(subject);
    }
    const column = columnOf(subject);
    if (negated) {
      this.at++;
    }
    const node = this.comparison(column);
    return negated ? { kind: 'not', part: node } : node;
  }

  /** Words that stand alone are looked for, unless they are a column whose comparison is still to come. */
  private words(subject: Token): FilterNode {
    const column = filterColumn(subject.text);
    if (column !== undefined && column.name === subject.text.toLowerCase()) {
      const example = column.type === 'number' ? `${column.name} > ${column.units.examples.split(/,| or/)[0]}` : column.type === 'date' ? `${column.name} > 2026-11-02` : `${column.name} == …`;
      throw new FilterError(subject.from, subject.to, `${column.name} is a column: say what it is to be, like ${example}, or put it in quotes to look for the word`);
    }
    return { kind: 'words', text: subject.text };
  }

  private comparison(column: FilterColumn): FilterNode {
    const operator = this.take();
    const asNode = (test: Test): FilterNode => ({ kind: 'test', column: column.name, test });
    if (operator.kind === 'colon') {
      return asNode(this.list((written) => shortTest(column, written, this.now)));
    }
    switch (operator.text.toLowerCase()) {
      case 'in': {
        if (this.peek().kind !== 'open') {
          throw this.fault(`in wants its values in parentheses, like ${column.name} in (a, b)`);
        }
        const open = this.take();
        const test = this.list((written) => equalsTest(column, written, this.now));
        if (this.peek().kind !== 'close') {
          throw new FilterError(open.from, open.to, 'This ( is not closed');
        }
        this.at++;
        return asNode(test);
      }
      case 'is': {
        const isNegated = this.takeWord('not');
        const { text } = this.peek();
        if (!this.takeWord('unknown', 'none', 'null')) {
          throw this.fault(`is asks for what is missing: ${column.name} is unknown, or ${column.name} is none`);
        }
        const node = asNode({ op: text.toLowerCase() === 'unknown' ? 'unknown' : 'none' });
        return isNegated ? { kind: 'not', part: node } : node;
      }
      case '==':
        return asNode(this.missingOr(column, (written) => equalsTest(column, written, this.now)));
      case '!=':
        return { kind: 'not', part: asNode(this.missingOr(column, (written) => equalsTest(column, written, this.now))) };
      case '~':
        return asNode(this.matching(column));
      case '!~':
        return { kind: 'not', part: asNode(this.matching(column)) };
      default:
        return asNode(compareTest(column, operator.text as Comparison, this.value(column), this.now));
    }
  }

  private matching(column: FilterColumn): Test {
    const token = this.peek();
    if (token.kind !== 'pattern') {
      return containsTest(column, this.value(column));
    }
    this.at++;
    return fitsTest(column, token);
  }

  private missingOr(column: FilterColumn, test: (written: Written) => Test): Test {
    const written = this.value(column);
    return missing(written) ?? test(written);
  }

  private list(test: (written: Written) => Test): Test {
    const tests: Test[] = [];
    do {
      const written = this.value();
      tests.push(missing(written) ?? test(written));
    } while (this.peek().kind === 'comma' && this.at++ >= 0);
    return tests.length === 1 ? tests[0]! : { op: 'any', tests };
  }

  /** A clock's time and a date with one have colons inside, and no space. */
  private value(column?: FilterColumn): Written {
    const first = this.peek();
    if (first.kind !== 'word' && first.kind !== 'string') {
      const what = column === undefined ? 'A value' : column.type === 'number' ? `${column.units.examples}` : column.type === 'date' ? 'A date like 2026-11-02' : 'Text';
      throw new FilterError(first.from, Math.max(first.to, first.from), column?.type === 'number' ? `A value is missing here, like ${what}` : `${what} is missing here`);
    }
    this.at++;
    let { text, to } = first;
    if (first.kind === 'word') {
      while (this.peek().kind === 'colon' && this.peek().from === to && /\d$/.test(text)) {
        const after = this.tokens[this.at + 1];
        if (after?.kind !== 'word' || after.from !== this.peek().to || !/^\d/.test(after.text)) {
          break;
        }
        text += `:${after.text}`;
        to = after.to;
        this.at += 2;
      }
    }
    return { text, quoted: first.kind === 'string', from: first.from, to };
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private take(): Token {
    return this.tokens[this.at++]!;
  }

  private isComparison(): boolean {
    const { kind, text } = this.peek();
    return kind === 'colon' || (kind === 'operator' && !['!', '&&', '||'].includes(text)) || this.isWord('in', 'is');
  }

  private isWord(...words: readonly string[]): boolean {
    const { kind, text } = this.peek();
    return (kind === 'word' || kind === 'operator') && words.includes(text.toLowerCase());
  }

  private takeWord(...words: readonly string[]): boolean {
    const found = this.isWord(...words);
    if (found) {
      this.at++;
    }
    return found;
  }

  private fault(message: string): FilterError {
    return new FilterError(this.peek().from, Math.max(this.peek().to, this.peek().from), message);
  }
}

function startsTest({ kind, text }: Token): boolean {
  return kind === 'word' || kind === 'string' || kind === 'open' || (kind === 'operator' && text === '!');
}

function missing({ text, quoted }: Written): Test | undefined {
  const lower = text.toLowerCase();
  return quoted ? undefined : lower === 'unknown' ? { op: 'unknown' } : lower === 'none' || lower === 'null' ? { op: 'none' } : undefined;
}

/** In the short form a path, a name and a caption are looked into. */
function shortTest(column: FilterColumn, written: Written, now: number): Test {
  return column.type === 'text' && column.free === true && (written.quoted || !/[*?]/.test(written.text))
    ? containsTest(column, written)
    : equalsTest(column, written, now);
}

function columnOf(subject: Token): FilterColumn {
  const column = filterColumn(subject.text);
  if (column === undefined) {
    const near = nearest(subject.text, FILTER_COLUMNS.map(({ name }) => name));
    throw new FilterError(subject.from, subject.to, `There is no column “${subject.text}”.${near === undefined ? '' : ` Did you mean ${near}?`}`);
  }
  return column;
}
