import type { ArrayFacts } from './protocol.ts';

export type ViewKind = 'line' | 'grid' | 'picture' | 'table';

/** Which dimensions are drawn, and where all others stand. */
export interface Aiming {
  readonly kind: ViewKind;
  readonly rowDimension: number;
  /** Undefined for one dimension and none. */
  readonly columnDimension?: number;
  /** Of pictures: that of red, green, blue. */
  readonly colours?: number;
  readonly at: readonly number[];
}

/** The ways that an array can be looked at, the most telling first. */
export function kindsOf({ shape, numeric, isByte }: ArrayFacts): readonly ViewKind[] {
  if (!numeric || shape.includes(0)) {
    return ['table'];
  }
  const dimensions = shape.filter((size) => size > 1).length;
  if (shape.length === 0 || dimensions === 0) {
    return ['table'];
  }
  if (dimensions === 1 || shape.length === 1) {
    return ['line', 'table'];
  }
  return coloursOf({ shape, isByte }) === undefined ? ['grid', 'line', 'table'] : ['picture', 'grid', 'line', 'table'];
}

/** Height, width, colours last as Python writes pictures; or colours before height and width as PyTorch does. */
export function coloursOf({ shape, isByte }: Pick<ArrayFacts, 'shape' | 'isByte'>): number | undefined {
  const isColours = (size: number | undefined) => size === 3 || size === 4;
  const large = (size: number | undefined) => size !== undefined && size >= 8;
  const [height, width, last] = shape.slice(-3);
  if (!isByte || shape.length < 3) {
    return undefined;
  }
  if (isColours(last) && large(height) && large(width)) {
    return shape.length - 1;
  }
  return isColours(height) && large(width) && large(last) ? shape.length - 3 : undefined;
}

export function aimOf(facts: ArrayFacts, kind: ViewKind, at: readonly number[] = []): Aiming {
  const { shape } = facts;
  const places = shape.map((size, nth) => Math.min(at[nth] ?? 0, Math.max(0, size - 1)));
  if (kind === 'picture') {
    const colours = coloursOf(facts) ?? shape.length - 1;
    const [rowDimension = 0, columnDimension = 1] = shape.map((_, nth) => nth).filter((nth) => nth !== colours).slice(-2);
    return { kind, rowDimension, columnDimension, colours, at: places };
  }
  const wide = shape.map((size, nth) => [size, nth] as const).filter(([size]) => size > 1);
  const dimensions = wide.map(([, nth]) => nth);
  if (kind === 'line') {
    // Time is mostly the longest one.
    const longest = wide.reduce((one, other) => (other[0] > one[0] ? other : one), wide[0] ?? ([1, 0] as const));
    return { kind, rowDimension: longest[1], at: places };
  }
  const [rowDimension = Math.max(0, shape.length - 2), columnDimension] = dimensions.length >= 2 ? dimensions.slice(-2) : [dimensions[0] ?? 0, undefined];
  return { kind, rowDimension, at: places, ...(columnDimension !== undefined && { columnDimension }) };
}

/** The dimensions that a slider chooses an index of. */
export function sliders({ rowDimension, columnDimension, colours }: Aiming, shape: readonly number[]): readonly number[] {
  return shape.map((_, nth) => nth).filter((nth) => nth !== rowDimension && nth !== columnDimension && nth !== colours && (shape[nth] ?? 0) > 1);
}
