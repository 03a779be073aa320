import type { SqliteDatabase, SqliteRow } from '../../base/sqlite.ts';
import { known } from '../../base/absent.ts';
import { ArrayError } from '../../media/arrays/arrayError.ts';
import { openBytes } from '../../media/arrays/fileBytes.ts';
import { readNpyHeader } from '../../media/arrays/npyArrays.ts';
import { ArchiveError } from '../../media/archives/archiveError.ts';
import type { MemberFiles, PlaceFile } from '../../media/archives/memberFiles.ts';
import { MediaError } from '../../media/mediaError.ts';
import type { Container } from '../../media/media.ts';
import type { MediaPlace } from '../../media/place.ts';
import { openRows } from '../../media/rows/openRows.ts';
import { rowBytesOf } from '../../media/rows/rowBytes.ts';
import { RowsError } from '../../media/rows/rowsError.ts';
import { APPLIES } from '../filter/filterSql.ts';
import { STATE } from './schema.ts';

export interface RowCountsOptions {
  readonly database: SqliteDatabase;
  readonly files: MemberFiles;
  readonly placeOf: (row: SqliteRow) => MediaPlace | undefined;
  readonly rest: (signal: AbortSignal) => Promise<void>;
  readonly onChange: () => void;
}

/** Containers of rows: those whose number stands in their header, and those that are gone through for it. */
const STATED = new Set<Container>(['parquet', 'npy']);
const COUNTED = new Set<Container>(['jsonl', 'csv', 'tsv']);
/** Bytes of a file that is gone through. */
const MOST = 2 * 2 ** 30;
/** Items among which such are looked for at once: some milliseconds. */
const CHUNK = 16_384;

export function hasRows(container: string): boolean {
  return STATED.has(container as Container) || COUNTED.has(container as Container);
}

/** Finds out how many rows files and members have: last of all, as it may read them whole. Rejects with the signal's reason. */
export async function countRows({ database, files, placeOf, rest, onChange }: RowCountsOptions, signal: AbortSignal): Promise<void> {
  const next = database.prepare(
    `SELECT item.id, item.name, item.bytes, item.container, item.size, folder.path AS folderPath, folder.bytes AS folderBytes, folder.archive
     FROM item JOIN folder ON folder.id = item.folder WHERE item.id BETWEEN ? AND ? AND item.rows IS NULL AND item.applies & ${APPLIES.rows} <> 0 AND item.state IN (${STATE.probed}, ${STATE.member})`,
  );
  const found = database.prepare('UPDATE item SET rows = ? WHERE id = ? AND size = ?');
  const refused = database.prepare(`UPDATE item SET applies = applies & ~${APPLIES.rows} WHERE id = ?`);
  const last = Number(database.prepare('SELECT max(id) AS last FROM item').get()?.['last'] ?? 0);
  const tars = new UnpackedTars(files);
  try {
    for (let from = 1; from <= last; from += CHUNK) {
      for (const row of next.all(from, from + CHUNK - 1)) {
        const place = placeOf(row);
        const size = Number(row['size']);
        if (place !== undefined && (!COUNTED.has(row['container'] as Container) || size <= MOST)) {
          const rows = await rowsIn(place, row['container'] as Container, tars, signal);
          if (rows === undefined) {
            refused.run(row['id']!);
          } else {
            found.run(rows, row['id']!, size);
          }
          onChange();
        }
        await rest(signal);
      }
      await rest(signal);
    }
  } finally {
    tars.dispose();
  }
}

/** Opens places; of members of a packed tar the whole is unpacked once for all that follow each other. */
class UnpackedTars {
  private held: { readonly file: string; readonly tar: PlaceFile } | undefined;

  constructor(private readonly files: MemberFiles) {}

  async open(place: MediaPlace, signal: AbortSignal): Promise<PlaceFile> {
    const { file, member } = place;
    const archive = member === undefined || file === this.held?.file ? undefined : this.files.archive(file);
    if (archive?.format === 'tar.gz') {
      this.dispose();
      this.held = { file, tar: await this.files.unpacked(archive, signal) };
    }
    return this.files.open(place, signal);
  }

  dispose(): void {
    this.held?.tar.dispose();
    this.held = undefined;
  }
}

/** Undefined where it cannot be told: then it has none that could be shown. */
async function rowsIn(place: MediaPlace, container: Container, files: UnpackedTars, signal: AbortSignal): Promise<number | undefined> {
  try {
    const part = await files.open(place, signal);
    try {
      return container === 'npy' ? await firstAxis(part) : await counted(place, part, signal);
    } finally {
      part.dispose();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RowsError || error instanceof ArchiveError || error instanceof ArrayError || error instanceof MediaError) {
      return undefined;
    }
    throw error;
  }
}

async function counted(place: MediaPlace, part: PlaceFile, signal: AbortSignal): Promise<number | undefined> {
  const bytes = openBytes(part);
  const rows = await openRows(place, { signal, bytes: rowBytesOf(bytes.reader(), () => bytes.close()) });
  try {
    await rows.indexed(signal);
    return known(rows.count.total);
  } finally {
    rows.dispose();
  }
}

async function firstAxis(part: PlaceFile): Promise<number | undefined> {
  const bytes = openBytes(part);
  try {
    return (await readNpyHeader(bytes.reader())).shape[0];
  } finally {
    bytes.close();
  }
}
