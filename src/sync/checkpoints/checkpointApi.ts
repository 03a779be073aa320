import type { ChangeView, CheckpointView, ComparisonView, ValuesView, WorkView } from '../webview/checkpoint/protocol.ts';

/** A thread with one opened checkpoint. `place`: a path of this machine, or `HOST:PATH`. */
export interface CheckpointApi {
  open(params: { readonly place: string }): CheckpointView;
  compare(params: { readonly place: string }): ComparisonView;
  /** The three begin work that is told of by events; one goes on at a time, and a new one ends the one before. */
  checkValues(params: { readonly names?: readonly string[] }): void;
  compareValues(params: { readonly by: 'values' | 'hashes' }): void;
  stop(): void;
}

export interface CheckpointEvents {
  values(views: readonly ValuesView[]): void;
  changes(views: readonly ChangeView[]): void;
  work(view: WorkView): void;
}
