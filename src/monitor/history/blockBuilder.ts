import { FIRST_REASON, KNOWN, NOT_THERE } from './columns.ts';
import { BLOCK_MOMENTS } from './levels.ts';
import type { Sums } from './sums.ts';
import type { Thing } from './thing.ts';

/** Values of one thing over the moments of a block; those of a field follow each other. */
export class Columns {
  readonly presence: Uint16Array;
  /** The value, or the mean of a bucket. */
  readonly numbers: Float64Array;
  readonly buckets: BucketColumns | undefined;

  constructor(fields: number, coarse: boolean) {
    this.presence = new Uint16Array(fields * BLOCK_MOMENTS);
    this.numbers = new Float64Array(fields * BLOCK_MOMENTS);
    this.buckets = coarse ? new BucketColumns(fields) : undefined;
  }
}

export class BucketColumns {
  readonly below: Float64Array;
  readonly above: Float64Array;
  /** Samples with the thing in which the value was absent. */
  readonly absent: Uint16Array;
  /** Samples that the thing was in, by moment. */
  readonly samples = new Uint16Array(BLOCK_MOMENTS);

  constructor(fields: number) {
    this.below = new Float64Array(fields * BLOCK_MOMENTS);
    this.above = new Float64Array(fields * BLOCK_MOMENTS);
    this.absent = new Uint16Array(fields * BLOCK_MOMENTS);
  }
}

/** The block of one level that is being filled. */
export class BlockBuilder {
  readonly times = new Float64Array(BLOCK_MOMENTS);
  /** Of each moment. */
  readonly samples = new Uint16Array(BLOCK_MOMENTS);
  readonly columns = new Map<Thing, Columns>();
  length = 0;
  /** Moments that are in the store, in rows of these numbers. */
  stored = 0;
  readonly rows: number[] = [];

  constructor(private readonly coarse: boolean) {}

  get full(): boolean {
    return this.length === BLOCK_MOMENTS;
  }

  begin(time: number, samples: number): void {
    this.times[this.length] = time;
    this.samples[this.length] = samples;
    this.length++;
  }

  /** What a thing said, at the moment that was begun last. */
  put(thing: Thing): void {
    const { presence, numbers } = this.of(thing);
    for (let index = 0, place = this.length - 1; index < thing.presence.length; index++, place += BLOCK_MOMENTS) {
      presence[place] = thing.presence[index]!;
      numbers[place] = thing.numbers[index]!;
    }
  }

  putSums(thing: Thing, sums: Sums): void {
    const { presence, numbers, buckets } = this.of(thing);
    if (buckets === undefined) {
      return;
    }
    const { fields } = thing.kind;
    const moment = this.length - 1;
    buckets.samples[moment] = sums.samples;
    for (let index = 0, place = moment; index < fields.length; index++, place += BLOCK_MOMENTS) {
      const known = sums.known[index]!;
      buckets.absent[place] = sums.samples - known;
      presence[place] = known > 0 ? KNOWN : FIRST_REASON + sums.reason[index]!;
      const mean = fields[index]!.unit.last === true ? sums.last[index]! : meanOf(sums.sum[index]!, known);
      numbers[place] = mean;
      buckets.below[place] = mean - sums.min[index]!;
      buckets.above[place] = sums.max[index]! - mean;
    }
  }

  clear(): void {
    this.columns.clear();
    this.length = 0;
    this.stored = 0;
    this.rows.length = 0;
  }

  private of(thing: Thing): Columns {
    let columns = this.columns.get(thing);
    if (columns === undefined) {
      columns = new Columns(thing.kind.fields.length, this.coarse);
      columns.presence.fill(NOT_THERE);
      this.columns.set(thing, columns);
    }
    return columns;
  }
}

/** In whole steps; a mean that is not 0 is not made 0. */
function meanOf(sum: number, known: number): number {
  const rounded = known === 0 ? 0 : Math.round(sum / known);
  return rounded === 0 && sum !== 0 ? Math.sign(sum) : rounded + 0;
}
