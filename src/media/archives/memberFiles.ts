import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disposable } from '../../base/disposable.ts';
import { formatBytes } from '../../base/format.ts';
import { lazyAsync } from '../../base/lazy.ts';
import type { PrivateFolder } from '../../process/privateFolder.ts';
import { PrivateFolders } from '../../process/privateFolder.ts';
import type { FilePart } from '../filePart.ts';
import type { MediaPlace } from '../place.ts';
import type { Archive } from './archive.ts';
import { ArchiveError } from './archiveError.ts';
import { cellBytes, OpenArchives } from './openPlace.ts';
import { piecesOfGzip } from './unpackPieces.ts';

/** The bytes of a place as a part of a plain file: where they are stored as they are, of the archive itself, else of a copy. */
export interface PlaceFile extends FilePart, Disposable {
  readonly name: string;
  /** Bytes of the place. */
  readonly length: number;
  /** Milliseconds since 1970, fractions included: of the file that holds them. */
  readonly mtimeMs: number;
}

export interface MemberFilesOptions {
  /** Absolute path of the folder for copies, which may not exist yet; several windows may use the same. */
  readonly folder: string;
  /** Bytes that all copies together may take. */
  readonly most?: number;
  /** Archives that were looked into; kept by the caller. */
  readonly archives?: OpenArchives;
}

const MOST_COPIED = 4 * 2 ** 30;
/** Bytes that a copy leaves free on its disk. */
const LEFT_FREE = 512 * 2 ** 20;

interface Wanted {
  readonly place: MediaPlace & { readonly member: string };
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly pieces: (signal: AbortSignal | undefined) => AsyncIterable<Uint8Array>;
}

/**
 * Gives members of archives and cells of tables to what reads files. Copies lie in a folder that only this user may enter, and
 * are gone with the last one who has them; those of processes that were killed are removed by the next one.
 */
export class MemberFiles implements Disposable {
  private readonly archives: OpenArchives;
  private readonly folders: PrivateFolders;
  private readonly own = new Set<PrivateFolder>();
  /** Copies of whole archives. */
  private readonly tars = new Map<Archive, string>();
  private readonly swept = lazyAsync(() => this.folders.sweep().catch(() => undefined));

  constructor(private readonly options: MemberFilesOptions) {
    this.archives = options.archives ?? new OpenArchives();
    this.folders = new PrivateFolders(options.folder);
  }

  /** Rejects with an `ArchiveError`, or with the system's error where the file itself cannot be got at. */
  async open(place: MediaPlace, signal?: AbortSignal): Promise<PlaceFile> {
    const { file, member } = place;
    if (member === undefined) {
      // Whoever reads it says better why it cannot be read.
      const found = foundStat(file);
      return { file, name: file, length: found?.size ?? 0, mtimeMs: found?.mtimeMs ?? 0, dispose: () => undefined };
    }
    const name = `${file}!/${member}`;
    const { mtimeMs } = statOf(file);
    const archive = this.archives.archive(file);
    if (archive === undefined) {
      const bytes = await cellBytes(file, member);
      return this.copied({ place: { file, member }, name, size: bytes.length, mtimeMs, pieces: () => one(bytes) }, signal);
    }
    const found = await archive.find(member, signal);
    if (found === undefined) {
      throw new ArchiveError('gone', `${file} has no member ${member}.`);
    }
    const wanted: Wanted = { place: { file, member }, name, size: found.size, mtimeMs, pieces: (until) => archive.pieces(found, until) };
    const tar = this.tars.get(archive);
    if (tar !== undefined) {
      const { offset, size } = archive.table.stored(found.index);
      return this.window({ file: tar, start: offset, size }, wanted);
    }
    const run = archive.runOf(found);
    return run === undefined ? this.copied(wanted, signal) : this.window({ file, ...run }, wanted);
  }

  private window(run: { readonly file: string; readonly start: number; readonly size: number }, wanted: Wanted): PlaceFile {
    let copy: Promise<PlaceFile> | undefined;
    return {
      ...run,
      name: wanted.name,
      length: run.size,
      mtimeMs: wanted.mtimeMs,
      plain: async (until) => (await (copy ??= this.copied(wanted, until))).file,
      dispose: () => void copy?.then((made) => made.dispose(), () => undefined),
    };
  }

  /** Undefined where the file is no archive; open as long as few others were asked for since. */
  archive(file: string): Archive | undefined {
    return this.archives.archive(file);
  }

