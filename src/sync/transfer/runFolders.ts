import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { OWN_FOLDER } from '../listing/ownNames.ts';
import type { RunFolders } from './side.ts';

/** Where what is overwritten and deleted lies, a folder for each run; relative to the receiving root. */
export const TRASH = `${OWN_FOLDER}/trash`;

/** Tells what is half done of this machine's from what another machine has begun in the same folder. */
export function clientOf(storage: string, key: string): string {
  return createHash('sha256').update(`${hostname()}\0${storage}\0${key}`).digest('hex').slice(0, 12);
}

/** `at`: milliseconds since the epoch; the trash is named by it, in UTC: `2026-11-25T16-03-07-123-…`. */
export function foldersOf(at: number, client: string): RunFolders {
  const stamp = new Date(at).toISOString().slice(0, 23).replaceAll(/[:.]/g, '-');
  return { trash: `${TRASH}/${stamp}-${client}`, stage: `${OWN_FOLDER}/stage-${client}`, parts: `${OWN_FOLDER}/parts-${client}` };
}
