import type { Disposable } from '../../base/disposable.ts';
import type { SystemSample } from '../systemSample.ts';
import type { EventFacts, EventKind } from './eventSpans.ts';
import { exportRange, type ExportFormat, type ExportQuery } from './exportRange.ts';
import { FileReader } from './fileReader.ts';
import { momentAt } from './moments.ts';
import { readRange, type HistoryRange, type RangeQuery } from './range.ts';
import { restoreSample } from './restore.ts';

/** A machine as it was. */
export interface HistoryMoment {
  /** Milliseconds in which the means were taken; 1000: one sample as it came. */
  readonly resolution: number;
  readonly sample: SystemSample;
}

export interface HistoryEvent {
  readonly kind: EventKind;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The last sample in which it was so; null while it lasts. */
  readonly until: number | null;
  readonly facts: EventFacts;
}

/** Reads a history that a writer, here or in another process, may be adding to. All throw `HistoryError`; `missing` where there is none. */
export interface HistoryReader extends Disposable {
  hosts(): readonly string[];
  /** From the first to the last moment that is kept of a machine; undefined where there is none. */
  kept(host: string): { readonly from: number; readonly to: number } | undefined;
  /** Series for charts. */
  range(query: RangeQuery): HistoryRange;
  /** The machine at a time; undefined where nothing was collected then. */
  at(query: { readonly host: string; readonly time: number }): HistoryMoment | undefined;
  /** What began, lasted or ended in a range, in the order in which it began; at most 5,000, the latest. */
  events(query: { readonly host: string; readonly from: number; readonly to: number }): readonly HistoryEvent[];
  exportRange(query: ExportQuery, format: ExportFormat): AsyncIterable<string>;
}

const MAX_EVENTS = 5000;
/** Pieces of an export after which others get their turn. */
const TURN = 16;

/** Opens the file at the first question. Small: at most one block is held beside what is given back. */
export function createHistoryReader(path: string): HistoryReader {
  const file = new FileReader(path);
  const numberOf = (host: string): number => file.hostNumber(host) ?? -1;
  return {
    hosts: () => file.rows('SELECT name FROM host ORDER BY name').map(({ name }) => String(name)),
    kept(host) {
      const [row] = file.rows('SELECT min(first) AS first, max(last) AS last FROM block WHERE host = ?', numberOf(host));
      return typeof row?.['first'] === 'number' ? { from: row['first'], to: Number(row['last']) } : undefined;
    },
    range: (query) => file.snapshot(() => readRange(file, query)),
    at({ host, time }) {
      return file.snapshot(() => {
        const moment = momentAt(file, numberOf(host), time);
        return moment === undefined ? undefined : { resolution: moment.resolution, sample: restoreSample(host, moment) };
      });
    },
    events: ({ host, from, to }) =>
      file
        .rows(
          `SELECT kind, since, until, facts FROM event WHERE host = ? AND since < ? AND (until IS NULL OR until >= ?) ORDER BY since DESC, id DESC LIMIT ${MAX_EVENTS}`,
          numberOf(host),
          to,
          from,
        )
        .map((row) => ({
          kind: String(row['kind']) as EventKind,
          since: Number(row['since']),
          until: row['until'] === null ? null : Number(row['until']),
          facts: JSON.parse(String(row['facts'])) as EventFacts,
        }))
        .reverse(),
    async *exportRange(query, format) {
      let pieces = 0;
      for (const piece of exportRange(file, query, format)) {
        yield piece;
        if (++pieces % TURN === 0) {
          await new Promise<void>((resolve) => setImmediate(resolve));
        }
      }
    },
    dispose: () => file.close(),
  };
}
