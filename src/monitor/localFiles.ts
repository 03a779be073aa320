import { closeSync, openSync, readSync, readdirSync, readlinkSync } from 'node:fs';

import { absent, isAbsent, type Absent, type Measured } from '../base/absent.ts';
import { toDisposable, type Disposable } from '../base/disposable.ts';
import type { KernelFiles } from './kernelFiles.ts';

/** Bytes that are read at once: more than any file of the kernel that is read each tick, on a machine of some hundred cores. */
const BUFFER_BYTES = 64 * 1024;
/** No file of the kernel that says one thing is larger; a longer one is not what it was taken for. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Descriptors that are kept open for `text`. */
const MAX_HELD = 512;
/** Paths of which is known how often they were asked for. */
const MAX_COUNTED = 8192;

/** The files of the machine that we run on, and what only they can do: be read without being opened again. */
export interface LocalFiles extends KernelFiles, Disposable {
  /** What `OpenFile.read` reads into. Overwritten by each call of anything here. */
  readonly buffer: Buffer;
  /** Keeps a file open; for those who close what they open. */
  open(path: string): Measured<OpenFile>;
}

export interface OpenFile extends Disposable {
  /**
   * Reads afresh from the start with one read(2), which gives the whole of a file that the kernel makes in one piece, as all of
   * `/proc/<pid>` are. The number of bytes now in `buffer`; -1 where what it told of has gone.
   */
  read(): number;
}

/**
 * The files of this machine, or of a tree made for a test. A file asked for again and again is kept open and read in place,
 * which costs a tenth of opening it; below another root it is not, because what lies there may be replaced.
 */
export function createLocalFiles(root = '/'): LocalFiles {
  const prefix = root.replace(/\/+$/, '');
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  const held = createHeldDescriptors();
  return {
    buffer,
    text(path) {
      const descriptor = prefix === '' ? held.get(path) : undefined;
      if (descriptor !== undefined) {
        try {
          return wholeText(descriptor, buffer, isOfShortRecords(path));
        } catch {
          // The device, the group or the process that it told of has gone, and may have come again.
          held.drop(path);
        }
      }
      let opened: number;
      try {
        opened = openSync(prefix + path, 'r');
      } catch (error) {
        return reasonOf(error);
      }
      try {
        const text = wholeText(opened, buffer, false);
        if (prefix === '' && held.keep(path, opened)) {
          opened = -1;
        }
        return text;
      } catch (error) {
        return reasonOf(error);
      } finally {
        if (opened !== -1) {
          closeSync(opened);
        }
      }
    },
    list: (path) => attempt(() => readdirSync(prefix + path)),
    link: (path) => attempt(() => readlinkSync(prefix + path)),
    open(path) {
      const descriptor = attempt(() => openSync(prefix + path, 'r'));
      return isAbsent(descriptor) ? descriptor : openFile(descriptor, buffer);
    },
    dispose: () => {
      held.dispose();
    },
  };
}

export function isLocal(files: KernelFiles): files is LocalFiles {
  return 'open' in files && 'buffer' in files;
}

function openFile(descriptor: number, buffer: Buffer): OpenFile {
  let open = true;
  return {
    read() {
      try {
        return open ? readSync(descriptor, buffer, 0, BUFFER_BYTES, 0) : -1;
      } catch {
        return -1;
      }
    },
    ...toDisposable(() => {
      if (open) {
        open = false;
        closeSync(descriptor);
      }
    }),
  };
}

interface HeldDescriptors extends Disposable {
  get(path: string): number | undefined;
  /** Takes a descriptor over, where the path was asked for often enough; else it stays the caller's. */
  keep(path: string, descriptor: number): boolean;
  drop(path: string): void;
}

function createHeldDescriptors(): HeldDescriptors {
  const descriptors = new Map<string, number>();
  const asked = new Map<string, number>();
  return {
    get: (path) => descriptors.get(path),
    keep(path, descriptor) {
      // Those of processes come and go by the thousand.
      if (descriptors.size >= MAX_HELD || /^\/proc\/\d/.test(path)) {
        return false;
      }
      const times = (asked.get(path) ?? 0) + 1;
      if (times < 3) {
        if (asked.size < MAX_COUNTED) {
          asked.set(path, times);
        }
        return false;
      }
      asked.delete(path);
      descriptors.set(path, descriptor);
      return true;
    },
    drop(path) {
      const descriptor = descriptors.get(path);
      if (descriptor !== undefined) {
        descriptors.delete(path);
        closeSync(descriptor);
      }
    },
    dispose() {
      for (const descriptor of descriptors.values()) {
        closeSync(descriptor);
      }
      descriptors.clear();
    },
  };
}

/** Bytes of which it is certain that another record would have found room beside them in a page, where none is long. */
const SURELY_ALL = 2048;

/** Those of mounts hold the options of each, which may fill a page. */
function isOfShortRecords(path: string): boolean {
  return !path.includes('mount');
}

/**
 * A file made of many records comes a page at a time, each with as many as it has room for (seq_file of the kernel): only a read of
 * nothing is its end, or one that left so much room that there were no more.
 */
function wholeText(descriptor: number, buffer: Buffer, hasShortRecords: boolean): string {
  let length = 0;
  let pieces: Buffer[] | undefined;
  let kept = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, length, BUFFER_BYTES - length, kept + length);
    if (read === 0) {
      break;
    }
    length += read;
    if (hasShortRecords && kept + length === read && read <= SURELY_ALL) {
      break;
    }
    if (length === BUFFER_BYTES) {
      (pieces ??= []).push(Buffer.from(buffer));
      kept += length;
      length = 0;
      if (kept >= MAX_BYTES) {
        throw Object.assign(new Error('too large'), { code: 'EFBIG' });
      }
    }
  }
  return pieces === undefined ? buffer.toString('utf8', 0, length) : Buffer.concat([...pieces, buffer.subarray(0, length)]).toString('utf8');
}

function attempt<T>(read: () => T): Measured<T> {
  try {
    return read();
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): Absent {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ESRCH':
    case 'ENODEV':
    case 'ENXIO':
      return absent('not there');
    case 'EACCES':
    case 'EPERM':
      return absent('not permitted');
    default:
      return absent(code);
  }
}
