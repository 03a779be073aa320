import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import { wallClock } from './clock.ts';
import { startCollectorServer } from './collectorServer.ts';
import type { Leadership, Turn } from './leadership.ts';
import { hostOfBox, type MachineName, type Question } from './protocol.ts';
import type { ThisMachine } from './thisMachine.ts';
import type { WatchedBoxes } from './watchedBoxes.ts';

/** What keeps the samples, where a history is wanted. */
export interface Keeper extends Disposable {
  /** Lets go of the file without writing what is left: somebody else writes it now. */
  abandon(): void;
  /** What it wants of this machine, however many faces there are; a box is kept while somebody looks at it. */
  readonly wish: SampleWish;
  keep(sample: SystemSample): void;
}

export interface LeadingOptions {
  readonly leadership: Leadership;
  /** Taken by this process. */
  readonly turn: Turn;
  readonly machine: ThisMachine;
  /** Left out where no other machine can be read. */
  readonly boxes?: WatchedBoxes;
  readonly answer: (question: Question) => Promise<unknown>;
  /** The turn is over without our doing: a newer version wants it, or the folder has been removed. To be disposed. */
  readonly onOver: (reason: 'retired' | 'lost') => void;
}

export interface LeadingCollector extends Disposable {
  setKeeper(keeper: Keeper | undefined): void;
}

/** Milliseconds after which a leader looks whether it still is one. */
const LOOK = 10_000;
/** A leader that did nothing for so many milliseconds may have been taken over from: less than anybody waits for its word. */
const STOPPED = 3000;

/** Leads from now on: takes the turn over from the thread that took it, listens, and tells faces of this machine. */
export async function lead({ leadership, turn, machine, boxes, answer, onOver }: LeadingOptions): Promise<LeadingCollector> {
  leadership.adopt(turn);
  const { collector } = machine;
  let keeper: Keeper | undefined;
  let faces: readonly SampleWish[] = [];
  let disposed = false;
  const apply = (): void => {
    if (!disposed) {
      const intervals = [...faces, ...(keeper === undefined ? [] : [keeper.wish])].map(({ interval }) => interval);
      collector.setInterval(intervals.length === 0 ? undefined : Math.min(...intervals));
    }
  };
  const server = await startCollectorServer({
    socket: turn.socket,
    answer,
    onWishes(of, wishes) {
      if (of === null) {
        faces = wishes;
        apply();
      } else if (!disposed) {
        boxes?.setInterval(of, wishes.length === 0 ? undefined : Math.min(...wishes.map(({ interval }) => interval)));
      }
    },
    onRetry: (box) => boxes?.retry(box),
    onRetire: () => onOver('retired'),
  });
  const listening = new DisposableStore();
  let active = wallClock.now();
  /** Whether what was begun may be gone on with: this process may have been stopped, and somebody else lead by now. */
  const isStillOurs = (): boolean => {
    const now = wallClock.now();
    const wasStopped = Math.abs(now - active) > STOPPED;
    active = now;
    if (!disposed && wasStopped && !leadership.isOurs(turn)) {
      onOver('lost');
    }
    return !disposed;
  };
  const take = (of: MachineName, sample: SystemSample): void => {
    if (!isStillOurs()) {
      return;
    }
    server.publish(of, sample);
    keeper?.keep(of === null ? sample : { ...sample, host: hostOfBox(of) });
  };
  listening.add(collector.onSample((sample) => take(null, sample)));
  if (boxes !== undefined) {
    listening.add(boxes.onSample(({ alias, sample }) => take(alias, sample)));
    listening.add(boxes.onReport(({ alias, report }) => server.report(alias, report)));
  }
  let timer = wallClock.after(LOOK, look);
  function look(): void {
    if (disposed) {
      return;
    }
    if (leadership.isOurs(turn)) {
      timer = wallClock.after(LOOK, look);
    } else {
      onOver('lost');
    }
  }
  return {
    setKeeper(wanted) {
      keeper?.dispose();
      keeper = wanted;
      apply();
    },
    dispose() {
      disposed = true;
      timer.dispose();
      listening.dispose();
      if (leadership.isOurs(turn)) {
        keeper?.dispose();
      } else {
        keeper?.abandon();
      }
      // First the turn, so that who sees the connection end finds it free.
      try {
        leadership.release(turn);
      } catch {
        // The folder has gone, and with it the turn.
      }
      server.dispose();
    },
  };
}
