export const SEVERITIES = ['error', 'warning', 'info'] as const;
/** `error`: a run stops or reads wrong data. `warning`: a result is biased or data is left out. `info`: worth a look. */
export type Severity = (typeof SEVERITIES)[number];

/** One thing that may be wrong, by a code that is stable: documented, searched for, suppressed by it. */
export interface RuleHeading {
  readonly severity: Severity;
  /** What is wrong, as a heading of a group of such problems. */
  readonly title: string;
}

/** Something wrong with a file, or with a row of it, that a person can go to. */
export interface Problem {
  /** Stable, of the kind `media/truncated` or `nemo/duration-mismatch`: documented, searched for and suppressed by it. */
  readonly code: string;
  readonly severity: Severity;
  /** Absolute path of the file that is to be opened to mend it. */
  readonly file: string;
  /** Of a manifest, counted from 1, a header not counted. */
  readonly row?: number;
  /** The line that the row begins in, counted from 1, where it is known and rows are no lines: below a header, behind cells of several lines. */
  readonly line?: number;
  /** The key or column whose value is meant. */
  readonly key?: string;
  /** What is wrong, in one sentence that names values. */
  readonly message: string;
  /** The other file that it is about: the missing one, the duplicate, the same in another split. */
  readonly related?: string;
}

/** Files whose rows are lines, where nothing else is said: JSON lines, label files, lists, and Kaldi's without an ending. */
const BY_LINES = /(?:\.(?:jsonl|ndjson|txt|lst|scp|trn)|\/[^./]+)$/i;

/** The line of a file that a problem stands in, counted from 1; undefined where it is of the whole file, or where nobody knows. */
export function lineOf({ file, row, line }: Pick<Problem, 'file' | 'row' | 'line'>): number | undefined {
  return line ?? (BY_LINES.test(file) ? row : undefined);
}
