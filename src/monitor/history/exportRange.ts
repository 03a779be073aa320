import { csvCell } from '../../base/csvCell.ts';
import { isAbsent } from '../../base/absent.ts';
import type { DecodedBlock } from './decodeBlock.ts';
import type { FileReader, Piece } from './fileReader.ts';
import { KINDS, type Fact } from './kinds.ts';
import { LEVELS } from './levels.ts';
import { momentOf, type Moment, type MomentThing, type Statistic } from './moments.ts';
import { restoreSample } from './restore.ts';

export interface ExportQuery {
  readonly host: string;
  /** Milliseconds since the epoch; `to` is not within. */
  readonly from: number;
  readonly to: number;
}

export type ExportFormat = 'csv' | 'json';

const FIELD_NAMES = [...new Set(KINDS.flatMap(({ fields }) => fields.map(({ name }) => name)))];
const HEAD = ['time', 'seconds', 'statistic', 'samples', 'kind', 'key', 'label', ...FIELD_NAMES];
/** Read at once. */
const SLICE_MOMENTS = 120;
const STATISTICS: readonly Statistic[] = ['mean', 'min', 'max'];

/**
 * What is kept of a range, in the finest resolution that is kept of each part, in pieces of text.
 *
 * CSV (RFC 4180): a row for each thing (`kind`, `key`) at each moment; `time` in UTC, `seconds` the length of the bucket. A
 * sample as it came is one row, statistic `value`; a bucket is three: `mean`, `min` and `max`. A cell is empty where the value
 * is absent or the thing has no such value; 0 is a measured zero. Percent, bytes, bytes per second, watts, degrees Celsius, MHz.
 *
 * JSON: `{ host, from, to, samples: [{ resolution, samples, … as SystemSample }] }`, buckets by their means; what is absent is
 * `{ "absent": reason }`.
 */
export function* exportRange(file: FileReader, { host, from, to }: ExportQuery, format: ExportFormat): Generator<string, void, undefined> {
  yield format === 'csv' ? `${HEAD.join(',')}\r\n` : `${JSON.stringify({ host, from, to }).slice(0, -1)},"samples":[`;
  let separator = '\n';
  for (const moment of momentsOf(file, host, from, to)) {
    if (format === 'csv') {
      yield csvOf(moment);
    } else {
      const { resolution, samples } = moment;
      yield `${separator}${JSON.stringify({ resolution, samples, ...restoreSample(host, moment) })}`;
      separator = ',\n';
    }
  }
  if (format === 'json') {
    yield '\n]}\n';
  }
}

function* momentsOf(file: FileReader, name: string, from: number, to: number): Generator<Moment, void, undefined> {
  const host = file.hostNumber(name) ?? -1;
  for (const piece of file.snapshot(() => file.pieces(host, from, to, 0))) {
    const { resolution } = LEVELS[piece.level];
    // A bucket that began before the range belongs to it; later slices begin where the one before ended.
    let earliest = piece.level === 0 ? piece.from : piece.from - resolution + 1;
    for (let start = piece.from; start < piece.to; ) {
      const slice = { level: piece.level, from: start, to: Math.min(piece.to, start + SLICE_MOMENTS * resolution) };
      yield* file.snapshot(() => sliceOf(file, host, slice, earliest));
      earliest = start = slice.to;
    }
  }
}

/** Moments of one snapshot. */
function sliceOf(file: FileReader, host: number, slice: Piece, earliest: number): readonly Moment[] {
  const processes = [...file.blocks(host, slice, 'processes')];
  const moments: Moment[] = [];
  for (const system of file.blocks(host, slice, 'system')) {
    const parts = [system, processes.find((other) => sameTimes(system, other))];
    for (const [index, time] of system.times.entries()) {
      if (time >= earliest && time < slice.to) {
        moments.push(momentOf(file, parts, index, LEVELS[slice.level].resolution));
      }
    }
  }
  return moments;
}

/** The two parts of one row, of which either may be damaged. */
function sameTimes(one: DecodedBlock, other: DecodedBlock): boolean {
  return one.times.length === other.times.length && one.times[0] === other.times[0];
}

function csvOf({ time, resolution, things }: Moment): string {
  const statistics = resolution === LEVELS[0].resolution ? undefined : STATISTICS;
  const stamp = new Date(time).toISOString();
  return things
    .flatMap((thing) =>
      (statistics ?? [undefined]).map((statistic) => {
        const cells = FIELD_NAMES.map((name) => cellOf(thing, name, statistic));
        const label = labelOf(thing);
        return [stamp, resolution / 1000, statistic ?? 'value', thing.samples, thing.kind.name, quoted(thing.key), quoted(label), ...cells].join(',');
      }),
    )
    .map((line) => `${line}\r\n`)
    .join('');
}

function cellOf(thing: MomentThing, field: string, statistic: Statistic | undefined): string {
  const value = thing.value(field, statistic);
  return isAbsent(value) ? '' : String(value);
}

/** What a person calls it: GPU number and name, or user and command. */
function labelOf({ kind, facts }: MomentThing): string {
  const words = (fact: Fact | undefined): string => (Array.isArray(fact) ? fact.join(' ') : typeof fact === 'string' || typeof fact === 'number' ? String(fact) : '');
  switch (kind.name) {
    case 'gpu':
      return `GPU ${words(facts[0])}: ${words(facts[1])}`;
    case 'process':
      return `${words(facts[4])}: ${words(facts[6]) || words(facts[5])}`;
    case 'use':
      return words(facts[3]);
    default:
      return '';
  }
}

/** A spreadsheet takes a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function quoted(text: string): string {
  return csvCell(FORMULA.test(text) ? `'${text}` : text);
}
