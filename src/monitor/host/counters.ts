import { absent, isAbsent, type Absent, type Measured } from '../../base/absent.ts';

export const FIRST_SAMPLE: Absent = absent('first sample');
export const BEGAN_ANEW: Absent = absent('counter began anew');
export const NO_TIME: Absent = absent('no time has passed');
export const NOT_TOLD: Absent = absent('not told');

/** No counter of the kernel is larger. */
const LARGEST = 2 ** 64;

/** A number of digits alone, as the kernel writes counters; undefined where it is none. */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text.length > 20) {
    return undefined;
  }
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) {
      return undefined;
    }
    value = value * 10 + digit;
  }
  return value < LARGEST ? value : undefined;
}

/** The same with its line end and blanks, as a file of one number has it. */
export function measuredCount(text: Measured<string>): Measured<number> {
  return isAbsent(text) ? text : (parseCount(text.trim()) ?? NOT_TOLD);
}

/**
 * What a counter that only ever grows gains in a second. One that went back was set anew, by a driver that was loaded again or
 * a device that slept, or it was full: for that once nothing is known.
 */
export class Rate {
  private count = NaN;
  private moment = NaN;

  /** `moment`: seconds, by a clock that never goes back. */
  next(count: Measured<number>, moment: number): Measured<number> {
    if (isAbsent(count)) {
      this.count = NaN;
      return count;
    }
    const gained = count - this.count;
    const passed = moment - this.moment;
    if (passed <= 0) {
      return NO_TIME;
    }
    this.count = count;
    this.moment = moment;
    if (Number.isNaN(gained)) {
      return FIRST_SAMPLE;
    }
    return gained < 0 ? BEGAN_ANEW : gained / passed;
  }

  /** The counter is known to be what it was, without a look. */
  rest(moment: number): void {
    if (!Number.isNaN(this.count)) {
      this.moment = Math.max(this.moment, moment);
    }
  }
}

/** The same for a counter of time: what share of the time it counted, 0 to 100. `unit`: how many of its own make a second. */
export class Share {
  private readonly rate = new Rate();
  private readonly unit: number;

  constructor(unit: number) {
    this.unit = unit;
  }

  next(count: Measured<number>, moment: number): Measured<number> {
    const gained = this.rate.next(count, moment);
    // The counter and the clock are not read at the same instant.
    return isAbsent(gained) ? gained : Math.min(100, (gained / this.unit) * 100);
  }
}

/** Something kept for each of a set of names, for as long as the name is there. */
export class Keyed<T> {
  private readonly items = new Map<string, T>();
  private readonly make: (name: string) => T;

  constructor(make: (name: string) => T) {
    this.make = make;
  }

  get(name: string): T {
    let item = this.items.get(name);
    if (item === undefined) {
      item = this.make(name);
      this.items.set(name, item);
    }
    return item;
  }

  /** Forgets all but these. */
  keep(names: ReadonlySet<string>): void {
    for (const name of this.items.keys()) {
      if (!names.has(name)) {
        this.items.delete(name);
      }
    }
  }
}

/**
 * Reads the numbers of one line into `numbers`, from `start` on and until something else than a number comes. How many there
 * were; a line with a number that no counter can be has none. Makes no garbage.
 */
export function numbersAt(text: string, start: number, numbers: Float64Array): number {
  let count = 0;
  let at = start;
  while (count < numbers.length) {
    let code = text.charCodeAt(at);
    while (code === 32) {
      code = text.charCodeAt(++at);
    }
    if (!(code >= 48 && code <= 57)) {
      break;
    }
    let value = 0;
    while (code >= 48 && code <= 57) {
      value = value * 10 + (code - 48);
      code = text.charCodeAt(++at);
    }
    if (value >= LARGEST) {
      return 0;
    }
    numbers[count++] = value;
  }
  return count;
}

/** Where the line begins that begins with `word`; -1 where there is none. A pattern for each word would be compiled at each tick. */
export function lineStart(text: string, word: string): number {
  let at = text.indexOf(word);
  while (at > 0 && text.charCodeAt(at - 1) !== 10) {
    at = text.indexOf(word, at + 1);
  }
  return at;
}
