import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces a file at one stroke: whoever reads it has the old one or the new one. */
export function writeWhole(path: string, content: string | Buffer): void {
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const fd = openSync(beside, 'wx', 0o600);
  try {
    try {
      writeFileSync(fd, content);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
