interface Slot<T> {
  value?: T;
  isReady: boolean;
  readonly ready?: Promise<void>;
}

export interface DeliveryBounds {
  /** Promises under way at once. */
  readonly running: number;
  /** Values that may wait for one before them. */
  readonly waiting: number;
}

/** Hands on values in the order in which they were pushed, also where some of them take a while. */
export class OrderedDelivery<T> {
  private readonly slots: Slot<T>[] = [];
  private running = 0;

  constructor(
    private readonly bounds: DeliveryBounds,
    private readonly deliver: (value: T) => void,
  ) {}

  /** Delivers at once what can be. Where a promise is given back, the next push is to wait for it. Rejects as a value does. */
  push(value: T | Promise<T>): Promise<void> | undefined {
    if (value instanceof Promise) {
      this.slots.push(this.slotFor(value));
    } else if (this.slots.length === 0) {
      this.deliver(value);
    } else {
      this.slots.push({ value, isReady: true });
    }
    this.deliverReady();
    return this.running >= this.bounds.running || this.slots.length >= this.bounds.waiting ? this.waitForFirst() : undefined;
  }

  /** Resolves when all is delivered. */
  async end(): Promise<void> {
    while (this.slots.length > 0) {
      await this.waitForFirst();
    }
  }

  private slotFor(value: Promise<T>): Slot<T> {
    this.running++;
    const ready = value
      .then((result) => {
        slot.value = result;
        slot.isReady = true;
      })
      .finally(() => this.running--);
    // Whoever waits for it is told; one that is never waited for, as an earlier one has failed, is not to end the process.
    ready.catch(() => {});
    const slot: Slot<T> = { isReady: false, ready };
    return slot;
  }

  private async waitForFirst(): Promise<void> {
    await this.slots[0]?.ready;
    this.deliverReady();
  }

  private deliverReady(): void {
    while (this.slots[0]?.isReady === true) {
      this.deliver(this.slots.shift()?.value as T);
    }
  }
}
