import { join } from 'node:path';
import { candidateAt, searchFolders } from '../../process/candidates.ts';
import { runCommand } from '../../process/runCommand.ts';
import { parseRsyncVersion } from '../boxes/rsyncFacts.ts';
import type { LocalRsync } from './mover.ts';

/** rsync of this machine; Homebrew's before the system's own where that is openrsync. undefined where there is none. */
export async function findLocalRsync(env: NodeJS.ProcessEnv, never: readonly string[]): Promise<LocalRsync | undefined> {
  const paths = [...searchFolders(env), '/opt/homebrew/bin'].map((folder) => join(folder, 'rsync'));
  const found: LocalRsync[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const candidate = candidateAt(path, never);
    if (candidate !== undefined && candidate.distrusted === undefined && !seen.has(candidate.target)) {
      seen.add(candidate.target);
      const { stdout } = await runCommand({ words: [candidate.path, '--version'], folder: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } }, { wallSeconds: 10, keep: 65_536 });
      const facts = parseRsyncVersion(stdout);
      if (facts !== undefined) {
        found.push({ path: candidate.path, facts });
      }
    }
  }
  return found.find(({ facts }) => facts.kind === 'rsync') ?? found[0];
}
