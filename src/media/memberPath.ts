import { statSync } from 'node:fs';
import type { MediaPlace } from './place.ts';

const ARCHIVE = /\.(?:tar|tgz|zip|npz|tar\.gz)$/i;

/**
 * A path that goes on inside of an archive: `/data/shard.tar/a.wav`, or with a mark behind the archive: `shard.tar!/a.wav`,
 * `shard.tar::a.wav`, `shard.zip#a.wav`. Undefined where no part of it is an archive that is there.
 */
export function splitMemberPath(path: string): (MediaPlace & { readonly member: string }) | undefined {
  for (const match of path.matchAll(/!\/|::|#|\//g)) {
    const file = path.slice(0, match.index);
    const member = path.slice(match.index + match[0].length);
    if (ARCHIVE.test(file) && member !== '' && isArchive(file)) {
      return { file, member };
    }
  }
  return undefined;
}

function isArchive(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
