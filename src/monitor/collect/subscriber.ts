import type { Socket } from 'node:net';
import type { SampleWish } from '../collectorClient.ts';
import { LineReader } from './lineReader.ts';
import { PROTOCOL, parseFromFace, type FromCollector, type MachineName, type Question } from './protocol.ts';
import type { SampleEncoder } from './sampleEncoder.ts';

export interface SubscriberOptions {
  readonly answer: (question: Question) => Promise<unknown>;
  readonly onWish: (machine: MachineName) => void;
  readonly onRetry: (box: string) => void;
  /** A newer one wants to lead. */
  readonly onRetire: () => void;
  readonly onGone: () => void;
  /** Milliseconds in which a face has to say that it is one. */
  readonly patience: number;
}

/** Bytes of what a face says at once: a wish or a question. */
const LONGEST_MESSAGE = 64 * 1024;
/** Bytes of answers that nobody takes. */
const MOST_UNREAD = 64 * 1024 * 1024;
/** Questions that wait for their answers; more are refused. */
const MOST_QUESTIONS = 4;

/** More boxes than anybody has. */
const MOST_MACHINES = 256;

/** A wish for samples of one machine. */
interface Subscription {
  wish: SampleWish;
  /** The sample that the face has, by number; and when that was. */
  has: { readonly tick: number; readonly time: number };
}

const NOTHING_YET = { tick: 0, time: -Infinity };

/** One face at the other end of a socket. What it sends may be anything. */
export class Subscriber {
  private readonly subscriptions = new Map<MachineName, Subscription>();
  private protocol: number | undefined;
  private questions = 0;

  constructor(
    private readonly socket: Socket,
    private readonly options: SubscriberOptions,
  ) {
    const lines = new LineReader(
      LONGEST_MESSAGE,
      (line) => this.take(line),
      () => socket.destroy(),
    );
    const late = setTimeout(() => this.protocol === undefined && socket.destroy(), options.patience);
    socket.on('data', (chunk) => lines.add(chunk));
    // One that goes while it is written to: `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(late);
      options.onGone();
    });
    this.send({ kind: 'hello', protocol: PROTOCOL });
  }

  wish(machine: MachineName): SampleWish | undefined {
    return this.subscriptions.get(machine)?.wish;
  }

  get machines(): readonly MachineName[] {
    return [...this.subscriptions.keys()];
  }

  /** Tells of the sample of this time, if it is wished for now, and the one before it has been taken. */
  tell(machine: MachineName, encoder: SampleEncoder, { tick, time }: { readonly tick: number; readonly time: number }): void {
    const subscription = this.subscriptions.get(machine);
    if (subscription === undefined || this.socket.writableNeedDrain || this.socket.destroyed) {
      return;
    }
    const { wish, has } = subscription;
    // Ticks are not quite even, and the interval may be no multiple of theirs.
    if (Math.abs(time - has.time) < wish.interval * 0.75) {
      return;
    }
    this.socket.write(encoder.frame(wish.detail, has.tick));
    subscription.has = { tick, time };
  }

  /** Tells what is to be known of a box, if it is wished for. */
  inform(box: string, message: FromCollector): void {
    if (this.subscriptions.has(box)) {
      this.send(message);
    }
  }

  end(): void {
    this.socket.end();
    this.socket.destroySoon();
  }

  private take(line: string): void {
    const message = parseFromFace(line);
    if (this.protocol === undefined && message?.kind !== 'hello') {
      this.socket.destroy();
      return;
    }
    switch (message?.kind) {
      case 'hello':
        this.protocol = message.protocol;
        break;
      case 'wish':
        this.takeWish(message.box, message.wish ?? undefined);
        break;
      case 'retry':
        this.options.onRetry(message.box);
        break;
      case 'question':
        void this.reply(message.id, message.question);
        break;
      case 'retire':
        if ((this.protocol ?? 0) > PROTOCOL) {
          this.options.onRetire();
        }
        break;
      case undefined:
        break;
    }
  }

  private takeWish(machine: MachineName, wish: SampleWish | undefined): void {
    const before = this.subscriptions.get(machine);
    if (wish === undefined) {
      this.subscriptions.delete(machine);
    } else if (before?.wish.detail !== wish.detail) {
      if (before === undefined && this.subscriptions.size >= MOST_MACHINES) {
        return;
      }
      this.subscriptions.set(machine, { wish, has: NOTHING_YET });
    } else {
      // Who looks closer sees the next one.
      const has = wish.interval < before.wish.interval ? { ...before.has, time: -Infinity } : before.has;
      this.subscriptions.set(machine, { wish, has });
    }
    this.options.onWish(machine);
  }

  private async reply(id: number, question: Question): Promise<void> {
    if (this.questions >= MOST_QUESTIONS) {
      this.send({ kind: 'answer', id, error: 'too many questions at once' });
      return;
    }
    this.questions++;
    try {
      this.send({ kind: 'answer', id, value: await this.options.answer(question) });
    } catch (error) {
      this.send({ kind: 'answer', id, error: error instanceof Error ? error.message : String(error) });
    } finally {
      this.questions--;
    }
  }

  private send(message: FromCollector): void {
    if (this.socket.writableLength > MOST_UNREAD) {
      // It asks and does not read.
      this.socket.destroy();
    } else if (!this.socket.destroyed) {
      this.socket.write(`${JSON.stringify(message)}\n`);
    }
  }
}
