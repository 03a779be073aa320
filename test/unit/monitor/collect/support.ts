import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export const isRoot = process.getuid?.() === 0;

const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of our own alone that is gone when the test file is done; its path leaves room for a socket's name. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ty-'));
  folders.push(folder);
  return folder;
}
