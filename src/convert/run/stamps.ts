import { lstatSync, readdirSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

/** `${size}:${mtimeNs}`, links followed; as in `LedgerEntry`. Throws the system's error. */
export function fileStamp(path: string): string {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return `${size}:${mtimeNs}`;
}

/** Two numbers, which change with any change to a file, or to a folder and what lies in it. Throws the system's error. */
export function outputStamp(path: string): string {
  return stampOf(path, lstatSync(path, { bigint: true }));
}

/** Undefined where there is nothing of that name. */
export function outputStampIfAny(path: string): string | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && stampOf(path, stats);
}

/** Sums of times stay below 10^18, like a time itself until the year 2286. */
const MODULUS = 10n ** 18n;

/** Of a folder: its files' sizes and times together, and its own time, which changes when a name is added, removed or changed. */
function stampOf(path: string, stats: BigIntStats): string {
  if (!stats.isDirectory()) {
    return `${stats.size}:${stats.mtimeNs}`;
  }
  let size = 0n;
  let time = stats.mtimeNs;
  for (const name of readdirSync(path)) {
    const entry = lstatSync(join(path, name), { bigint: true });
    size += entry.size;
    time += entry.mtimeNs;
  }
  return `${size}:${time % MODULUS}`;
}

/** Tells a file or folder from every other one, and from itself after a change; a rename does not change it. Throws the system's error. */
export function identityOf(path: string): string {
  return identity(lstatSync(path, { bigint: true }));
}

/** Undefined where there is nothing of that name. */
export function identityIfAny(path: string): string | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && identity(stats);
}

/** Both from one look. Throws the system's error. */
export function identityAndStamp(path: string): { readonly identity: string; readonly stamp: string } {
  const stats = lstatSync(path, { bigint: true });
  return { identity: identity(stats), stamp: stampOf(path, stats) };
}

function identity({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}
