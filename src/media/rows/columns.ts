import type { RowColumn } from './rowFile.ts';
import { MAX_COLUMNS, UnreadBytes } from './rowFile.ts';

/** The columns of rows that name them themselves, in the order in which they come first. */
export class Columns {
  private readonly types = new Map<string, string | undefined>();
  private known: readonly RowColumn[] | undefined;

  constructor(names: readonly string[] = []) {
    for (const name of names) {
      this.types.set(name, undefined);
    }
  }

  get list(): readonly RowColumn[] {
    this.known ??= [...this.types].map(([name, type]) => (type === undefined ? { name } : { name, type }));
    return this.known;
  }

  meet(values: Readonly<Record<string, unknown>>): void {
    for (const name of Object.keys(values)) {
      const before = this.types.get(name);
      if (before === undefined) {
        const type = typeOf(values[name]);
        if ((type !== undefined || !this.types.has(name)) && (this.types.has(name) || this.types.size < MAX_COLUMNS)) {
          this.types.set(name, type);
          this.known = undefined;
        }
      }
    }
  }
}

/** The type of a value in words; undefined for null. */
export function typeOf(value: unknown): string | undefined {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return 'list';
  }
  if (ArrayBuffer.isView(value) || value instanceof UnreadBytes) {
    return 'bytes';
  }
  return typeof value === 'object' ? (value instanceof Date ? 'time' : 'struct') : typeof value === 'bigint' ? 'number' : typeof value;
}
