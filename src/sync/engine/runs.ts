import type { Disposable } from '../../base/disposable.ts';
import { formatPercent } from '../../base/format.ts';
import type { Timers } from '../../process/timers.ts';
import { openLinkSource } from '../checkpoints/sources/linkSource.ts';
import { listRemote } from '../listing/listRemote.ts';
import { nextToPull } from '../runs/follow.ts';
import { pullCheckpoint } from '../runs/pull.ts';
import { readRun } from '../runs/readRun.ts';
import type { Run, RunCheckpoint } from '../runs/readRun.ts';
import { runRows } from '../runs/runReport.ts';
import type { RunPlace, RunReport } from '../runs/runReport.ts';
import { SyncError } from '../syncError.ts';
import { fractionOf } from '../view/runWords.ts';
import type { SyncWork } from './syncWork.ts';

/** Milliseconds between two looks at a run that is followed. */
const PERIOD = 15_000;

interface Watched {
  place: RunPlace;
  run?: Run;
  /** Names of what was pulled, or was there when following began. */
  done: ReadonlySet<string>;
  following: boolean;
  timer?: Disposable;
  words: string;
  isProblem: boolean;
  /** One thing at a time is done with it. */
  turn: Promise<unknown>;
}

export interface Runs extends Disposable {
  /** Reads a run's checkpoints from their heads and tails. */
  read(place: RunPlace): Promise<void>;
  /** Brings one here, whole or not at all. Resolves to its path. */
  pull(place: RunPlace, name: string): Promise<string>;
  /** Brings each new complete one by itself, or no longer. */
  follow(place: RunPlace, on: boolean): Promise<void>;
}

/** Runs on boxes: looked at, pulled from, followed. */
export function createRuns(work: Pick<SyncWork, 'link' | 'facts' | 'run'>, timers: Timers, tell: (report: RunReport) => void): Runs {
  const watched = new Map<string, Watched>();
  const stop = new AbortController();

  function of(place: RunPlace): Watched {
    const key = `${place.box}:${place.path}`;
    const known = watched.get(key) ?? { place, done: new Set<string>(), following: false, words: '', isProblem: false, turn: Promise.resolve() };
    known.place = place;
    watched.set(key, known);
    return known;
  }
  function say(one: Watched, words: string, isProblem = false): void {
    Object.assign(one, { words, isProblem });
    const { place, run, following } = one;
    tell({ box: place.box, path: place.path, ...(run !== undefined && { rows: runRows(run) }), following, words, isProblem });
  }
  /** What others ask meanwhile waits. */
  function inTurn<T>(one: Watched, act: () => Promise<T>): Promise<T> {
    const next = one.turn.then(act, act);
    one.turn = next.catch(() => undefined);
    return next;
  }
  async function look(one: Watched): Promise<Run> {
    say(one, 'reading');
    try {
      one.run = await readRun(await openLinkSource(work.link(one.place.box), one.place.path, stop.signal), stop.signal);
      say(one, '');
      return one.run;
    } catch (error) {
      say(one, error instanceof Error ? error.message : String(error), true);
      throw error;
    }
  }
  async function bring(one: Watched, checkpoint: RunCheckpoint): Promise<string> {
    const { box, path, local } = one.place;
    if (local === undefined) {
      throw new SyncError('target', 'Say first where checkpoints of this run come to lie here.');
    }
    const there = await listRemote(work.link(box), await work.facts(box, stop.signal), path, stop.signal);
    try {
      const pulled = await pullCheckpoint(checkpoint, { box, remoteRoot: path, local, there, now: Date.now() }, (plan, approval, last) =>
        work.run(plan, approval, (progress) => say(one, `pulling ${checkpoint.name} · ${formatPercent(fractionOf(progress))}`), stop.signal, last),
      );
      one.done = new Set([...one.done, checkpoint.name]);
      say(one, `${checkpoint.name} is here`);
      return pulled;
    } catch (error) {
      say(one, error instanceof Error ? error.message : String(error), true);
      throw error;
    }
  }
  async function followOn(one: Watched): Promise<void> {
    try {
      const run = await look(one);
      // What nothing tells of is left to a person: it would take two looks that stand still.
      for (const checkpoint of nextToPull(run, { done: one.done, looks: new Map() }, new Map()).pull) {
        await bring(one, checkpoint);
      }
    } catch {
      // It was said, and the next look comes.
    }
    if (one.following && !stop.signal.aborted) {
      one.timer = timers.after(PERIOD, () => void inTurn(one, () => followOn(one)));
    }
  }

  return {
    async read(place) {
      await inTurn(of(place), () => look(of(place)));
    },
    pull(place, name) {
      const one = of(place);
      return inTurn(one, async () => {
        const checkpoint = (one.run ?? (await look(one))).checkpoints.find((each) => each.name === name);
        if (checkpoint === undefined) {
          throw new SyncError('stale', `${name} is no longer in ${place.path}.`);
        }
        return bring(one, checkpoint);
      });
    },
    async follow(place, on) {
      const one = of(place);
      one.timer?.dispose();
      one.following = on;
      if (!on) {
        say(one, '');
        return;
      }
      await inTurn(one, async () => {
        // What is there already is pulled by hand, if at all.
        one.done = new Set((await look(one)).checkpoints.filter(({ facts }) => facts.state !== 'writing').map(({ name }) => name));
        one.timer = timers.after(PERIOD, () => void inTurn(one, () => followOn(one)));
      });
    },
    dispose() {
      stop.abort();
      watched.forEach(({ timer }) => timer?.dispose());
    },
  };
}
