import * as v from 'valibot';
import type { HistoryEvent, HistoryMoment, HistoryReader } from './historyReader.ts';
import { writeExport } from './writeExport.ts';
import type { HistoryRange } from './range.ts';

const TIME = v.pipe(v.number(), v.finite());
const HOST = v.pipe(v.string(), v.maxLength(256));
const SPAN = { host: HOST, from: TIME, to: TIME };

const QUERY = v.variant('what', [
  v.object({ what: v.literal('range'), ...SPAN, points: v.pipe(v.number(), v.minValue(1), v.maxValue(20_000)), series: v.optional(v.array(v.pipe(v.string(), v.maxLength(64)))) }),
  v.object({ what: v.literal('kept'), host: HOST }),
  v.object({ what: v.literal('at'), host: HOST, time: TIME }),
  v.object({ what: v.literal('export'), ...SPAN, format: v.picklist(['csv', 'json']), path: v.pipe(v.string(), v.startsWith('/')) }),
]);

/** What a face asks of the history, through the collector that keeps it. */
export type HistoryQuery = v.InferOutput<typeof QUERY>;

export interface HistoryAnswers {
  readonly range: HistoryRange;
  /** null where nothing is kept of the machine. */
  readonly kept: { readonly from: number; readonly to: number; readonly events: readonly HistoryEvent[] } | null;
  readonly at: HistoryMoment | null;
  /** Bytes that were written. */
  readonly export: number;
}

/** Answers a question as it came over a socket. @throws {HistoryError}, and where it is no question */
export async function answerHistory(reader: HistoryReader, query: unknown): Promise<HistoryAnswers[HistoryQuery['what']]> {
  const asked = v.parse(QUERY, query);
  switch (asked.what) {
    case 'range': {
      const { series, ...rest } = asked;
      return reader.range({ ...rest, ...(series && { series }) });
    }
    case 'kept': {
      const kept = reader.kept(asked.host);
      return kept === undefined ? null : { ...kept, events: reader.events({ host: asked.host, ...kept }) };
    }
    case 'at':
      return reader.at(asked) ?? null;
    case 'export':
      return writeExport(reader.exportRange(asked, asked.format), asked.path);
  }
}
