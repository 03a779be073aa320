import { startPiped } from '../../process/pipedProcess.ts';
import type { PipedProcess } from '../../process/pipedProcess.ts';
import { boxCommand } from '../../process/ssh/links.ts';
import type { Carriage } from './mover.ts';

/** Runs a script on the box with streams that keep to each other's pace. `own`: over a connection of its own; with `aes`, whose processor has instructions for that. */
export async function startOnBox({ link, holding }: Pick<Carriage, 'link' | 'holding'>, script: string, own: false | { readonly aes: boolean }, signal: AbortSignal): Promise<PipedProcess> {
  const { words, env } = await link.transport(own !== false, own !== false && own.aes);
  return startPiped({ words: [...holding, ...words, '--', link.host, boxCommand(`LC_ALL=C; export LC_ALL\n${script}`)], folder: '/', env }, signal);
}
