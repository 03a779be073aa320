import { open, readFile, stat } from 'node:fs/promises';
import { DatasetError } from '../datasetError.ts';
import { MediaError } from '../../media/mediaError.ts';
import type { MediaPlace } from '../../media/place.ts';

/** A picture's bytes, as sharp takes them. */
export interface PictureSource {
  readonly input: string | Buffer;
  readonly size: number;
  readonly modified: number;
}

/** Bytes in which tags are looked for: cameras write them before the pixels. */
const HEAD = 4 * 2 ** 20;
/** Bytes of a file that is read whole because its name cannot be handed on. */
const MOST = 1024 * 2 ** 20;

/** Rejects with a `MediaError` or `DatasetError` that names the file. */
export async function pictureSource({ file, member }: MediaPlace): Promise<PictureSource> {
  try {
    const { size, mtimeMs } = await stat(file);
    if (member === undefined) {
      // libvips takes a trailing `[…]` in a name for options of its own.
      const isLiteral = !file.includes('[');
      if (!isLiteral && size > MOST) {
        throw new DatasetError('unavailable', `${file} is too large to be read under this name: rename it without [`);
      }
      return { input: isLiteral ? file : await readFile(file), size, modified: mtimeMs };
    }
    throw new DatasetError('unavailable', `${file}!/${member} lies in an archive, which is not looked into yet.`);
  } catch (error) {
    throw error instanceof DatasetError ? error : MediaError.from(error, member === undefined ? file : `${file}!/${member}`);
  }
}

/** The first bytes of it. */
export async function headOf({ input }: PictureSource): Promise<Buffer> {
  if (typeof input !== 'string') {
    return input.subarray(0, HEAD);
  }
  const file = await open(input);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
