import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { CheckpointFile, CheckpointListing, CheckpointSource, FileRange } from '../../checkpoint.ts';
import { isBelow, MAX_NAMES, OF_SEVERAL } from './sourceNames.ts';

const PIECE = 4 * 1024 * 1024;

/** A file or folder of this machine, by its path from `folder`, or from the process's own; links are followed. Rejects with a file system error where there is none. */
export async function openLocalSource(path: string, folder = ''): Promise<CheckpointSource> {
  const absolute = resolve(folder, path);
  const isFolder = (await stat(absolute)).isDirectory();
  return new LocalSource(path, isFolder ? absolute : dirname(absolute), isFolder ? undefined : basename(absolute));
}

class LocalSource implements CheckpointSource {
  readonly folderName: string;

  constructor(
    readonly path: string,
    private readonly folder: string,
    readonly focus: string | undefined,
  ) {
    this.folderName = basename(folder);
  }

  async list(depth: number, signal?: AbortSignal): Promise<CheckpointListing> {
    const now = Date.now();
    if (this.focus !== undefined && !OF_SEVERAL.test(this.focus)) {
      return { now, files: await this.look([this.focus]) };
    }
    const files: CheckpointFile[] = [];
    let folders = [''];
    for (let level = 0; level < (this.focus === undefined ? depth : 1) && folders.length > 0; level++) {
      const below: string[] = [];
      for (const folder of folders) {
        signal?.throwIfAborted();
        const names = await readdir(join(this.folder, folder)).catch(() => []);
        const found = await this.look(names.slice(0, MAX_NAMES - files.length).map((name) => (folder === '' ? name : `${folder}/${name}`)));
        files.push(...found);
        below.push(...found.filter((file) => file.folder).map(({ name }) => name));
      }
      folders = below;
    }
    return { now, files };
  }

  async read(ranges: readonly FileRange[], signal?: AbortSignal): Promise<readonly Buffer[]> {
    return this.each(ranges, signal, async (file, offset, length) => {
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
        if (bytesRead === 0) {
          break;
        }
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    }, Buffer.alloc(0));
  }

  async digest(ranges: readonly FileRange[], signal?: AbortSignal): Promise<readonly string[]> {
    return this.each(ranges, signal, async (file, offset, length) => {
      const hash = createHash('sha256');
      const piece = Buffer.allocUnsafe(Math.min(PIECE, Math.max(1, length)));
      for (let at = 0; at < length; ) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, length - at), offset + at);
        if (bytesRead === 0) {
          break;
        }
        hash.update(piece.subarray(0, bytesRead));
        at += bytesRead;
      }
      return hash.digest('hex');
    }, '');
  }

  private async each<T>(ranges: readonly FileRange[], signal: AbortSignal | undefined, take: (file: FileHandle, offset: number, length: number) => Promise<T>, nothing: T): Promise<readonly T[]> {
    const results: T[] = [];
    for (const { file: name, offset, length } of ranges) {
      signal?.throwIfAborted();
      const file = isBelow(name) ? await open(join(this.folder, name)).catch(() => undefined) : undefined;
      if (file === undefined) {
        results.push(nothing);
        continue;
      }
      try {
        const { size } = await file.stat();
        const start = offset < 0 ? Math.max(0, size + offset) : offset;
        results.push(await take(file, start, Math.max(0, Math.min(length, size - start))));
      } finally {
        await file.close();
      }
    }
    return results;
  }

  private async look(names: readonly string[]): Promise<CheckpointFile[]> {
    const found = await Promise.all(
      names.map(async (name) => {
        const entry = await stat(join(this.folder, name)).catch(() => undefined);
        return entry && { name, size: entry.isDirectory() ? 0 : entry.size, mtime: entry.mtimeMs, folder: entry.isDirectory() };
      }),
    );
    return found.filter((file) => file !== undefined);
  }
}
