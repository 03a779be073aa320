import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { MediaError } from '../../media/mediaError.ts';
import { ToolError } from '../../process/toolError.ts';

interface ItemErrorDetails {
  readonly command?: readonly string[];
  readonly stderr?: string;
  readonly exitCode?: number | undefined;
}

/** One item could not be brought to its output; the message says what stopped, then why. */
export class ItemError extends Error {
  override readonly name = 'ItemError';
  readonly command: readonly string[];
  readonly stderr: string;
  readonly exitCode: number | undefined;

  constructor(message: string, details: ItemErrorDetails = {}) {
    super(message);
    this.command = details.command ?? [];
    this.stderr = details.stderr ?? '';
    this.exitCode = details.exitCode;
  }
}

/** What would stop every further item as well: the job ends with this as its problem. */
export class JobProblem extends Error {
  override readonly name = 'JobProblem';
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'something else has that name',
  ENAMETOOLONG: 'the name is longer than the file system allows',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  EIO: 'the disk gave an input/output error',
  EFBIG: 'the file would be larger than the file system allows',
};

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}

/** What went wrong, in words, with the path where the system told one. */
export function wordsOf(error: unknown): string {
  if (error instanceof ItemError || error instanceof JobProblem || error instanceof MediaError || error instanceof ToolError) {
    return error.message;
  }
  const { code, path } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : (WORDS[code] ?? code);
  const message = error instanceof Error ? error.message : String(error);
  return words === undefined ? message : path === undefined ? words : `${path}: ${words}`;
}

/** Bytes below which a file system counts as full: no header and first block of an output fits in. */
const FULL = 64 * 1024;

/** Asked after a failure and before its temporary file is removed, which would make room again. */
export function isDiskFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < FULL;
  } catch {
    return false;
  }
}

/** Where an item's output goes. */
export interface Destination {
  /** The job's output folder. */
  readonly root: string;
  /** The output's own, in or below it. */
  readonly folder: string;
  /** Whether it was there, and written into, when the item began. */
  readonly wasThere: boolean;
}

/** The problem of the whole job that an item's failure comes from; undefined where others may still succeed. */
export function problemBehind(error: unknown, { root, folder, wasThere }: Destination): JobProblem | undefined {
  if (error instanceof JobProblem) {
    return error;
  }
  if (ToolError.is(error, 'notFound')) {
    return new JobProblem(error.message);
  }
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || isDiskFull(folder)) {
    return new JobProblem(`There is no room left in ${root}: ${WORDS[code] ?? WORDS['ENOSPC']}.`);
  }
  if (code === 'EROFS' || ((code === 'EACCES' || code === 'EPERM') && !isWritable(root))) {
    return new JobProblem(`Nothing can be written into ${root}: ${WORDS[code]}.`);
  }
  if (wasThere && !existsSync(root)) {
    return new JobProblem(`The output folder ${root} was removed while the job ran.`);
  }
  return undefined;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
