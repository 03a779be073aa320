import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding, KeyPath } from '../../../media/rules/rule.ts';
import type { Layout, RowValue } from '../forms/form.ts';

export type KindId = 'nemo' | 'hf' | 'conversations' | 'table' | 'ljspeech' | 'common-voice' | 'kaldi' | 'coco' | 'yolo' | 'lerobot';

/** A key that a format knows. */
export interface KeySpec {
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'list' | 'object' | 'path' | 'any';
  /** One sentence for a person who meets it. */
  readonly help: string;
  /** Every row has it. */
  readonly needed?: boolean;
  /** Words that it may hold, where they are few. */
  readonly values?: readonly string[];
}

export interface NamedPath {
  readonly at: KeyPath;
  /** As it is written. */
  readonly path: string;
}

/** What a row is about, for what is told over rows. */
export interface RowSubject {
  /** Of the sample: two rows of one identity are the same sample. */
  readonly identity?: string;
  readonly id?: string;
  readonly speaker?: string;
  readonly split?: string;
  readonly label?: string;
  /** Seconds, as the row states them. */
  readonly length?: number;
}

/** What a file's own header says, as far as rules ask for it. */
export interface HeaderFacts {
  readonly duration: number | undefined;
  readonly sampleRate: number | undefined;
  readonly size: { readonly width: number; readonly height: number; readonly orientation: number } | undefined;
  /** What is wrong with the file itself. */
  readonly findings: readonly Finding<RuleCode>[];
}

export interface RowLook {
  readonly layout: Layout;
  /** Counted from 0. */
  readonly index: number;
  readonly section: string;
  /** Of the first path; undefined where it is not known yet, not there, or cannot be read. */
  readonly header: HeaderFacts | undefined;
}

/** A format of manifests: what its rows hold, and which rules hold for one. */
export interface ManifestKind {
  readonly id: KindId;
  readonly title: string;
  keys(section: string, layout: Layout): readonly KeySpec[];
  /** Whether keys that the format does not know are to be compared with those that it knows. */
  readonly isClosed?: boolean;
  /** Whether all of its values are texts. */
  readonly isText?: boolean;
  paths(value: RowValue, section: string, layout: Layout): readonly NamedPath[];
  subject(value: RowValue, section: string, layout: Layout): RowSubject;
  /** Rules of this format for one row, beyond those that hold for all. */
  check?(value: RowValue, look: RowLook): readonly Finding<RuleCode>[];
  /** Keys that hold words; `needed` where empty ones are wrong. */
  readonly texts?: readonly { readonly key: string; readonly needed: boolean }[];
  /** Whether paths may be taken from another folder than the manifest's, found by its first rows. */
  readonly folders?: readonly string[];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function wordOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : textOf(value);
}

/** Seconds that a row states, as a number or as a text of one. */
export function lengthOf(value: unknown): number | undefined {
  const length = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof length === 'number' && length > 0 && Number.isFinite(length) ? length : undefined;
}

/** Where in its file a row's sample starts and how long it is, for telling samples of one file apart; 0 where the row does not say. */
export function timesOf(value: RowValue): readonly [start: number, length: number] {
  return [timeOf(value.offset ?? value.start ?? value.start_time), timeOf(value.duration ?? value.end)];
}

/** Seconds; of a text that is no number, a number that stands for it. */
function timeOf(value: unknown): number {
  if (typeof value !== 'string') {
    return typeof value === 'number' && Number.isFinite(value) ? value : 0;
  }
  const number = Number(value);
  return Number.isFinite(number) ? number : [...value].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, 7);
}

/** A subject without what is not known. */
export function subjectOf(parts: { readonly [Key in keyof RowSubject]: RowSubject[Key] | undefined }): RowSubject {
  const subject: Record<string, string | number> = {};
  for (const key of Object.keys(parts) as (keyof RowSubject)[]) {
    const value = parts[key];
    if (value !== undefined) {
      subject[key] = value;
    }
  }
  return subject;
}
