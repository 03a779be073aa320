import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support.ts';

let files = 0;

/** A file of its own with these bytes. */
export function fileOf(bytes: Uint8Array, extension: string): string {
  const file = join(temporaryFolder(), `made${files++}${extension}`);
  writeFileSync(file, bytes);
  return file;
}
