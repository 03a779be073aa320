import type { Problem, Severity } from '../../media/problem.ts';

/** `header`: names, sizes and headers. `full`: every byte is decoded too. */
export type HealthLevel = 'header' | 'full';

/** What a check is doing, in this order. */
export const PHASES = ['rows', 'files', 'duplicates', 'pictures', 'splits'] as const;
export type HealthPhase = (typeof PHASES)[number];

export interface HealthSummary {
  readonly root: string;
  /** The format whose rules were used. */
  readonly format: string;
  readonly state: 'never' | 'running' | 'complete' | 'cancelled' | 'failed';
  readonly phase?: HealthPhase;
  readonly level: HealthLevel;
  /** Why it failed, or what could not be looked at: a tool that is missing. */
  readonly notes: readonly string[];
  /** Files that are known, and those of them that were checked. */
  readonly files: number;
  readonly checked: number;
  readonly rows: number;
  readonly problems: Readonly<Record<Severity, number>>;
  /** Milliseconds since 1970 of the last result. */
  readonly at: number;
  /** Changes whenever an answer may be another than before. */
  readonly generation: number;
}

/** Problems of one rule: a line of the health page. */
export interface HealthGroup {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly help: string;
  readonly count: number;
  /** Files that are meant. */
  readonly files: number;
  /** One of its messages. */
  readonly example: string;
}

export interface HealthItem {
  /** Absolute path. */
  readonly file: string;
  readonly size: number;
  readonly split?: string;
  readonly label?: string;
  readonly width?: number;
  readonly height?: number;
  /** Seconds. */
  readonly duration?: number;
}

/** Two files with the same bytes, or two pictures that look alike. */
export interface HealthPair {
  readonly id: number;
  readonly kind: 'identical' | 'near';
  /** Bits in which the hashes of two pictures differ, of 64. */
  readonly distance: number;
  readonly a: HealthItem;
  readonly b: HealthItem;
}

/** How many pairs lie across two splits, or within one where both are the same; `null` for files without a split. */
export interface SplitPairs {
  readonly a: string | null;
  readonly b: string | null;
  readonly identical: number;
  readonly near: number;
}

export interface Compared {
  readonly splits: readonly string[];
  readonly pairs: readonly SplitPairs[];
  /** Files whose size alone or whose hash was compared, and pictures of which there is a hash. */
  readonly files: number;
  readonly pictures: number;
  /** Files that were not compared by content, and why. */
  readonly notCompared: readonly string[];
}

export interface HealthStart {
  readonly root: string;
  /** The likeliest where it is left out. */
  readonly format?: string;
  readonly level?: HealthLevel;
  /** Bits in which two pictures may differ and still be alike, 0 to 10; 4 where left out. */
  readonly distance?: number;
  /** Share of the time that is worked, above 0 and up to 1; a half where left out. */
  readonly pace?: number;
}

/** What the health service does for the window. Failures are `DatasetError`s in words. */
export interface HealthApi {
  /** Begins, or goes on where it was stopped: what was checked and has not changed since is not read again. Answers at once. */
  start(params: HealthStart): HealthSummary;
  stop(params: { readonly root: string }): void;
  summary(params: { readonly root: string }): HealthSummary;
  /** Gravest first, then by count. */
  groups(params: { readonly root: string }): readonly HealthGroup[];
  /** At most 1000. Of one rule, or of one file, or all. */
  problems(params: { readonly root: string; readonly code?: string; readonly file?: string; readonly offset: number; readonly count: number }): { readonly problems: readonly Problem[]; readonly total: number };
  compared(params: { readonly root: string }): Compared;
  /** At most 1000, the nearest first; of two splits, or of one rule, where they are given. */
  pairs(params: { readonly root: string; readonly splits?: readonly [string | null, string | null]; readonly code?: string; readonly offset: number; readonly count: number }): { readonly pairs: readonly HealthPair[]; readonly total: number };
  /** Writes a report to a file that does not exist yet. */
  saveReport(params: { readonly root: string; readonly form: 'markdown' | 'json' | 'sarif'; readonly file: string }): void;
}

/** What the health service tells by itself, at most a few times a second. */
export interface HealthEvents {
  changed(summary: HealthSummary): void;
}
