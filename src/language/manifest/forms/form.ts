import type { Finding, KeyPath, Mend } from '../../../media/rules/rule.ts';
import type { RuleCode } from '../../../media/rules/index.ts';

export type RowValue = Readonly<Record<string, unknown>>;

/** Characters from `from` to before `to`. */
export type Span = readonly [from: number, to: number];

/** Where the rows of a text lie. Offsets are in UTF-16 units; a row's end is that of its last character, without the line end. */
export interface RowList {
  readonly starts: number[];
  readonly ends: number[];
  /** Of a document with several lists, which one each row is of; an index into `sectionNames`. */
  readonly sections?: readonly number[];
  readonly sectionNames?: readonly string[];
  readonly layout: Layout;
  /** What is wrong with the text as a whole, with its place in the text. */
  readonly findings: readonly PlacedFinding[];
}

export interface PlacedFinding {
  readonly finding: Finding<RuleCode>;
  /** In the text, or relative to its row. */
  readonly span: Span;
}

/** What all rows of a text share. */
export interface Layout {
  /** Of a table: its columns in order. */
  readonly names?: readonly string[];
  /** The header's row of a table, which is none of its rows. */
  readonly header?: Span;
  readonly delimiter?: string;
  readonly quotes?: boolean;
  /** Of a file of Kaldi: its name without folders. */
  readonly name?: string;
}

/** A row's text, understood as far as it goes. All spans are relative to the row's start. */
export interface ParsedRow {
  /** Undefined where the row is no row. */
  readonly value?: RowValue | undefined;
  /** Syntax: what does not parse, keys that are there twice, cells too many. */
  readonly findings: readonly Finding<RuleCode>[];
  /** Where something is in the row; the nearest thing around it where it is not there itself. */
  locate(path: KeyPath, part: 'value' | 'key'): Span;
  /** The way to what is at an offset, and which part of it; undefined between things. */
  pathAt(offset: number): { readonly path: KeyPath; readonly part: 'value' | 'key'; readonly span: Span } | undefined;
}

/** A change of a text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface RowPlace {
  readonly text: string;
  /** Of the row. */
  readonly span: Span;
  readonly layout: Layout;
}

/** How a kind of text holds rows. */
export interface ManifestForm {
  readonly id: FormId;
  /** Finds the rows; cheap enough for every change of 50 MB. */
  split(text: string, name: string): RowList;
  /** Never throws. `isTable` rows are given as they are, without their line end. */
  parse(row: string, layout: Layout): ParsedRow;
  /** The change that mends a row; undefined where it cannot be written. `path` is the finding's. */
  change(place: RowPlace, mend: Mend, path: KeyPath): TextChange | undefined;
}

export type FormId = 'jsonl' | 'table' | 'kaldi' | 'json' | 'yaml';
