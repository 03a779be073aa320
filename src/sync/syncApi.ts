import type { BoxState } from './box.ts';
import type { Watched } from './engine/watches.ts';
import type { SyncRecord } from './history/history.ts';
import type { AnswerQuestion } from '../process/ssh/link.ts';
import type { SyncOutcome } from './run.ts';
import type { RunPlace, RunReport } from './runs/runReport.ts';
import type { Target } from './target.ts';
import type { PlanFacts, PlanHost } from './webview/planProtocol.ts';

/** What of a plan's page the service answers by itself; the rest is the window's. */
export type SessionHost = Pick<PlanHost, 'rows' | 'setOpen' | 'tick' | 'keep' | 'release' | 'choose'>;

/** Something that a person may look at beside a plan's own row. Paths are of bytes, relative to both roots. */
export interface ComparedFile {
  readonly box: string;
  /** Absolute. */
  readonly local: string;
  readonly remote: string;
}

/** What a window asks the service that plans and moves. */
export interface SyncApi {
  /** Signs in where a person has to, and finds out what the box is. */
  probe(params: { readonly box: string }): BoxState;
  /**
   * Makes the plans of a target, under a name of the asker's; what had that name is closed. One that runs unasked is run then, or
   * `look` is told. As with `run` and `replan`, what comes of it is told by `facts`.
   */
  open(params: { readonly session: string; readonly target: Target }): void;
  /** Ends what runs in it, and forgets it. */
  close(params: { readonly session: string }): void;
  page(params: { readonly session: string; readonly method: keyof SessionHost; readonly params: unknown }): unknown;
  /** On every box, or on the one. */
  run(params: { readonly session: string; readonly box?: string }): void;
  replan(params: { readonly session: string; readonly box?: string }): void;
  cancel(params: { readonly session: string; readonly box?: string }): void;
  /** Shown by the session of that target, where there is one. */
  undo(params: { readonly target: Target; readonly box: string }): SyncOutcome | undefined;
  compared(params: { readonly session: string; readonly id: number }): ComparedFile | undefined;
  /** The words of the rsync that would run for the plan that is shown, for a person to read. */
  command(params: { readonly session: string }): readonly string[] | undefined;
  /** A file on a box, at most `most` bytes of it; an error where it is longer. */
  readFile(params: { readonly box: string; readonly path: string; readonly most: number }): Uint8Array;
  /** Brings what is saved to the boxes as it is saved, from now on or no longer. */
  watch(params: { readonly target: Target; readonly on: boolean }): void;
  /** Brings along what the switch of a branch held back. */
  releaseWatch(params: { readonly target: string }): void;
  readRun(params: { readonly place: RunPlace }): void;
  /** `pulled` tells that it is here, `run` what stands in the way. */
  pullCheckpoint(params: { readonly place: RunPlace; readonly name: string }): void;
  followRun(params: { readonly place: RunPlace; readonly on: boolean }): void;
  history(params: { readonly most: number }): readonly SyncRecord[];
}

/** What the service tells and asks the window. */
export interface SyncEvents {
  facts(facts: PlanFacts): void;
  box(params: { readonly box: string; readonly state: BoxState }): void;
  /** A plan that would have run unasked is to be seen first. */
  look(params: { readonly session: string }): void;
  run(report: RunReport): void;
  /** `path`: where it lies here. */
  pulled(params: { readonly name: string; readonly path: string }): void;
  watched(params: Watched | { readonly target: string; readonly ended: true }): void;
  answer(question: Parameters<AnswerQuestion>[0]): string | undefined;
}
