import type { Diagnostic } from 'vscode-languageserver-types';

export interface LargeWorkerData {
  /** Absolute. */
  readonly path: string;
  /** Folders of the workspace. */
  readonly workspace: readonly string[];
  /** One Int32: `STOP` ends the run at its next word. */
  readonly control: SharedArrayBuffer;
}

export const STOP = 1;
/** Sent to the worker: the file may have grown. */
export const LOOK_AGAIN = 'look again';

/** From the worker: how far it is and what it has found since the last word; or how many of those that were told still hold, and of how many in all. */
export type LargeWorkerMessage =
  | { readonly rows: number; readonly bytes: number; readonly size: number; readonly total: number; readonly added: readonly Diagnostic[]; readonly isEnd: boolean; readonly seconds: number }
  | { readonly keep: number; readonly total: number };
