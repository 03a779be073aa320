import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, readlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { Writable } from 'node:stream';
import { writePiece } from '../../process/pipedProcess.ts';
import { systemPath, toBytePath } from '../../base/bytePath.ts';
import { microseconds } from '../listing/localEntry.ts';
import { systemWords } from './localSink.ts';
import type { MoveListener } from './mover.ts';
import { paddingOf, tarHeaders } from './tarHeader.ts';
import type { Allowance } from './throttle.ts';
import type { Left, Move } from './work.ts';

/** Bytes that are written at one stroke; a file of up to a quarter of it is read whole before its header is written. */
const STROKE = 1024 * 1024;
const WHOLE = STROKE / 4;

export interface WrittenTar {
  readonly left: readonly Left[];
  /** Of `left`: those of which something wrong is in the tar all the same. */
  readonly torn: readonly Left[];
}

interface TarTask {
  readonly root: string;
  readonly moves: readonly Move[];
  readonly out: Writable;
  readonly allowance: Allowance;
  readonly listener: MoveListener;
  readonly signal: AbortSignal;
}

export const CHANGED = 'changed since the plan was made';
export const CHANGING = 'changed while it was read';

/**
 * Writes names as a tar as they are, each held to the plan by what the open file itself says. One that has changed is left out; one
 * that changes while it is read is filled up with zeros and told as torn: it must not be given its name.
 */
export async function writeTar({ root, moves, out, allowance, listener, signal }: TarTask): Promise<WrittenTar> {
  const left: Left[] = [];
  const torn: Left[] = [];
  let stroke = Buffer.allocUnsafe(STROKE);
  let filled = 0;
  let moved = 0;

  async function flush(): Promise<void> {
    if (filled === 0) {
      return;
    }
    await allowance.take(filled, signal);
    signal.throwIfAborted();
    const goesOn = await writePiece(out, stroke.subarray(0, filled));
    stroke = Buffer.allocUnsafe(STROKE);
    filled = 0;
    listener.onBytes(moved);
    if (!goesOn) {
      throw new TarCut();
    }
  }
  async function room(bytes: number): Promise<void> {
    if (filled + bytes > STROKE) {
      await flush();
    }
  }
  async function put(blocks: readonly Buffer[]): Promise<void> {
    for (const block of blocks) {
      await room(block.length);
      filled += block.copy(stroke, filled);
    }
  }

  async function file(move: Move, fd: number): Promise<void> {
    const { path, source: { size } } = move;
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile() || Number(stats.size) !== size || microseconds(stats.mtimeNs) !== move.source.mtime) {
      left.push({ path, reason: CHANGED });
      return;
    }
    const headers = tarHeaders({ path, kind: 'file', size, mode: move.source.mode, mtimeNs: stats.mtimeNs });
    const padding = paddingOf(size);
    if (size <= WHOLE) {
      const head = headers.reduce((sum, { length }) => sum + length, 0);
      await room(head + size + padding);
      if (readFully(fd, stroke, filled + head, size) < size || isChanged(fd, stats)) {
        left.push({ path, reason: CHANGING });
        return;
      }
      await put(headers);
      filled += size;
      moved += size;
    } else {
      await put(headers);
      const reason = await large(fd, stats);
      if (reason !== undefined) {
        torn.push({ path, reason });
      }
      await room(padding);
    }
    stroke.fill(0, filled, filled + padding);
    filled += padding;
  }
  /** Why it is torn; undefined where it is whole. As many bytes are written either way, as its header says. */
  async function large(fd: number, stats: BigIntStats): Promise<string | undefined> {
    let reason: string | undefined;
    for (let rest = Number(stats.size); rest > 0; ) {
      await room(1);
      const length = Math.min(rest, STROKE - filled);
      let read = 0;
      reason ??= reasonOf(() => (read = readFully(fd, stroke, filled, length)) === length);
      stroke.fill(0, filled + read, filled + length);
      filled += length;
      moved += length;
      rest -= length;
    }
    return reason ?? reasonOf(() => !isChanged(fd, stats));
  }

  for (const move of moves) {
    const { path, source } = move;
    const place = Buffer.concat([Buffer.from(`${root}/`), systemPath(path)]);
    try {
      if (source.kind === 'file') {
        // A pipe that has come to stand there would hold us for ever, and a link lead elsewhere.
        const fd = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        try {
          await file(move, fd);
        } finally {
          closeSync(fd);
        }
      } else {
        const stats = lstatSync(place, { bigint: true });
        const link = source.kind === 'link' ? toBytePath(readlinkSync(place, 'buffer')) : undefined;
        if ((source.kind === 'folder' && !stats.isDirectory()) || link !== source.link) {
          left.push({ path, reason: CHANGED });
        } else {
          await put(tarHeaders({ path, kind: source.kind === 'folder' ? 'folder' : 'link', size: 0, mode: source.mode, mtimeNs: stats.mtimeNs, ...(link !== undefined && { link }) }));
        }
      }
    } catch (error) {
      if (error instanceof TarCut || signal.aborted) {
        throw error;
      }
      const gone = (error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ELOOP';
      left.push({ path, reason: gone ? CHANGED : systemWords(error) });
    }
  }
  await put([Buffer.alloc(1024)]);
  await flush();
  return { left, torn };
}

/** Whoever was to read the tar no longer does. */
export class TarCut extends Error {
  override readonly name = 'TarCut';
}

/** Why a file does not hold, as `holds` says or throws. */
function reasonOf(holds: () => boolean): string | undefined {
  try {
    return holds() ? undefined : CHANGING;
  } catch (error) {
    return systemWords(error);
  }
}

function readFully(fd: number, into: Buffer, at: number, length: number): number {
  let read = 0;
  while (read < length) {
    const count = readSync(fd, into, at + read, length - read, null);
    if (count === 0) {
      break;
    }
    read += count;
  }
  return read;
}

function isChanged(fd: number, before: BigIntStats): boolean {
  const now = fstatSync(fd, { bigint: true });
  return now.mtimeNs !== before.mtimeNs || now.size !== before.size;
}
