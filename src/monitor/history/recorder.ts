import { isAbsent } from '../../base/absent.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { BlockBuilder } from './blockBuilder.ts';
import { EventSpans } from './eventSpans.ts';
import { flatten } from './flatten.ts';
import { PROCESS, USE, type Kind } from './kinds.ts';
import { GAP, LEVELS, LEVEL_NUMBERS, type LevelNumber } from './levels.ts';
import type { Store } from './store.ts';
import { Bucket, type Sums } from './sums.ts';
import { Reasons, Things, type Thing } from './thing.ts';
import { TopProcesses } from './topProcesses.ts';

/** Processes in a bucket of the coarsest level by each of two orders, beside those that use a GPU. */
const TOP = 12;
/** A coarse block that has not filled by then is closed, so that no block spans days. */
const MAX_SPAN = 4;
const FORGET = 600_000;

/** Gathers the samples of one machine in three resolutions. */
export class Recorder {
  private readonly things = new Things();
  private readonly reasons = new Reasons();
  private readonly top = new TopProcesses();
  private readonly events = new EventSpans();
  private readonly builders = [new BlockBuilder(false), new BlockBuilder(true), new BlockBuilder(true)] as const;
  private readonly buckets = [new Bucket(LEVELS[1].resolution), new Bucket(LEVELS[2].resolution)] as const;
  private readonly flushed: [number, number, number];
  private readonly usesGpu = new Set<number>();
  private last = -Infinity;
  private closing = false;
  private swept: number;

  constructor(
    private readonly host: number,
    time: number,
    store: Store,
  ) {
    this.flushed = [time, time, time];
    this.swept = time;
    this.events.adopt(store.openEvents(host));
    this.resume(store);
  }

  /** Whether what comes next must be kept apart from what came, so that `store` has to be called before `add`. */
  breaksAt(time: number): boolean {
    this.closing = time <= this.last || time - this.last > GAP;
    return this.closing;
  }

  add(sample: SystemSample): void {
    const { time } = sample;
    const [seconds] = this.builders;
    const [tens] = this.buckets;
    this.closing = false;
    this.advance(time);
    seconds.begin(time, 1);
    tens.samples++;
    flatten(sample, this.chosen(sample), (kind, key, item) => {
      const thing = this.things.get(kind, key, item);
      if (thing.seen === time) {
        // Two of one name: the first counts.
        return;
      }
      thing.seen = time;
      thing.read(kind, item, this.reasons);
      seconds.put(thing);
      tens.of(thing).add(thing);
    });
    this.events.add(sample);
    this.last = time;
    if (time - this.swept > FORGET) {
      this.swept = time;
      this.things.sweep(time - FORGET);
    }
  }

  isDue(): boolean {
    return LEVEL_NUMBERS.some((level) => this.isLevelDue(level));
  }

  /** Within a transaction. With `all` also the buckets that are not full. */
  store(store: Store, all: boolean): void {
    if (all || this.closing) {
      this.closeTens();
      this.closeMinute();
    }
    for (const level of LEVEL_NUMBERS) {
      if (all || this.closing || this.isLevelDue(level)) {
        store.block(this.host, level, this.builders[level], this.reasons, this.isBlockOver(level));
        this.flushed[level] = this.last;
      }
    }
    store.events(this.host, this.events.begun, this.events.ended);
  }

  /** After the transaction, whether it could be done or not: what could not be stored and is complete is lost. */
  settle(stored: boolean): void {
    for (const level of LEVEL_NUMBERS) {
      if (this.isBlockOver(level)) {
        this.builders[level].clear();
      }
    }
    if (stored) {
      this.events.settle();
    }
  }

  /** Fills the buckets that a killed writer was filling, of the samples that it had stored. */
  private resume(store: Store): void {
    const [tens, minute] = this.buckets;
    const since = [store.endOf(this.host, 1), store.endOf(this.host, 2)] as const;
    for (const { time, things } of store.momentsSince(this.host, Math.min(...since), this.things, this.reasons)) {
      if (time >= since[0]) {
        this.advance(time);
        tens.samples++;
      } else {
        this.advanceMinute(time);
        minute.samples++;
      }
      for (const thing of things) {
        (time >= since[0] ? tens : minute).of(thing).add(thing);
      }
      this.last = time;
    }
  }

  private isLevelDue(level: LevelNumber): boolean {
    const { length, stored } = this.builders[level];
    return length > stored && (this.isBlockOver(level) || this.last - this.flushed[level] >= LEVELS[level].flush);
  }

  private isBlockOver(level: LevelNumber): boolean {
    const { full, length, times } = this.builders[level];
    const span = length === 0 ? 0 : this.last - times[0]!;
    return full || (this.closing && level === 0) || span < 0 || span > MAX_SPAN * 60 * LEVELS[level].resolution;
  }

  private advance(time: number): void {
    const [tens] = this.buckets;
    const start = tens.startOf(time);
    if (tens.start !== start) {
      this.closeTens();
      tens.begin(start);
      this.top.begin();
    }
    this.advanceMinute(start);
  }

  private advanceMinute(time: number): void {
    const [, minute] = this.buckets;
    const start = minute.startOf(time);
    if (minute.start !== start) {
      this.closeMinute();
      minute.begin(start);
    }
  }

  private closeTens(): void {
    const [tens, minute] = this.buckets;
    if (tens.empty) {
      return;
    }
    const builder = this.builders[1];
    builder.begin(tens.start, tens.samples);
    minute.samples += tens.samples;
    for (const [thing, sums] of tens.sums) {
      builder.putSums(thing, sums);
      minute.of(thing).addSums(sums);
    }
    tens.begin(Number.NaN);
  }

  private closeMinute(): void {
    const [, minute] = this.buckets;
    if (minute.empty) {
      return;
    }
    const builder = this.builders[2];
    builder.begin(minute.start, minute.samples);
    const left = leftOut(minute.sums);
    for (const [thing, sums] of minute.sums) {
      if (!left.has(thing)) {
        builder.putSums(thing, sums);
      }
    }
    minute.begin(Number.NaN);
  }

  private chosen({ gpus, processes }: SystemSample): readonly ProcessSample[] {
    if (isAbsent(processes)) {
      return [];
    }
    this.usesGpu.clear();
    for (const { uses } of gpus) {
      for (const { pid } of isAbsent(uses) ? [] : uses) {
        this.usesGpu.add(pid);
      }
    }
    return this.top.choose(processes, this.usesGpu);
  }
}

/** Of the processes of six shorter buckets those that are on top in none of the orders and use no GPU. */
function leftOut(sums: ReadonlyMap<Thing, Sums>): ReadonlySet<Thing> {
  const left = new Set<Thing>();
  const users = new Set<unknown>();
  for (const { kind, facts } of sums.keys()) {
    if (isKind(kind, USE)) {
      users.add(facts[1]);
    }
  }
  for (const thing of sums.keys()) {
    if (isKind(thing.kind, PROCESS) && !users.has(thing.facts[0])) {
      left.add(thing);
    }
  }
  for (const order of [(of: Sums): number => of.sum[0]!, (of: Sums): number => of.max[1]!]) {
    const top = [...sums].filter(([{ kind }]) => isKind(kind, PROCESS)).sort(([, one], [, other]) => order(other) - order(one));
    top.slice(0, TOP).forEach(([thing]) => left.delete(thing));
  }
  return left;
}

function isKind<T>(kind: Kind<never>, other: Kind<T>): boolean {
  return kind === (other as unknown as Kind<never>);
}
