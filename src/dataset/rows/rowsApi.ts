import type { MediaPlace } from '../../media/place.ts';
import type { Found, OpenedRows, RowDetails, RowsPage, RowsState, ShownColumn, Summary } from '../webview/rows/protocol.ts';
import type { Thumbnail } from '../webview/gallery/thumbnail.ts';

interface At {
  readonly place: MediaPlace;
}

interface MediumAt extends At {
  /** The row, counted from 0. */
  readonly index: number;
  readonly nth: number;
}

export interface InsideEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What is inside of archives and tables: their rows for a preview, and their members for the file system. */
export interface RowsApi {
  open(params: At): OpenedRows;
  state(params: At): RowsState;
  /** The file may have changed. */
  refresh(params: At): RowsState;
  rows(params: At & { readonly from: number; readonly count: number; readonly columns: readonly string[] }): RowsPage;
  columns(params: At): readonly ShownColumn[];
  details(params: At & { readonly index: number }): RowDetails;
  /** Looks for some two seconds at most. */
  find(params: At & { readonly text: string; readonly from: number; readonly backwards: boolean; readonly matchCase: boolean }): Found;
  thumbnail(params: MediumAt): Thumbnail;
  medium(params: MediumAt): MediaPlace;
  summary(params: At & { readonly columns: readonly string[] }): Summary;
  sumAll(params: At & { readonly columns: readonly string[]; readonly stop: boolean }): void;
  close(params: At): void;
  /** Undefined where there is nothing of that name; of a folder the size is 0. */
  stat(params: At): { readonly isFolder: boolean; readonly size: number; readonly modified: number } | null;
  /** What is in a folder of an archive; its root is the empty name. */
  list(params: At): readonly InsideEntry[];
  /** A member's bytes, at most 256 MiB. */
  bytes(params: At): Uint8Array;
}
