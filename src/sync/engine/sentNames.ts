import { toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { ruleFilter } from '../listing/ruleFilter.ts';
import type { Git } from '../../process/git.ts';
import { isInWorkTree } from '../listing/listLocal.ts';
import { lookAt } from '../listing/localStat.ts';
import type { Target } from '../target.ts';

/** git's exit code where it ignores some of the names, and where it ignores none. */
const ANSWERED = [0, 1];

/**
 * Which of some names take part by what a target sends, without a listing of the whole. Undefined where only a listing tells, as
 * below repositories of their own.
 */
export async function sentNames({ local, send }: Target, paths: readonly BytePath[], git: Git | undefined, signal: AbortSignal): Promise<ReadonlySet<BytePath> | undefined> {
  const root = toBytePath(local);
  const filter = ruleFilter(send.rules, 'sender');
  const taken = paths.filter((path) => filter.leftOutBy(path, lookAt(root, path)?.isDirectory() === true) === undefined);
  if (send.list !== 'git' || git === undefined || taken.length === 0 || !isInWorkTree(local)) {
    return new Set(taken);
  }
  const { exitCode, stdout } = await git(local, ['check-ignore', '-z', '--stdin'], { stdin: Buffer.from(taken.map((path) => `${path}\0`).join(''), 'latin1'), signal });
  if (!ANSWERED.includes(exitCode)) {
    return undefined;
  }
  const ignored = new Set(stdout.toString('latin1').split('\0'));
  return new Set(taken.filter((path) => !ignored.has(path)));
}
