import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Disposable } from '../base/disposable.ts';
import { groupGone, signalGroup } from './processGroup.ts';
import type { Timers } from './timers.ts';

export interface StreamCommand {
  /** Absolute path first. */
  readonly words: readonly string[];
  /** Current folder. */
  readonly folder: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What it reads first; its stdin then stays open until it is told to end. Without this it reads nothing. */
  readonly stdin?: string;
}

export type OnChunk = (chunk: Buffer, stream: 'stdout' | 'stderr') => void;

export interface StreamProcess {
  /** Resolves when nothing of its group runs any more, which may be never: a wedged driver keeps a process from ending. */
  readonly gone: Promise<ProcessEnd>;
  /** Has it end: stdin is closed and the group gets SIGTERM, after 3 s SIGKILL. */
  end(): void;
  /** Gives it something to read. */
  write(text: string): void;
  /** It gets nothing more to read. */
  closeInput(): void;
}

export interface ProcessEnd {
  /** 128 and the signal's number where a signal ended it; undefined where it could not be started. */
  readonly exitCode?: number;
  /** Node's own error where it could not be started. */
  readonly error?: unknown;
}

export interface StreamProcessOptions {
  readonly timers: Timers;
  /** Sends a signal to a group; for tests of a process that no signal ends. */
  readonly signal?: typeof signalGroup;
}

/** Between asking a group to end and ending it, in milliseconds. */
const GRACE = 3000;
/** How long a stream may stay open after the process itself is gone: somebody who left the group holds it. */
const STREAM_GRACE = 1000;
/** Between two looks at a group that does not go. A look at one that is still there reads all of /proc. */
const LONGEST_PAUSE = 5000;

/**
 * Starts a process in a group of its own and tells what it writes as it comes, to the end of that group: what it leaves behind is
 * ended. A descendant that has left the group and holds its pipes holds nobody up.
 */
export function startStreamProcess(
  { words: [file = '', ...args], folder, env, stdin }: StreamCommand,
  onChunk: OnChunk,
  { timers, signal = signalGroup }: StreamProcessOptions,
): StreamProcess {
  let child: ChildProcess;
  try {
    child = spawn(file, args, { cwd: folder, env, detached: true, stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  } catch (error) {
    return { gone: Promise.resolve({ error }), end: () => {}, write: () => {}, closeInput: () => {} };
  }
  const group = child.pid;
  let kill: Disposable | undefined;
  let exited = false;

  child.stdout?.on('data', (chunk: Buffer) => onChunk(chunk, 'stdout'));
  child.stderr?.on('data', (chunk: Buffer) => onChunk(chunk, 'stderr'));
  // One that ends without reading everything is no error of ours; its exit code tells.
  child.stdin?.on('error', () => {});
  if (stdin !== undefined) {
    child.stdin?.write(stdin);
  }

  async function toEnd(): Promise<ProcessEnd> {
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const end = await new Promise<ProcessEnd>((resolve) => {
      child.once('error', (error) => group === undefined && resolve({ error }));
      child.once('exit', (code, by) => resolve({ exitCode: code ?? 128 + constants.signals[by ?? 'SIGKILL'] }));
    });
    exited = true;
    kill?.dispose();
    if (group === undefined) {
      return end;
    }
    signal(group, 'SIGKILL');
    const late = timers.after(STREAM_GRACE, () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    await closed;
    late.dispose();
    await groupGone(group, LONGEST_PAUSE);
    return end;
  }

  return {
    gone: toEnd(),
    end() {
      if (kill === undefined && !exited && group !== undefined) {
        child.stdin?.end();
        kill = timers.after(GRACE, () => signal(group, 'SIGKILL'));
        signal(group, 'SIGTERM');
      }
    },
    write(text) {
      if (child.stdin?.writable) {
        child.stdin.write(text);
      }
    },
    closeInput: () => void child.stdin?.end(),
  };
}