  /** All of a `tar.gz` as the tar that it is: as long as it is there its members are opened as parts of it. Rejects as `open` does. */
  async unpacked(archive: Archive, signal?: AbortSignal): Promise<PlaceFile> {
    await archive.scan({ signal });
    const { file, table } = archive;
    const size = Array.from({ length: table.length }, (_, index) => table.stored(index)).reduce((end, stored) => Math.max(end, stored.offset + stored.size), 0);
    const pieces = (until: AbortSignal | undefined) => piecesOfGzip(file, 0, size, file, until);
    const tar = await this.copied({ place: { file, member: '' }, name: file, size, mtimeMs: statOf(file).mtimeMs, pieces }, signal);
    this.tars.set(archive, tar.file);
    return {
      ...tar,
      dispose: () => {
        this.tars.delete(archive);
        tar.dispose();
      },
    };
  }

  dispose(): void {
    this.own.forEach((folder) => void folder.remove());
    this.own.clear();
    if (this.options.archives === undefined) {
      this.archives.dispose();
    }
  }

  private async copied(wanted: Wanted, signal: AbortSignal | undefined): Promise<PlaceFile> {
    const { name, size, mtimeMs } = wanted;
    mkdirSync(this.options.folder, { recursive: true, mode: 0o700 });
    await this.swept();
    const folder = this.folders.make();
    this.own.add(folder);
    const remove = (): void => {
      this.own.delete(folder);
      void folder.remove();
    };
    try {
      const path = join(folder.path, `${keyOf(wanted)}.member`);
      if (!this.linkOther(path)) {
        await this.checkRoom(wanted);
        await write(wanted, `${path}.part`, signal);
        renameSync(`${path}.part`, path);
      }
      return { file: path, name, length: size, mtimeMs, dispose: remove };
    } catch (error) {
      remove();
      signal?.throwIfAborted();
      throw error instanceof ArchiveError ? error : new ArchiveError('unreadable', `${name} cannot be copied out of its archive: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Another thread or window may have the same copy: then it is had by both. */
  private linkOther(path: string): boolean {
    const base = path.slice(path.lastIndexOf('/') + 1);
    return this.copies().some(({ folder, names }) => {
      try {
        return names.includes(base) && (linkSync(join(folder, base), path), true);
      } catch {
        return false;
      }
    });
  }

  private copies(): readonly { readonly folder: string; readonly names: readonly string[] }[] {
    return readdirSync(this.options.folder).map((entry) => {
      const folder = join(this.options.folder, entry);
      try {
        return { folder, names: readdirSync(folder) };
      } catch {
        return { folder, names: [] };
      }
    });
  }

  private async checkRoom({ name, size }: Wanted): Promise<void> {
    const { folder, most = MOST_COPIED } = this.options;
    const taken = new Map<number, number>();
    for (const copy of this.copies()) {
      for (const file of copy.names) {
        const found = statSync(join(copy.folder, file), { throwIfNoEntry: false });
        taken.set(found?.ino ?? 0, found?.size ?? 0);
      }
    }
    const others = [...taken.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (others + size > most) {
      const beside = others > 0 ? `, of which ${formatBytes(others)} are taken` : '';
      throw new ArchiveError('tooLarge', `${name} unpacks to ${formatBytes(size)}; members that are unpacked to be looked at may take ${formatBytes(most)} in all${beside}. Unpack it to a file of its own first.`);
    }
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < size + LEFT_FREE) {
      throw new ArchiveError('tooLarge', `${name} unpacks to ${formatBytes(size)}, and ${folder} has ${formatBytes(bavail * bsize)} left: there is no room for it.`);
    }
  }
}

async function write({ pieces, size, name }: Wanted, path: string, signal: AbortSignal | undefined): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    let done = 0;
    for await (const piece of pieces(signal)) {
      await handle.writeFile(piece);
      done += piece.length;
    }
    if (done !== size) {
      throw new ArchiveError('malformed', `${name} unpacks to ${done} bytes; ${size} are stated.`);
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

function keyOf({ place, size, mtimeMs }: Wanted): string {
  return createHash('sha256').update([place.file, place.member, size, mtimeMs].join('\0')).digest('hex').slice(0, 32);
}

function foundStat(file: string): { readonly size: number; readonly mtimeMs: number } | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

function statOf(file: string): { readonly mtimeMs: number } {
  try {
    return statSync(file);
  } catch (error) {
    throw ArchiveError.from(error, file);
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}
