import { closeSync, constants, fstatSync, openSync, opendirSync, readSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, join } from 'node:path';
import { constants as zlib, gunzipSync } from 'node:zlib';
import type { FolderLook } from './format.ts';

type Listing = ReturnType<FolderLook['list']>;

/** Names of a folder that are looked at, folders that are remembered, and files whose beginning is. */
const MAX_NAMES = 4096;
const MAX_FOLDERS = 512;
const MAX_HEADS = 128;
/** Bytes of a file that are looked at for lines: the first row of a manifest may hold a whole conversation. */
const LINES_HEAD = 2 ** 18;
const MAX_HEAD = 2 ** 20;
const NOTHING: Listing = { files: [], folders: [], more: false };
/** A FIFO is opened without waiting for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** What the file system says of a folder or a file, each asked once. Paths that lead out of the root lead nowhere. */
export function createFolderLook(root: string): FolderLook {
  const isFile = statOf(root) === 'file';
  const listings = new Map<string, Listing>();
  const heads = new Map<string, Buffer | undefined>();

  function pathOf(path: string): string | undefined {
    if (isFile) {
      return path === basename(root) ? root : undefined;
    }
    return path.includes('\0') || path.split('/').includes('..') ? undefined : join(root, path);
  }

  function list(folder: string): Listing {
    if (isFile) {
      return folder === '' || folder === '.' ? { files: [basename(root)], folders: [], more: false } : NOTHING;
    }
    const path = pathOf(folder);
    return path === undefined ? NOTHING : remembered(listings, MAX_FOLDERS, path, () => readNames(path));
  }

  function head(file: string, length: number): Buffer | undefined {
    const path = pathOf(file);
    if (path === undefined) {
      return undefined;
    }
    const wanted = Math.min(Math.max(length, 0), MAX_HEAD);
    const known = heads.get(path);
    if (known !== undefined && known.length >= wanted) {
      return known.subarray(0, wanted);
    }
    heads.delete(path);
    return remembered(heads, MAX_HEADS, path, () => readHead(path, Math.max(wanted, 4096)))?.subarray(0, wanted);
  }

  return {
    root,
    isFile,
    list,
    head,
    lines(file, count) {
      const bytes = head(file, LINES_HEAD);
      return bytes === undefined ? [] : linesOf(unpacked(bytes), count, bytes.length < LINES_HEAD);
    },
  };
}

function remembered<T>(kept: Map<string, T>, most: number, key: string, make: () => T): T {
  const known = kept.get(key);
  if (known !== undefined || kept.has(key)) {
    return known as T;
  }
  const made = make();
  if (kept.size >= most) {
    kept.delete(kept.keys().next().value as string);
  }
  kept.set(key, made);
  return made;
}

function statOf(path: string): 'file' | 'folder' | undefined {
  try {
    const found = statSync(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : undefined;
  } catch {
    return undefined;
  }
}

function readNames(folder: string): Listing {
  const files: string[] = [];
  const folders: string[] = [];
  let more = false;
  try {
    const handle = opendirSync(folder, { bufferSize: 256 });
    try {
      for (let entry = handle.readSync(); entry !== null; entry = handle.readSync()) {
        if (files.length + folders.length >= MAX_NAMES) {
          more = true;
          break;
        }
        const kind = kindOf(entry, folder);
        if (kind !== undefined) {
          (kind === 'file' ? files : folders).push(entry.name);
        }
      }
    } finally {
      handle.closeSync();
    }
  } catch {
    // Not there, not readable, or gone meanwhile: what was read until then is what is known.
  }
  return { files: inByteOrder(files), folders: inByteOrder(folders), more };
}

function kindOf(entry: Dirent, folder: string): 'file' | 'folder' | undefined {
  if (entry.isSymbolicLink()) {
    return statOf(join(folder, entry.name));
  }
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : undefined;
}

function inByteOrder(names: string[]): string[] {
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function readHead(path: string, length: number): Buffer | undefined {
  try {
    const fd = openSync(path, OPEN_FLAGS);
    try {
      const found = fstatSync(fd);
      if (!found.isFile()) {
        return undefined;
      }
      const bytes = Buffer.alloc(Math.min(length, found.size));
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** What is packed with gzip as far as it unpacks; anything else as it is. */
function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    return bytes;
  }
  try {
    return gunzipSync(bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 64 * MAX_HEAD });
  } catch {
    return Buffer.alloc(0);
  }
}

/** A last line that may go on behind what was read is left out. */
function linesOf(bytes: Buffer, count: number, isWhole: boolean): string[] {
  const lines: string[] = [];
  let from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (lines.length < count && from < bytes.length) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 && !isWhole) {
      break;
    }
    lines.push(bytes.toString('utf8', from, end < 0 ? bytes.length : end).replace(/\r$/, ''));
    from = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}
