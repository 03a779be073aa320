import { setImmediate } from 'node:timers/promises';
import { absent } from '../../base/absent.ts';
import { Emitter } from '../../base/emitter.ts';
import { Columns } from './columns.ts';
import { findInText } from './findInText.ts';
import type { RowBytes } from './rowBytes.ts';
import { MAX_ROW, MAX_ROWS_BYTES } from './rowFile.ts';
import type { FileChange, IndexProgress, Row, RowColumn, RowCount, RowFile, RowForm, RowMatch, RowProblem, RowsOptions, SearchOptions } from './rowFile.ts';
import type { RowIndex, RowRange } from './rowIndex.ts';
import { RowsError } from './rowsError.ts';

/** How the rows of a text are found and read. It is made anew for every file that takes another's place. */
export interface TextForm {
  readonly form: RowForm;
  readonly index: RowIndex;
  /** Records before the first row. */
  readonly header: number;
  readonly facts: readonly string[];
  /** Names that the file itself states. */
  readonly names?: readonly string[];
  /** Whether a record is a line: then a problem has its line. */
  readonly byLine: boolean;
  /** The values of a record's bytes. */
  parse(bytes: Buffer, range: RowRange): { readonly values?: Readonly<Record<string, unknown>>; readonly problem?: RowProblem };
}

/** Rows of a text, by an index that is made in the background, a few milliseconds at a time. */
export class IndexedRows implements RowFile {
  private form_: TextForm;
  private columns_: Columns;
  private readonly told = new Emitter<IndexProgress>();
  readonly onProgress = this.told.event;
  private readonly ended = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    readonly file: string,
    private readonly bytes: RowBytes,
    private readonly formOf: () => TextForm,
  ) {
    this.form_ = formOf();
    this.columns_ = new Columns(this.form_.names);
    this.form_.index.step();
  }

  get form(): RowForm {
    return this.form_.form;
  }

  get size(): number {
    return this.bytes.size;
  }

  get facts(): readonly string[] {
    return this.form_.facts;
  }

  get columns(): readonly RowColumn[] {
    return this.columns_.list;
  }

  get problem(): RowProblem | undefined {
    const { problem } = this.form_.index;
    return problem && { message: problem.message, line: this.lineAt(problem.offset) };
  }

  get progress(): IndexProgress {
    const { scanned, complete } = this.form_.index;
    return { done: scanned, size: this.size, complete };
  }

  get count(): RowCount {
    const { index, header } = this.form_;
    const known = Math.max(0, index.known - header);
    if (index.complete) {
      return { known, total: known };
    }
    const rows = index.scanned > 0 ? Math.round((known * this.size) / index.scanned) : 0;
    return { known, total: absent('the rows are being counted'), ...(rows > 0 && { estimate: { rows, ground: `from the first ${known} rows` } }) };
  }

  async rows(from: number, count: number, { signal }: RowsOptions = {}): Promise<readonly Row[]> {
    await this.reach(from + count, signal);
    const { index, header } = this.form_;
    const rows: Row[] = [];
    let bytes = 0;
    if (from + header >= index.known || count <= 0) {
      return rows;
    }
    for (const range of index.records(from + header)) {
      signal?.throwIfAborted();
      rows.push(this.row(range));
      bytes += Math.min(MAX_ROW, range.end - range.start);
      if (rows.length >= count || bytes > MAX_ROWS_BYTES) {
        break;
      }
    }
    return rows;
  }

  async raw(row: number, most: number, signal?: AbortSignal): Promise<{ readonly bytes: Buffer; readonly length: number }> {
    await this.reach(row + 1, signal);
    const range = this.rangeOf(row);
    if (range === undefined) {
      throw new RowsError('gone', `${this.file} has no row ${row + 1}.`);
    }
    return { bytes: this.bytes.read(range.start, Math.min(most, range.end - range.start)), length: range.end - range.start };
  }

  async find(search: SearchOptions): Promise<RowMatch | undefined> {
    const { index, header } = this.form_;
    if (search.backwards === true) {
      await this.reach(search.from + 1, search.signal);
    }
    return findInText({ bytes: this.bytes, index, header, reach: (offset) => this.reachOffset(offset, search.signal) }, search);
  }

  refresh(): Promise<FileChange> {
    const change = this.bytes.refresh();
    if (change === 'replaced' || (change === 'grown' && !this.form_.index.grow())) {
      this.form_ = this.formOf();
      this.columns_ = new Columns(this.form_.names);
      this.form_.index.step();
      this.told.fire(this.progress);
    }
    if (change !== 'same' && change !== 'gone') {
      this.start();
    }
    return Promise.resolve(change);
  }

  async indexed(signal?: AbortSignal): Promise<void> {
    await this.reach(Infinity, signal);
  }

  /** Makes the index in the background. */
  start(): void {
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  dispose(): void {
    this.ended.abort(new RowsError('gone', `${this.file} is closed.`));
    this.told.dispose();
    this.bytes.dispose();
  }

  private async run(): Promise<void> {
    while (!this.form_.index.complete && !this.ended.signal.aborted) {
      await setImmediate();
      if (this.ended.signal.aborted) {
        return;
      }
      this.form_.index.step();
      this.told.fire(this.progress);
    }
  }

  /** Waits until so many rows are known, or all. */
  private async reach(rows: number, signal?: AbortSignal): Promise<void> {
    while (!this.form_.index.complete && this.form_.index.known - this.form_.header < rows) {
      await this.more(signal);
    }
  }

  private async reachOffset(offset: number, signal?: AbortSignal): Promise<void> {
    while (!this.form_.index.complete && this.form_.index.scanned < offset) {
      await this.more(signal);
    }
  }

  private async more(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.ended.signal.throwIfAborted();
    this.start();
    await setImmediate();
  }

  private rangeOf(row: number): RowRange | undefined {
    const { index, header } = this.form_;
    if (!(row >= 0 && row + header < index.known)) {
      return undefined;
    }
    for (const range of index.records(row + header)) {
      return range;
    }
    return undefined;
  }

  private row(range: RowRange): Row {
    const { header, byLine } = this.form_;
    const length = range.end - range.start;
    const place = { index: range.record - header, range: { offset: range.start, length } };
    const line = byLine ? { line: range.record + 1 } : {};
    if (length > MAX_ROW) {
      return { ...place, problem: { message: `The row has ${length} bytes; rows of more than ${MAX_ROW} are not taken apart.`, ...line } };
    }
    const { values, problem } = this.form_.parse(this.bytes.read(range.start, length), range);
    if (values) {
      this.columns_.meet(values);
    }
    const told = problem && (byLine ? { ...problem, ...line } : this.placed(problem, range.start));
    return { ...place, ...(values && { values }), ...(told && { problem: told }) };
  }

  /** A problem of a row that may have several lines: its line is counted. */
  private placed(problem: RowProblem, start: number): RowProblem {
    return start < MAX_COUNTED ? { ...problem, line: this.lineAt(start) } : problem;
  }

  private lineAt(offset: number): number {
    let line = 1;
    for (let at = 0; at < offset; at += PIECE) {
      const piece = this.bytes.read(at, Math.min(PIECE, offset - at));
      for (let found = piece.indexOf(0x0a); found >= 0; found = piece.indexOf(0x0a, found + 1)) {
        line++;
      }
    }
    return line;
  }
}

const PIECE = 1_048_576;
/** Lines of rows further down are not counted: each takes a walk from the start. */
const MAX_COUNTED = 32 * 1_048_576;
