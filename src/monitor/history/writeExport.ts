import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes an export so that its name stands for the whole or for what was there before: beside it first, and then in its place.
 *
 * @param path the person chose it, and to overwrite what is there
 * @returns bytes
 */
export async function writeExport(pieces: AsyncIterable<string>, path: string): Promise<number> {
  const beside = `${path}.${randomUUID().slice(0, 8)}.part`;
  const file = await open(beside, 'wx', 0o600);
  let bytes = 0;
  try {
    try {
      for await (const piece of pieces) {
        bytes += (await file.write(piece)).bytesWritten;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    return bytes;
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
