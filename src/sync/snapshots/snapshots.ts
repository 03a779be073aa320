import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BytePath } from '../../base/bytePath.ts';
import { writeWhole } from './writeWhole.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshotFile.ts';
import type { Pair } from './snapshotFile.ts';

export type Snapshot = ReadonlyMap<BytePath, Pair>;

/** What both sides of each pair of folders were after its last success: the third side of every plan. */
export interface Snapshots {
  /** undefined where there was none, or what was kept cannot be read: then nothing counts as deleted or changed on both sides. */
  read(key: string): Snapshot | undefined;
  /** Whole or not at all, whatever happens meanwhile. */
  write(key: string, snapshot: Snapshot): void;
}

/** `storage`: absolute path of our folder. `key`: as `pairKey` gives it. */
export function createSnapshots(storage: string): Snapshots {
  const folder = join(storage, 'snapshots');
  const place = (key: string): string => join(folder, `${key}.snapshot`);
  return {
    read(key) {
      try {
        return decodeSnapshot(readFileSync(place(key)));
      } catch {
        return undefined;
      }
    },
    write(key, snapshot) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeWhole(place(key), encodeSnapshot(snapshot));
    },
  };
}
