import { absent, type Absent, type Measured } from '../../../base/absent.ts';
import { NOT_TOLD, shortened, valueOf, type Quantity } from '../quantity.ts';

/** This driver, or this query, has no such column. */
export const NO_COLUMN: Absent = absent('not told by this driver');

const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** As units are printed where nobody asked for `nounits`, and in XML. */
const WITH_UNIT = /^(-?\d+(?:\.\d+)?) ?(?:%|W|C|MHz|MiB|x)$/;

const POINT = '.'.charCodeAt(0) - 48;

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
      return NOT_TOLD;
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

/** As `quantityIn` of what other tools write, with the driver's own words for why there is none. */
export function cellQuantity(cell: string | undefined, quantity: Quantity): Measured<number> {
  if (cell === undefined) {
    return NO_COLUMN;
  }
  const plain = plainNumberIn(cell);
  if (plain >= 0 && plain <= quantity.most) {
    return plain * quantity.scale;
  }
  const digits = NUMBER.test(cell) ? cell : WITH_UNIT.exec(cell)?.[1];
  if (digits === undefined) {
    return absenceOf(cell) ?? absent(`not a number: ${shortened(cell)}`);
  }
  return valueOf(digits, cell, quantity);
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

export function cellText(cell: string | undefined): Measured<string> {
  return cell === undefined ? NO_COLUMN : (absenceOf(cell) ?? shortened(cell));
}

/** Memory that the GPU has none of itself says so with these, and with no other. */
export function isNotSupported(value: Measured<unknown>): boolean {
  return value === NOT_SUPPORTED;
}
