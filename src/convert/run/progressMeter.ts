import { absent, type Measured } from '../../base/absent.ts';
import type { EngineId } from '../engine.ts';
import type { RunningItem } from '../job.ts';

/** Start-up and bookkeeping of one item, in units of its cost: what a second of audio or a megapixel takes at that engine. */
const FIXED: Readonly<Record<EngineId, number>> = { sox: 0.5, ffmpeg: 5, imagemagick: 1, sharp: 0.5 };

/** The work that an item stands for in progress; fixed from the plan on, so that progress never falls. */
export function weightOf(engine: EngineId, cost: number): number {
  return cost + FIXED[engine];
}

interface Part {
  readonly input: string;
  readonly weight: number;
  fraction: number;
}

/** Items that one worker has in hand. */
export interface Portion {
  /** The items `chosen` are in one process, one after the other, which is `fraction` done; undefined where it does not tell. */
  update(chosen: readonly number[], fraction: number | undefined): void;
  /** Nothing more is done to these items. */
  end(): void;
}

interface OpenPortion {
  readonly engine: EngineId;
  readonly parts: readonly Part[];
  readonly beganAt: number;
  current: number;
  tells: boolean;
}

interface Rate {
  work: number;
  /** Seconds of one worker. */
  busy: number;
}

export interface MeterSetup {
  /** Weight of all that is to be done by each engine, done or not. */
  readonly total: ReadonlyMap<EngineId, number>;
  /** Weight of what earlier runs have settled. */
  readonly settled: number;
  readonly workers: number;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** Progress by weight, and the time left by the rate of each engine measured in this run. */
export class ProgressMeter {
  private readonly whole: number;
  private settled: number;
  private readonly doneHere = new Map<EngineId, number>();
  private readonly rates = new Map<EngineId, Rate>();
  private readonly open = new Set<OpenPortion>();
  private highest = 0;

  constructor(private readonly setup: MeterSetup) {
    this.whole = sum(setup.total.values());
    this.settled = setup.settled;
  }

  begin(engine: EngineId, items: readonly { readonly input: string; readonly weight: number }[]): Portion {
    const portion: OpenPortion = {
      engine,
      parts: items.map(({ input, weight }) => ({ input, weight, fraction: 0 })),
      beganAt: this.setup.now(),
      current: 0,
      tells: false,
    };
    this.open.add(portion);
    return {
      update: (chosen, fraction) => update(portion, chosen, fraction),
      end: () => this.end(portion),
    };
  }

  /** An item came to its end without a worker: its input was gone, say. */
  settle(engine: EngineId, weight: number): void {
    this.settled += weight;
    this.doneHere.set(engine, (this.doneHere.get(engine) ?? 0) + weight);
  }

  /** 0 to 1; never falls. */
  progress(): number {
    const inHand = sum([...this.open].map(workDone));
    const reached = this.whole === 0 ? 1 : (this.settled + inHand) / this.whole;
    this.highest = Math.min(1, Math.max(this.highest, reached));
    return this.highest;
  }

  /** By the rates so far, not smoothed. */
  secondsLeft(): Measured<number> {
    const rates = this.currentRates();
    const all = { work: sum([...rates.values()].map(({ work }) => work)), busy: sum([...rates.values()].map(({ busy }) => busy)) };
    if (all.work === 0 || all.busy < 1) {
      return absent('not measured yet');
    }
    const before = this.whole === 0 ? 0 : this.setup.settled / this.whole;
    let seconds = 0;
    for (const [engine, total] of this.setup.total) {
      const inHand = sum([...this.open].filter((portion) => portion.engine === engine).map(workDone));
      const left = total * (1 - before) - (this.doneHere.get(engine) ?? 0) - inHand;
      const rate = rates.get(engine);
      const { work, busy } = rate !== undefined && rate.work > 0 ? rate : all;
      seconds += (Math.max(0, left) * busy) / work;
    }
    return seconds / this.setup.workers;
  }

  /** What each worker has in hand just now. */
  running(): readonly RunningItem[] {
    return [...this.open].flatMap(({ parts, current, tells }) => {
      const part = parts[current];
      return part ? [{ input: part.input, fraction: tells ? part.fraction : absent('the tool does not tell') }] : [];
    });
  }

  private end(portion: OpenPortion): void {
    if (!this.open.delete(portion)) {
      return;
    }
    const work = sum(portion.parts.map(({ weight }) => weight));
    this.settle(portion.engine, work);
    const rate = this.rates.get(portion.engine) ?? { work: 0, busy: 0 };
    this.rates.set(portion.engine, { work: rate.work + work, busy: rate.busy + this.secondsSince(portion.beganAt) });
  }

  private currentRates(): ReadonlyMap<EngineId, Rate> {
    const rates = new Map(this.rates);
    for (const portion of this.open) {
      if (portion.tells) {
        const { work, busy } = rates.get(portion.engine) ?? { work: 0, busy: 0 };
        rates.set(portion.engine, { work: work + workDone(portion), busy: busy + this.secondsSince(portion.beganAt) });
      }
    }
    return rates;
  }

  private secondsSince(time: number): number {
    return (this.setup.now() - time) / 1000;
  }
}

function update(portion: OpenPortion, chosen: readonly number[], told: number | undefined): void {
  const fraction = told === undefined || Number.isNaN(told) ? undefined : told;
  const parts = chosen.flatMap((index) => portion.parts[index] ?? []);
  portion.tells = fraction !== undefined;
  let done = Math.min(1, Math.max(0, fraction ?? 0)) * sum(parts.map(({ weight }) => weight));
  let current: number | undefined;
  for (const [position, part] of parts.entries()) {
    const reached = part.weight === 0 ? 1 : Math.min(1, Math.max(0, done / part.weight));
    done -= part.weight;
    part.fraction = Math.max(part.fraction, reached);
    current ??= reached < 1 ? chosen[position] : undefined;
  }
  portion.current = current ?? chosen.at(-1) ?? 0;
}

function workDone({ parts }: OpenPortion): number {
  return sum(parts.map(({ weight, fraction }) => weight * fraction));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) {
    total += value;
  }
  return total;
}
