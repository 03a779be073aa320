import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { absent, type Measured } from '../../base/absent.ts';

/** Bytes that this user may still write on the file system of a folder, which need not be there yet. */
export async function freeSpace(folder: string): Promise<Measured<number>> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const above = dirname(folder);
    return code === 'ENOENT' && above !== folder ? freeSpace(above) : absent(`the system does not tell (${code})`);
  }
}
