import { isAbsent } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { isLocal, type OpenFile } from '../localFiles.ts';

/** Each open file of `/proc` costs the kernel a few kilobytes. */
const MAX_OPEN = 1024;

/** A file that is read again and again. */
export interface ProcessFile extends Disposable {
  /** Bytes now in the buffer; -1 where the process has gone or does not show itself. */
  read(): number;
}

/** The small files of processes, as bytes. */
export interface ProcessFiles {
  /** What is read lies here until the next reading. */
  bytes(): Buffer;
  file(path: string): ProcessFile;
  /** The same for what is read once: as `ProcessFile.read`. */
  read(path: string): number;
}

/** Kept open on this machine, as far as that goes; from another one text is made bytes of. */
export function createProcessFiles(files: KernelFiles): ProcessFiles {
  if (!isLocal(files)) {
    return textFiles(files);
  }
  let count = 0;
  return {
    bytes: () => files.buffer,
    read(path) {
      const opened = files.open(path);
      if (isAbsent(opened)) {
        return -1;
      }
      const length = opened.read();
      opened.dispose();
      return length;
    },
    file(path) {
      let held: OpenFile | undefined;
      const drop = (): void => {
        if (held !== undefined) {
          held.dispose();
          held = undefined;
          count--;
        }
      };
      return {
        read() {
          if (held !== undefined) {
            const length = held.read();
            if (length !== -1) {
              return length;
            }
            // Its number may be another process's by now.
            drop();
          }
          const opened = files.open(path);
          if (isAbsent(opened)) {
            return -1;
          }
          const length = opened.read();
          if (length === -1 || count >= MAX_OPEN) {
            opened.dispose();
          } else {
            held = opened;
            count++;
          }
          return length;
        },
        dispose: drop,
      };
    },
  };
}

function textFiles(files: KernelFiles): ProcessFiles {
  let buffer = Buffer.alloc(16 * 1024);
  function read(path: string): number {
    const text = files.text(path);
    if (isAbsent(text)) {
      return -1;
    }
    if (text.length * 3 > buffer.length) {
      buffer = Buffer.alloc(text.length * 3);
    }
    return buffer.write(text);
  }
  return { bytes: () => buffer, read, file: (path) => ({ read: () => read(path), dispose: () => undefined }) };
}
