import { readlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { BytePath } from '../../base/bytePath.ts';
import type { Entry } from '../entry.ts';
import { localPath } from './localStat.ts';

const THOUSAND = 1000n;

/** Throws Node's error where a link cannot be read. */
export function localEntry(root: BytePath, path: BytePath, stat: BigIntStats): Entry {
  const mode = Number(stat.mode) & 0o7777;
  const mtime = microseconds(stat.mtimeNs);
  if (stat.isFile()) {
    return { path, kind: 'file', size: Number(stat.size), mtime, mode };
  }
  if (stat.isSymbolicLink()) {
    return { path, kind: 'link', size: 0, mtime, mode, link: readlinkSync(localPath(root, path), 'latin1') };
  }
  return { path, kind: stat.isDirectory() ? 'folder' : 'other', size: 0, mtime, mode };
}

/** Rounded down. */
export function microseconds(nanoseconds: bigint): number {
  const whole = nanoseconds / THOUSAND;
  return Number(nanoseconds < 0n && whole * THOUSAND !== nanoseconds ? whole - 1n : whole);
}
