import type { RowPage } from '../../../webview/pagedRows.ts';

/** What comes of a problem, the gravest first: a run stops, a result is biased, or it is worth a look. */
export const CONSEQUENCES = ['stops', 'biases', 'look'] as const;
export type Consequence = (typeof CONSEQUENCES)[number];

/** All problems of one rule. */
export interface HealthGroup {
  /** The rule's code. */
  readonly code: string;
  readonly consequence: Consequence;
  readonly title: string;
  /** One line of what was seen. */
  readonly detail: string;
  readonly count: number;
  /** `pairs`: each is of two files that can be laid side by side. */
  readonly form: 'rows' | 'pairs';
}

export interface HealthHead {
  readonly name: string;
  readonly checked: number;
  readonly total: number;
  /** Milliseconds since 1970 of the last check; null before any. */
  readonly when: number | null;
  readonly state: 'never' | 'running' | 'stopped' | 'done';
  /** Whether every byte is read, and not only headers. */
  readonly full: boolean;
  /** What could not be checked and why, a sentence each. */
  readonly notes: readonly string[];
}

export interface HealthRow {
  /** Of its group, from 0. */
  readonly index: number;
  /** Relative to the dataset. */
  readonly path: string;
  /** Of a manifest, from 1. */
  readonly row: number | null;
  readonly message: string;
}

export interface PairSide {
  readonly path: string;
  readonly split: string | null;
  /** Names and values; those that differ between the sides are marked by the page. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

export interface HealthPair {
  readonly index: number;
  readonly sides: readonly [PairSide, PairSide];
  /** `identical`, `dHash distance 2`. */
  readonly likeness: string;
}

export const HEALTH_REPORTS = ['markdown', 'json', 'sarif'] as const;
export type HealthReport = (typeof HEALTH_REPORTS)[number];

export interface HealthHost {
  rows(params: { readonly code: string; readonly offset: number; readonly count: number }): RowPage<HealthRow>;
  pairs(params: { readonly code: string; readonly offset: number; readonly count: number }): RowPage<HealthPair>;
  /** A picture of one side, 320 pixels wide at most, as an image file; null where there is none to be shown. */
  picture(params: { readonly code: string; readonly index: number; readonly side: 0 | 1 }): { readonly type: string; readonly bytes: Uint8Array } | null;
  /** Checks what is not checked yet; with `full` every byte. */
  start(params: { readonly full: boolean }): void;
  stop(): void;
  save(params: { readonly report: HealthReport }): void;
  /** Opens a problem where it is to be mended. */
  open(params: { readonly code: string; readonly index: number; readonly side?: 0 | 1 }): void;
}

export interface HealthPage {
  show(state: { readonly head: HealthHead; readonly groups: readonly HealthGroup[] }): void;
  problem(message: string): void;
}
