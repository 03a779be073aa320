import type { SqliteDatabase, SqliteStatement } from '../../base/sqlite.ts';

/**
 * `pinned`: the format that a person chose. `inOrder`: whether the items' numbers are in the order of their paths. `walked`:
 * milliseconds since 1970, of the last whole walk. `described`: what the items were described by, as JSON.
 */
export type MetaKey = 'root' | 'formats' | 'pinned' | 'nextItem' | 'nextWalk' | 'inOrder' | 'walked' | 'skipped' | 'described';

/** The few facts about the whole. */
export class Meta {
  private readonly find: SqliteStatement;
  private readonly put: SqliteStatement;

  constructor(private readonly database: SqliteDatabase) {
    this.find = database.prepare('SELECT value FROM meta WHERE key = ?');
    this.put = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  }

  text(key: MetaKey): string | undefined {
    const value = this.find.get(key)?.['value'];
    return value === undefined || value === null ? undefined : String(value);
  }

  number(key: MetaKey): number | undefined {
    const text = this.text(key);
    return text === undefined ? undefined : Number(text);
  }

  set(key: MetaKey, value: string | number | null): void {
    this.put.run(key, value);
  }

  /** A number that no item ever had, whichever process added some. */
  nextItem(): number {
    const last = this.database.prepare('SELECT max(id) AS last FROM item').get()?.['last'];
    return Math.max(this.number('nextItem') ?? 1, Number(last ?? 0) + 1);
  }
}
