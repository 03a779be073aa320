import { open, readFile, stat } from 'node:fs/promises';
import { ArchiveError } from '../../media/archives/archiveError.ts';
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
/** Bytes of what is read whole: a member, or a file whose name cannot be handed on. */
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
    const bytes = await memberBytes({ file, member });
    return { input: bytes, size: bytes.length, modified: mtimeMs };
  } catch (error) {
    throw error instanceof DatasetError || error instanceof ArchiveError ? error : MediaError.from(error, member === undefined ? file : `${file}!/${member}`);
  }
}

async function memberBytes(place: MediaPlace): Promise<Buffer> {
  const { openPlace } = await import('../../media/archives/openPlace.ts');
  const opened = await openPlace(place);
  try {
    const { source } = opened;
    if (source.size > MOST) {
      throw new DatasetError('unavailable', `${place.file}!/${place.member} is too large to be shown from within its archive.`);
    }
    return Buffer.from(source.read(0, source.size));
  } finally {
    opened.dispose();
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
