type Column = Float64Array | BigInt64Array | BigUint64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** The column, or a copy with twice the room where `rows` do not fit. */
export function withRoom<T extends Column>(column: T, rows: number): T {
  if (rows <= column.length) {
    return column;
  }
  const Kind = column.constructor as new (length: number) => T;
  const larger = new Kind(Math.max(rows, column.length * 2));
  (larger as Float64Array).set(column as Float64Array);
  return larger;
}
