import type { Pattern, Step } from './linearPattern.ts';
import { isWordCode, readPattern } from './linearPattern.ts';

/** Ways that are remembered, of all places together, before they are forgotten. */
const MOST_WAYS = 50_000;
/** Stands for the end of the text. */
const END = -1;

/** How far all ways through the pattern are before a character: the steps that are next, and what assertions ask of the place. */
interface Front {
  readonly steps: readonly number[];
  readonly isStart: boolean;
  /** Whether a letter, a digit or _ is before it. */
  readonly before: boolean;
  /** Where each character leads; `true` where the pattern fits before it. */
  readonly ways: Map<number, Front | boolean>;
}

/**
 * A regular expression that looks at each character once, whatever the expression: all ways through it are gone at the same
 * time, where JavaScript's own goes them one after the other and can take for ever over `(a+)+b` (Thompson 1968, Cox 2007).
 */
export class LinearRegExp {
  private readonly pattern: Pattern;
  private fronts = new Map<string, Front>();
  private remembered = 0;

  /** @throws {PatternError} */
  constructor(source: string, ignoreCase: boolean) {
    this.pattern = readPattern(source, ignoreCase);
  }

  /** Whether it fits somewhere in the text. */
  test(text: string): boolean {
    let front = this.frontOf([], true, false);
    for (let at = 0; at <= text.length; ) {
      const code = at < text.length ? (text.codePointAt(at) ?? END) : END;
      const way = front.ways.get(code) ?? this.go(front, code);
      if (typeof way === 'boolean') {
        return way;
      }
      front = way;
      at += code > 0xffff ? 2 : 1;
    }
    return false;
  }

  private go(front: Front, code: number): Front | boolean {
    if (this.remembered++ > MOST_WAYS) {
      this.remembered = 0;
      this.fronts = new Map();
    }
    const closed = this.closed(front, code);
    const way = closed === 'fits' || (code === END ? false : this.frontOf(this.taken(closed, code), false, isWordCode(code)));
    front.ways.set(code, way);
    return way;
  }

  private taken(steps: readonly number[], code: number): number[] {
    const next = new Set<number>();
    for (const number of steps) {
      const step = this.pattern.steps[number];
      if (step?.kind === 'take' && step.takes(code)) {
        next.add(step.next);
      }
    }
    return [...next].sort((a, b) => a - b);
  }

  /** The steps that can be reached without taking a character, from the front and from the beginning anew, as it may fit anywhere. */
  private closed({ steps, isStart, before }: Front, code: number): readonly number[] | 'fits' {
    const seen = new Set<number>();
    const waiting = [...steps, this.pattern.start];
    const found: number[] = [];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (seen.has(number)) {
        continue;
      }
      seen.add(number);
      const step = this.pattern.steps[number] as Step;
      switch (step.kind) {
        case 'done':
          return 'fits';
        case 'split':
          waiting.push(step.next, step.other);
          break;
        case 'assert':
          if (holds(step.what, isStart, before, code)) {
            waiting.push(step.next);
          }
          break;
        case 'take':
          found.push(number);
      }
    }
    return found;
  }

  private frontOf(steps: readonly number[], isStart: boolean, before: boolean): Front {
    const key = `${isStart ? 's' : ''}${before ? 'w' : ''}${steps.join(' ')}`;
    let front = this.fronts.get(key);
    if (front === undefined) {
      front = { steps, isStart, before, ways: new Map() };
      this.fronts.set(key, front);
    }
    return front;
  }
}

function holds(what: 'start' | 'end' | 'edge' | 'inside', isStart: boolean, before: boolean, code: number): boolean {
  switch (what) {
    case 'start':
      return isStart;
    case 'end':
      return code === END;
    case 'edge':
      return before !== isWordCode(code);
    case 'inside':
      return before === isWordCode(code);
  }
}
