import { absent, type Measured } from '../../base/absent.ts';
import { FIRST_REASON, KNOWN } from './columns.ts';
import type { DecodedBlock, DecodedThing } from './decodeBlock.ts';
import type { FileReader } from './fileReader.ts';
import { KINDS, type Fact, type Kind } from './kinds.ts';
import { GAP, LEVELS, LEVEL_NUMBERS } from './levels.ts';
import { fromSteps } from './units.ts';

export type Statistic = 'mean' | 'min' | 'max';

/** One thing at one moment. */
export interface MomentThing {
  readonly kind: Kind<never>;
  readonly key: string;
  readonly facts: readonly Fact[];
  /** Samples of the moment that it was in. */
  readonly samples: number;
  readonly value: (field: string, statistic?: Statistic) => Measured<number>;
}

export interface Moment {
  readonly time: number;
  /** 1000: a sample as it came; else a bucket that begins at `time`. */
  readonly resolution: number;
  readonly samples: number;
  readonly things: readonly MomentThing[];
}

const PLACES: ReadonlyMap<Kind<never>, ReadonlyMap<string, number>> = new Map(
  KINDS.map((kind) => [kind, new Map(kind.fields.map(({ name }, index) => [name, index]))]),
);

export const NOT_KEPT = absent('not kept in the history');

/** The last moment at or before a time, in the finest resolution that is kept of it; undefined where nothing was collected. */
export function momentAt(file: FileReader, host: number, time: number): Moment | undefined {
  for (const level of LEVEL_NUMBERS) {
    const rows = file.rows(
      'SELECT system, processes FROM block WHERE host = ? AND level = ? AND first <= ? ORDER BY first DESC, id DESC LIMIT 1',
      host,
      level,
      time,
    );
    const [system, processes] = [file.decoded(rows[0]?.['system']), file.decoded(rows[0]?.['processes'])];
    const index = system?.times.findLastIndex((moment) => moment <= time) ?? -1;
    if (system !== undefined && index >= 0) {
      // A coarser bucket knows no better: it may hold what came after the gap.
      const { resolution } = LEVELS[level];
      const end = system.times[index]! + (level === 0 ? 0 : resolution);
      return time - end <= GAP ? momentOf(file, [system, processes], index, resolution) : undefined;
    }
  }
  return undefined;
}

/** The parts of one block at one of its moments. */
export function momentOf(file: FileReader, parts: readonly (DecodedBlock | undefined)[], index: number, resolution: number): Moment {
  const [system] = parts;
  const things = new Map<string, MomentThing & { readonly id: number }>();
  for (const block of parts) {
    for (const thing of block?.things ?? []) {
      const made = thingAt(file, block!, thing, index);
      // Its facts changed within a bucket: the later count.
      if (made !== undefined && (things.get(`${made.kind.name} ${made.key}`)?.id ?? 0) <= made.id) {
        things.set(`${made.kind.name} ${made.key}`, made);
      }
    }
  }
  return { time: system?.times[index] ?? 0, resolution, samples: system?.samples[index] ?? 0, things: [...things.values()] };
}

function thingAt(file: FileReader, block: DecodedBlock, thing: DecodedThing, index: number): (MomentThing & { readonly id: number }) | undefined {
  const { kind, id } = thing;
  const known = thing.column(0)?.presence[index] === 0 ? undefined : file.thing(id);
  if (known === undefined) {
    return undefined;
  }
  return {
    id,
    kind,
    ...known,
    samples: thing.samples?.[index] ?? 1,
    value: (name, statistic = 'mean') => {
      const place = PLACES.get(kind)?.get(name) ?? Infinity;
      const column = thing.column(place);
      const state = column?.presence[index];
      if (column === undefined || state === undefined || state === 0) {
        return NOT_KEPT;
      }
      if (state !== KNOWN) {
        return absent(block.reasons[state - FIRST_REASON] ?? 'not told');
      }
      const steps = column.numbers[index]!;
      const away = statistic === 'min' ? -(column.below?.[index] ?? 0) : statistic === 'max' ? (column.above?.[index] ?? 0) : 0;
      return fromSteps(steps + away, kind.fields[place]!.unit);
    },
  };
}
