import { shownPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { SshFailed } from '../../process/ssh/link.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { Timers } from '../../process/timers.ts';
import type { BoxFacts } from '../box.ts';
import type { Entry } from '../entry.ts';
import { SyncError } from '../syncError.ts';
import type { Direction, Target } from '../target.ts';
import { pauseBefore, rest, TRIES } from './backoff.ts';
import { checkWork, hasArrived, isAsPlanned } from './check.ts';
import type { Checked } from './check.ts';
import type { Failure } from './failure.ts';
import { createLocalSide, createLocalSink, systemWords } from './localSink.ts';
import type { Meter } from './meter.ts';
import type { Carriage, LocalRsync } from './mover.ts';
import { findRangeTools } from './rangeHash.ts';
import { LARGE } from './ranges.ts';
import { createRemoteSide, createRemoteSink } from './remoteSink.ts';
import type { Readiness, RunFolders, Seen, Side, Sink } from './side.ts';
import { CHANGING } from './tarWriter.ts';
import { createAllowance } from './throttle.ts';
import { groupMoves } from './ways.ts';
import { isBelow } from './work.ts';
import type { Deletion, Left, Move, Work } from './work.ts';

export interface WorkTask {
  readonly work: Work;
  readonly meter: Meter;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly link: SshLink;
  readonly facts: BoxFacts;
  readonly target: Target;
  readonly direction: Direction;
  readonly localRoot: string;
  readonly remoteRoot: string;
  readonly folders: RunFolders;
  readonly rsync?: LocalRsync;
  readonly holding: readonly string[];
  readonly rate: number | undefined;
  readonly last: readonly BytePath[];
}

export interface WorkResult {
  /** As both sides have it now. */
  readonly placed: readonly { readonly move: Move; readonly there: Seen }[];
  readonly deleted: readonly Deletion[];
  readonly left: readonly Left[];
  readonly trash: string | undefined;
  /** Bytes a second over the time that files were moved in; undefined where that was too short to tell. */
  readonly rate: number | undefined;
}

/** All tries of one run. Throws only before something was moved. */
export async function runWork(task: WorkTask): Promise<WorkResult> {
  const run = new WorkRun(task);
  const { meter, timers, signal } = task;
  let failure: Failure | undefined;
  for (let attempt = 1; ; ) {
    const before = meter.placedBytes;
    const placedBefore = run.placedCount;
    failure = await run.attempt();
    if (failure === undefined || !failure.again || signal.aborted || attempt > TRIES) {
      break;
    }
    attempt = meter.placedBytes > before || run.placedCount > placedBefore ? 1 : attempt;
    const pause = pauseBefore(attempt);
    meter.enter('waiting', { attempt: attempt + 1, of: TRIES + 1, at: Date.now() + pause, said: failure.said });
    await rest(pause, timers, signal);
    if (signal.aborted) {
      break;
    }
    attempt++;
  }
  if (failure !== undefined && !run.hasBegun && !signal.aborted) {
    throw new SyncError(failure.reason, failure.said);
  }
  return run.result(failure);
}

class WorkRun {
  private readonly left = new Map<BytePath, string>();
  private readonly placed = new Map<BytePath, { readonly move: Move; readonly there: Seen }>();
  private readonly deleted = new Map<BytePath, Deletion>();
  private readonly source: Side;
  private readonly sink: Sink;
  private readonly carriage: Carriage;
  private readonly discarding = new Set<BytePath>();
  private readonly counted = new Set<BytePath>();
  /** What a cut tar may have brought to the stage. */
  private staged: readonly Move[] = [];
  private tries = 0;
  private trash: string | undefined;
  private isTidy = false;
  private began = false;
  private moving = { bytes: 0, milliseconds: 0 };

  constructor(private readonly task: WorkTask) {
    const { link, facts, remoteRoot, localRoot, direction, work } = task;
    const place = { link, facts, root: remoteRoot };
    this.source = direction === 'push' ? createLocalSide(localRoot) : createRemoteSide(place);
    this.sink = direction === 'push' ? createRemoteSink(place) : createLocalSink(localRoot);
    this.carriage = { ...task, sink: this.sink, allowance: createAllowance(task.target.bandwidth, task.timers) };
    work.left.forEach(({ path, reason }) => this.left.set(path, reason));
  }

  get hasBegun(): boolean {
    return this.began;
  }

  get placedCount(): number {
    return this.placed.size + this.deleted.size;
  }

  /** One try of all that is not yet done. What keeps it from its end is given, or undefined. */
  async attempt(): Promise<Failure | undefined> {
    const { signal, meter } = this.task;
    const isFirst = this.tries === 0;
    try {
      meter.enter('connecting');
      if (!isFirst) {
        await this.task.link.open(signal);
      }
      return await this.tryOnce();
    } catch (error) {
      if (signal.aborted) {
        return undefined;
      }
      if (error instanceof SshFailed && isFirst && !this.began) {
        // A warm connection is not asked for first, which would cost each saved file a round trip: only now it has to be opened.
        return this.attempt();
      }
      if (error instanceof SshFailed) {
        return { again: error.problem === 'unreachable', reason: error.problem, said: error.said };
      }
      if (error instanceof SyncError) {
        return { again: false, reason: error.reason, said: error.message };
      }
      return { again: false, reason: localReason(error), said: systemWords(error) };
    }
  }

  private async tryOnce(): Promise<Failure | undefined> {
    const { signal, meter, work } = this.task;
    meter.enter('checking');
    const resumed = this.tries > 0;
    this.tries++;
    if (this.staged.length > 0) {
      await this.salvage();
    }
    const isOpen = ({ path }: { readonly path: BytePath }): boolean => !this.left.has(path) && !this.placed.has(path) && !this.deleted.has(path);
    const open = { moves: work.moves.filter(isOpen), deletions: work.deletions.filter(isOpen), left: [] };
    const preparing = this.sink.prepare(this.task.folders, signal);
    const checking = checkWork(open, this.source, this.sink, resumed, signal);
    // Where one is refused the other does not go on behind a run that has ended.
    await Promise.allSettled([preparing, checking]);
    const [ready, checked] = [await preparing, await checking];
    this.leave(checked.left);
    checked.placed.forEach((move) => this.count(move));
    // What a cut try has taken away without our hearing of it; else it was others.
    checked.gone.forEach((deletion) => (this.discarding.has(deletion.path) ? this.gone(deletion) : this.left.set(deletion.path, 'changed on the receiving side since the plan was made')));
    const failure = await this.move(checked, ready);
    meter.enter('finishing');
    await this.verify([...checked.moves, ...checked.placed], failure);
    if (failure === undefined) {
      await this.delete(checked.deletions.filter(isOpen));
      await this.setModes();
      this.trash = (await this.sink.tidy(signal)) ? this.task.folders.trash : undefined;
      this.isTidy = true;
    }
    return failure;
  }

  private async move(checked: Checked, ready: Readiness): Promise<Failure | undefined> {
    const { signal, meter, last } = this.task;
    const { moves, deletions, missingFolders, deviceOf } = checked;
    this.began ||= moves.length > 0 || deletions.length > 0;
    // What has to go before something else can stand in its place.
    const changing = moves.filter(({ source, sink }) => sink !== undefined && sink.kind !== source.kind);
    const inTheWay = deletions.filter(({ path }) => changing.some((move) => isBelow(path, move.path)));
    await this.delete(inTheWay);
    const complaints = (await this.sink.discard(changing.flatMap(({ sink }) => sink ?? []), signal)).filter(({ path }) => path !== '');
    // The shell of a cut try may have been first: what is gone is out of the way.
    const standing = complaints.length === 0 ? undefined : await this.sink.look(complaints.map(({ path }) => path), signal);
    this.leave(complaints.filter(({ path }) => standing?.has(path)));
    const folders = moves.filter(({ source }) => source.kind === 'folder');
    const made = folders.filter(({ sink }) => sink?.kind !== 'folder').map(({ source }) => source);
    const isMade = new Set(made.map(({ path }) => path));
    const byWay = missingFolders.filter((path) => !isMade.has(path)).map((path): Entry => ({ path, kind: 'folder', size: 0, mtime: 0, mode: 0o755 }));
    const content = moves.filter(({ path, source }) => source.kind !== 'folder' && !this.left.has(path));
    const tools = content.some(({ source }) => source.size >= LARGE) ? await findRangeTools(this.task.link, signal) : undefined;
    const ground = { empty: ready.empty, device: ready.device, deviceOf, ranges: tools, firstTry: this.tries === 1, ...(this.task.rate !== undefined && { rate: this.task.rate }) };
    const isLast = new Set(last);
    const waves = [content.filter(({ path }) => !isLast.has(path)), ...last.map((path) => content.filter((move) => move.path === path))].filter((wave) => wave.length > 0);
    const groups = waves.flatMap((wave, index) => groupMoves(this.carriage, wave, { ...ground, empty: ground.empty && index === 0 }));
    const isTar = groups.some(({ way }) => way === 'tar');
    const before = [...byWay, ...made].toSorted((a, b) => (a.path < b.path ? -1 : 1));
    if (!isTar) {
      this.leave(await this.sink.makeFolders(before, signal));
    }
    meter.enter('sending');
    const startedAt = this.task.timers.now();
    const bytesBefore = meter.placedBytes;
    for (const { way, moves: some, mover } of groups) {
      // The empty folder's tar brings its folders along.
      const all = way === 'tar' ? [...made.map((source) => ({ path: source.path, source })), ...some].toSorted((a, b) => (a.path < b.path ? -1 : 1)) : some;
      const byPath = new Map(all.map((move) => [move.path, move]));
      const { failure, left } = await mover(all, { onPlaced: (path) => this.count(byPath.get(path)), onBytes: (bytes) => meter.underWay(bytes) }, signal);
      this.leave(left);
      if (way === 'tar' && failure === undefined) {
        await this.installStage(all);
      } else if (way === 'tar') {
        this.staged = all;
      }
      if (failure !== undefined) {
        meter.underWay(0);
        return failure;
      }
    }
    this.moving = { bytes: this.moving.bytes + meter.placedBytes - bytesBefore, milliseconds: this.moving.milliseconds + this.task.timers.now() - startedAt };
    return undefined;
  }

  private async installStage(moves: readonly Move[]): Promise<void> {
    const left = await this.sink.installAll([...new Set(moves.map(({ path }) => path.split('/', 1)[0] ?? ''))], this.task.signal);
    this.leave(left.filter(({ path }) => moves.some((move) => move.path === path)));
  }

  /** What a cut tar has brought whole: its time is set last. */
  private async salvage(): Promise<void> {
    const { signal, folders } = this.task;
    const moves = this.staged.filter(({ path }) => !this.placed.has(path) && !this.left.has(path));
    this.staged = [];
    const seen = await this.sink.look(moves.map(({ path }) => `${folders.stage}/${path}`), signal);
    const whole = moves.filter(({ path, source }) => hasArrived(source, seen.get(`${folders.stage}/${path}`)));
    await this.sink.makeFolders(whole.filter(({ source }) => source.kind === 'folder').map(({ source }) => source), signal);
    await this.sink.install(whole.filter(({ source }) => source.kind !== 'folder').map(({ path, source }) => ({ from: `${folders.stage}/${path}`, entry: source, replaces: false })), signal);
  }

  private count(move: Move | undefined): void {
    if (move !== undefined && !this.counted.has(move.path)) {
      this.counted.add(move.path);
      this.task.meter.placed(move.source.size);
    }
  }

  private async delete(deletions: readonly Deletion[]): Promise<void> {
    const { signal } = this.task;
    if (deletions.length === 0) {
      return;
    }
    // Once more: it may be long since the check.
    const paths = deletions.map(({ path }) => path);
    const before = await this.sink.look(paths, signal);
    const same = deletions.filter(({ path, sink }) => isAsPlanned(sink, before.get(path)));
    same.forEach(({ path }) => this.discarding.add(path));
    const complaints = new Map((await this.sink.discard(same.map(({ sink }) => sink), signal)).map(({ path, reason }) => [path, reason]));
    const after = await this.sink.look(paths, signal);
    for (const deletion of deletions) {
      const { path, sink } = deletion;
      if (!after.has(path)) {
        this.gone(deletion);
      } else {
        const reason = !same.includes(deletion) ? 'changed on the receiving side since the plan was made' : sink.kind === 'folder' ? 'there is something in it that the plan does not delete' : (complaints.get(path) ?? 'it could not be moved to the trash');
        this.left.set(path, reason);
      }
    }
  }

  private gone(deletion: Deletion): void {
    this.deleted.set(deletion.path, deletion);
    this.task.meter.placed(0);
  }

  /** What stands there now is what was done; nothing is believed that was not seen. */
  private async verify(moves: readonly Move[], failure: Failure | undefined): Promise<void> {
    const { signal } = this.task;
    const paths = moves.map(({ path }) => path);
    const [here, there] = await Promise.all([this.source.look(paths, signal), this.sink.look(paths, signal)]);
    for (const move of moves) {
      const { path, source } = move;
      const seen = there.get(path);
      if (seen !== undefined && hasArrived(source, seen)) {
        if (isAsPlanned(source, here.get(path))) {
          this.left.delete(path);
          this.placed.set(path, { move, there: seen });
          this.count(move);
        } else {
          this.left.set(path, CHANGING);
        }
      } else if (failure === undefined && !this.left.has(path)) {
        this.left.set(path, isAsPlanned(source, here.get(path)) ? `${shownPath(path)} did not arrive as it was sent` : CHANGING);
      }
    }
  }

  /** Permission bits of what has arrived without, and of folders, the innermost first: one that may not be written to is closed last. */
  private async setModes(): Promise<void> {
    const { signal } = this.task;
    const wrong = [...this.placed.values()].filter(({ move: { source }, there }) => source.kind !== 'link' && source.mode !== there.mode);
    if (wrong.length > 0) {
      this.leave(await this.sink.setModes(wrong.map(({ move }) => move.source).toReversed(), signal));
      const seen = await this.sink.look(wrong.map(({ move }) => move.path), signal);
      wrong.forEach(({ move, there }) => this.placed.set(move.path, { move, there: seen.get(move.path) ?? there }));
    }
  }

  private leave(left: readonly Left[]): void {
    left.filter(({ path }) => path !== '').forEach(({ path, reason }) => this.left.set(path, reason));
  }

  /** Where it has not come to its end, all that is open is left for the reason that it ended for. */
  result(failure: Failure | undefined): WorkResult {
    const { work, signal } = this.task;
    const reason = failure?.said ?? (signal.aborted ? 'It was stopped.' : 'It was not done.');
    const open = [...work.moves, ...work.deletions].filter(({ path }) => !this.placed.has(path) && !this.deleted.has(path) && !this.left.has(path));
    const left = [...this.left, ...open.map(({ path }) => [path, reason] as const)].map(([path, why]) => ({ path, reason: why }));
    const { bytes, milliseconds } = this.moving;
    const kept = this.deleted.size > 0 || [...this.placed.values()].some(({ move }) => move.sink !== undefined && move.sink.kind !== 'folder');
    return {
      placed: [...this.placed.values()],
      deleted: [...this.deleted.values()],
      left: left.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      trash: this.trash ?? (kept && !this.isTidy ? this.task.folders.trash : undefined),
      rate: milliseconds > 1000 && bytes > 4e6 ? bytes / (milliseconds / 1000) : undefined,
    };
  }
}

function localReason(error: unknown): SyncError['reason'] {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code) ? 'space' : ['EACCES', 'EPERM', 'EROFS'].includes(code) ? 'permission' : 'failed';
}
