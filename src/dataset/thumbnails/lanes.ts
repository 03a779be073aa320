/** Runs tasks in the order in which they come, `width` at a time. One whose signal is aborted before its turn is never begun. */
export class Lane {
  private running = 0;
  private readonly waiting: { readonly begin: () => void; readonly signal: AbortSignal }[] = [];

  constructor(private readonly width: number) {}

  /** Rejects with the signal's reason where it is aborted before the task's turn. */
  async run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    if (this.running >= this.width) {
      await this.turn(signal);
    }
    signal.throwIfAborted();
    this.running++;
    try {
      return await task();
    } finally {
      this.running--;
      this.next();
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        signal,
        begin: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(entry);
    });
  }

  private next(): void {
    this.waiting.shift()?.begin();
  }
}
