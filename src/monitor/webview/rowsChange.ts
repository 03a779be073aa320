/** Rows with an identity, as what changed of them. */
export interface RowsChange<R extends { readonly key: string }> {
  /** Whole rows that are new, and of others what is different. */
  readonly changed: readonly (Partial<R> & { readonly key: string })[];
  /** All keys in order, where rows came, went or moved. */
  readonly order?: readonly string[];
}

/** Says of rows what has changed since the last time: half of a table at rest costs nothing on the line. */
export class RowsEncoder<R extends { readonly key: string }> {
  private sent = new Map<string, R>();

  /** undefined where nothing changed. */
  next(rows: readonly R[]): RowsChange<R> | undefined {
    const changed = rows.map((row) => difference(this.sent.get(row.key), row)).filter((change) => change !== undefined);
    const before = [...this.sent.keys()];
    const moved = before.length !== rows.length || rows.some(({ key }, index) => key !== before[index]);
    this.sent = new Map(rows.map((row) => [row.key, row]));
    return changed.length === 0 && !moved ? undefined : { changed, ...(moved && { order: rows.map(({ key }) => key) }) };
  }

  reset(): void {
    this.sent = new Map();
  }
}

/** The rows after a change. */
export function applyRows<R extends { readonly key: string }>(rows: readonly R[], change: RowsChange<R>): readonly R[] {
  const known = new Map(rows.map((row) => [row.key, row]));
  for (const part of change.changed) {
    known.set(part.key, { ...known.get(part.key), ...part } as R);
  }
  const order = change.order ?? rows.map(({ key }) => key);
  return order.map((key) => known.get(key)).filter((row) => row !== undefined);
}

function difference<R extends { readonly key: string }>(before: R | undefined, now: R): (Partial<R> & { readonly key: string }) | undefined {
  if (before === undefined) {
    return now;
  }
  const fields = (Object.keys(now) as (keyof R)[]).filter((field) => !isSame(before[field], now[field]));
  return fields.length === 0 ? undefined : ({ key: now.key, ...Object.fromEntries(fields.map((field) => [field, now[field]])) } as Partial<R> & { readonly key: string });
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
