import { holdingWords } from '../heldCommand.ts';
import { runCommand } from '../runCommand.ts';
import type { OnChunk, StreamProcess } from '../streamProcess.ts';
import { startStreamProcess } from '../streamProcess.ts';
import type { Timers } from '../timers.ts';
import type { Wrappers } from '../wrappers.ts';
import { findWrappers } from '../wrappers.ts';
import { checkedHost, findSsh, sshEnvironment } from './program.ts';

export interface SshClientOptions {
  /** The user's environment: ssh is his own, and needs his agent and, for a ProxyCommand, his PATH. */
  readonly env: NodeJS.ProcessEnv;
  readonly timers: Timers;
  /** Folders from which nothing is run: the workspace's. */
  readonly never?: readonly string[];
  /** A configuration in place of the user's own. */
  readonly config?: string;
  /** What it is started through; looked for at the first start where left out. */
  readonly wrappers?: Wrappers;
}

/** What ssh makes of an alias. */
export interface SshTarget {
  readonly hostname: string;
  readonly user: string;
  readonly port: number;
  readonly proxyJump?: string;
}

export interface SshClient {
  /**
   * Looks for ssh, and gives what starts `command` on a host. It asks nobody for anything: what needs an answer fails. A cut link
   * ends it within 15 s. Rejects with an `SshMissing`.
   */
  session(host: string, command: string): Promise<(onChunk: OnChunk, stdin: string) => StreamProcess>;
  /** Asks ssh what the configuration says of a host, which runs what a `Match exec` in it says. */
  resolve(host: string): Promise<SshTarget>;
  /** The words with which a person signs in from a terminal. */
  signInWords(host: string): readonly string[];
}

/** BatchMode: no question, be it for a password or for a host key, ever. A master connection of the user's is used where there is one. */
const OPTIONS = [
  'BatchMode=yes',
  'ConnectTimeout=10',
  'ServerAliveInterval=4',
  'ServerAliveCountMax=2',
  // Used where the user has one; ours would outlive us.
  'ControlMaster=no',
  // What a person's own session is to have would clash with this one.
  'ClearAllForwardings=yes',
  'RemoteCommand=none',
  'PermitLocalCommand=no',
  'ForwardAgent=no',
  'ForwardX11=no',
  // What went wrong is told by its messages alone.
  'LogLevel=INFO',
];

export function createSshClient({ env, timers, never = [], config, wrappers }: SshClientOptions): SshClient {
  const configWords = config === undefined ? [] : ['-F', config];
  const ownEnv = sshEnvironment(env);

  return {
    async session(host, command) {
      const ssh = findSsh(env, never);
      const held = holdingWords('ssh', undefined, wrappers ?? (await findWrappers()));
      const words = [...held, ssh, ...configWords, '-T', ...OPTIONS.flatMap((option) => ['-o', option]), '--', checkedHost(host), command];
      return (onChunk, stdin) => startStreamProcess({ words, folder: '/', env: ownEnv, stdin }, onChunk, { timers });
    },
    async resolve(host) {
      const words = [findSsh(env, never), ...configWords, '-G', '--', checkedHost(host)];
      const { stdout } = await runCommand({ words, folder: '/', env: ownEnv }, { wallSeconds: 10, keep: 1024 * 1024 });
      return parseTarget(stdout, host);
    },
    signInWords: (host) => ['ssh', ...configWords, checkedHost(host)],
  };
}

/** From what `ssh -G` prints. */
export function parseTarget(text: string, host: string): SshTarget {
  const value = (key: string): string | undefined => new RegExp(`^${key} (.+)$`, 'm').exec(text)?.[1];
  const proxyJump = value('proxyjump');
  return {
    hostname: value('hostname') ?? host,
    user: value('user') ?? '',
    port: Number(value('port') ?? 22),
    ...(proxyJump !== undefined && proxyJump !== 'none' && { proxyJump }),
  };
}
