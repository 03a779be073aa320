import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import { BoundedText } from './boundedText.ts';
import { OutputFile } from './outputFile.ts';
import { groupGone, signalGroup } from './processGroup.ts';

export interface Command {
  /** Absolute path first. */
  readonly words: readonly string[];
  /** Current folder. */
  readonly folder: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
}

export interface CommandOptions {
  readonly signal?: AbortSignal | undefined;
  readonly wallSeconds?: number | undefined;
  /** Bytes of each stream that are kept. */
  readonly keep: number;
  /** Told what arrives. What these throw ends the process, and the run rejects with it. */
  readonly onStdout?: ((chunk: Buffer) => void) | undefined;
  readonly onStderr?: ((chunk: Buffer) => void) | undefined;
  /** Has stderr go through a file in the current folder, which has to be ours alone: see `OutputFile`. */
  readonly stderrInFile?: boolean;
}

export interface CommandResult {
  /** 128 and the signal's number where a signal ended it, as a shell has it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Bytes of both streams that are not kept. */
  readonly leftOut: number;
  /** Wall time in milliseconds. */
  readonly ms: number;
  /** Set where we ended it. */
  readonly ended?: 'cancelled' | 'timeout';
}

/** Between asking a group to end and ending it, in milliseconds. */
const GRACE = 3000;
/** A longer one fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** How long a stream may stay open after the whole group is gone: somebody who left the group holds it. */
const STREAM_GRACE = 1000;

/**
 * Runs a command in a process group of its own, to the end of that group: what a tool leaves behind is killed. Cancelled or
 * out of time, the group gets SIGTERM and after 3 s SIGKILL. Rejects with Node's own error where it cannot be started.
 */
export async function runCommand(command: Command, options: CommandOptions): Promise<CommandResult> {
  const file = options.stderrInFile ? new OutputFile(command.folder) : undefined;
  try {
    return await runToEnd(command, options, file);
  } finally {
    file?.close();
  }
}

async function runToEnd(command: Command, options: CommandOptions, stderrFile: OutputFile | undefined): Promise<CommandResult> {
  const startedAt = performance.now();
  const child = start(command, stderrFile?.fd);
  const group = await startedGroup(child);
  const stdout = new BoundedText(options.keep);
  const stderr = new BoundedText(options.keep);
  let ended: CommandResult['ended'] | 'failed';
  let failure: unknown;
  let kill: NodeJS.Timeout | undefined;

  function end(reason: NonNullable<typeof ended>): void {
    // Before the signal: sox exits 0 with a valid, shortened file when it is told to end.
    ended ??= reason;
    if (kill === undefined) {
      kill = setTimeout(() => signalGroup(group, 'SIGKILL'), GRACE);
      signalGroup(group, 'SIGTERM');
    }
  }
  function fail(error: unknown): void {
    failure ??= error;
    end('failed');
  }
  function taker(text: BoundedText, tell: CommandOptions['onStdout']): (chunk: Buffer) => void {
    return (chunk) => {
      text.add(chunk);
      try {
        tell?.(chunk);
      } catch (error) {
        fail(error);
      }
    };
  }

  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<number>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL'])),
  );
  const takeStderr = taker(stderr, options.onStderr);
  child.stdout?.on('data', taker(stdout, options.onStdout));
  child.stderr?.on('data', takeStderr);
  stderrFile?.follow(takeStderr, fail);
  const cancel = (): void => end('cancelled');
  const timer =
    options.wallSeconds === undefined ? undefined : setTimeout(() => end('timeout'), Math.min(options.wallSeconds * 1000, LONGEST_TIMER));
  if (options.signal) {
    // Many runs share one signal, which Node would otherwise take for a leak.
    setMaxListeners(0, options.signal);
    options.signal.addEventListener('abort', cancel);
  }
  if (options.signal?.aborted) {
    cancel();
  }
  try {
    const exitCode = await exited;
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', cancel);
    signalGroup(group, 'SIGKILL');
    await groupGone(group);
    await closedSoon(child, closed);
    stderrFile?.read(takeStderr);
    if (ended === 'failed') {
      throw failure;
    }
    return {
      exitCode,
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      leftOut: stdout.leftOut + stderr.leftOut,
      ms: performance.now() - startedAt,
      ...(ended !== undefined && { ended }),
    };
  } finally {
    clearTimeout(kill);
  }
}

function start({ words, folder, env, stdin }: Command, stderr: number | undefined): ChildProcess {
  const [file = '', ...args] = words;
  const stdio: StdioOptions = [stdin === undefined ? 'ignore' : 'pipe', 'pipe', stderr ?? 'pipe'];
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio });
  // A tool that ends without reading everything is no error of ours; its exit code tells.
  child.stdin?.on('error', () => {});
  child.stdin?.end(stdin);
  return child;
}

/** The id of the group that a child leads. */
function startedGroup(child: ChildProcess): Promise<number> | number {
  return child.pid ?? new Promise<never>((_, reject) => child.once('error', reject));
}

async function closedSoon(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }, STREAM_GRACE);
  await closed;
  clearTimeout(timer);
}
