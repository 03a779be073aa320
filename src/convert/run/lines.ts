import { open } from 'node:fs/promises';

const CHUNK = 256 * 1024;
const NEWLINE = 0x0a;

/** Whole lines that follow one another in a file. */
export interface LineBlock {
  /** Bytes of the lines, each with its newline. */
  readonly bytes: Buffer;
  /** Where they begin in the file, in bytes. */
  readonly offset: number;
}

/**
 * The whole lines of a file from `offset` on, in blocks of some hundred kilobytes; a last line without a newline is left out, as a
 * crash may have cut it. A missing file has none. A block's bytes are overwritten by the next one.
 */
export async function* readLineBlocks(file: string, offset = 0): AsyncGenerator<LineBlock> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (handle === undefined) {
    return;
  }
  try {
    let buffer = Buffer.allocUnsafe(CHUNK);
    let held = 0;
    let position = offset;
    for (;;) {
      if (held === buffer.length) {
        buffer = Buffer.concat([buffer], buffer.length * 2);
      }
      const { bytesRead } = await handle.read(buffer, held, buffer.length - held, position + held);
      if (bytesRead === 0) {
        return;
      }
      const filled = held + bytesRead;
      const end = buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (end > 0) {
        yield { bytes: buffer.subarray(0, end), offset: position };
        buffer.copyWithin(0, end, filled);
        position += end;
      }
      held = filled - end;
    }
  } finally {
    await handle.close();
  }
}

/** The values of a JSON Lines file from `offset` on, many at a time. Throws where a whole line is not JSON. */
export async function* readJsonBlocks<T>(file: string, offset = 0): AsyncGenerator<readonly T[]> {
  for await (const { bytes } of readLineBlocks(file, offset)) {
    yield bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }
}
