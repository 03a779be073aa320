import { startPiped } from '../../process/pipedProcess.ts';
import type { PipedProcess } from '../../process/pipedProcess.ts';
import { boxCommand } from '../../process/ssh/links.ts';
import type { SshLink } from '../../process/ssh/link.ts';

/** Runs a script on the box with streams that keep to each other's pace. `own`: over a connection of its own. */
export async function startOnBox(link: SshLink, script: string, own: boolean, signal: AbortSignal): Promise<PipedProcess> {
  const { words, env } = await link.transport(own);
  return startPiped({ words: [...words, '--', link.host, boxCommand(`LC_ALL=C; export LC_ALL\n${script}`)], folder: '/', env }, signal);
}
