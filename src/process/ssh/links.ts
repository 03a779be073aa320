import type { Disposable } from '../../base/disposable.ts';
import { singleQuoted } from '../../base/shellWords.ts';
import { holdingWords } from '../heldCommand.ts';
import { runCommand } from '../runCommand.ts';
import type { CommandResult } from '../runCommand.ts';
import { startStreamProcess } from '../streamProcess.ts';
import { findWrappers } from '../wrappers.ts';
import type { Wrappers } from '../wrappers.ts';
import { startAskpass } from './askpass.ts';
import { hasAes, quickCiphers } from './ciphers.ts';
import type { SshClientOptions } from './client.ts';
import { controlFolder, controlPath } from './controlFolder.ts';
import { SshFailed } from './link.ts';
import type { AnswerQuestion, LinkResult, LinkRunOptions, SshLink } from './link.ts';
import { SSH_FAILED, sshProblem } from './problem.ts';
import { checkedHost, findSsh, sshEnvironment } from './program.ts';
import { createShared } from './shared.ts';

export interface SshLinksOptions extends SshClientOptions {
  /** Asks a person; only `open` has it ask. Left out, nobody is asked anything. */
  readonly answer?: AnswerQuestion;
}

export interface SshLinks extends Disposable {
  /** The link to a host, the same each time. Throws a RangeError for what is no host. */
  link(host: string): SshLink;
}

const OPTIONS = [
  'ConnectTimeout=10',
  'ServerAliveInterval=5',
  'ServerAliveCountMax=3',
  // What a person's own session is to have would clash with this one.
  'ClearAllForwardings=yes',
  'RemoteCommand=none',
  'RequestTTY=no',
  'PermitLocalCommand=no',
  'ForwardAgent=no',
  'ForwardX11=no',
  'EscapeChar=none',
  // What went wrong is told by its messages alone.
  'LogLevel=ERROR',
];
/** Seconds that a master stays after its last session, ours or another window's. */
const PERSIST = 600;
/** Bytes. */
const KEPT = 16 * 1024 * 1024;
const KEPT_STDERR = 1024 * 1024;
const HANDSHAKE_SECONDS = 30;

/**
 * Links to hosts over the user's own ssh. Each host has one master connection, which all windows of the user share and which ends by
 * itself; everything but what `open` does is done in BatchMode, and asks nobody.
 */
export function createSshLinks({ env, timers, never = [], config, answer, wrappers }: SshLinksOptions): SshLinks {
  const links = new Map<string, SshLink>();
  const disposing = new AbortController();
  const ownEnv = sshEnvironment(env);
  let found: Promise<Wrappers> | undefined;

  function words(batch: boolean, master: boolean): readonly string[] {
    const shared = ['ControlMaster=auto', `ControlPersist=${PERSIST}`, `ControlPath=${controlPath(controlFolder(), config)}`];
    const options = [...OPTIONS, `BatchMode=${batch ? 'yes' : 'no'}`, ...(master ? shared : ['ControlMaster=no', 'ControlPath=none'])];
    return [findSsh(env, never), ...(config === undefined ? [] : ['-F', config]), '-T', '-x', '-a', ...options.flatMap((option) => ['-o', option])];
  }
  async function held(): Promise<readonly string[]> {
    found ??= wrappers === undefined ? findWrappers() : Promise.resolve(wrappers);
    return holdingWords('ssh', undefined, await found);
  }
  function joined(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? disposing.signal : AbortSignal.any([signal, disposing.signal]);
  }

  function createLink(host: string): SshLink {
    let ciphers: Promise<readonly string[]> | undefined;

    async function cipherWords(): Promise<readonly string[]> {
      if (!(await hasAes())) {
        return [];
      }
      const command = { words: [findSsh(env, never), ...(config === undefined ? [] : ['-F', config]), '-G', '--', host], folder: '/', env: ownEnv };
      const { exitCode, stdout } = await runCommand(command, { wallSeconds: 10, keep: KEPT_STDERR, signal: disposing.signal });
      const quick = exitCode === 0 ? quickCiphers(stdout) : undefined;
      return quick === undefined ? [] : ['-o', `Ciphers=${quick}`];
    }

    async function open(signal: AbortSignal): Promise<void> {
      const ending = joined(signal);
      const askpass = answer && (await startAskpass(host, answer, controlFolder(), ending));
      try {
        const command = { words: [...(await held()), ...words(askpass === undefined, true), '--', host, 'exit 0'], folder: '/', env: { ...ownEnv, ...askpass?.env } };
        // A person may take his time.
        const result = await runCommand(command, { keep: KEPT_STDERR, signal: ending, wallSeconds: askpass === undefined ? HANDSHAKE_SECONDS : undefined });
        ending.throwIfAborted();
        judge(result);
      } finally {
        await askpass?.dispose();
      }
    }

    return {
      host,
      open: createShared(open),
      async run(command, { signal, stdin, wallSeconds, keep = KEPT, onStdout }: LinkRunOptions = {}): Promise<LinkResult> {
        const ending = joined(signal);
        const chunks: Buffer[] = [];
        let bytes = 0;
        const collect = (chunk: Buffer): void => {
          bytes += chunk.length;
          if (bytes > keep) {
            throw new RangeError(`${host} says more than ${keep} bytes`);
          }
          chunks.push(chunk);
        };
        const result = await runCommand(
          { words: [...(await held()), ...words(true, true), '--', host, boxCommand(command)], folder: '/', env: ownEnv, ...(stdin !== undefined && { stdin }) },
          { keep: KEPT_STDERR, signal: ending, wallSeconds, onStdout: onStdout ?? collect },
        );
        ending.throwIfAborted();
        judge(result);
        return { exitCode: result.exitCode, stdout: Buffer.concat(chunks), stderr: result.stderr };
      },
      async start(command, onChunk, stdin) {
        const all = [...(await held()), ...words(true, true), '--', host, boxCommand(command)];
        return startStreamProcess({ words: all, folder: '/', env: ownEnv, stdin }, onChunk, { timers });
      },
      async transport(ownConnection, hasBoxAes = false) {
        const quick = ownConnection && hasBoxAes ? await (ciphers ??= cipherWords()) : [];
        return { words: [...words(true, !ownConnection), ...quick], env: ownEnv };
      },
      dispose: () => void links.delete(host),
    };
  }

  return {
    link(host) {
      const link = links.get(checkedHost(host)) ?? createLink(host);
      links.set(host, link);
      return link;
    },
    dispose() {
      links.clear();
      disposing.abort();
    },
  };
}

/** Throws an `SshFailed` where ssh itself failed, or took too long. */
function judge({ exitCode, stderr, ended }: CommandResult): void {
  if (ended === 'timeout') {
    throw new SshFailed('unreachable', stderr.trim() || 'It does not answer in time.');
  }
  if (exitCode === SSH_FAILED) {
    throw new SshFailed(sshProblem(stderr), stderr.trim() || 'The connection ended.');
  }
}

/**
 * A command of a POSIX shell as one of whatever shell a person has there. A backslash, a quote and an exclamation mark stand outside
 * of the quotes: fish and csh read them otherwise than others within.
 */
export function boxCommand(script: string): string {
  const quoted = script.split(/([\\'!])/).map((part, index) => (index % 2 === 1 ? `\\${part}` : part === '' ? '' : singleQuoted(part)));
  return `exec sh -c ${quoted.join('')}`;
}
