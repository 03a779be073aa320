import type { Disposable } from '../../base/disposable.ts';
import { bytesInMemory } from '../byteSource.ts';
import type { ByteSource } from '../byteSource.ts';
import type { MediaPlace } from '../place.ts';
import { cellOfMember } from '../rows/cellMember.ts';
import { openRowBytes } from '../rows/rowBytes.ts';
import { Archive } from './archive.ts';
import type { ScanOptions } from './archive.ts';
import { ArchiveError } from './archiveError.ts';
import type { Member } from './memberTable.ts';

export interface OpenedPlace extends Disposable {
  readonly source: ByteSource;
}

export interface MemberList extends Disposable {
  readonly count: number;
  at(index: number): Member | undefined;
  readonly problems: readonly string[];
}

/** The members of an archive, by their headers. Rejects with an `ArchiveError`. */
export async function listMembers(file: string, options: ScanOptions = {}): Promise<MemberList> {
  const archive = Archive.open(file);
  if (archive === undefined) {
    throw new ArchiveError('unsupported', `${file} is no tar and no zip file.`);
  }
  try {
    await archive.scan(options);
  } catch (error) {
    archive.dispose();
    throw error;
  }
  return { count: archive.table.length, at: (index) => archive.table.at(index), problems: archive.problems, dispose: () => archive.dispose() };
}

/** The bytes of a place, by a look at its archive's headers; who opens many places keeps an `OpenArchives`. Rejects with an `ArchiveError`. */
export async function openPlace(place: MediaPlace, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<OpenedPlace> {
  const archives = new OpenArchives(1);
  try {
    const opened = await archives.open(place, options.signal);
    return {
      source: opened.source,
      dispose() {
        opened.dispose();
        archives.dispose();
      },
    };
  } catch (error) {
    archives.dispose();
    throw error;
  }
}

/** Archives that were looked into stay open, so that the next member is found at once. */
export class OpenArchives implements Disposable {
  /** The one last used at the end. */
  private readonly open_ = new Map<string, Archive>();

  constructor(private readonly most = 8) {}

  /** Rejects with an `ArchiveError`. */
  async open({ file, member }: MediaPlace, signal?: AbortSignal): Promise<OpenedPlace> {
    if (member === undefined) {
      const bytes = this.fileBytes(file);
      return { source: { size: bytes.size, read: (offset, length) => (offset < 0 ? Buffer.alloc(0) : bytes.read(offset, length)) }, dispose: () => bytes.dispose() };
    }
    const archive = this.archive(file);
    if (archive === undefined) {
      return { source: bytesInMemory(await cellBytes(file, member)), dispose: () => undefined };
    }
    const found = await archive.find(member, signal);
    if (found === undefined) {
      throw new ArchiveError('gone', `${file} has no member ${member}.`);
    }
    return { source: await archive.read(found, signal), dispose: () => undefined };
  }

  /** Undefined where the file is no archive. */
  archive(file: string): Archive | undefined {
    const known = this.open_.get(file);
    this.open_.delete(file);
    if (known?.isCurrent() === true) {
      this.open_.set(file, known);
      return known;
    }
    known?.dispose();
    const opened = Archive.open(file);
    if (opened) {
      this.open_.set(file, opened);
      this.makeRoom();
    }
    return opened;
  }

  dispose(): void {
    for (const archive of this.open_.values()) {
      archive.dispose();
    }
    this.open_.clear();
  }

  private makeRoom(): void {
    for (const [file, archive] of this.open_) {
      if (this.open_.size <= this.most) {
        return;
      }
      this.open_.delete(file);
      archive.dispose();
    }
  }

  private fileBytes(file: string): ReturnType<typeof openRowBytes> {
    try {
      return openRowBytes(file);
    } catch (error) {
      throw ArchiveError.from((error as Error).cause ?? error, file);
    }
  }
}

/** The bytes in a cell of a Parquet file. */
export async function cellBytes(file: string, member: string): Promise<Uint8Array> {
  const cell = cellOfMember(member);
  const bytes = openRowBytes(file);
  try {
    if (bytes.read(0, 4).toString('latin1') !== 'PAR1' || cell === undefined) {
      throw new ArchiveError('gone', `${file} is no archive, and has no member ${member}.`);
    }
    const { ParquetFile } = await import('../rows/parquetFile.ts');
    const parquet = await ParquetFile.open(bytes, file);
    const column = parquet.columns.find(({ name }) => name === cell.column);
    const found = column && (await parquet.cell(column, cell.row));
    if (found === undefined) {
      throw new ArchiveError('gone', `${file} has no bytes in ${cell.column} of row ${cell.row + 1}.`);
    }
    return found;
  } finally {
    bytes.dispose();
  }
}
