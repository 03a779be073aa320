import { join } from 'node:path';
import { candidateAt, searchFolders } from './candidates.ts';
import { runCommand } from './runCommand.ts';

export interface GitResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git in a folder, to read. `args`: after the options that keep a repository's own configuration from starting programs. */
export type Git = (folder: string, args: readonly string[], options?: { readonly stdin?: Buffer; readonly signal?: AbortSignal }) => Promise<GitResult>;

/**
 * A repository may be anybody's: no monitor of file systems, hook or pager of it is run, and none of its locks is taken. The words
 * that follow `git`.
 */
export const READING_GIT: readonly string[] = ['--no-pager', '--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/** Variables that would have git look elsewhere than in the folder that it is run in. */
const ELSEWHERE = /^GIT_(?!CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)$)/;

/** undefined where git is not on this machine. `never`: folders from which nothing is run. */
export function createGit(env: NodeJS.ProcessEnv, never: readonly string[]): Git | undefined {
  const program = searchFolders(env)
    .map((folder) => candidateAt(join(folder, 'git'), never))
    .find((candidate) => candidate !== undefined && candidate.distrusted === undefined)?.path;
  if (program === undefined) {
    return undefined;
  }
  const own = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !ELSEWHERE.test(entry[0])));
  return async (folder, args, { stdin, signal } = {}) => {
    const chunks: Buffer[] = [];
    const { exitCode, stderr } = await runCommand(
      { words: [program, ...READING_GIT, ...args], folder, env: { ...own, LC_ALL: 'C' }, ...(stdin !== undefined && { stdin }) },
      { keep: 65_536, signal, onStdout: (chunk) => chunks.push(chunk) },
    );
    signal?.throwIfAborted();
    return { exitCode, stdout: Buffer.concat(chunks), stderr };
  };
}
