import type { Socket } from 'node:net';
import type { SampleWish } from '../collectorClient.ts';
import { LineReader } from './lineReader.ts';
import { PROTOCOL, parseFromFace, type Answer, type Question } from './protocol.ts';
import type { SampleEncoder } from './sampleEncoder.ts';

export interface SubscriberOptions {
  readonly encoder: SampleEncoder;
  readonly answer: (question: Question) => Promise<unknown>;
  readonly onWish: () => void;
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

/** One face at the other end of a socket. What it sends may be anything. */
export class Subscriber {
  wish: SampleWish | undefined;
  private protocol: number | undefined;
  /** The sample that it has, by number; and when that was. */
  private has = { tick: 0, time: -Infinity };
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

  /** Tells of the sample of this time, if it is wished for now, and the one before it has been taken. */
  tell(tick: number, time: number): void {
    const { wish } = this;
    if (wish === undefined || this.socket.writableNeedDrain || this.socket.destroyed) {
      return;
    }
    // Ticks are not quite even, and the interval may be no multiple of theirs.
    if (Math.abs(time - this.has.time) < wish.interval * 0.75) {
      return;
    }
    this.socket.write(this.options.encoder.frame(wish.detail, this.has.tick));
    this.has = { tick, time };
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
        this.takeWish(message.wish ?? undefined);
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

  private takeWish(wish: SampleWish | undefined): void {
    if (wish?.detail !== this.wish?.detail) {
      this.has = { tick: 0, time: -Infinity };
    } else if (wish !== undefined && this.wish !== undefined && wish.interval < this.wish.interval) {
      // Who looks closer sees the next one.
      this.has = { ...this.has, time: -Infinity };
    }
    this.wish = wish;
    this.options.onWish();
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

  private send(message: Answer | { readonly kind: 'hello'; readonly protocol: number }): void {
    if (this.socket.writableLength > MOST_UNREAD) {
      // It asks and does not read.
      this.socket.destroy();
    } else if (!this.socket.destroyed) {
      this.socket.write(`${JSON.stringify(message)}\n`);
    }
  }
}
