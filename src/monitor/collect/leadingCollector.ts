import type { Disposable } from '../../base/disposable.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import { wallClock } from './clock.ts';
import { startCollectorServer } from './collectorServer.ts';
import type { Leadership, Turn } from './leadership.ts';
import type { Question } from './protocol.ts';
import type { ThisMachine } from './thisMachine.ts';

/** What keeps the samples, where a history is wanted. */
export interface Keeper extends Disposable {
  /** What it wants, however many faces there are. */
  readonly wish: SampleWish;
  keep(sample: SystemSample): void;
}

export interface LeadingOptions {
  readonly leadership: Leadership;
  /** Taken by this process. */
  readonly turn: Turn;
  readonly machine: ThisMachine;
  readonly answer: (question: Question) => Promise<unknown>;
  /** The turn is over without our doing: a newer version wants it, or the folder has been removed. To be disposed. */
  readonly onOver: (reason: 'retired' | 'lost') => void;
}

export interface LeadingCollector extends Disposable {
  setKeeper(keeper: Keeper | undefined): void;
}

/** Milliseconds after which a leader looks whether it still is one. */
const LOOK = 10_000;

/** Leads from now on: takes the turn over from the thread that took it, listens, and tells faces of this machine. */
export async function lead({ leadership, turn, machine, answer, onOver }: LeadingOptions): Promise<LeadingCollector> {
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
    onWishes(wishes) {
      faces = wishes;
      apply();
    },
    onRetire: () => onOver('retired'),
  });
  const samples = collector.onSample((sample) => {
    server.publish(sample);
    keeper?.keep(sample);
  });
  let timer = wallClock.after(LOOK, look);
  function look(): void {
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
      samples.dispose();
      keeper?.dispose();
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
