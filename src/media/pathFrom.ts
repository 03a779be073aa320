import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path that a value names from a folder; undefined where it names an address or nothing. */
export function pathFrom(folder: string, value: string): string | undefined {
  if (value === '' || value.includes('\0')) {
    return undefined;
  }
  const scheme = /^([a-z][a-z\d+.-]+):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return resolve(folder, value);
  }
  try {
    return scheme === 'file' ? fileURLToPath(value) : undefined;
  } catch {
    return undefined;
  }
}
