import type { BytePath } from '../../base/bytePath.ts';
import { printable } from '../../base/printable.ts';
import type { EntryKind } from '../entry.ts';
import { SyncError } from '../syncError.ts';
import { parentOf } from './ownNames.ts';

/** Runs git in a folder of the tree, '' for its root; arguments follow `git`. */
export type GitInTree = (folder: BytePath, args: readonly string[], stdin?: Buffer) => Promise<{ readonly exitCode: number; readonly stdout: Buffer; readonly stderr: string }>;

/** What a tree has at a path, its repositories' own folders included; undefined for nothing. */
export type KindAt = (path: BytePath) => EntryKind | undefined;

export interface GitNames {
  /** What git does not ignore, of the repository and those in it; a name may be gone from the disk, and stand for any kind. */
  readonly names: ReadonlySet<BytePath>;
  /** What it ignores; of a folder that is ignored as a whole that alone. */
  readonly ignored: ReadonlySet<BytePath>;
  /** Roots of repositories, '' among them: what is below one is asked of it. */
  readonly repositories: readonly BytePath[];
}

const LIST = ['ls-files', '-z', '-c', '-o', '--exclude-standard'];
const LIST_IGNORED = ['ls-files', '-z', '-o', '-i', '--exclude-standard', '--directory'];

/**
 * What git lists of a folder, submodules and nested repositories included. undefined where the folder is in no work tree, or is
 * itself ignored there. Rejects with a `SyncError` where git refuses.
 */
export async function gitNames(git: GitInTree, kindAt: KindAt): Promise<GitNames | undefined> {
  const inside = await git('', ['rev-parse', '--is-inside-work-tree']);
  if (inside.exitCode !== 0 && !/not a git repository/.test(inside.stderr)) {
    throw refusal(inside.stderr);
  }
  if (inside.stdout.toString().trim() !== 'true' || (await git('', ['check-ignore', '-q', '--', '.'])).exitCode === 0) {
    return undefined;
  }
  const names = new Set<BytePath>();
  const ignored = new Set<BytePath>();
  const repositories: BytePath[] = [''];
  for (const repository of repositories) {
    const prefix = repository === '' ? '' : `${repository}/`;
    const [listed, left] = await Promise.all([listing(git, repository, LIST), listing(git, repository, LIST_IGNORED)]);
    left.forEach((name) => ignored.add(prefix + withoutSlash(name)));
    for (const name of listed) {
      const path = prefix + withoutSlash(name);
      // A submodule, or a repository that git knows nothing of: one that has its own folder is asked itself.
      if (kindAt(path) === 'folder' && kindAt(`${path}/.git`) !== undefined) {
        repositories.push(path);
      }
      names.add(path);
    }
  }
  return { names, ignored, repositories };
}

/** Which of some names, that need not exist on git's side, it would ignore there or knows nothing of. Those of folders end with a slash. */
export async function ignoredByGit(git: GitInTree, { names, repositories }: GitNames, kindAt: KindAt, paths: readonly BytePath[]): Promise<ReadonlySet<BytePath>> {
  const ignored = new Set<BytePath>();
  const questions = new Map<BytePath, Map<BytePath, BytePath[]>>();
  const known = new Set(repositories);
  for (const path of paths) {
    const { repository, asked, isForeign } = placeOf(path, known, names, kindAt);
    if (isForeign) {
      ignored.add(path);
    } else {
      const group = questions.get(repository) ?? new Map<BytePath, BytePath[]>();
      const alsoAsked = group.get(asked);
      if (alsoAsked === undefined) {
        questions.set(repository, group.set(asked, [path]));
      } else {
        alsoAsked.push(path);
      }
    }
  }
  for (const [repository, group] of questions) {
    const start = repository === '' ? 0 : repository.length + 1;
    const stdin = Buffer.from([...group.keys()].map((path) => `./${path.slice(start)}\0`).join(''), 'latin1');
    const { exitCode, stdout, stderr } = await git(repository, ['check-ignore', '-z', '--stdin'], stdin);
    if (exitCode > 1) {
      throw refusal(stderr);
    }
    for (const name of split(stdout)) {
      group.get((repository === '' ? '' : `${repository}/`) + name.slice(2))?.forEach((path) => ignored.add(path));
    }
  }
  return ignored;
}

/**
 * Where git is to be asked about a name. It refuses to speak of what is beyond a link, which therefore stands for all below it, and
 * of what is in a submodule that is not there: nothing is known of that.
 */
function placeOf(path: BytePath, repositories: ReadonlySet<BytePath>, names: ReadonlySet<BytePath>, kindAt: KindAt): { repository: BytePath; asked: BytePath; isForeign: boolean } {
  const above: BytePath[] = [];
  for (let folder = parentOf(withoutSlash(path)); folder !== undefined; folder = parentOf(folder)) {
    above.unshift(folder);
  }
  let repository = '';
  for (const folder of above) {
    if (repositories.has(folder)) {
      repository = folder;
    } else if (names.has(folder)) {
      return { repository, asked: folder, isForeign: true };
    } else if (kindAt(folder) === 'link') {
      return { repository, asked: folder, isForeign: false };
    }
  }
  return { repository, asked: path, isForeign: false };
}

async function listing(git: GitInTree, folder: BytePath, args: readonly string[]): Promise<readonly BytePath[]> {
  const { exitCode, stdout, stderr } = await git(folder, args);
  if (exitCode !== 0) {
    throw refusal(stderr);
  }
  return split(stdout);
}

function split(stdout: Buffer): readonly BytePath[] {
  return stdout.toString('latin1').split('\0').slice(0, -1);
}

function withoutSlash(name: BytePath): BytePath {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}

function refusal(stderr: string): SyncError {
  return new SyncError('target', `git does not say what is in this folder: ${printable(stderr.trim().split('\n')[0] ?? '')}`);
}
