import { absent, type Absent, type Measured } from '../../../base/absent.ts';
import { printable } from '../../../base/printable.ts';

/** What a number stands for: its size in our unit, and what it can be at most, in the driver's own. */
export interface Quantity {
  readonly scale: number;
  readonly most: number;
}

export const PERCENT: Quantity = { scale: 1, most: 100 };
export const WATTS: Quantity = { scale: 1, most: 20_000 };
export const DEGREES: Quantity = { scale: 1, most: 250 };
export const MEGAHERTZ: Quantity = { scale: 1, most: 100_000 };
/** With `nounits` too these are powers of two. */
export const MEBIBYTES: Quantity = { scale: 2 ** 20, most: 2 ** 30 };
export const COUNT: Quantity = { scale: 1, most: Number.MAX_SAFE_INTEGER };

/** This driver, or this query, has no such column. */
export const NO_COLUMN: Absent = absent('not told by this driver');

const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** As units are printed where nobody asked for `nounits`, and in XML. */
const WITH_UNIT = /^(-?\d+(?:\.\d+)?) ?(?:%|W|C|MHz|MiB|x)$/;

const POINT = '.'.charCodeAt(0) - 48;

const EMPTY = absent('not told');
const NOT_SUPPORTED = absent('not reported by this GPU');
const NOT_PERMITTED = absent('not permitted');
const DEPRECATED = absent('no longer told by this driver');

/** The word of a cell that stands where a value would: `[N/A]` and `N/A` are one. */
export function wordOf(cell: string): string {
  return cell.startsWith('[') && cell.endsWith(']') ? cell.slice(1, -1) : cell;
}

/** Why there is no value, where a cell says so; undefined where it holds one. */
function absenceOf(cell: string): Absent | undefined {
  switch (wordOf(cell)) {
    case '':
      return EMPTY;
    case 'N/A':
    case 'Not Supported':
    case 'Function Not Found':
      return NOT_SUPPORTED;
    case 'Insufficient Permissions':
      return NOT_PERMITTED;
    case 'Requested functionality has been deprecated':
      return DEPRECATED;
    default:
      return cell.startsWith('[') ? absent(shortened(wordOf(cell))) : undefined;
  }
}

/** Whatever is not a plain number is absent, with what stands there as the reason; so is one that cannot be. */
export function quantityIn(cell: string | undefined, { scale, most }: Quantity): Measured<number> {
  if (cell === undefined) {
    return NO_COLUMN;
  }
  const plain = plainNumberIn(cell);
  if (plain >= 0 && plain <= most) {
    return plain * scale;
  }
  const digits = NUMBER.test(cell) ? cell : WITH_UNIT.exec(cell)?.[1];
  if (digits === undefined) {
    return absenceOf(cell) ?? absent(`not a number: ${shortened(cell)}`);
  }
  const value = Number(digits);
  if (value === 0) {
    // -0 too.
    return 0;
  }
  return value > 0 && value <= most ? value * scale : absent(`cannot be: ${shortened(cell)}`);
}

/** Most cells of a tick are plain numbers, read here at a fifth of the cost; -1 where one is not. */
function plainNumberIn(cell: string): number {
  const { length } = cell;
  if (length === 0 || length > 15) {
    return -1;
  }
  let value = 0;
  for (let place = 0; place < length; place += 1) {
    const digit = cell.charCodeAt(place) - 48;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
    } else {
      return digit === POINT && place > 0 && isDigits(cell, place + 1) ? Number(cell) : -1;
    }
  }
  return value;
}

function isDigits(text: string, from: number): boolean {
  for (let place = from; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code < 48 || code > 57) {
      return false;
    }
  }
  return from < text.length;
}

export function textIn(cell: string | undefined): Measured<string> {
  return cell === undefined ? NO_COLUMN : (absenceOf(cell) ?? shortened(cell));
}

/** Memory that the GPU has none of itself says so with these, and with no other. */
export function isNotSupported(value: Measured<unknown>): boolean {
  return value === NOT_SUPPORTED;
}

/** What was said is shown to people: bounded, and without what would move a terminal's cursor. */
function shortened(text: string): string {
  return printable(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
