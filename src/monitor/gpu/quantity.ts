import { absent, isAbsent, type Absent, type Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';

/** What a number stands for: its size in our unit, and what it can be at most, in the teller's own. */
export interface Quantity {
  readonly scale: number;
  readonly most: number;
}

export const PERCENT: Quantity = { scale: 1, most: 100 };
export const WATTS: Quantity = { scale: 1, most: 20_000 };
export const MILLIWATTS: Quantity = { scale: 1e-3, most: 20_000_000 };
export const MICROWATTS: Quantity = { scale: 1e-6, most: 20_000_000_000 };
export const DEGREES: Quantity = { scale: 1, most: 250 };
export const MILLIDEGREES: Quantity = { scale: 1e-3, most: 250_000 };
export const MEGAHERTZ: Quantity = { scale: 1, most: 100_000 };
export const HERTZ: Quantity = { scale: 1e-6, most: 100_000_000_000 };
export const BYTES: Quantity = { scale: 1, most: 2 ** 50 };
export const KIBIBYTES: Quantity = { scale: 2 ** 10, most: 2 ** 40 };
export const MEBIBYTES: Quantity = { scale: 2 ** 20, most: 2 ** 30 };
export const GIBIBYTES: Quantity = { scale: 2 ** 30, most: 2 ** 20 };
export const COUNT: Quantity = { scale: 1, most: Number.MAX_SAFE_INTEGER };

export const NOT_TOLD: Absent = absent('not told');

/** A number and at most a unit after it: `36.0`, `45 %`, `(300Mhz)`, `18.45 GiB`. */
const NUMBER = /^\(?(-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?) ?(?:%|[a-zA-Z°�][a-zA-Z°/]{0,5})?\)?$/;
const LONGEST = 200;

/** The value of digits that stand in `said`; absent where nothing can have it. */
export function valueOf(digits: string, said: string, { scale, most }: Quantity): Measured<number> {
  const value = Number(digits);
  if (value === 0) {
    // -0 too.
    return 0;
  }
  return value > 0 && value <= most ? value * scale : absent(`cannot be: ${shortened(said)}`);
}

/** Whatever is not a plain number is absent, with what stands there as the reason; so is one that cannot be. */
export function quantityIn(said: string | number | undefined, quantity: Quantity): Measured<number> {
  if (said === undefined) {
    return NOT_TOLD;
  }
  const text = typeof said === 'number' ? String(said) : said.trim();
  const digits = NUMBER.exec(text)?.[1];
  if (digits === undefined) {
    return text === '' ? NOT_TOLD : absent(shortened(text));
  }
  return valueOf(digits, text, quantity);
}

/** The same of a file of one number. */
export function quantityOf(said: Measured<string>, quantity: Quantity): Measured<number> {
  return isAbsent(said) ? said : quantityIn(said, quantity);
}

/** A word that tools write where they know nothing is the reason of its absence. */
export function textIn(said: string | number | undefined): Measured<string> {
  const text = said === undefined ? '' : shortened(String(said).trim());
  if (text === '') {
    return NOT_TOLD;
  }
  return /^(?:N\/?A|None|unknown|\[N\/A\]|Not supported)$/i.test(text) ? absent(text) : text;
}

/** The first that was measured; else what the first says of why it was not. */
export function firstKnown<T>(first: Measured<T>, ...others: readonly Measured<T>[]): Measured<T> {
  return isAbsent(first) ? (others.find((other) => !isAbsent(other)) ?? first) : first;
}

/** What was said is shown to people: bounded, and without what would move a terminal's cursor. */
export function shortened(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/**
 * Text of a tool without a byte order mark and, where UTF-16 was taken for UTF-8 as happens to what PowerShell redirects, without
 * the zero bytes between its letters.
 */
export function plainText(text: string): string {
  return text.replace(/^(?:\ufeff|\ufffd{1,3})/, '').replaceAll('\0', '');
}
