import { lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { systemPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';

/** As `node:fs` takes it, without a copy where it is plain ASCII. */
export function localPath(root: BytePath, path: BytePath): string | Buffer {
  const whole = path === '' ? root : root === '/' ? `/${path}` : `${root}/${path}`;
  return /[\x80-\xff]/.test(whole) ? systemPath(whole) : whole;
}

/** What is there; undefined where there is nothing, as below a file. Throws Node's error where it cannot be looked at. Exact to the nanosecond. */
export function lookAt(root: BytePath, path: BytePath): BigIntStats | undefined {
  try {
    return lstatSync(localPath(root, path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') {
      return undefined;
    }
    throw error;
  }
}

/** The system's words, without the path and the name of the call. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const [, words] = /^[A-Z]+: ([^,]+)/.exec(message) ?? [];
  return words ?? code ?? message;
}
