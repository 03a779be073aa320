import { open, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/** Writes a text in the place of a file of ours, or as a new one: readers see the old or the new, never a part. Rejects with the system's error. */
export async function writeSynced(file: string, text: string | Iterable<string>): Promise<void> {
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.part`);
  try {
    const handle = await open(draft, 'wx', 0o644);
    try {
      for (const part of typeof text === 'string' ? [text] : text) {
        await handle.appendFile(part);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
