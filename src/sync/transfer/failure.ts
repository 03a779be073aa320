import type { SyncReason } from '../syncError.ts';

/** Why something that moves files has ended before it had moved all. */
export interface Failure {
  /** Whether the same again may well go through. */
  readonly again: boolean;
  readonly reason: SyncReason;
  /** A sentence for a person, without the box's name. */
  readonly said: string;
}

interface Sign {
  readonly pattern: RegExp;
  readonly failure: Failure;
}

const never = (reason: SyncReason, said: string): Failure => ({ again: false, reason, said });
const again = (said: string): Failure => ({ again: true, reason: 'unreachable', said });

/** The same loss of a link ends with 255, 12 or 10 by chance: what was said tells more than the code. The first that fits counts. */
const SIGNS: readonly Sign[] = [
  { pattern: /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT|File too large/i, failure: never('space', 'The receiving disk is full, or a quota or a limit on file sizes is reached.') },
  { pattern: /Permission denied \(|Host key verification failed|REMOTE HOST IDENTIFICATION|Too many authentication failures|No more authentication/, failure: never('signIn', 'The box asks for a sign-in.') },
  { pattern: /is your shell clean|protocol version mismatch/, failure: never('noisyShell', 'The shell of the box prints text before rsync speaks: look at its .bashrc for an echo.') },
  { pattern: /rsync:? (?:command )?not found|rsync: No such file or directory|(?:command not found|not found).*rsync|rsync.*(?:command not found|not found)/, failure: never('noRsync', 'There is no rsync on the box.') },
  { pattern: /Could not resolve hostname|Name or service not known/, failure: again('The name of the box could not be resolved.') },
  { pattern: /Connection refused/, failure: again('The box refuses connections.') },
  { pattern: /Broken pipe|Timeout, server|Connection (?:reset|closed|timed out)|Connection to .* closed|closed by remote host|No route to host|Network is unreachable|Operation timed out|connection unexpectedly closed|unexplained error/i, failure: again('The link was cut.') },
  { pattern: /io timeout|timeout in data send|timeout waiting for/, failure: again('The box no longer answered.') },
  { pattern: /Read-only file system/i, failure: never('permission', 'The receiving file system is read-only.') },
];

/** By rsync(1), EXIT VALUES. Only where nothing that was said tells more. */
const CODES: Readonly<Record<number, Failure>> = {
  1: never('failed', 'rsync does not know an option that it was given.'),
  2: never('noisyShell', 'The two rsyncs do not understand each other: one is too old, or the shell of the box prints text.'),
  10: again('The link was cut.'),
  11: never('failed', 'A file could not be read or written.'),
  12: again('The link was cut.'),
  14: again('ssh could not be started.'),
  20: never('cancelled', 'It was stopped.'),
  23: never('failed', 'Some files could not be moved.'),
  30: again('The box no longer answered.'),
  35: again('The box did not answer.'),
  124: never('failed', 'The program on the box failed.'),
  125: never('failed', 'The program on the box was killed.'),
  126: never('noRsync', 'The rsync of the box could not be started.'),
  127: never('noRsync', 'There is no rsync on the box.'),
  130: again('rsync was interrupted.'),
  137: again('rsync was killed.'),
  143: again('rsync was ended.'),
  255: again('The link was cut.'),
};

/** undefined where it has ended well: 24 says that a source vanished, which the check afterwards finds. */
export function failureOf(exitCode: number, said: string): Failure | undefined {
  if (exitCode === 0 || exitCode === 24) {
    return undefined;
  }
  const sign = SIGNS.find(({ pattern }) => pattern.test(said))?.failure;
  return sign ?? CODES[exitCode] ?? { again: exitCode > 128, reason: 'failed', said: lastWords(said) ?? `It ended with ${exitCode}.` };
}

/** What rsync says of single names: `rsync: [sender] send_files failed to open "/a/b": Permission denied (13)`, by the path in quotes. */
export function complaints(said: string): ReadonlyMap<string, string> {
  return new Map([...said.matchAll(/"((?:[^"\n]|"(?!: ))*)"(?: \(in [^)\n]*\))?: ([^\n(]+)/g)].map(([, path = '', why = '']) => [path, why.trim()]));
}

/** The line that a person should read of what a program said. */
export function lastWords(said: string): string | undefined {
  const lines = said.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^rsync error: .* at \S+\(\d+\)/.test(line));
  return lines.at(-1)?.slice(0, 300);
}
