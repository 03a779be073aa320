import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { groupGone, signalGroup } from './processGroup.ts';
import { TailBytes } from './tailBytes.ts';

export interface PipedCommand {
  /** Absolute path first. */
  readonly words: readonly string[];
  /** Current folder, in bytes where its name is no UTF-8. */
  readonly folder: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A process whose streams are read and written as bytes, each at the other's pace. */
export interface PipedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when its whole group is gone. Never rejects: one that could not be started ends with 127 and Node's words. */
  readonly gone: Promise<PipedEnd>;
  /** Has it end: its group gets SIGTERM, and SIGKILL soon after. */
  end(): void;
}

export interface PipedEnd {
  /** 128 and the signal's number where a signal ended it. */
  readonly exitCode: number;
  /** The last 16 KiB of stderr. */
  readonly said: string;
}

const SAID = 16_384;
/** Between asking a group to end and ending it, in milliseconds: a person who cancels waits no longer than a second. */
const GRACE = 500;
/** How long a stream may stay open after the whole group is gone: somebody who left the group holds it. */
const STREAM_GRACE = 500;

/** Starts a process in a group of its own. Aborted, `signal` ends it. */
export function startPiped({ words: [file = '', ...args], folder, env }: PipedCommand, signal?: AbortSignal): PipedProcess {
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const group = child.pid;
  const said = new TailBytes(SAID);
  let kill: NodeJS.Timeout | undefined;
  let exited = false;
  child.stderr.on('data', (chunk: Buffer) => said.add(chunk));
  // One that ends without reading everything is no error of ours; its exit code tells.
  child.stdin.on('error', () => {});
  child.stdout.on('error', () => {});

  function end(): void {
    if (group !== undefined && kill === undefined && !exited) {
      kill = setTimeout(() => signalGroup(group, 'SIGKILL'), GRACE);
      signalGroup(group, 'SIGTERM');
    }
  }

  async function toEnd(): Promise<PipedEnd> {
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const exitCode = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        if (group === undefined) {
          said.add(Buffer.from(error.message));
          resolve(127);
        }
      });
      child.once('exit', (code, by) => resolve(code ?? 128 + constants.signals[by ?? 'SIGKILL']));
    });
    exited = true;
    signal?.removeEventListener('abort', end);
    if (group !== undefined) {
      signalGroup(group, 'SIGKILL');
      await groupGone(group);
      clearTimeout(kill);
      const late = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, STREAM_GRACE);
      await closed;
      clearTimeout(late);
    }
    return { exitCode, said: said.toString() };
  }

  signal?.addEventListener('abort', end);
  const gone = toEnd();
  if (signal?.aborted === true) {
    end();
  }
  return { stdin: child.stdin, stdout: child.stdout, gone, end };
}

/** Writes a piece and resolves when more may follow; false where nobody reads it any more. */
export function writePiece(stream: Writable, piece: Buffer): Promise<boolean> {
  if (stream.destroyed || stream.writableEnded) {
    return Promise.resolve(false);
  }
  if (stream.write(piece)) {
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    function settle(): void {
      stream.off('drain', settle);
      stream.off('close', settle);
      resolve(!stream.destroyed);
    }
    stream.on('drain', settle);
    stream.on('close', settle);
  });
}
