import type { Problem, RuleHeading } from '../problem.ts';

/** One thing that may be wrong with a dataset. */
export interface Rule extends RuleHeading {
  /** Why it matters and what to do, in a sentence or two. */
  readonly help: string;
}

/** The rules of one subject, by code. */
export type Rules = Readonly<Record<string, Rule>>;

/** The way from a row to a value in it: keys, and places in lists. */
export type KeyPath = readonly (string | number)[];

/** What would mend a row. Where there are several ways, the likelier comes first. */
export type Mend =
  /** The value is written anew. */
  | { readonly do: 'set'; readonly value: unknown; readonly at?: KeyPath }
  /** The key is called otherwise. */
  | { readonly do: 'rename'; readonly to: string; readonly at?: KeyPath }
  /** The key is put in. */
  | { readonly do: 'add'; readonly value: unknown; readonly at?: KeyPath }
  | { readonly do: 'removeKey'; readonly at?: KeyPath }
  /** The row's text is written anew. */
  | { readonly do: 'rewrite'; readonly text: string }
  | { readonly do: 'removeRow' };

/** What a rule found, not yet said of which file and row. */
export interface Finding<Code extends string = string> {
  readonly code: Code;
  /** One sentence that names values. */
  readonly message: string;
  readonly key?: string;
  readonly related?: string;
  /** Where in the row the value is, where `key` alone does not lead to it. */
  readonly at?: KeyPath;
  /** `key`: the name is meant and not what stands under it. */
  readonly part?: 'key';
  /** Characters of a row that does not parse, counted from its start; or of a text value, where a part of it is meant. */
  readonly span?: readonly [from: number, to: number];
  readonly mends?: readonly Mend[];
}

export interface FoundAt {
  /** Absolute path of the file that is to be opened to mend it. */
  readonly file: string;
  /** Of a manifest, counted from 1, a header not counted. */
  readonly row?: number;
  /** Where rows are no lines: the line that the row begins in, counted from 1. */
  readonly line?: number;
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
