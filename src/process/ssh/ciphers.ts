import { readFile } from 'node:fs/promises';

/** AES with GCM costs a third of what ChaCha20 costs where a processor has instructions for it, and several times as much where not. */
const QUICK = /^aes\d+-gcm@openssh\.com$/;

/**
 * The ciphers that a user's ssh offers to a host, those that AES instructions make quick first; from what `ssh -G` prints. None is
 * added to them and none is left out. undefined where there is nothing to be put first.
 */
export function quickCiphers(settings: string): string | undefined {
  const offered = (/^ciphers (\S+)$/m.exec(settings)?.[1] ?? '').split(',');
  const quick = offered.filter((name) => QUICK.test(name));
  return quick.length === 0 ? undefined : [...quick, ...offered.filter((name) => !QUICK.test(name))].join(',');
}

/** Whether the processor of this machine has instructions for AES, as all have that macOS still runs on. */
export async function hasAes(): Promise<boolean> {
  return process.platform === 'darwin' || /^(?:flags|Features)\b.* aes\b/m.test(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''));
}
