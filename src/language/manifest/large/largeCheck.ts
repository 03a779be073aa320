import { basename, resolve } from 'node:path';
import { NumberMap } from '../../../base/numberMap.ts';
import type { Disposable } from '../../../base/disposable.ts';
import { LINE_FEED, LineEnds, QuotedRecordEnds, RETURN } from '../../../media/rows/recordEnds.ts';
import type { RecordEnds } from '../../../media/rows/recordEnds.ts';
import { openRowBytes } from '../../../media/rows/rowBytes.ts';
import type { RowBytes } from '../../../media/rows/rowBytes.ts';
import { checkKaldiLine } from '../../../media/rules/speech.ts';
import { checkTableForm } from '../../../media/rules/row.ts';
import type { RowContext, RowState } from '../checkRow.ts';
import { checkRow, findFolder } from '../checkRow.ts';
import { judgeShapes } from '../checkShapes.ts';
import { Disk } from '../disk.ts';
import type { Layout } from '../forms/form.ts';
import { FORMS } from '../forms/index.ts';
import { KINDS } from '../kinds/index.ts';
import { timesOf } from '../kinds/kind.ts';
import type { RecognisedManifest } from '../recogniseManifest.ts';
import { recogniseManifest } from '../recogniseManifest.ts';
import { FastLane } from './fastLane.ts';
import { FolderNames } from './folderNames.ts';
import { LargeProblems } from './largeProblems.ts';

/** What is read at once. A row may be longer; then it is read anew as a whole. */
const CHUNK = 4 * 2 ** 20;
const MAX_ROW = 64 * 2 ** 20;
const HEAD = 262_144;
/** Rows of each odd form that are remembered until all are counted. */
const MOST_ODD = 1000;
const MOST_FORMS = 2000;
/** Rows between two words about how far it is. */
const PACE = 20_000;

export interface LargeProgress {
  readonly rows: number;
  readonly bytes: number;
  readonly size: number;
}

/** A manifest of any size, gone through from its start to its end, and on from there when it has grown. */
export class LargeCheck implements Disposable {
  rows = 0;
  /** Up to here it was gone through. */
  offset = 0;
  problems = new LargeProblems();
  private readonly bytes: RowBytes;
  private readonly buffer = Buffer.allocUnsafe(CHUNK);
  private readonly recognised: RecognisedManifest;
  private readonly layout: Layout;
  private readonly ends: RecordEnds;
  private readonly disk = new Disk();
  private context: RowContext | undefined;
  private lane: FastLane | undefined;
  private names: FolderNames | undefined;
  private identities: NumberMap;
  private ids = new NumberMap();
  private line = 0;
  private headerRows = 0;
  private readonly odd = new Map<string, { count: number; readonly lines: number[] }>();
  private before: string | undefined;
  /** The row that has no line end yet. */
  private open: { readonly offset: number; readonly line: number; readonly rows: number } | undefined;

  /** Throws a `RowsError` where the file cannot be read, an `Error` where it is of no form that is read row by row. */
  constructor(
    private readonly path: string,
    private readonly workspace: readonly string[],
  ) {
    this.bytes = openRowBytes(path);
    const head = this.bytes.read(0, HEAD).toString('utf8');
    const recognised = recogniseManifest({ uri: '', path, language: '', head });
    if (recognised === undefined || recognised.form === 'json' || recognised.form === 'yaml') {
      this.bytes.dispose();
      throw new Error(recognised === undefined ? `${basename(path)} is not known to be a manifest.` : `${basename(path)} is one JSON document: “trainyard check” and the dataset’s health check documents of this size.`);
    }
    this.recognised = recognised;
    const { layout } = FORMS[recognised.form].split(head, path);
    this.layout = layout;
    this.ends = recognised.form === 'table' && layout.quotes === true ? new QuotedRecordEnds((layout.delimiter ?? ',').charCodeAt(0)) : new LineEnds();
    this.headerRows = layout.header === undefined ? 0 : 1;
    this.identities = new NumberMap(this.expectedRows(head));
    this.tellForm(head);
  }

  get size(): number {
    return this.bytes.size;
  }

  dispose(): void {
    this.bytes.dispose();
  }

