import type { Disposable } from '../../base/disposable.ts';
import type { OnChunk, StreamProcess } from '../streamProcess.ts';
import type { SshProblem } from './problem.ts';

/**
 * A warm connection to a host over the user's own ssh: a ControlMaster of ours, opened at the first use, kept for ten minutes after
 * the last, and asked by everything that is done on that host.
 */
export interface SshLink extends Disposable {
  readonly host: string;
  /** Signs in where it has not. Rejects with an `SshFailed`, or `SshMissing`. */
  open(signal?: AbortSignal): Promise<void>;
  /** Runs one command of a POSIX shell there to its end. Rejects with an `SshFailed` where ssh itself fails; any exit code is an answer. */
  run(command: string, options?: LinkRunOptions): Promise<LinkResult>;
  /** The same as a stream: `stdin` is what it reads first, and stays open. */
  start(command: string, onChunk: OnChunk, stdin: string): Promise<StreamProcess>;
  /**
   * What a local program (rsync's `-e`, tar's pipe) reaches the host by: words, and the environment they need. `ownConnection`: not
   * through the master, whose one TCP stream would be shared. `hasBoxAes`: such a connection prefers the ciphers that are quick where
   * both processors have instructions for AES.
   */
  transport(ownConnection: boolean, hasBoxAes?: boolean): Promise<{ readonly words: readonly string[]; readonly env: Readonly<Record<string, string>> }>;
}

export interface LinkRunOptions {
  readonly signal?: AbortSignal;
  readonly stdin?: string | Buffer;
  readonly wallSeconds?: number;
  /** Bytes of stdout that are kept, from its start; more ends the command with an error. 16 MiB where left out. */
  readonly keep?: number;
  /** Told what arrives on stdout, which is then not kept. */
  readonly onStdout?: (chunk: Buffer) => void;
}

export interface LinkResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export class SshFailed extends Error {
  override readonly name = 'SshFailed';

  constructor(
    readonly problem: SshProblem,
    /** ssh's own words. */
    readonly said: string,
  ) {
    super(said);
  }
}

/** A question that ssh asks a person. `secret`: a password, a passphrase or a code, never shown as it is typed. */
export interface SshQuestion {
  readonly host: string;
  readonly kind: 'passphrase' | 'password' | 'code' | 'hostKey' | 'other';
  readonly text: string;
  readonly secret: boolean;
}

/** Answers it, or gives undefined: the attempt ends. Background work has none, and what needs an answer fails there. */
export type AnswerQuestion = (question: SshQuestion, signal: AbortSignal) => Promise<string | undefined>;
