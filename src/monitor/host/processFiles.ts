import { isAbsent } from '../../base/absent.ts';
import { toDisposable, type Disposable } from '../../base/disposable.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { isLocal, type LocalFiles, type OpenFile } from '../localFiles.ts';

/** Each open file of `/proc` costs the kernel a few kilobytes. */
const MAX_OPEN = 1024;
/** From here on files that are seldom read are not kept open. */
const CROWDED = 768;
const [SPACE, ZERO] = [32, 48];

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
  /** What is read of a process to see whether it ran at all; undefined where that would cost more than to look what it did. */
  runs(pid: number): RunWatch | undefined;
  /** Hardly more can be kept open: who does not need a file for a while should let go of it. */
  readonly isCrowded: boolean;
  /** The same for what is read once: as `ProcessFile.read`. */
  read(path: string): number;
}

/** Of a process with one thread. */
export interface RunWatch extends Disposable {
  /**
   * Whether it has not run since the call before: then all that only it can change is what it was, if that was read after that
   * call. False where nobody can tell.
   */
  rested(): boolean;
}

/** Kept open on this machine, as far as that goes; from another one text is made bytes of. */
export function createProcessFiles(files: KernelFiles): ProcessFiles {
  return isLocal(files) ? localFiles(files) : textFiles(files);
}

function localFiles(files: LocalFiles): ProcessFiles {
  let count = 0;
  function file(path: string): ProcessFile {
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
  }
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
    file,
    get isCrowded() {
      return count >= CROWDED;
    },
    runs: (pid) => runWatch(file(`/proc/${pid}/schedstat`), files.buffer),
  };
}

/** Bytes of three numbers of at most 20 digits, and what is between them. */
const LONGEST_SCHEDSTAT = 64;

/**
 * `/proc/<pid>/schedstat` (Documentation/scheduler/sched-stats.rst): time on a processor, time waiting for one, and how often it
 * was given one. The last grows with each run, before it; where it is 0 for one that has run the kernel does not count.
 */
function runWatch(file: ProcessFile, bytes: Uint8Array): RunWatch {
  const before = new Uint8Array(LONGEST_SCHEDSTAT);
  let length = 0;
  return {
    rested() {
      const read = file.read();
      // From the end, where a difference shows at once.
      let same = read === length ? length : 0;
      while (same > 0 && bytes[same - 1] === before[same - 1]) {
        same--;
      }
      if (read > 0 && read === length && same === 0) {
        return true;
      }
      const isUseful = read >= ' 0\n'.length && read <= LONGEST_SCHEDSTAT && !(bytes[read - 2] === ZERO && bytes[read - 3] === SPACE);
      length = isUseful ? read : 0;
      for (let at = 0; at < length; at++) {
        before[at] = bytes[at] ?? 0;
      }
      return false;
    },
    ...toDisposable(() => file.dispose()),
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
  return { bytes: () => buffer, read, file: (path) => ({ read: () => read(path), dispose: () => undefined }), runs: () => undefined, isCrowded: false };
}
