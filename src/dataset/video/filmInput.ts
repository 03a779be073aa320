import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { Input, InputFormat } from 'mediabunny';
import { ADTS, CustomSource, FLAC, Input as MediaInput, Logging, LogLevel, MATROSKA, MP4, MPEG_TS, OGG, QTFF, WEBM } from 'mediabunny';
import type { FilePart } from '../../media/filePart.ts';
import { nameOfPart } from '../../media/filePart.ts';
import type { Container } from '../../media/media.ts';
import { MediaError } from '../../media/mediaError.ts';

const readAt = promisify(read);
const FORMATS: Readonly<Partial<Record<Container, InputFormat>>> = { mp4: MP4, mov: QTFF, matroska: MATROSKA, webm: WEBM, mpegts: MPEG_TS, ogg: OGG, flac: FLAC, adts: ADTS };

/** A film's container taken apart by mediabunny with a handle of its own; undefined for containers that it does not read. */
export async function withInput<T>(part: FilePart, container: Container, use: (input: Input) => Promise<T>): Promise<T | undefined> {
  const format = FORMATS[container];
  if (format === undefined) {
    return undefined;
  }
  let fd: number | undefined;
  try {
    const opened = (fd = openSync(part.file, 'r'));
    const { start: origin = 0 } = part;
    const size = Math.min(part.size ?? Infinity, fstatSync(fd).size - origin);
    Logging.level = LogLevel.Silent;
    const input = new MediaInput({
      formats: [format],
      source: new CustomSource({
        getSize: () => size,
        async read(start, end) {
          const buffer = Buffer.allocUnsafe(end - start);
          const { bytesRead } = await readAt(opened, buffer, 0, buffer.length, origin + start);
          if (bytesRead < buffer.length) {
            throw new RangeError(`the file ends at ${start + bytesRead}`);
          }
          return buffer;
        },
        handleUnhandledError: () => undefined,
        prefetchProfile: 'fileSystem',
      }),
    });
    try {
      return await use(input);
    } finally {
      input.dispose();
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : MediaError.from(error, nameOfPart(part));
  } finally {
    if (fd !== undefined) {
      closeSync(fd);
    }
  }
}
