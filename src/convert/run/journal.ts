import { closeSync, constants, fdatasync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { JobFailure } from '../job.ts';
import type { RunMark } from './tempNames.ts';

/** What happened to one item after the other. Only ever appended to; later lines about an item stand above earlier ones. */
export type JournalLine =
  /** A process took the job up. Failures before it no longer count: they are tried again. */
  | ({ readonly kind: 'run'; readonly startTime: string; readonly at: number } & RunMark)
  /** Temporary files may from now on lie in this folder; `made`: we made it. */
  | { readonly kind: 'folder'; readonly path: string; readonly made: boolean }
  | { readonly kind: 'started'; readonly seqs: readonly number[] }
  | PlacingLine
  | {
      readonly kind: 'done';
      readonly seq: number;
      readonly weight: number;
      /** Kept in spite of this damage. */
      readonly damage?: readonly string[];
      readonly notes?: readonly string[];
    }
  | ({ readonly kind: 'failed' } & JobFailure)
  | {
      readonly kind: 'skipped';
      readonly seq: number;
      readonly weight: number;
      readonly action: 'write' | 'replace';
      readonly reason: string;
    }
  /** The run came to its end by itself, and left nothing to clear away. */
  | { readonly kind: 'ended'; readonly at: number };

/** A verified output is about to be named. What has the output's name and this identity is that very output. */
export interface PlacingLine {
  readonly kind: 'placing';
  readonly seq: number;
  readonly identity: string;
  /** As in the ledger. */
  readonly inputStamp: string;
  readonly tool: string;
  readonly damage?: readonly string[];
  readonly notes?: readonly string[];
}

export interface Journal {
  /** Hands the lines to the system in one write: they outlive this process, though not yet a loss of power. */
  append(lines: readonly JournalLine[]): void;
  /** Resolves when all that was appended is on disk. */
  sync(): Promise<void>;
  close(): void;
}

const sync = promisify(fdatasync);

/** Opens a journal for appending, cutting off a last line that a crash left unfinished. */
export function openJournal(file: string): Journal {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  let position = endOfWholeLines(fd);
  ftruncateSync(fd, position);
  return {
    append(lines) {
      if (lines.length === 0) {
        return;
      }
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      for (let written = 0; written < bytes.length; ) {
        // At a position of our own: after a write that the full disk cut short, the next one mends the line.
        written += writeSync(fd, bytes, written, bytes.length - written, position + written);
      }
      position += bytes.length;
    },
    sync: () => sync(fd),
    close: () => closeSync(fd),
  };
}

function endOfWholeLines(fd: number): number {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  let end = fstatSync(fd).size;
  while (end > 0) {
    const length = Math.min(end, buffer.length);
    const read = readSync(fd, buffer, 0, length, end - length);
    const newline = buffer.lastIndexOf(0x0a, read - 1);
    if (newline >= 0) {
      return end - length + newline + 1;
    }
    end -= length;
  }
  return 0;
}