  /** Looks whether the file has changed; `replaced` and `gone` ask for another check. */
  refresh(): 'same' | 'grown' | 'replaced' | 'gone' {
    const change = this.bytes.refresh();
    if (change === 'grown' && this.open) {
      this.problems.dropFrom(this.open.line);
      this.offset = this.open.offset;
      this.line = this.open.line;
      this.rows = this.open.rows;
      this.open = undefined;
    }
    return change;
  }

  /** Goes on to the present end. `tell` is called now and then, and stops it by giving false. */
  run(tell: (progress: LargeProgress) => boolean): void {
    let since = 0;
    while (this.offset < this.bytes.size) {
      const taken = this.chunk();
      if (taken.bytes === 0) {
        break;
      }
      since += taken.rows;
      if (since >= PACE || this.offset >= this.bytes.size) {
        since = 0;
        if (!tell({ rows: this.rows, bytes: this.offset, size: this.bytes.size })) {
          return;
        }
      }
    }
    this.tellOdd();
    tell({ rows: this.rows, bytes: this.offset, size: this.bytes.size });
  }

  private chunk(): { readonly bytes: number; readonly rows: number } {
    const start = this.offset;
    const filled = this.bytes.readInto(this.buffer, 0, CHUNK, start);
    const isLast = start + filled >= this.bytes.size;
    const before = this.rows;
    const used = this.lines(this.buffer, filled);
    this.offset = start + used;
    if (used > 0 && !(isLast && used < filled)) {
      return { bytes: used, rows: this.rows - before };
    }
    // What is left has no end in the buffer: the file's last row, or one longer than the buffer.
    const rest = isLast ? this.buffer.subarray(used, filled) : this.wholeRow();
    if (rest === undefined || rest.length === 0) {
      this.offset = isLast || rest === undefined ? this.bytes.size : this.offset;
      return { bytes: filled, rows: this.rows - before };
    }
    if (isLast) {
      this.open = { offset: this.offset, line: this.line, rows: this.rows };
    }
    const hasEnd = rest.at(-1) === LINE_FEED;
    this.row(rest, 0, hasEnd ? rest.length - 1 : rest.length, isLast);
    this.offset += rest.length;
    return { bytes: filled, rows: this.rows - before };
  }

  /** A row that is longer than the buffer, with its end; undefined where it is longer than any row. */
  private wholeRow(): Buffer | undefined {
    for (let length = CHUNK * 2; length <= MAX_ROW; length *= 2) {
      const bytes = this.bytes.read(this.offset, length);
      const end = this.ends.find(bytes, 0, bytes.length, this.ends.start, 1);
      if (end >= 0 || this.offset + bytes.length >= this.bytes.size) {
        return bytes.subarray(0, end < 0 ? bytes.length : end + 1);
      }
    }
    this.problems.add({ code: 'row/unreadable', message: 'The row is longer than 64 MiB; what follows it was not looked at.' }, this.line, [0, 0]);
    return undefined;
  }

  /** All whole rows of the buffer; tells how many bytes they take. */
  private lines(bytes: Buffer, length: number): number {
    const { ends } = this;
    const isPlain = ends instanceof LineEnds;
    let from = 0;
    for (;;) {
      const end = isPlain ? bytes.indexOf(LINE_FEED, from) : ends.find(bytes, from, length, ends.start, 1);
      if (end < 0 || end >= length) {
        return from;
      }
      this.row(bytes, from, end, false);
      from = end + 1;
    }
  }

  private row(bytes: Buffer, from: number, end: number, isOpen: boolean): void {
    const line = this.line;
    this.line += this.ends instanceof LineEnds ? 1 : linesIn(bytes, from, end) + 1;
    if (this.headerRows > 0) {
      this.headerRows--;
      return;
    }
    const start = this.rows === 0 && line === 0 && bytes[from] === 0xef && bytes[from + 1] === 0xbb ? from + 3 : from;
    const index = this.rows++;
    if (this.lane?.isSound(bytes, start, end) === true) {
      if (!isOpen) {
        this.meet(this.lane.identity, this.lane.id, index, line, undefined);
      }
      return;
    }
    const to = end > start && bytes[end - 1] === RETURN ? end - 1 : end;
    this.look(bytes.toString('utf8', start, to), index, line, isOpen);
  }

