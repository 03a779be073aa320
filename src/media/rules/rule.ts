import type { Problem, Severity } from '../problem.ts';

/** One thing that may be wrong with a dataset. Its code is stable: documented, searched for, suppressed by it. */
export interface Rule {
  readonly severity: Severity;
  /** What is wrong, as a heading of a group of such problems. */
  readonly title: string;
  /** Why it matters and what to do, in a sentence or two. */
  readonly help: string;
}

/** The rules of one subject, by code. */
export type Rules = Readonly<Record<string, Rule>>;

/** What a rule found, not yet said of which file and row. */
export interface Finding<Code extends string = string> {
  readonly code: Code;
  /** One sentence that names values. */
  readonly message: string;
  readonly key?: string;
  readonly related?: string;
}

export interface FoundAt {
  /** Absolute path of the file that is to be opened to mend it. */
  readonly file: string;
  /** Of a manifest, counted from 1, a header not counted. */
  readonly row?: number;
}

/** `"text"` with what does not fit left out, so that a message stays one line. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}…${text.startsWith('"') ? '"' : ''}` : text;
}

/** `3.20 s` */
export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

export type ProblemTeller = (problem: Problem) => void;
