import type { SqliteDatabase, SqliteRow } from '../../base/sqlite.ts';
import type { MediaKind } from '../../media/media.ts';
import type { Severity } from '../../media/problem.ts';
import { isMember, STATE } from './schema.ts';

/** What counts of an item. */
export interface Counted {
  readonly state: number;
  readonly kind: string;
  readonly size: number | null;
  readonly duration: number | null;
  readonly split: string | null;
  readonly severity: string | null;
}

export const COUNTED_COLUMNS = 'item.state, item.kind, item.size, item.duration, item.split, item.severity';

export function countedOf(row: SqliteRow): Counted {
  return row as unknown as Counted;
}

/** The sums over all items, kept up with every change of one instead of being taken anew. */
export class Tally {
  files = 0;
  bytes = 0;
  /** Items whose size is known. */
  sized = 0;
  probed = 0;
  members = 0;
  membersProbed = 0;
  seconds = 0;
  kinds: Partial<Record<MediaKind, number>> = {};
  splits: Record<string, number> = {};
  problems: Record<Severity, number> = { error: 0, warning: 0, info: 0 };

  add(item: Counted, count = 1): void {
    const { state, kind, size, duration, split, severity } = item;
    raise(this.kinds, kind, count);
    // A member of an archive is no file, and its bytes are among the archive's.
    if (isMember(state)) {
      this.members += count;
      this.membersProbed += state === STATE.left ? 0 : count;
    } else {
      this.files += count;
      this.probed += state === STATE.named || state === STATE.deeper ? 0 : count;
      this.bytes += count * (size ?? 0);
      this.sized += size === null ? 0 : count;
    }
    if (duration !== null && (kind === 'audio' || kind === 'video')) {
      this.seconds += count * duration;
    }
    if (split !== null) {
      raise(this.splits, split, count);
    }
    if (severity !== null) {
      raise(this.problems, severity, count);
    }
  }

  become(other: Tally): void {
    Object.assign(this, other);
  }

  change(before: Counted, after: Counted): void {
    this.add(before, -1);
    this.add(after);
  }
}

function raise(counts: Partial<Record<string, number>>, key: string, count: number): void {
  const sum = (counts[key] ?? 0) + count;
  if (sum === 0 && !(key in { error: 0, warning: 0, info: 0 })) {
    delete counts[key];
  } else {
    counts[key] = sum;
  }
}

/** Items at a time: some milliseconds. */
const CHUNK = 65_536;

/** The sums over what is in the catalogue already. Others get their turn in between. */
export async function loadTally(database: SqliteDatabase): Promise<Tally> {
  const tally = new Tally();
  const last = Number(database.prepare('SELECT max(id) AS last FROM item').get()?.['last'] ?? 0);
  const statement = database.prepare(
    `SELECT state, kind, split, severity, count(*) AS n, count(size) AS sized, sum(size) AS bytes, sum(duration) AS seconds
     FROM item WHERE id BETWEEN ? AND ? GROUP BY state, kind, split, severity`,
  );
  for (let from = 1; from <= last; from += CHUNK) {
    for (const row of statement.iterate(from, from + CHUNK - 1)) {
      const { n, sized, bytes, seconds } = row as unknown as Record<'n' | 'sized' | 'bytes' | 'seconds', number | null>;
      tally.add({ ...countedOf(row), size: null, duration: null }, n ?? 0);
      tally.sized += isMember(Number(row['state'])) ? 0 : (sized ?? 0);
      tally.bytes += isMember(Number(row['state'])) ? 0 : (bytes ?? 0);
      tally.seconds += row['kind'] === 'audio' || row['kind'] === 'video' ? (seconds ?? 0) : 0;
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return tally;
}
