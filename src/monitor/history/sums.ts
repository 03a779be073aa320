import { FIRST_REASON, KNOWN } from './columns.ts';
import type { Thing } from './thing.ts';

/** What one thing said over a bucket, field by field, in steps. */
export class Sums {
  samples = 0;
  readonly known: Uint32Array;
  readonly sum: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly last: Float64Array;
  /** Why it was absent last. */
  readonly reason: Uint16Array;

  constructor(fields: number) {
    this.known = new Uint32Array(fields);
    this.sum = new Float64Array(fields);
    this.min = new Float64Array(fields);
    this.max = new Float64Array(fields);
    this.last = new Float64Array(fields);
    this.reason = new Uint16Array(fields);
  }

  add({ presence, numbers }: Thing): void {
    this.samples++;
    for (let index = 0; index < presence.length; index++) {
      if (presence[index] !== KNOWN) {
        this.reason[index] = presence[index]! - FIRST_REASON;
        continue;
      }
      const value = numbers[index]!;
      const known = this.known[index]!++;
      this.sum[index]! += value;
      this.last[index] = value;
      if (known === 0 || value < this.min[index]!) {
        this.min[index] = value;
      }
      if (known === 0 || value > this.max[index]!) {
        this.max[index] = value;
      }
    }
  }

  /** Adds those of a later, shorter bucket. */
  addSums(other: Sums): void {
    this.samples += other.samples;
    for (let index = 0; index < other.known.length; index++) {
      const known = other.known[index]!;
      if (known < other.samples) {
        this.reason[index] = other.reason[index]!;
      }
      if (known === 0) {
        continue;
      }
      const first = this.known[index] === 0;
      this.known[index]! += known;
      this.sum[index]! += other.sum[index]!;
      this.last[index] = other.last[index]!;
      this.min[index] = first ? other.min[index]! : Math.min(this.min[index]!, other.min[index]!);
      this.max[index] = first ? other.max[index]! : Math.max(this.max[index]!, other.max[index]!);
    }
  }
}

/** The bucket of a coarser level that is being filled. */
export class Bucket {
  start = Number.NaN;
  samples = 0;
  readonly sums = new Map<Thing, Sums>();

  constructor(readonly resolution: number) {}

  get empty(): boolean {
    return this.samples === 0;
  }

  startOf(time: number): number {
    return Math.floor(time / this.resolution) * this.resolution;
  }

  begin(start: number): void {
    this.start = start;
    this.samples = 0;
    this.sums.clear();
  }

  of(thing: Thing): Sums {
    let sums = this.sums.get(thing);
    if (sums === undefined) {
      sums = new Sums(thing.kind.fields.length);
      this.sums.set(thing, sums);
    }
    return sums;
  }
}
