import { FIRST_REASON, KNOWN } from './columns.ts';
import type { Column, DecodedBlock, DecodedThing } from './decodeBlock.ts';
import type { FileReader, Piece } from './fileReader.ts';
import { KINDS } from './kinds.ts';
import { GAP, LEVELS, LEVEL_NUMBERS, type LevelNumber } from './levels.ts';
import { fromSteps, type Unit } from './units.ts';

export interface RangeQuery {
  readonly host: string;
  /** Milliseconds since the epoch; `to` is not within. */
  readonly from: number;
  readonly to: number;
  /** Columns of the chart, 1 to 20,000. */
  readonly points: number;
  /** `gpu.utilization`, `host.cpu.utilization`, `gpu.*`, … (kinds.ts); all of `gpu` and `host` where left out. */
  readonly series?: readonly string[];
}

/** A span in which nothing was collected. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface HistoryRange {
  readonly host: string;
  readonly from: number;
  readonly to: number;
  /** Of a column, in milliseconds. */
  readonly step: number;
  /** Of the coarsest that was read, in milliseconds; 1000 also where samples came more seldom. */
  readonly resolution: number;
  /** Samples in each column. 0 outside a gap: they came more seldom than columns do. */
  readonly samples: readonly number[];
  readonly gaps: readonly Gap[];
  readonly series: readonly HistorySeries[];
  /** Blocks that are damaged; their time is a gap. */
  readonly unreadable: number;
}

/** One value over the columns: null where none was known, never 0. */
export interface HistorySeries {
  readonly kind: string;
  /** UUID of a GPU, name of a disk, … ; empty for the host. */
  readonly key: string;
  readonly field: string;
  readonly unit: string;
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  /** Samples in each column in which it was absent. */
  readonly absent: readonly number[];
  /** Why it was absent last. */
  readonly reason?: string;
}

const MAX_POINTS = 20_000;
const DEFAULT_SERIES = ['gpu.*', 'host.*'];

export function readRange(file: FileReader, query: RangeQuery): HistoryRange {
  const points = Math.max(1, Math.min(MAX_POINTS, Math.floor(query.points)));
  const step = (query.to - query.from) / points;
  const host = file.hostNumber(query.host);
  const before = file.unreadable;
  const pieces = host === undefined || !(step > 0) ? [] : file.pieces(host, query.from, query.to, levelFor(step));
  const columns = new RangeColumns(query, points, step);
  for (const piece of pieces) {
    for (const part of columns.parts) {
      for (const block of file.blocks(host!, piece, part)) {
        columns.add(block, piece, part, file);
      }
    }
  }
  return {
    host: query.host,
    from: query.from,
    to: query.to,
    step,
    resolution: Math.max(LEVELS[0].resolution, ...pieces.map(({ level }) => LEVELS[level].resolution)),
    samples: [...columns.samples],
    gaps: gapsOf(columns.covered, query.from, query.to),
    series: [...columns.series.values()].map((series) => series.finish()),
    unreadable: file.unreadable - before,
  };
}

/** The coarsest of which each column holds at least one bucket. */
function levelFor(step: number): LevelNumber {
  return LEVEL_NUMBERS.filter((level) => level === 0 || LEVELS[level].resolution <= step).at(-1) ?? 0;
}

class RangeColumns {
  readonly samples: Uint32Array;
  readonly covered: Gap[] = [];
  readonly series = new Map<string, SeriesColumns>();
  readonly parts: readonly ('system' | 'processes')[];
  private readonly wanted: readonly (readonly number[])[];

  constructor(
    private readonly query: RangeQuery,
    private readonly points: number,
    private readonly step: number,
  ) {
    this.samples = new Uint32Array(points);
    const names = new Set(query.series ?? DEFAULT_SERIES);
    this.wanted = KINDS.map(({ name, fields }) =>
      [...fields.keys()].filter((index) => names.has(`${name}.*`) || names.has(`${name}.${fields[index]!.name}`)),
    );
    const parts = new Set(KINDS.filter((_, index) => this.wanted[index]!.length > 0).map(({ part }) => part));
    // The times are in both; at least one is read for the gaps.
    this.parts = parts.size === 0 ? ['system'] : [...parts];
  }

