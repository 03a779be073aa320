import { singleQuoted } from '../../base/shellWords.ts';
import type { RsyncFacts } from '../box.ts';
import { isSince } from '../boxes/rsyncFacts.ts';
import type { Direction } from '../target.ts';

/** What one run of rsync does with the names that it reads from stdin, each ended by NUL. */
export interface RsyncRun {
  readonly direction: Direction;
  readonly host: string;
  /** Absolute paths. */
  readonly from: string;
  readonly to: string;
  /** The words that reach the host; rsync adds the host and its own. */
  readonly transport: readonly string[];
  readonly local: RsyncFacts;
  readonly remote: RsyncFacts;
  /** In place of `rsync` there: a command line of its shell, from user settings alone. */
  readonly rsyncPath?: string;
  /** Where what is overwritten goes: relative to `to`. Only where both sides are rsync 3.1.0 or newer. */
  readonly backupFolder?: string;
  /** Where a file lies until it is whole: relative to `to`, on its file system. Beside it where left out. */
  readonly temporaryFolder?: string;
  /** Looks for what both sides have of a file; else each goes whole. */
  readonly delta: boolean;
  readonly compress: boolean;
  /** Kilobytes (1000 bytes) a second. */
  readonly bandwidth?: number;
  /** As `lineFormat` gives it. */
  readonly format: string;
  /** Seconds without a byte after which it gives up. */
  readonly timeout: number;
}

/**
 * The words after `rsync`. There is no `--delete`, no filter and no recursion among them: names are read from stdin, one by one,
 * and what is not named is not touched. Owners and groups are not moved (another machine has others), nor devices.
 */
export function rsyncArgs(run: RsyncRun): readonly string[] {
  const { direction, host, from, to, local, remote, delta, compress, bandwidth, temporaryFolder, backupFolder, rsyncPath } = run;
  const modern = isModern(local) && isModern(remote);
  const remoteEnd = (path: string): string => `${host}:${escapes(local) ? path : singleQuoted(path)}/`;
  return [
    '-lptR',
    '--files-from=-',
    '--from0',
    '--no-implied-dirs',
    '--omit-dir-times',
    // Refused by openrsync.
    ...(modern ? ['--no-inc-recursive', '--info=progress2', '--no-h'] : []),
    ...(delta ? ['--no-whole-file'] : ['--whole-file']),
    ...(compress && local.zstd && remote.zstd ? ['--compress', '--compress-choice=zstd', '--compress-level=1'] : compress ? ['-z'] : []),
    ...(backupFolder === undefined ? [] : ['--backup', `--backup-dir=${backupFolder}`]),
    ...(temporaryFolder === undefined ? [] : [`--temp-dir=${temporaryFolder}`]),
    // In KiB a second.
    ...(bandwidth === undefined ? [] : [`--bwlimit=${Math.max(1, Math.round((bandwidth * 1000) / 1024))}`]),
    `--timeout=${run.timeout}`,
    `--out-format=${run.format}`,
    ...(rsyncPath === undefined ? [] : [`--rsync-path=${rsyncPath}`]),
    '-e',
    rshOption(run.transport),
    '--',
    ...(direction === 'push' ? [`${from}/`, remoteEnd(to)] : [remoteEnd(from), `${to}/`]),
  ];
}

/** As rsync itself takes `-e` apart: at spaces outside of quotes, a doubled quote within standing for one (main.c, `do_cmd`). */
export function rshOption(words: readonly string[]): string {
  return words.map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`)).join(' ');
}

/** Has `--backup-dir` and `--temp-dir` that do what a run needs, and `--info`. */
export function isModern({ kind, version }: RsyncFacts): boolean {
  return kind === 'rsync' && isSince(version, 3, 1, 0);
}

/** Escapes by itself what it hands to the remote shell. */
function escapes({ kind, version }: RsyncFacts): boolean {
  return kind === 'rsync' && isSince(version, 3, 2, 4);
}
