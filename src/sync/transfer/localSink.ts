import { accessSync, chmodSync, constants, copyFileSync, existsSync, linkSync, lstatSync, lutimesSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, rmdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { toBytePath, systemPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Entry, EntryKind } from '../entry.ts';
import type { Arrival, Readiness, RunFolders, Seen, Side, Sink } from './side.ts';
import type { Left } from './work.ts';
import { OWN_FOLDER } from '../listing/ownNames.ts';
import { TRASH } from './runFolders.ts';
import { localEntry } from '../listing/localEntry.ts';
import { lookAt } from '../listing/localStat.ts';

/** Between two turns for others, in names: an abort is heard. */
const BREATH = 1000;

export function createLocalSide(root: string): Side {
  const base = toBytePath(root);
  return {
    async look(paths, signal) {
      const seen = new Map<BytePath, Seen>();
      for (const [index, path] of paths.entries()) {
        if (index % BREATH === BREATH - 1) {
          await new Promise(setImmediate);
          signal.throwIfAborted();
        }
        const stats = lookAt(base, path);
        if (stats !== undefined) {
          seen.set(path, { ...localEntry(base, path, stats), device: String(stats.dev) });
        }
      }
      return seen;
    },
  };
}

function pathIn(root: string): (path: BytePath) => Buffer {
  const base = Buffer.from(`${root}/`);
  return (path) => Buffer.concat([base, systemPath(path)]);
}

export function createLocalSink(root: string): Sink {
  const at = pathIn(root);
  let folders: RunFolders = { trash: '', stage: '', parts: '' };

  /** Each in turn; what one is refused is told and keeps no other. */
  async function each<T extends { readonly path: BytePath }>(items: readonly T[], signal: AbortSignal, act: (item: T) => void): Promise<readonly Left[]> {
    const left: Left[] = [];
    for (const [index, item] of items.entries()) {
      if (index % BREATH === BREATH - 1) {
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
      try {
        act(item);
      } catch (error) {
        left.push({ path: item.path, reason: systemWords(error) });
      }
    }
    return left;
  }

  function makeParent(path: BytePath): void {
    const end = path.lastIndexOf('/');
    if (end > 0) {
      mkdirSync(at(path.slice(0, end)), { recursive: true });
    }
  }

  function discardOne({ path, kind }: Entry): void {
    const kept = `${folders.trash}/${path}`;
    if (kind === 'folder') {
      rmdirSync(at(path));
      mkdirSync(at(kept), { recursive: true });
    } else {
      makeParent(kept);
      renameSync(at(path), at(kept));
    }
  }

  /** So that at every moment the name stands for the old one or the new one. */
  function keep(path: BytePath, kind: EntryKind): void {
    const place = at(`${folders.trash}/${path}`);
    makeParent(`${folders.trash}/${path}`);
    rmSync(place, { force: true });
    if (kind === 'link') {
      symlinkSync(readlinkSync(at(path), 'buffer'), place);
    } else if (!isLinked(at(path), place)) {
      copyFileSync(at(path), place);
    }
  }

  /** Fails where something has come to stand there meanwhile. */
  function placeNew(from: BytePath, path: BytePath, kind: EntryKind): void {
    if (kind !== 'link' && isLinked(at(from), at(path))) {
      rmSync(at(from));
    } else {
      renameNew(at(from), at(path));
    }
  }

  function installOne({ from, entry: { path, mode, mtime, kind }, replaces, bare }: Arrival): void {
    if (bare === true) {
      chmodSync(at(from), mode);
      setTime(at(from), mtime, kind === 'link');
    }
    if (replaces) {
      keep(path, kind);
      renameSync(at(from), at(path));
    } else {
      placeNew(from, path, kind);
    }
  }

  return {
    ...createLocalSide(root),
    async prepare(runFolders) {
      folders = runFolders;
      mkdirSync(root, { recursive: true });
      // mkdir tells it of a read-only disk as of a folder that is missing.
      accessSync(root, constants.W_OK);
      for (const own of [OWN_FOLDER, TRASH]) {
        if (lstatSync(at(own), { throwIfNoEntry: false })?.isDirectory() === false) {
          throw new Error(`${own} is in the way: it is no folder`);
        }
      }
      mkdirSync(at(runFolders.parts), { recursive: true });
      // Git leaves a folder alone that says so itself.
      writeFileSync(at(`${OWN_FOLDER}/.gitignore`), '*\n');
      removeEmptyTrash(at(TRASH));
      rmSync(at(runFolders.stage), { recursive: true, force: true });
      mkdirSync(at(runFolders.stage), { recursive: true });
      mkdirSync(at(runFolders.trash), { recursive: true });
      return readiness(root);
    },
    makeFolders: (entries, signal) =>
      each(entries, signal, ({ path, mode }) => {
        mkdirSync(at(path), { recursive: true });
        chmodSync(at(path), mode | 0o700);
      }),
    async discard(entries, signal) {
      const files = entries.filter(({ kind }) => kind !== 'folder');
      const inner = entries.filter(({ kind }) => kind === 'folder').toReversed();
      return [...(await each(files, signal, discardOne)), ...(await each(inner, signal, discardOne))];
    },
    install: (arrivals, signal) =>
      each(arrivals.map((arrival) => ({ path: arrival.entry.path, arrival })), signal, ({ arrival }) => installOne(arrival)),
    installAll: (names, signal) =>
      each(names.map((path) => ({ path })), signal, ({ path }) => renameNew(at(`${folders.stage}/${path}`), at(path))),
    setModes: (entries, signal) => each(entries, signal, ({ path, mode }) => chmodSync(at(path), mode)),
    async tidy() {
      rmSync(at(folders.stage), { recursive: true, force: true });
      const holds = readdirSync(at(folders.trash)).length > 0;
      if (!holds) {
        rmdirSync(at(folders.trash));
      }
      return holds;
    },
  };
}

/** Gives a file a second name; false on a disk that has no hard links. To link a link would follow it on macOS. */
function isLinked(from: Buffer, to: Buffer): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return false;
    }
    throw error;
  }
}

function renameNew(from: Buffer, to: Buffer): void {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) {
    throw new Error('something has come to stand there meanwhile');
  }
  renameSync(from, to);
}

/** What runs that were stopped have left of their trash. */
function removeEmptyTrash(trash: Buffer): void {
  for (const name of existsSync(trash) ? readdirSync(trash) : []) {
    try {
      rmdirSync(Buffer.concat([trash, Buffer.from(`/${name}`)]));
    } catch {
      // There is something in it.
    }
  }
}

function readiness(root: string): Readiness {
  return { device: String(statSync(root, { bigint: true }).dev), empty: readdirSync(root).every((name) => name === OWN_FOLDER) };
}

/** Half a microsecond more than is meant: what a double makes of it is never less, and what is kept is rounded down. */
export function setTime(path: Buffer, mtime: number, link: boolean): void {
  const seconds = (mtime + 0.5) / 1e6;
  (link ? lutimesSync : utimesSync)(path, seconds, seconds);
}

/** `ENOTEMPTY: directory not empty, rmdir '…'` without the path, which stands beside it. */
export function systemWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+),/.exec(message)?.[1] ?? message;
}
