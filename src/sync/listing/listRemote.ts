import { printable } from '../../base/printable.ts';
import { SshFailed } from '../../process/ssh/link.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { BoxFacts } from '../box.ts';
import type { Listing } from '../entry.ts';
import { SyncError } from '../syncError.ts';
import { decodeTree, readTree } from './rawTree.ts';
import type { RunScript } from './rawTree.ts';

/** Everything below a folder of a box, whatever it is. `root`: absolute path there. Rejects with a `SyncError`. */
export async function listRemote(link: SshLink, facts: Pick<BoxFacts, 'find' | 'zstd'>, root: string, signal?: AbortSignal): Promise<Listing> {
  const { records, stderr } = await readTree(scriptsOn(link, signal), root, facts, link.host);
  return decodeTree(records.bytes, stderr, root, link.host);
}

/** What a box does goes wrong as a `SyncError` in ssh's words. */
export function scriptsOn(link: SshLink, signal: AbortSignal | undefined): RunScript {
  return async (script, onStdout) => {
    try {
      return await link.run(script, { onStdout, ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw syncErrorOf(error, link.host);
    }
  };
}

/** An `SshFailed` as a `SyncError`; whatever else it is stays as it is. */
export function syncErrorOf(error: unknown, host: string): unknown {
  return error instanceof SshFailed ? new SyncError(error.problem, `${host}: ${printable(error.said.trim().split('\n').at(-1) ?? '')}`, { cause: error }) : error;
}
