import type { Measured } from '../../../base/absent.ts';
import type { Thumbnail } from '../gallery/thumbnail.ts';

export type ShownKind = 'image' | 'audio' | 'video' | 'other';

/** A cell as it is drawn: short, whatever it holds. */
export type ShownCell =
  /** `length`: characters in all, where it was cut. */
  | { readonly is: 'text'; readonly text: string; readonly length?: number }
  | { readonly is: 'number'; readonly text: string }
  | { readonly is: 'flag'; readonly text: string }
  | { readonly is: 'null' }
  /** The row has no such key. */
  | { readonly is: 'missing' }
  | { readonly is: 'list' | 'struct'; readonly count: number; readonly text: string }
  | { readonly is: 'bytes'; readonly text: string }
  | { readonly is: 'absent'; readonly reason: string }
  | { readonly is: 'media'; readonly media: readonly ShownMedium[]; readonly count: number };

export interface ShownMedium {
  /** By which it is asked for, among the media of its row. */
  readonly nth: number;
  readonly kind: ShownKind;
  readonly name: string;
  /** Whether its file or member is there. */
  readonly found: boolean;
}

export interface ShownProblem {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ShownRow {
  /** Counted from 0. */
  readonly index: number;
  /** Of the columns that were asked for, in their order. */
  readonly cells: readonly ShownCell[];
  readonly problem?: ShownProblem;
  /** Where its bytes lie in the file. */
  readonly offset?: number;
  readonly length?: number;
}

export interface ShownColumn {
  readonly name: string;
  readonly type?: string;
}

/** How far it is known; told again and again while that changes. */
export interface RowsState {
  /** Rises where all that was shown of the file holds no longer. */
  readonly version: number;
  readonly rows: number;
  readonly total: Measured<number>;
  readonly estimate?: { readonly rows: number; readonly ground: string };
  readonly size: number;
  /** Bytes that the index has come through. */
  readonly indexed: number;
  readonly columnCount: number;
  readonly problem?: ShownProblem;
  readonly gone?: boolean;
  /** Of the walk through all rows, where one goes on. */
  readonly summed?: number;
}

export interface OpenedRows extends RowsState {
  readonly name: string;
  readonly form: string;
  readonly facts: readonly string[];
  /** The first of them, at most 20,000. */
  readonly columns: readonly ShownColumn[];
}

export interface RowsPage extends RowsState {
  readonly items: readonly ShownRow[];
}

/** One piece of a conversation's turn. */
export type TurnPart = { readonly text: string } | { readonly medium: ShownMedium } | { readonly missing: string };

export interface Turn {
  readonly role: string;
  readonly parts: readonly TurnPart[];
}

/** A row as it is looked at by itself. */
export interface RowDetails {
  readonly index: number;
  /** As JSON, at most 256 KiB of it; undefined where it has no values. */
  readonly json?: string;
  /** Bytes that `json` would have, where it was cut. */
  readonly jsonLength?: number;
  /** As it is in the file, at most 64 KiB of it. */
  readonly raw: string;
  readonly rawLength: number;
  readonly media: readonly ShownMedium[];
  readonly turns?: readonly Turn[];
  /** What does not fit together in the conversation. */
  readonly turnsProblem?: string;
  readonly problem?: ShownProblem;
  readonly offset?: number;
}

export interface ColumnSummary {
  readonly name: string;
  readonly rows: number;
  readonly nulls: number;
  /** Different values; `more` where not all were counted. */
  readonly distinct: number;
  readonly more: boolean;
  /** Of numbers. */
  readonly range?: { readonly least: number; readonly most: number; readonly mean: number; readonly bins: readonly number[] };
  /** Characters of texts, or elements of lists. */
  readonly lengths?: { readonly least: number; readonly most: number };
}

export interface Summary {
  /** Rows that it is made from. */
  readonly rows: number;
  readonly whole: boolean;
  readonly columns: readonly ColumnSummary[];
}

export interface Found {
  readonly row?: number;
  /** Where to go on; left out where everything was looked through. */
  readonly next?: number;
}

/** What the page asks of its host. */
export interface RowsHost {
  open(): OpenedRows;
  state(): RowsState;
  rows(params: { readonly from: number; readonly count: number; readonly columns: readonly string[] }): RowsPage;
  columns(): readonly ShownColumn[];
  details(params: { readonly index: number }): RowDetails;
  find(params: { readonly text: string; readonly from: number; readonly backwards: boolean; readonly matchCase: boolean }): Found;
  thumbnail(params: { readonly index: number; readonly nth: number }): Thumbnail;
  openMedium(params: { readonly index: number; readonly nth: number }): void;
  summary(params: { readonly columns: readonly string[] }): Summary;
  /** Begins the walk through all rows, or stops it. */
  sumAll(params: { readonly columns: readonly string[]; readonly stop: boolean }): void;
  openAsText(): void;
}

/** What the host tells the page. */
export interface RowsPageEvents {
  changed(what: 'changed' | 'gone'): void;
  goTo(row: number): void;
}
