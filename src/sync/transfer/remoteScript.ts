import { singleQuoted } from '../../base/shellWords.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { Entry } from '../entry.ts';
import type { Arrival } from './side.ts';

/**
 * Scripts for the POSIX shell of a box, read by it from stdin, so that their length has no limit. Every name stands in single
 * quotes and begins with `./`: no byte of it means anything to the shell or to a program. Programs are called with as many names
 * as share a folder.
 */

/** Names of one call; with names of 255 bytes well below any limit on arguments. */
const MOST_NAMES = 200;
const MOST_BYTES = 60_000;

export function word(path: BytePath): string {
  return singleQuoted(`./${path}`);
}

/** Lines that make folders, each name once. */
export function makeFolderLines(paths: Iterable<BytePath>): readonly string[] {
  return chunks([...new Set(paths)]).map((some) => `mkdir -p -- ${some.map(word).join(' ')}`);
}

/** Files and links go to the trash, folders are removed where empty; the trash keeps that they were there. */
export function discardLines(entries: readonly Entry[], trash: string): readonly string[] {
  const files = entries.filter(({ kind }) => kind !== 'folder');
  const inner = entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path).toReversed();
  return [
    ...makeFolderLines(files.map(({ path }) => within(trash, folderOf(path)))),
    ...byFolder(files.map(({ path }) => path)).flatMap(([folder, paths]) => chunks(paths).map((some) => `mv -f -- ${some.map(word).join(' ')} ${word(within(trash, folder))}/`)),
    ...inner.map((path) => `rmdir -- ${word(path)} && mkdir -p -- ${word(within(trash, path))}`),
  ];
}

/**
 * What is replaced is linked into the trash, or copied where a file system has no hard links, before the new one takes its name at
 * one stroke: at every moment the name stands for one of the two, whole. What is new takes no name that is taken. A call that is
 * refused for one name leaves those that it was given with it where they are.
 */
export function installLines(arrivals: readonly Arrival[], trash: string): readonly string[] {
  const named = arrivals.filter(({ from, entry: { path } }) => nameOf(from) === nameOf(path));
  const replaced = arrivals.filter(({ replaces }) => replaces).map(({ entry }) => entry.path);
  return [
    ...arrivals.filter(({ bare }) => bare === true).map(({ from, entry: { mode, mtime } }) => `chmod ${mode.toString(8)} ${word(from)}; ${touchLine(from, mtime)}`),
    ...makeFolderLines(replaced.map((path) => within(trash, folderOf(path)))),
    ...together(named.filter(({ replaces }) => replaces), trash).map(
      ({ from, to, kept, folder }) => `{ ${keepLine(to, kept, word(within(trash, folder)))}; } && mv -f -- ${from} ${word(folder)}/`,
    ),
    ...together(named.filter(({ replaces }) => !replaces), trash).map(({ from, folder }) => `mv -n -- ${from} ${word(folder)}/`),
    ...arrivals.filter((arrival) => !named.includes(arrival)).map((arrival) => singleLine(arrival, trash)),
  ];
}

/** What an earlier try has linked there is the very file that is linked now. */
function keepLine(names: string, kept: string, place: string): string {
  return `rm -f -- ${kept}; ln -P -- ${names} ${place}/ 2>/dev/null || cp -pP -- ${names} ${place}/`;
}

/** `mv` to a name follows a link to a folder there, and goes into a folder: neither may stand there. */
function singleLine({ from, entry: { path }, replaces }: Arrival, trash: string): string {
  const name = word(path);
  return replaces
    ? `if [ -f ${name} ] && [ ! -L ${name} ]; then { ${keepLine(name, word(within(trash, path)), word(within(trash, folderOf(path))))}; } && mv -f -- ${word(from)} ${name}; fi`
    : `if [ ! -e ${name} ] && [ ! -L ${name} ]; then mv -f -- ${word(from)} ${name}; fi`;
}

/** Of arrivals that keep their own names: as many together as share a folder. */
function together(arrivals: readonly Arrival[], trash: string): readonly { readonly from: string; readonly to: string; readonly kept: string; readonly folder: BytePath }[] {
  const sources = new Map(arrivals.map(({ from, entry: { path } }) => [path, from]));
  return byFolder([...sources.keys()]).flatMap(([folder, paths]) =>
    chunks(paths).map((some) => ({
      from: some.map((path) => word(sources.get(path) ?? path)).join(' '),
      to: some.map(word).join(' '),
      kept: some.map((path) => word(within(trash, path))).join(' '),
      folder,
    })),
  );
}

/** POSIX.1-2008 has `-d` with a fraction; where it is not known the time goes by whole seconds. */
function touchLine(path: BytePath, mtime: number): string {
  const whole = new Date(Math.floor(mtime / 1e6) * 1000).toISOString().slice(0, 19);
  const fraction = String(((mtime % 1e6) + 1e6) % 1e6).padStart(6, '0');
  const plain = whole.replace(/[-T:]/g, '');
  return `TZ=UTC0 touch -m -d ${whole}.${fraction}Z ${word(path)} 2>/dev/null || TZ=UTC0 touch -m -t ${plain.slice(0, 12)}.${plain.slice(12)} ${word(path)}`;
}

export function modeLines(entries: readonly Entry[]): readonly string[] {
  return grouped(entries, ({ mode }) => mode).flatMap(([mode, some]) => chunks(some.map(({ path }) => path)).map((paths) => `chmod ${mode.toString(8)} ${paths.map(word).join(' ')}`));
}

export function within(folder: string, path: BytePath): BytePath {
  return path === '' ? folder : `${folder}/${path}`;
}

function nameOf(path: BytePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: BytePath): BytePath {
  const end = path.lastIndexOf('/');
  return end === -1 ? '' : path.slice(0, end);
}

function byFolder(paths: readonly BytePath[]): readonly (readonly [BytePath, readonly BytePath[]])[] {
  return grouped(paths, folderOf);
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): readonly (readonly [K, readonly T[]])[] {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) {
      groups.set(key, [item]);
    } else {
      known.push(item);
    }
  }
  return [...groups];
}

function chunks(paths: readonly BytePath[]): readonly (readonly BytePath[])[] {
  const found: BytePath[][] = [];
  let chunk: BytePath[] = [];
  let bytes = 0;
  for (const path of paths) {
    if (chunk.length === MOST_NAMES || (chunk.length > 0 && bytes + path.length > MOST_BYTES)) {
      found.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(path);
    bytes += path.length;
  }
  return chunk.length === 0 ? found : [...found, chunk];
}
