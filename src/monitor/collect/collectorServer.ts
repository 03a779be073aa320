import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Disposable } from '../../base/disposable.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { BoxReport } from '../boxes/boxState.ts';
import type { SystemSample } from '../systemSample.ts';
import { Broadcast } from './broadcast.ts';
import type { MachineName, Question } from './protocol.ts';
import { Subscriber } from './subscriber.ts';

export interface CollectorServerOptions {
  /** Absolute path of the socket. */
  readonly socket: string;
  readonly answer: (question: Question) => Promise<unknown>;
  /** All faces' wishes for a machine have changed. */
  readonly onWishes: (machine: MachineName, wishes: readonly SampleWish[]) => void;
  readonly onRetry: (box: string) => void;
  /** A newer version wants to lead: dispose, and end the turn. */
  readonly onRetire: () => void;
  /** Milliseconds in which who connects has to say that it is a face; 10,000 where left out. */
  readonly patience?: number;
}

export interface CollectorServer extends Disposable {
  publish(machine: MachineName, sample: SystemSample): void;
  /** How a box stands now; undefined: it is watched no more. */
  report(box: string, report: BoxReport | undefined): void;
}

/** More windows than anybody has. */
const MOST_FACES = 256;

/** Rejects where the socket cannot be listened on. */
export async function startCollectorServer(options: CollectorServerOptions): Promise<CollectorServer> {
  const { socket: path, answer, onWishes, onRetry, onRetire, patience = 10_000 } = options;
  const broadcasts = new Map<MachineName, Broadcast>();
  const subscribers = new Set<Subscriber>();
  let disposed = false;

  const wishesOf = (machine: MachineName): readonly SampleWish[] => [...subscribers].map((subscriber) => subscriber.wish(machine)).filter((wish) => wish !== undefined);
  function broadcastOf(machine: MachineName): Broadcast {
    const broadcast = broadcasts.get(machine) ?? new Broadcast(machine);
    broadcasts.set(machine, broadcast);
    return broadcast;
  }

  const server = createServer((socket: Socket) => {
    const subscriber: Subscriber = new Subscriber(socket, {
      answer,
      patience,
      onRetire,
      onRetry,
      onWish(machine) {
        onWishes(machine, wishesOf(machine));
        broadcasts.get(machine)?.greet(subscriber);
      },
      onGone() {
        subscribers.delete(subscriber);
        for (const machine of disposed ? [] : subscriber.machines) {
          onWishes(machine, wishesOf(machine));
        }
      },
    });
    subscribers.add(subscriber);
  });
  server.maxConnections = MOST_FACES;
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  chmodSync(path, 0o600);
  // Too many open files, for one: whoever could not be let in tries again.
  server.on('error', () => {});

  return {
    publish: (machine, sample) => broadcastOf(machine).publish(sample, subscribers),
    report(box, report) {
      if (report === undefined) {
        broadcasts.delete(box);
      } else {
        broadcastOf(box).report(report, subscribers);
      }
    },
    dispose() {
      disposed = true;
      server.close();
      subscribers.forEach((subscriber) => subscriber.end());
    },
  };
}
