import type { BytePath } from '../../base/bytePath.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Timers } from '../../process/timers.ts';
import { isInsideGit } from '../listing/ownNames.ts';
import type { GitActivity } from './gitActivity.ts';
import type { HintListener } from './folderWatcher.ts';

/** Why a whole comparison is due. */
export type ReconcileReason = 'start' | 'many' | 'lost' | 'ignoreRules' | 'branch' | 'awake' | 'again' | 'periodic';

export interface WatchOptions {
  readonly timers: Timers;
  /** Milliseconds of the clock that goes on while the machine sleeps. */
  readonly wall: () => number;
  readonly watchTree: (listener: HintListener) => Disposable;
  readonly git: () => GitActivity;
  /** What is done with a branch switch: all of it brought along, a person asked, or nothing until he says so. */
  readonly onBranch: 'push' | 'ask' | 'pause';
  readonly legs: readonly WatchLeg[];
  readonly onState: (box: string, state: WatchState) => void;
}

/** One box. Both reject where it did not come through. */
export interface WatchLeg {
  readonly box: string;
  /** Brings these names, if they have changed; no deletion that nobody saw. */
  push(this: void, paths: ReadonlySet<BytePath>, signal: AbortSignal): Promise<void>;
  /** Compares the whole and brings what may go unasked. */
  reconcile(this: void, reason: ReconcileReason, signal: AbortSignal): Promise<void>;
}

/** `held`: git is at work, or a branch was switched and a person has to say so (`branch`). `at`: when it is tried again. */
export type WatchState =
  | { readonly kind: 'watching' | 'sending' | 'comparing' }
  | { readonly kind: 'held'; readonly by: 'git' | 'branch' }
  | { readonly kind: 'failed'; readonly said: string; readonly at: number };

export interface Watch extends Disposable {
  /** Brings what a branch switch held back. */
  release(): void;
}

/** Milliseconds without another hint before names are sent, and the longest that the first of them waits. */
const QUIET = 300;
const LONGEST_QUIET = 2000;
/** After git has let go. */
const AFTER_GIT = 500;
const GIT_LOOK = 250;
/** Names from which the whole is compared instead. */
const MANY = 500;
const HEARTBEAT = 5000;
const SLEPT = 20_000;
/** The kernel drops what a full queue cannot hold, and Node does not tell. */
const PERIOD = 10 * 60_000;
/** Where not every folder is watched. */
const LOST_PERIOD = 60_000;
const LONGEST_PAUSE = 60_000;

/** Brings what changes here to boxes as it changes. Events are hints: it begins with a comparison of the whole, and makes one whenever hints may have been missed. */
export function startWatch(options: WatchOptions): Watch {
  const { timers, wall, watchTree, git, onBranch, legs, onState } = options;
  const queues = legs.map((leg) => createQueue(leg, timers, (state) => onState(leg.box, state)));
  const dirty = new Set<BytePath>();
  let due: ReconcileReason | undefined;
  let firstAt: number | undefined;
  let timer: Disposable | undefined;
  let head = git().head;
  let held = false;
  let period = PERIOD;
  let lastBeat = wall();
  let lastWhole = timers.now();
  let beat: Disposable | undefined;

  function hint(path: BytePath): void {
    if (!isInsideGit(path)) {
      dirty.add(path);
      if (path === '.gitignore' || path.endsWith('/.gitignore')) {
        due = 'ignoreRules';
      }
    }
    firstAt ??= timers.now();
    wait(Math.min(QUIET, Math.max(0, firstAt + LONGEST_QUIET - timers.now())));
  }
  function wait(milliseconds: number): void {
    timer?.dispose();
    timer = timers.after(milliseconds, settle);
  }
  function ask(reason: ReconcileReason): void {
    due = reason;
    firstAt ??= timers.now();
    wait(0);
  }
  let gitWasBusy = false;
  function settle(): void {
    const { busy, head: now } = git();
    if (busy || gitWasBusy) {
      gitWasBusy = busy;
      legs.forEach(({ box }) => onState(box, { kind: 'held', by: 'git' }));
      wait(busy ? GIT_LOOK : AFTER_GIT);
      return;
    }
    if (now !== head) {
      head = now;
      due = 'branch';
      held = onBranch !== 'push';
    }
    if (held) {
      legs.forEach(({ box }) => onState(box, { kind: 'held', by: 'branch' }));
      return;
    }
    flush();
  }
  function flush(): void {
    const reason = due ?? (dirty.size > MANY ? 'many' : undefined);
    const paths = new Set(dirty);
    dirty.clear();
    due = undefined;
    firstAt = undefined;
    if (reason !== undefined) {
      lastWhole = timers.now();
      queues.forEach((queue) => queue.reconcile(reason));
    } else if (paths.size > 0) {
      queues.forEach((queue) => queue.push(paths));
    } else {
      legs.forEach(({ box }) => onState(box, { kind: 'watching' }));
    }
  }
  function onBeat(): void {
    const now = wall();
    if (now - lastBeat > SLEPT) {
      ask('awake');
    } else if (timers.now() - lastWhole > period) {
      ask('periodic');
    }
    lastBeat = now;
    beat = timers.after(HEARTBEAT, onBeat);
  }

  const watching = watchTree({
    onHint: hint,
    onLost() {
      period = LOST_PERIOD;
      ask('lost');
    },
  });
  beat = timers.after(HEARTBEAT, onBeat);
  ask('start');
  return {
    release() {
      held = false;
      ask('branch');
    },
    dispose() {
      watching.dispose();
      timer?.dispose();
      beat?.dispose();
      queues.forEach((queue) => queue.dispose());
    },
  };
}

interface Queue extends Disposable {
  push(paths: ReadonlySet<BytePath>): void;
  reconcile(reason: ReconcileReason): void;
}

/** One run at a time to one box; what comes meanwhile goes with the next. After a failure the whole is compared, later and later. */
function createQueue({ push, reconcile }: WatchLeg, timers: Timers, onState: (state: WatchState) => void): Queue {
  const stop = new AbortController();
  const waiting = new Set<BytePath>();
  let due: ReconcileReason | undefined;
  let busy = false;
  let failures = 0;
  let pause: Disposable | undefined;

  async function run(): Promise<void> {
    if (busy || pause !== undefined || stop.signal.aborted) {
      return;
    }
    busy = true;
    try {
      while ((due !== undefined || waiting.size > 0) && !stop.signal.aborted) {
        const reason = due;
        const paths = new Set(waiting);
        due = undefined;
        waiting.clear();
        onState({ kind: reason === undefined ? 'sending' : 'comparing' });
        await (reason === undefined ? push(paths, stop.signal) : reconcile(reason, stop.signal));
        failures = 0;
      }
      if (!stop.signal.aborted) {
        onState({ kind: 'watching' });
      }
    } catch (error) {
      due ??= 'again';
      const milliseconds = Math.min(LONGEST_PAUSE, 1000 * 2 ** failures++) * (0.75 + Math.random() / 2);
      if (!stop.signal.aborted) {
        onState({ kind: 'failed', said: error instanceof Error ? error.message : String(error), at: Date.now() + milliseconds });
        pause = timers.after(milliseconds, () => {
          pause = undefined;
          void run();
        });
      }
    } finally {
      busy = false;
    }
  }

  return {
    push(paths) {
      paths.forEach((path) => waiting.add(path));
      void run();
    },
    reconcile(reason) {
      due = reason;
      void run();
    },
    dispose() {
      stop.abort();
      pause?.dispose();
    },
  };
}
