import { setImmediate } from 'node:timers/promises';
import { basename } from 'node:path';
import { Archive } from '../../media/archives/archive.ts';
import type { MediaPlace } from '../../media/place.ts';
import { openRows } from '../../media/rows/openRows.ts';
import type { Row, RowFile } from '../../media/rows/rowFile.ts';
import type { Found, OpenedRows, RowDetails, RowsPage, RowsState, ShownRow, Summary } from '../webview/rows/protocol.ts';
import { ColumnSums } from './columnSums.ts';
import { conversationOf } from './conversation.ts';
import { MemberRows } from './memberRows.ts';
import type { RowMedium } from './rowMedia.ts';
import { RowMediaFinder } from './rowMedia.ts';
import { cellOf } from './shownCells.ts';

const MAX_JSON = 262_144;
const MAX_RAW = 65_536;
const MAX_AT_ONCE = 200;
/** Milliseconds that a search may take before it says how far it has come. */
const SEARCH = 2000;
const SAMPLE = 1000;
const MAX_SUMMED = 200;

/** One file's rows as a preview shows them. */
export class OpenTable {
  private version = 1;
  private gone = false;
  private sums: { readonly columns: string; readonly sums: ColumnSums; done: number; whole: boolean; readonly stop: AbortController } | undefined;
  private readonly media: RowMediaFinder;

  private constructor(
    private readonly place: MediaPlace,
    private readonly rows: RowFile,
  ) {
    this.media = new RowMediaFinder(place.file);
  }

  static async open(place: MediaPlace, signal?: AbortSignal): Promise<OpenTable> {
    const archive = place.member === undefined ? Archive.open(place.file) : undefined;
    return new OpenTable(place, archive ? new MemberRows(place.file, archive) : await openRows(place, { signal }));
  }

  async opened(): Promise<OpenedRows> {
    // The first rows tell the columns.
    await this.rows.rows(0, 50);
    const { columns, form, facts } = this.rows;
    return { ...this.state(), name: basename(this.place.member ?? this.place.file), form, facts, columns };
  }

  state(): RowsState {
    const { count, progress, columns, problem, size } = this.rows;
    return {
      version: this.version,
      rows: count.known,
      total: count.total,
      ...(count.estimate && { estimate: count.estimate }),
      size,
      indexed: progress.done,
      columnCount: columns.length,
      ...(problem && { problem }),
      ...(this.gone && { gone: true }),
      ...(this.sums && !this.sums.whole && { summed: this.sums.done }),
    };
  }

  get columns(): RowFile['columns'] {
    return this.rows.columns;
  }

  async refresh(): Promise<RowsState> {
    const change = await this.rows.refresh();
    this.media.forget();
    this.gone = change === 'gone';
    if (change === 'replaced') {
      this.version++;
      this.stopSums();
    }
    return this.state();
  }

  async page(from: number, count: number, columns: readonly string[], signal: AbortSignal): Promise<RowsPage> {
    const items: ShownRow[] = [];
    const end = from + Math.min(count, MAX_AT_ONCE);
    while (from + items.length < end) {
      const rows = await this.rows.rows(from + items.length, end - from - items.length, { signal, columns });
      if (rows.length === 0) {
        break;
      }
      items.push(...rows.map((row) => this.shown(row, columns)));
    }
    return { ...this.state(), items };
  }

  async details(index: number, signal: AbortSignal): Promise<RowDetails> {
    const [row] = await this.rows.rows(index, 1, { signal });
    const raw = await this.rows.raw(index, MAX_RAW, signal);
    const media = this.media.of(row?.values);
    const json = row?.values && JSON.stringify(row.values, brief, 2);
    const conversation = row?.values && conversationOf(row.values, media);
    return {
      index,
      ...(json !== undefined && { json: json.slice(0, MAX_JSON) }),
      ...(json !== undefined && json.length > MAX_JSON && { jsonLength: json.length }),
      raw: raw.bytes.toString('utf8'),
      rawLength: raw.length,
      media: media.map(({ shown }) => shown),
      ...(conversation && { turns: conversation.turns }),
      ...(conversation?.problem !== undefined && { turnsProblem: conversation.problem }),
      ...(row?.problem && { problem: row.problem }),
      ...(row?.range && { offset: row.range.offset }),
    };
  }

  async medium(index: number, nth: number, signal: AbortSignal): Promise<RowMedium | undefined> {
    const [row] = await this.rows.rows(index, 1, { signal });
    return this.media.of(row?.values)[nth];
  }

  async find(text: string, from: number, backwards: boolean, matchCase: boolean, signal: AbortSignal): Promise<Found> {
    let last = from;
    const time = AbortSignal.timeout(SEARCH);
    try {
      const found = await this.rows.find({ text, from, backwards, matchCase, signal: AbortSignal.any([signal, time]), onProgress: (row) => (last = row) });
      return found ? { row: found.row } : {};
    } catch (error) {
      if (time.aborted && !signal.aborted) {
        return { next: last };
      }
      throw error;
    }
  }

  /** Of all rows, where they were gone through for these columns; else of the first thousand. */
  async summary(columns: readonly string[], signal: AbortSignal): Promise<Summary> {
    const wanted = columns.slice(0, MAX_SUMMED);
    if (this.sums?.columns === JSON.stringify(wanted)) {
      return this.sums.sums.summary(this.sums.whole);
    }
    const sums = new ColumnSums(wanted);
    const rows = await this.rows.rows(0, SAMPLE, { signal, columns: wanted });
    sums.add(rows);
    return sums.summary(this.rows.count.total === rows.length);
  }

  sumAll(columns: readonly string[]): void {
    this.stopSums();
    const wanted = columns.slice(0, MAX_SUMMED);
    const sums = { columns: JSON.stringify(wanted), sums: new ColumnSums(wanted), done: 0, whole: false, stop: new AbortController() };
    this.sums = sums;
    void this.walk(sums, wanted).catch(() => undefined);
  }

  stopSums(): void {
    this.sums?.stop.abort();
    this.sums = undefined;
  }

  dispose(): void {
    this.stopSums();
    this.rows.dispose();
  }

  private async walk(sums: NonNullable<OpenTable['sums']>, columns: readonly string[]): Promise<void> {
    const { signal } = sums.stop;
    for (;;) {
      const rows = await this.rows.rows(sums.done, SAMPLE, { signal, columns });
      signal.throwIfAborted();
      if (rows.length === 0) {
        sums.whole = true;
        return;
      }
      sums.sums.add(rows);
      sums.done += rows.length;
      await setImmediate();
    }
  }

  private shown({ index, values, problem, range }: Row, columns: readonly string[]): ShownRow {
    const media = this.media.of(values);
    const cells = columns.map((name) => cellOf(values?.[name], values !== undefined && name in values, media.filter(({ path }) => path[0] === name)));
    return { index, cells, ...(problem && { problem }), ...(range && { offset: range.offset, length: range.length }) };
  }
}

/** Bytes in words, and no number that JSON does not know. */
function brief(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  return ArrayBuffer.isView(value) ? `(${value.byteLength} bytes)` : value;
}
