import { join } from 'node:path';
import type { SqliteDatabase, SqliteRow, SqliteStatement } from '../../base/sqlite.ts';
import type { Archive } from '../../media/archives/archive.ts';
import { stepsOf } from '../../media/archives/archive.ts';
import { ArchiveError } from '../../media/archives/archiveError.ts';
import type { MemberFiles } from '../../media/archives/memberFiles.ts';
import type { Member } from '../../media/archives/memberTable.ts';
import type { ByteSource } from '../../media/byteSource.ts';
import type { FilePart } from '../../media/filePart.ts';
import type { MediaPlace } from '../../media/place.ts';
import { lookAtSource, type ProbeOptions, type Prober } from '../../media/probe.ts';
import { factsOf } from './mediaFacts.ts';
import type { Look } from './lookAt.ts';
import { STATE } from './schema.ts';
import { COUNTED_COLUMNS } from './tally.ts';

export interface MemberLooksOptions {
  /** Absolute path of the folder that the items' paths begin at. */
  readonly root: string;
  readonly database: SqliteDatabase;
  readonly prober: Prober;
  readonly files: MemberFiles;
  readonly probeOptions: (signal: AbortSignal) => Promise<ProbeOptions>;
  readonly keep: (row: SqliteRow, look: Look) => void;
  readonly rest: (signal: AbortSignal) => Promise<void>;
}

/** Bytes of a packed member that are unpacked for its header. */
const HEAD = 262_144;
/** Bytes of one that is unpacked whole where its header does not tell. */
const MOST_WHOLE = 64 * 2 ** 20;

/** To be selected of a member to look at it. */
const COLUMNS = `item.id, item.name, folder.path AS folderPath, folder.archive, ${COUNTED_COLUMNS}`;

/** Looks at the members of archives: at those stored as they are by their headers, of packed ones at their beginnings. */
export class MemberLooks {
  private readonly rowOf: SqliteStatement;
  private readonly pathOf: SqliteStatement;

  constructor(private readonly options: MemberLooksOptions) {
    const { database } = options;
    this.rowOf = database.prepare(`SELECT ${COLUMNS} FROM folder JOIN item ON item.folder = folder.id WHERE folder.path = ? AND item.name = ? AND item.state = ${STATE.left}`);
    this.pathOf = database.prepare('SELECT item.name, folder.path AS folderPath FROM item JOIN folder ON folder.id = item.folder WHERE item.id = ?');
  }

  /** All members that were not looked at yet, archive by archive. Rejects with the signal's reason. */
  async pass(signal: AbortSignal): Promise<void> {
    const { database } = this.options;
    const archives = database.prepare("SELECT id, path, archive FROM folder WHERE archive IS NOT NULL AND looked IS NULL AND path LIKE '%!' AND modified IS NOT NULL").all();
    const done = database.prepare('UPDATE folder SET looked = 1 WHERE id = ?');
    for (const { id, path } of archives) {
      const inside = String(path);
      try {
        await this.lookInto(join(this.options.root, inside.slice(0, -1)), inside, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ArchiveError)) {
          throw error;
        }
        // The archive's own item tells what is wrong with it.
      }
      done.run(id!);
    }
  }

  /** One that somebody sees; undefined where only unpacking all before it would tell. */
  async one(row: SqliteRow, signal: AbortSignal): Promise<Look | undefined> {
    const place = this.placeOf(row);
    return place === undefined || /gz$/i.test(place.file) ? undefined : this.whole(place, signal);
  }

  placeOf({ folderPath, name, archive }: SqliteRow): MediaPlace | undefined {
    const found = this.pathOf.get(archive!);
    if (found === undefined) {
      return undefined;
    }
    const path = join(String(found['folderPath']), String(found['name']));
    const inside = String(folderPath).slice(path.length + '!/'.length);
    return { file: join(this.options.root, path), member: inside === '' ? String(name) : `${inside}/${String(name)}` };
  }

  private async lookInto(file: string, inside: string, signal: AbortSignal): Promise<void> {
    const { files, keep, rest } = this.options;
    const archive = files.archive(file);
    if (archive === undefined) {
      return;
    }
    await archive.scan({ signal });
    const tar = archive.format === 'tar.gz' ? await files.unpacked(archive, signal) : undefined;
    try {
      for (let index = 0; index < archive.table.length; index++) {
        const member = archive.table.at(index) as Member;
        const row = this.rowFor(member, inside);
        if (row !== undefined) {
          keep(row, await this.look(archive, member, tar, signal));
        }
        await rest(signal);
      }
    } finally {
      tar?.dispose();
    }
  }

  /** `tar`: all of a packed archive. */
  private async look(archive: Archive, member: Member, tar: FilePart | undefined, signal: AbortSignal): Promise<Look> {
    const { file } = archive;
    const name = `${file}!/${member.name}`;
    try {
      const run = tar ? { start: archive.table.stored(member.index).offset, size: member.size } : archive.runOf(member);
      if (run !== undefined) {
        const part = { file: tar?.file ?? file, ...run, name };
        const media = this.options.prober.probeFast(part) ?? (await this.options.prober.probe(part, await this.options.probeOptions(signal)));
        return { found: 'member', facts: factsOf(media), state: STATE.member };
      }
      const head = await headOf(archive, member, signal);
      const look = lookAtHead(head, member.size, name);
      return look.state === STATE.cut && member.size <= MOST_WHOLE ? await this.whole({ file, member: member.name }, signal) : look;
    } catch (error) {
      return refused(error, signal);
    }
  }

  private async whole(place: MediaPlace, signal: AbortSignal): Promise<Look> {
    try {
      const part = await this.options.files.open(place, signal);
      try {
        return { found: 'member', facts: factsOf(await this.options.prober.probe(part, await this.options.probeOptions(signal))), state: STATE.member };
      } finally {
        part.dispose();
      }
    } catch (error) {
      return refused(error, signal);
    }
  }

  private rowFor({ name }: Member, inside: string): SqliteRow | undefined {
    const steps = stepsOf(name);
    const base = steps.pop();
    return base === undefined ? undefined : this.rowOf.get([inside, ...steps].join('/'), base);
  }
}

async function headOf(archive: Archive, member: Member, signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of archive.pieces(member, signal)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= HEAD) {
      break;
    }
  }
  return Buffer.concat(pieces).subarray(0, HEAD);
}

/** By the beginning of a member, as long as nothing behind it is asked for. */
function lookAtHead(head: Buffer, size: number, name: string): Extract<Look, { readonly found: 'member' }> {
  let isCut = false;
  const source: ByteSource = {
    size,
    read(offset, length) {
      isCut ||= offset + Math.min(length, size - offset) > head.length;
      return offset < 0 ? head.subarray(0, 0) : head.subarray(offset, offset + Math.max(0, length));
    },
  };
  const { media, whole } = lookAtSource(source, name);
  isCut ||= !whole;
  // What a reader says is wrong may be wrong only of the part that is here.
  return { found: 'member', facts: factsOf(isCut ? { ...media, problems: [] } : media), state: isCut ? STATE.cut : STATE.member };
}

function refused(error: unknown, signal: AbortSignal): Look {
  signal.throwIfAborted();
  return { found: 'unreadable', message: error instanceof Error ? error.message : String(error) };
}
