import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of `.git` that are there as long as git rewrites the tree in several steps. */
const BUSY = ['index.lock', 'MERGE_HEAD', 'rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'BISECT_LOG'];

export interface GitActivity {
  readonly busy: boolean;
  /** What HEAD says: a branch, or a commit. undefined where there is no repository. */
  readonly head: string | undefined;
}

/** What git does in a folder at this moment. `root`: absolute path. */
export function gitActivity(root: string): GitActivity {
  const folder = join(root, '.git');
  return { busy: BUSY.some((name) => existsSync(join(folder, name))), head: headOf(folder) };
}

function headOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'HEAD'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
