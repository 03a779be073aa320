import { basename, dirname } from 'node:path';

/** Bytes of a file name that every usual Linux file system takes, and of a path that system calls take. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4095;

/** Where a job's inputs lie, and where their outputs go: the tree between base and input is kept below the output folder. */
export interface Layout {
  /** Absolute path of the folder that all inputs lie under. */
  readonly base: string;
  /** Absolute path. */
  readonly output: string;
  /** How a recipe names its outputs; left out, the inputs' own names and folders are kept. */
  readonly nameOf?: NameOf;
}

/** The path of an input's output below the output folder, or why it has none. */
export type NameOf = (input: string, shape: Shape) => { readonly path: string } | { readonly fault: string };

/** How an output is named: with an extension put on, or, where undefined, as a folder. */
export type Shape = string | undefined;

/** Absolute path of the folder that an input's output goes into. */
export function outputFolderOf(input: string, { base, output }: Layout): string {
  const folder = dirname(input);
  const start = base === '/' ? 0 : base.length;
  return folder === base ? output : childPath(output, folder.slice(start + 1));
}

/** A path in a folder; quicker than `join`, which looks for dots in all of it. */
export function childPath(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** `a.webp` from `a.png`; `a.png.webp` where the source's extension is kept, because another input would have the same output. */
export function outputName(input: string, shape: Shape, keepsExtension: boolean): string {
  const name = basename(input);
  const dot = name.lastIndexOf('.');
  const stem = keepsExtension || dot <= 0 ? name : name.slice(0, dot);
  return shape === undefined ? stem : `${stem}.${shape}`;
}

/** Why a file system would not take this path; undefined where it would. */
export function refusedPath(folder: string, name: string): string | undefined {
  // No character has more than 3 bytes a UTF-16 unit.
  if (name.length * 3 > LONGEST_NAME) {
    const bytes = Buffer.byteLength(name);
    if (bytes > LONGEST_NAME) {
      return `its output’s name would have ${bytes} bytes, and file systems take ${LONGEST_NAME}`;
    }
  }
  if ((folder.length + name.length) * 3 > LONGEST_PATH) {
    const bytes = Buffer.byteLength(folder) + 1 + Buffer.byteLength(name);
    if (bytes > LONGEST_PATH) {
      return `its output’s path would have ${bytes} bytes, and the system takes ${LONGEST_PATH}`;
    }
  }
  return undefined;
}

/**
 * The same for names that some file system takes for one: decomposed, and letters folded. It may take more for one than any file
 * system does, which costs a longer name and no file.
 */
export function foldName(name: string): string {
  if (/^[\0-\x7f]*$/.test(name)) {
    return name.toLowerCase();
  }
  // There and back: lower case alone does not join ß and ss, ſ and s, upper case not ẞ and ß.
  return name.normalize('NFD').toLowerCase().toUpperCase().toLowerCase();
}