  add(block: DecodedBlock, piece: Piece, part: string, file: FileReader): void {
    const { resolution } = LEVELS[piece.level];
    const places = block.times.map((time) => {
      const within = piece.level === 0 ? time >= piece.from && time < piece.to : time + resolution > piece.from && time < piece.to;
      return within ? Math.max(0, Math.min(this.points - 1, Math.floor((time - this.query.from) / this.step))) : -1;
    });
    if (part === this.parts[0]) {
      for (const [index, place] of places.entries()) {
        if (place >= 0) {
          this.samples[place]! += block.samples[index]!;
          this.covered.push({ from: block.times[index]!, to: block.times[index]! + resolution });
        }
      }
    }
    for (const thing of block.things) {
      this.addThing(thing, places, block, file);
    }
  }

  private addThing(thing: DecodedThing, places: readonly number[], block: DecodedBlock, file: FileReader): void {
    const fields = this.wanted[KINDS.indexOf(thing.kind)] ?? [];
    const key = fields.length === 0 ? undefined : file.thing(thing.id)?.key;
    if (key === undefined) {
      return;
    }
    for (const index of fields) {
      const column = thing.column(index);
      const field = thing.kind.fields[index];
      if (column !== undefined && field !== undefined) {
        const name = `${thing.kind.name} ${index} ${key}`;
        let series = this.series.get(name);
        if (series === undefined) {
          series = new SeriesColumns(thing.kind.name, key, field.name, field.unit, this.points);
          this.series.set(name, series);
        }
        series.add(column, thing.samples, places, block.reasons);
      }
    }
  }
}

class SeriesColumns {
  private readonly sum: Float64Array;
  private readonly min: Float64Array;
  private readonly max: Float64Array;
  private readonly known: Uint32Array;
  private readonly absent: Uint32Array;
  private reason: string | undefined;

  constructor(
    private readonly kind: string,
    private readonly key: string,
    private readonly field: string,
    private readonly unit: Unit,
    points: number,
  ) {
    this.sum = new Float64Array(points);
    this.min = new Float64Array(points);
    this.max = new Float64Array(points);
    this.known = new Uint32Array(points);
    this.absent = new Uint32Array(points);
  }

  add(column: Column, samples: readonly number[] | undefined, places: readonly number[], reasons: readonly string[]): void {
    const { presence, numbers, below, above, absent } = column;
    for (let index = 0; index < places.length; index++) {
      const place = places[index]!;
      const state = presence[index]!;
      if (place < 0 || state === 0) {
        continue;
      }
      const all = samples?.[index] ?? 1;
      if (state !== KNOWN) {
        this.absent[place]! += all;
        this.reason = reasons[state - FIRST_REASON];
        continue;
      }
      const lacking = absent?.[index] ?? 0;
      const value = numbers[index]!;
      const low = value - (below?.[index] ?? 0);
      const high = value + (above?.[index] ?? 0);
      const first = this.known[place] === 0;
      this.absent[place]! += lacking;
      this.known[place]! += all - lacking;
      this.sum[place]! += value * (all - lacking);
      if (first || low < this.min[place]!) {
        this.min[place] = low;
      }
      if (first || high > this.max[place]!) {
        this.max[place] = high;
      }
    }
  }

  finish(): HistorySeries {
    const { kind, key, field, unit, known, reason } = this;
    const told = (numbers: Float64Array): (number | null)[] => Array.from(numbers, (value, index) => (known[index] === 0 ? null : fromSteps(value, unit)));
    return {
      kind,
      key,
      field,
      unit: unit.name,
      min: told(this.min),
      max: told(this.max),
      mean: told(this.sum.map((sum, index) => sum / known[index]!)),
      absent: Array.from(this.absent),
      ...(reason === undefined ? {} : { reason }),
    };
  }
}

function gapsOf(covered: Gap[], from: number, to: number): readonly Gap[] {
  const gaps: Gap[] = [];
  let end = from;
  for (const span of [...covered.sort((one, other) => one.from - other.from), { from: to, to }]) {
    if (span.from - end > GAP) {
      gaps.push({ from: end, to: span.from });
    }
    end = Math.max(end, span.to);
  }
  return gaps;
}