  /** A row by the rules themselves. */
  private look(text: string, index: number, line: number, isOpen: boolean): void {
    const context = this.contextFor(text);
    const state = checkRow(context, text, index, '');
    if (isOpen && text.trim() === '') {
      return;
    }
    for (const { finding, span } of state.findings) {
      this.problems.add(finding, line, span);
    }
    if (isOpen) {
      return;
    }
    this.remember(context, text, state, index, line);
  }

  private remember(context: RowContext, text: string, state: RowState, index: number, line: number): void {
    const { lane, odd } = this;
    if (state.shape !== undefined) {
      const form = odd.get(state.shape) ?? { count: 0, lines: [] };
      form.count++;
      if (form.count <= MOST_ODD) {
        form.lines.push(line);
      }
      if (odd.size < MOST_FORMS) {
        odd.set(state.shape, form);
      }
      if (state.findings.length === 0) {
        lane?.learn(context.form.parse(text, this.layout).value ?? {}, state.shape);
      }
    }
    const { identity, id } = state.subject;
    if (this.recognised.kind === 'kaldi') {
      this.order(id, text, line);
    }
    if (identity !== undefined || id !== undefined) {
      const value = context.form.parse(text, this.layout).value ?? {};
      const path = state.paths[0]?.path;
      const [start, length] = timesOf(value);
      this.meet(identity === undefined || path === undefined ? undefined : lane?.identityOf(path, start, length), id === undefined ? undefined : lane?.idOf(id), index, line, text);
    }
  }

  private order(id: string | undefined, text: string, line: number): void {
    if (id !== undefined && this.before !== undefined && this.before >= id) {
      for (const finding of checkKaldiLine({ id, rest: ' ', line: text.replaceAll('\t', ' ') }, this.before)) {
        this.problems.add(finding, line, [0, id.length]);
      }
    }
    this.before = id ?? this.before;
  }

  /** Tells of a sample and of an id that was met before. */
  private meet(identity: number | undefined, id: number | undefined, index: number, line: number, text: string | undefined): void {
    const same = identity === undefined ? undefined : this.identities.meet(identity, index);
    if (same !== undefined) {
      this.problems.add({ code: 'row/duplicate', message: `The row names the same as row ${same + 1}.` }, line, [0, text?.length ?? 1]);
    }
    const twin = id === undefined ? undefined : this.ids.meet(id, index);
    if (twin !== undefined) {
      this.problems.add({ code: this.recognised.kind === 'kaldi' ? 'kaldi/duplicate-id' : 'row/duplicate-id', message: `The id stands in row ${twin + 1} already.` }, line, [0, text?.length ?? 1]);
    }
  }

  private contextFor(text: string): RowContext {
    return (this.context ??= this.createContext(text));
  }

  /** By the rows at the start of the file. */
  private createContext(text: string): RowContext {
    const { path, disk, layout, workspace } = this;
    const [kind, form] = [KINDS[this.recognised.kind], FORMS[this.recognised.form]];
    const sample = form.parse(text, layout).value;
    const names = sample ? kind.paths(sample, '', layout).map((named) => named.path) : [];
    const folder = findFolder(kind, path, names, disk, resolve);
    this.names ??= new FolderNames(folder);
    this.lane ??= new FastLane(kind, this.names);
    return { kind, form, disk, layout, folder, otherFolders: disk.otherFolders(folder, workspace) };
  }

  private expectedRows(head: string): number {
    const lines = head.split('\n').length;
    return Math.min(100_000_000, Math.ceil((lines / Math.max(1, head.length)) * this.bytes.size));
  }

  private tellForm(head: string): void {
    for (const finding of checkTableForm({ bom: head.charCodeAt(0) === 0xfeff })) {
      this.problems.add(finding, 0, [0, 1]);
    }
  }

  /** What only the counts of all rows tell. */
  private tellOdd(): void {
    const counts = new Map(this.lane?.counts() ?? []);
    for (const [shape, { count }] of this.odd) {
      counts.set(shape, (counts.get(shape) ?? 0) + count);
    }
    for (const [shape, findings] of judgeShapes(counts)) {
      const { lines = [] } = this.odd.get(shape) ?? {};
      for (const line of lines.splice(0)) {
        for (const finding of findings) {
          this.problems.add(finding, line, [0, 1]);
        }
      }
    }
  }
}

function linesIn(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0 && at < to; at = bytes.indexOf(LINE_FEED, at + 1)) {
    count++;
  }
  return count;
}
