import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** One run of a job by one process. */
export interface RunMark {
  readonly pid: number;
  /** Random, for this run alone: process ids come again. */
  readonly token: string;
}

/** A run that may be over. */
export interface PastRun extends RunMark {
  /** As in `ProcessIdentity`. */
  readonly startTime: string;
}

/**
 * Name of the temporary file or folder of the item `seq`: hidden, beside its target so that the rename never leaves the file
 * system, and nothing of the user's name in it, which may be too long or mean something to a tool.
 */
export function temporaryName({ pid, token }: RunMark, seq: number): string {
  return `.trainyard-${pid}-${token}-${seq}.part`;
}

/** A private folder beside the temporary file, for what the steps of a recipe hand on. */
export function stepsName({ pid, token }: RunMark, seq: number): string {
  return `.trainyard-${pid}-${token}-${seq}.steps`;
}

/** An output folder that is to be replaced waits under this name while the new one takes its place. */
export function retiredName({ pid, token }: RunMark, seq: number): string {
  return `.trainyard-${pid}-${token}-${seq}.old`;
}

const TEMPORARY = /^\.trainyard-(\d+)-([0-9a-f]{12})-\d+\.(?:part|steps)$/;

/** Removes from `folders` what dead runs left there under their temporary names, and nothing else. */
export function sweepTemporaries(folders: Iterable<string>, dead: readonly RunMark[]): void {
  const marks = new Set(dead.map(({ pid, token }) => `${pid}-${token}`));
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      const match = TEMPORARY.exec(name);
      if (match && marks.has(`${match[1]}-${match[2]}`)) {
        rmSync(join(folder, name), { recursive: true, force: true });
      }
    }
  }
}

/** A folder that is gone, or that may not be read, holds nothing that we could remove. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
