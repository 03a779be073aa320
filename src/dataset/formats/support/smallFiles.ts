import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';

const MAX_SMALL = 4 * 2 ** 20;

/** A label, caption or annotation of its own file; undefined where it is not there, not readable, or no small file. */
export function readSmall(file: string): string | undefined {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const found = fstatSync(fd);
      if (!found.isFile() || found.size > MAX_SMALL) {
        return undefined;
      }
      const bytes = Buffer.alloc(found.size);
      return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0)).replace(/^\ufeff/, '');
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** Lines with something in them, numbered from 1. */
export function filledLines(text: string): { readonly row: number; readonly line: string }[] {
  return text.split(/\r?\n/).flatMap((line, index) => (line.trim() === '' ? [] : [{ row: index + 1, line }]));
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** As EXIF has it. */
  readonly orientation: number;
}

export function pictureSize(media: Media | undefined): PictureSize | undefined {
  const width = known(media?.image?.width);
  const height = known(media?.image?.height);
  return width === undefined || height === undefined ? undefined : { width, height, orientation: known(media?.image?.orientation) ?? 1 };
}
