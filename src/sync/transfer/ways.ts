import { isAbsent } from '../../base/absent.ts';
import { isText, isWeights } from './kinds.ts';
import type { Carriage, Moved, Mover, MoveListener } from './mover.ts';
import { rangePuller } from './rangePuller.ts';
import { rangePusher } from './rangePusher.ts';
import type { RangeTools } from './rangeHash.ts';
import { LARGE, MEBIBYTE } from './ranges.ts';
import { isModern } from './rsyncArgs.ts';
import { rsyncMover } from './rsyncMover.ts';
import { hasArrived } from './check.ts';
import type { Arrival } from './side.ts';
import { tarPuller, tarPusher } from './tarMover.ts';
import type { Left, Move } from './work.ts';

/** Bytes a second of a link below which compressing text on one core is faster than sending it. */
const SLOW_LINK = 20e6;
/** Less text than that goes as it is. */
const WORTH_COMPRESSING = MEBIBYTE;
/** Fewer names than that go by rsync into an empty folder too. */
const WORTH_A_TAR = 64;
/** A try that is cut loses no more than what is on its way. */
const LARGE_AT_ONCE = { files: 16, bytes: 2048 * MEBIBYTE };
const STAGED_AT_ONCE = { files: 2000, bytes: 256 * MEBIBYTE };

export interface Ground {
  /** Nothing is at the receiving side. */
  readonly empty: boolean;
  /** The disk of its root, and that of the folder that a name goes into. */
  readonly device: string;
  readonly deviceOf: (path: string) => string | undefined;
  /** undefined where no file is large, or the box has nothing to compare ranges by. */
  readonly ranges: RangeTools | undefined;
  /** Bytes a second that the link was measured to carry. */
  readonly rate?: number;
  readonly firstTry: boolean;
}

/** Some names and how they go, in this order. */
export interface Group {
  readonly way: 'rsync' | 'compressed' | 'delta' | 'tar' | 'staged' | 'ranges';
  readonly moves: readonly Move[];
  readonly mover: Mover;
}

/**
 * How files and links go. Large files by ranges over connections of their own; a file that has only grown by rsync's own comparing;
 * text of a slow link compressed; the rest by one rsync, whole: over a fast link looking for what stayed the same costs more than it
 * saves. Into an empty folder one tar is faster. Where one side has no rsync that can be relied on, all goes into a stage and is
 * put in place from there, by tar where there is none at all.
 */
export function groupMoves(carriage: Carriage, moves: readonly Move[], ground: Ground): readonly Group[] {
  const { rsync, facts, direction } = carriage;
  const remote = isAbsent(facts.rsync) ? undefined : facts.rsync;
  const { ranges } = ground;
  const onOneDisk = (move: Move): boolean => ground.deviceOf(move.path) === undefined || ground.deviceOf(move.path) === ground.device;
  const large = ranges === undefined ? [] : moves.filter((move) => move.source.kind === 'file' && move.source.size >= LARGE && onOneDisk(move) && !hasGrown(move));
  const chosen = new Set(large);
  const rest = moves.filter((move) => !chosen.has(move));
  const groups: Group[] = [];
  if (rsync !== undefined && remote !== undefined && isModern(rsync.facts) && isModern(remote)) {
    const ownTemporary = rest.every(onOneDisk);
    const whole = { delta: false, compress: false, staged: false, ownTemporary };
    const modern = { ...carriage, rsync };
    if (direction === 'push' && ground.empty && ground.firstTry && rest.length >= WORTH_A_TAR && ownTemporary) {
      groups.push({ way: 'tar', moves: rest, mover: tarPusher(carriage) });
    } else {
      const grown = rest.filter(hasGrown);
      const level = rest.filter((move) => !hasGrown(move));
      const text = ground.rate !== undefined && ground.rate < SLOW_LINK ? level.filter(({ path }) => isText(path)) : [];
      const compressed = new Set(text.reduce((sum, { source }) => sum + source.size, 0) > WORTH_COMPRESSING ? text : []);
      groups.push(
        { way: 'rsync', moves: level.filter((move) => !compressed.has(move)), mover: rsyncMover(modern, whole) },
        { way: 'compressed', moves: [...compressed], mover: rsyncMover(modern, { ...whole, compress: true }) },
        { way: 'delta', moves: grown, mover: rsyncMover(modern, { ...whole, delta: true }) },
      );
    }
  } else {
    const byRsync = rsync !== undefined && remote !== undefined;
    const mover = byRsync
      ? rsyncMover({ ...carriage, rsync }, { delta: false, compress: false, staged: true, ownTemporary: false })
      : direction === 'push'
        ? tarPusher(carriage)
        : tarPuller(carriage);
    for (const some of portions(rest, STAGED_AT_ONCE)) {
      groups.push({ way: 'staged', moves: some, mover: staged(carriage, mover, !byRsync && direction === 'pull') });
    }
  }
  if (ranges !== undefined) {
    const mover = direction === 'push' ? rangePusher(carriage, ranges) : rangePuller(carriage, ranges);
    for (const some of portions(large, LARGE_AT_ONCE)) {
      groups.push({ way: 'ranges', moves: some, mover });
    }
  }
  return groups.filter((group) => group.moves.length > 0);
}

/** It was there and is longer now, as a log is: rsync finds what is new at its end. */
function hasGrown({ path, source, sink }: Move): boolean {
  return sink !== undefined && sink.kind === 'file' && source.kind === 'file' && sink.size >= MEBIBYTE && source.size > sink.size && !isWeights(path);
}

/** Puts in place what a mover has brought to the stage: whatever lies there whole, however its try has ended. */
function staged({ sink, folders }: Carriage, mover: Mover, bare: boolean): Mover {
  return async (moves, listener, signal): Promise<Moved> => {
    const quiet: MoveListener = { onPlaced: () => {}, onBytes: (bytes) => listener.onBytes(bytes) };
    const moved = await mover(moves, quiet, signal);
    const outOfPlay = new Set(moved.left.map(({ path }) => path));
    const seen = await sink.look(moves.map(({ path }) => `${folders.stage}/${path}`), signal);
    const arrivals = moves
      .filter(({ path, source }) => {
        const entry = seen.get(`${folders.stage}/${path}`);
        // What is bare has no time yet; its size was held to by whoever wrote it.
        return !outOfPlay.has(path) && (bare && moved.failure === undefined ? entry?.kind === source.kind : hasArrived(source, entry));
      })
      .map((move): Arrival => ({ from: `${folders.stage}/${move.path}`, entry: move.source, replaces: move.sink?.kind === move.source.kind, bare: bare && move.source.kind === 'file' }));
    const left: Left[] = [...moved.left, ...(await sink.install(arrivals, signal))];
    arrivals.forEach(({ entry }) => listener.onPlaced(entry.path));
    return { ...moved, left };
  };
}

function portions(moves: readonly Move[], { files, bytes }: { readonly files: number; readonly bytes: number }): readonly (readonly Move[])[] {
  const found: Move[][] = [];
  let portion: Move[] = [];
  let size = 0;
  for (const move of moves) {
    if (portion.length === files || (portion.length > 0 && size + move.source.size > bytes)) {
      found.push(portion);
      portion = [];
      size = 0;
    }
    portion.push(move);
    size += move.source.size;
  }
  return portion.length === 0 ? found : [...found, portion];
}
