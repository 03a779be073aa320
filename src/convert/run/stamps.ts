import { lstatSync, statSync, type BigIntStats } from 'node:fs';

/** `${size}:${mtimeNs}`, links followed; as in `LedgerEntry`. Throws the system's error. */
export function fileStamp(path: string): string {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return `${size}:${mtimeNs}`;
}

export function outputStamp(path: string): string {
  const { size, mtimeNs } = lstatSync(path, { bigint: true });
  return `${size}:${mtimeNs}`;
}

export function outputStampIfAny(path: string): string | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.size}:${stats.mtimeNs}`;
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

function identity({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}
