/** `TyCt`: whose file it is. */
export const APPLICATION = 0x54794374;
/** A file of another version is begun anew: all that is in it can be found out again. */
export const SCHEMA_VERSION = 2;

/**
 * How far an item was looked at. `left`, `member`, `cut` and `refused` are members of archives: its name alone is known, it was
 * looked at, only its beginning was and does not tell everything, it cannot be read.
 */
export const STATE = { named: 0, probed: 1, deeper: 2, failed: 3, left: 4, member: 5, cut: 6, refused: 7 } as const;

export function isMember(state: number): boolean {
  return state >= STATE.left;
}

export const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  -- path: relative to the root, empty for it. bytes: the absolute path where it is not UTF-8. modified: NULL where it must be
  -- read again. walk: the number of the last walk that saw it. archive: the item whose members these are. looked: whether all
  -- these were looked at, of the first folder of an archive. skipped: what of it was left out, by reason, as JSON.
  CREATE TABLE folder (
    id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, path TEXT NOT NULL UNIQUE, bytes BLOB, linked INTEGER NOT NULL,
    modified REAL, walk INTEGER NOT NULL, files INTEGER NOT NULL DEFAULT 0, archive INTEGER,
    looked INTEGER, skipped TEXT
  ) STRICT;
  CREATE INDEX folder_parent ON folder (parent);
  -- name: as it is shown; bytes: as it is, where it is not UTF-8. applies: bits of the columns that apply to it.
  CREATE TABLE item (
    id INTEGER PRIMARY KEY, folder INTEGER NOT NULL, name TEXT NOT NULL, bytes BLOB, state INTEGER NOT NULL DEFAULT 0,
    kind TEXT NOT NULL, applies INTEGER NOT NULL DEFAULT 0, container TEXT, size INTEGER, modified REAL, duration REAL, rate REAL,
    channels INTEGER, width INTEGER, height INTEGER, fps REAL, codec TEXT, rows INTEGER, caption TEXT, label TEXT, split TEXT,
    speaker TEXT, hash TEXT, severity TEXT, health TEXT
  ) STRICT;
  CREATE UNIQUE INDEX item_place ON item (folder, name);
`;
