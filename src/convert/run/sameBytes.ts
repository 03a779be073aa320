import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** A FIFO does not hold us up, and a link is not followed. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
const BLOCK = 1_048_576;

/** Whether two paths are files with the same bytes; false where one of them is no plain file or cannot be read. */
export async function haveSameBytes(one: string, other: string): Promise<boolean> {
  const files: FileHandle[] = [];
  try {
    for (const path of [one, other]) {
      files.push(await open(path, OPEN_FLAGS));
    }
    const [first, second] = files as [FileHandle, FileHandle];
    return await areSame(first, second);
  } catch {
    return false;
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

async function areSame(one: FileHandle, other: FileHandle): Promise<boolean> {
  const [first, second] = await Promise.all([one.stat(), other.stat()]);
  if (!first.isFile() || !second.isFile() || first.size !== second.size) {
    return false;
  }
  const [left, right] = [Buffer.allocUnsafe(BLOCK), Buffer.allocUnsafe(BLOCK)];
  for (let at = 0; at < first.size; ) {
    const read = await Promise.all([one.read(left, 0, BLOCK, at), other.read(right, 0, BLOCK, at)]);
    const bytes = Math.min(...read.map(({ bytesRead }) => bytesRead));
    if (bytes === 0 || left.compare(right, 0, bytes, 0, bytes) !== 0) {
      return false;
    }
    at += bytes;
  }
  return true;
}
