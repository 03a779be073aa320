import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Disposable } from '../../base/disposable.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Question } from './protocol.ts';
import { SampleEncoder } from './sampleEncoder.ts';
import { Subscriber } from './subscriber.ts';

export interface CollectorServerOptions {
  /** Absolute path of the socket. */
  readonly socket: string;
  readonly answer: (question: Question) => Promise<unknown>;
  /** The wishes of all faces have changed. */
  readonly onWishes: (wishes: readonly SampleWish[]) => void;
  /** A newer version wants to lead: dispose, and end the turn. */
  readonly onRetire: () => void;
  /** Milliseconds in which who connects has to say that it is a face; 10,000 where left out. */
  readonly patience?: number;
}

export interface CollectorServer extends Disposable {
  publish(sample: SystemSample): void;
}

/** More windows than anybody has. */
const MOST_FACES = 256;
/** Milliseconds for which a sample is worth telling to who has just come. */
const FRESH = 2000;

/** Rejects where the socket cannot be listened on. */
export async function startCollectorServer(options: CollectorServerOptions): Promise<CollectorServer> {
  const { socket: path, answer, onWishes, onRetire, patience = 10_000 } = options;
  const encoder = new SampleEncoder();
  const subscribers = new Set<Subscriber>();
  let disposed = false;
  let last: { readonly tick: number; readonly time: number } | undefined;

  const wishesOf = (): readonly SampleWish[] => [...subscribers].flatMap(({ wish }) => (wish === undefined ? [] : [wish]));

  const server = createServer((socket: Socket) => {
    const subscriber: Subscriber = new Subscriber(socket, {
      encoder,
      answer,
      patience,
      onRetire,
      onWish() {
        onWishes(wishesOf());
        if (last !== undefined && Math.abs(Date.now() - last.time) < FRESH) {
          subscriber.tell(last.tick, last.time);
        }
      },
      onGone() {
        subscribers.delete(subscriber);
        if (subscriber.wish !== undefined && !disposed) {
          onWishes(wishesOf());
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
    publish(sample) {
      last = { tick: encoder.next(sample), time: sample.time };
      for (const subscriber of subscribers) {
        subscriber.tell(last.tick, sample.time);
      }
    },
    dispose() {
      disposed = true;
      server.close();
      subscribers.forEach((subscriber) => subscriber.end());
    },
  };
}
