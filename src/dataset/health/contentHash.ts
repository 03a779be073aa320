import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import createXxhash from 'xxhash-wasm';

/** Bytes from each end that tell most files apart. */
const END = 65_536;
const CHUNK = 2 ** 20;

export interface ContentHash {
  /** Of a file's ends and size, as hexadecimal; undefined where it cannot be read. */
  quick(file: string): string | undefined;
  /** Of all its bytes; a turn for others after each megabyte. */
  whole(file: string, breathe: () => Promise<void> | undefined): Promise<string | undefined>;
}

/** xxHash64: not for secrets. */
export async function createContentHash(): Promise<ContentHash> {
  const xxhash = await createXxhash();
  const buffer = Buffer.allocUnsafe(CHUNK);
  return {
    quick(file) {
      return withFile(file, (fd, size) => {
        const hash = xxhash.create64();
        hash.update(buffer.subarray(0, readSync(fd, buffer, 0, Math.min(END, size), 0)));
        if (size > END) {
          hash.update(buffer.subarray(0, readSync(fd, buffer, 0, END, Math.max(END, size - END))));
        }
        return `${size.toString(16)}-${hash.digest().toString(16)}`;
      });
    },
    async whole(file, breathe) {
      const opened = open(file);
      if (opened === undefined) {
        return undefined;
      }
      try {
        const hash = xxhash.create64();
        const own = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(opened.size, 1)));
        for (let offset = 0; offset < opened.size; ) {
          await breathe();
          const read = readSync(opened.fd, own, 0, own.length, offset);
          if (read === 0) {
            break;
          }
          hash.update(own.subarray(0, read));
          offset += read;
        }
        return hash.digest().toString(16).padStart(16, '0');
      } finally {
        closeSync(opened.fd);
      }
    },
  };
}

function withFile<T>(file: string, use: (fd: number, size: number) => T): T | undefined {
  const opened = open(file);
  try {
    return opened && use(opened.fd, opened.size);
  } catch {
    return undefined;
  } finally {
    if (opened !== undefined) {
      closeSync(opened.fd);
    }
  }
}

function open(file: string): { readonly fd: number; readonly size: number } | undefined {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const found = fstatSync(fd);
    if (found.isFile()) {
      return { fd, size: found.size };
    }
    closeSync(fd);
  } catch {
    // Gone, or not to be read.
  }
  return undefined;
}
