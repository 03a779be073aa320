import { singleQuoted } from '../../base/shellWords.ts';
import { startPiped } from '../../process/pipedProcess.ts';
import type { PipedProcess } from '../../process/pipedProcess.ts';
import type { SshLink } from '../../process/ssh/link.ts';

/** A script as a command of whatever shell a person has on a box: a POSIX one reads it, byte by byte. */
export function shellCommand(script: string): string {
  return `exec env LC_ALL=C sh -c ${singleQuoted(script)}`;
}

/** Runs a script on the box with streams that keep to each other's pace. `own`: over a connection of its own. */
export async function startOnBox(link: SshLink, script: string, own: boolean, signal: AbortSignal): Promise<PipedProcess> {
  const { words, env } = await link.transport(own);
  return startPiped({ words: [...words, link.host, shellCommand(script)], folder: '/', env }, signal);
}
