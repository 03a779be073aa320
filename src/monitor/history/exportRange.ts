import { isAbsent } from '../../base/absent.ts';
import type { DecodedBlock } from './decodeBlock.ts';
import type { FileReader } from './fileReader.ts';
import { KINDS, type Fact } from './kinds.ts';
import { LEVELS, type LevelNumber } from './levels.ts';
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
  const host = file.hostNumber(name);
  for (const piece of host === undefined ? [] : file.pieces(host, from, to, 0)) {
    // One row has both parts, in the same order.
    const processes = file.blocks(host!, piece, 'processes');
    for (const system of file.blocks(host!, piece, 'system')) {
      const other = processes.next().value ?? undefined;
      yield* momentsIn(file, [system, sameTimes(system, other) ? other : undefined], piece.level, piece.from, piece.to);
    }
  }
}

function* momentsIn(
  file: FileReader,
  parts: readonly (DecodedBlock | undefined)[],
  level: LevelNumber,
  from: number,
  to: number,
): Generator<Moment, void, undefined> {
  const { resolution } = LEVELS[level];
  for (const [index, time] of parts[0]?.times.entries() ?? []) {
    if ((level === 0 ? time : time + resolution - 1) >= from && time < to) {
      yield momentOf(file, parts, index, resolution);
    }
  }
}

/** Not so where one of the two is damaged or was stored meanwhile. */
function sameTimes(one: DecodedBlock, other: DecodedBlock | undefined): boolean {
  return other !== undefined && one.times.length === other.times.length && one.times[0] === other.times[0];
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
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
