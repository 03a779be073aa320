import type { Measured } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Event } from '../../base/emitter.ts';

export type RowForm = 'jsonl' | 'json' | 'csv' | 'tsv' | 'parquet' | 'members';

export interface RowColumn {
  /** Unique in its file; of a JSON value that is no object, `value`. */
  readonly name: string;
  /** As the file or its first rows state it: `string`, `number`, `list`, `struct`, `bytes`, `int64`; left out where nothing does. */
  readonly type?: string;
}

export interface RowProblem {
  /** What is wrong, in words. */
  readonly message: string;
  /** Counted from 1, where the file has lines. */
  readonly line?: number;
  /** Characters, counted from 1. */
  readonly column?: number;
}

/** One row: its values by the names of columns, or why there are none. A row may have both. */
export interface Row {
  /** Counted from 0; a header is not counted. */
  readonly index: number;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly problem?: RowProblem;
  /** Where it lies in the file; left out where rows have no bytes of their own, as in Parquet. */
  readonly range?: { readonly offset: number; readonly length: number };
}

/** Bytes of a cell that are read only when asked for: of a picture or a sound inside of a table. */
export class UnreadBytes {
  constructor(
    /** Bytes; absent where only reading them would tell. */
    readonly size: Measured<number>,
    /** Under which the cell's bytes are opened, as a member of its file. */
    readonly member: string,
  ) {}
}

export interface RowCount {
  /** Rows that can be asked for now. */
  readonly known: number;
  /** Rows in all; absent while the index is being made. */
  readonly total: Measured<number>;
  /** What the total will be about, and by what it is told. */
  readonly estimate?: { readonly rows: number; readonly ground: string };
}

export interface IndexProgress {
  /** Bytes, of the file's bytes. */
  readonly done: number;
  readonly size: number;
  readonly complete: boolean;
}

/** How a file was found when it was looked at again. `grown`: rows were added, those before them are as they were. */
export type FileChange = 'same' | 'grown' | 'replaced' | 'gone';

export interface RowMatch {
  readonly row: number;
  /** Of the first byte that matches. */
  readonly offset?: number;
}

export interface SearchOptions {
  readonly text: string;
  /** The row from which on it is looked for, itself included. */
  readonly from: number;
  readonly backwards?: boolean;
  readonly matchCase?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told now and then: the row that was looked through last. */
  readonly onProgress?: (row: number) => void;
}

/** The rows of a file of any size, any of them by its number, of which never more than a screenful is in memory. */
export interface RowFile extends Disposable {
  readonly file: string;
  readonly form: RowForm;
  /** Bytes. */
  readonly size: number;
  /** As known so far: rows further down may have others. */
  readonly columns: readonly RowColumn[];
  readonly count: RowCount;
  /** What is worth telling of the whole: its delimiter, its row groups, what is wrong with it. */
  readonly facts: readonly string[];
  readonly problem: RowProblem | undefined;
  readonly progress: IndexProgress;
  /** Now and then while the index is being made, and when it is complete. */
  readonly onProgress: Event<IndexProgress>;
  /**
   * Rows from `from` on, counted from 0: fewer at the end, and where they are very large. Waits for the index where it has not
   * come so far. Rejects with a `RowsError` where the file cannot be read any more.
   */
  rows(from: number, count: number, options?: RowsOptions): Promise<readonly Row[]>;
  /** The bytes of a row as they are in the file, the first `most` of them. */
  raw(index: number, most: number, signal?: AbortSignal): Promise<{ readonly bytes: Buffer; readonly length: number }>;
  /** The first row that holds the text; undefined where none does. */
  find(search: SearchOptions): Promise<RowMatch | undefined>;
  /** Looks at the file again: rows that were added are found, and of a file that was replaced nothing is kept. */
  refresh(): Promise<FileChange>;
  /** Resolves when the index is complete. */
  indexed(signal?: AbortSignal): Promise<void>;
}

export interface RowsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Only these columns, where leaving out others spares work. */
  readonly columns?: readonly string[] | undefined;
}

/** Longer rows are not taken apart: what is in them is not a row. */
export const MAX_ROW = 16 * 2 ** 20;
/** Bytes of rows that are handed out at once. */
export const MAX_ROWS_BYTES = 32 * 2 ** 20;
/** Columns that are told of; rows of further ones are read, and they are not listed. */
export const MAX_COLUMNS = 20_000;
