import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { printable } from '../../base/printable.ts';
import { singleQuoted } from '../../base/shellWords.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import { syncErrorOf } from '../listing/listRemote.ts';
import { OWN_FOLDER } from '../listing/ownNames.ts';

/** What stands in a remote folder that somebody pushes to: whose it is. */
export interface Sentinel {
  /** Of the machine, the user and the local folder. */
  readonly workspace: string;
  /** For a person: `ada@desk:/home/ada/asr`. */
  readonly from: string;
}

/** Hidden in our own folder of the root, which no listing and no git shows. */
const FILE = `${OWN_FOLDER}/id`;
/** Bytes. */
const LONGEST = 4096;

export function sentinelFor(localRoot: string, machine = hostname(), user = userInfo().username): Sentinel {
  const from = `${user}@${machine}:${localRoot}`;
  return { workspace: createHash('sha256').update(from).digest('hex').slice(0, 32), from };
}

/** undefined where there is none, or none that can be read. */
export function parseSentinel(text: string): Sentinel | undefined {
  try {
    const { workspace, from } = JSON.parse(text) as Partial<Sentinel>;
    return typeof workspace === 'string' && typeof from === 'string' ? { workspace, from: printable(from).slice(0, 300) } : undefined;
  } catch {
    return undefined;
  }
}

/** `root`: absolute path on the box. Rejects with a `SyncError`. */
export async function readSentinel(link: SshLink, root: string, signal?: AbortSignal): Promise<Sentinel | undefined> {
  try {
    const { stdout } = await link.run(`head -c ${LONGEST} -- ${singleQuoted(`${root}/${FILE}`)} 2>/dev/null`, { ...(signal && { signal }) });
    return parseSentinel(stdout.toString());
  } catch (error) {
    throw syncErrorOf(error, link.host);
  }
}

/** Writes whose the folder is, in place of whatever said so before. A repository there takes no notice of our folder. */
export async function writeSentinel(link: SshLink, root: string, sentinel: Sentinel): Promise<void> {
  const folder = singleQuoted(`${root}/${OWN_FOLDER}`);
  const script = `mkdir -p -- ${folder} && cd -- ${folder} && printf '*\\n' > .gitignore && cat > id.new && mv -f id.new id`;
  await link.run(script, { stdin: `${JSON.stringify(sentinel)}\n` });
}
