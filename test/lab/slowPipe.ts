import type { Socket } from 'node:net';

/** What a way is like at the moment; every pipe on it reads it anew. */
export interface LinkState {
  /** Milliseconds one way. */
  oneWay: number;
  /** Megabits a second each way of each connection; Infinity for no limit. */
  rate: number;
  isCut: boolean;
}

/** Bytes that are on their way at most, in one direction of a connection. */
const IN_FLIGHT = 64 * 1024 * 1024;

/** One direction of a connection: each chunk comes out as late as the way makes it. While it is cut it keeps what it has. */
export class SlowPipe {
  private readonly queue: { readonly at: number; readonly chunk: Buffer }[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  /** When the last bit of what came so far has left, in milliseconds. */
  private busyUntil = 0;
  private isEnded = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly state: LinkState,
    private readonly passed: (bytes: number) => void,
  ) {
    from.on('data', (chunk: Buffer) => this.take(chunk));
    from.on('end', () => {
      this.isEnded = true;
      this.pump();
    });
    to.on('drain', () => this.pump());
  }

  /** Moves what is due. */
  pump(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.state.isCut) {
      return;
    }
    const now = performance.now();
    let due = 0;
    while (due < this.queue.length && (this.queue[due]?.at ?? 0) <= now && this.to.writableLength < IN_FLIGHT) {
      due++;
    }
    for (const { chunk } of this.queue.splice(0, due)) {
      this.bytes -= chunk.length;
      this.to.write(chunk);
    }
    if (this.bytes < IN_FLIGHT) {
      this.from.resume();
    }
    const [next] = this.queue;
    if (next !== undefined) {
      this.timer = setTimeout(() => this.pump(), Math.max(0, next.at - now));
    } else if (this.isEnded) {
      this.to.end();
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private take(chunk: Buffer): void {
    const { oneWay, rate } = this.state;
    this.busyUntil = Math.max(this.busyUntil, performance.now()) + (chunk.length * 8) / (rate * 1000);
    this.queue.push({ at: this.busyUntil + oneWay, chunk });
    this.bytes += chunk.length;
    // Before it is passed on: the chunk that goes over the limit stays on its way.
    this.passed(chunk.length);
    if (this.bytes >= IN_FLIGHT) {
      this.from.pause();
    }
    if (this.timer === undefined) {
      this.pump();
    }
  }
}
