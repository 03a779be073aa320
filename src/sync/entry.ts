import type { BytePath } from '../base/bytePath.ts';

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** What a listing tells of one name in a tree, here or on a box. */
export interface Entry {
  /** Relative to the root of the tree, with `/`, never with a leading or trailing one. */
  readonly path: BytePath;
  /** `other`: a device, socket or pipe, which is never moved. */
  readonly kind: EntryKind;
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** Microseconds since the epoch, rounded down. */
  readonly mtime: number;
  /** Permission bits. */
  readonly mode: number;
  /** Where a link points to. */
  readonly link?: BytePath;
}

/** A tree as it was at one moment. */
export interface Listing {
  /** In the order of the bytes of their paths. */
  readonly entries: readonly Entry[];
  /** What could not be read, with the reason, in the system's words: never taken for absent. */
  readonly unread: readonly Unlisted[];
  /** What is there and takes no part, with the reason as a person reads it. Of a folder that is left out it stands alone, for all below. */
  readonly skipped: readonly Skipped[];
  /** What the root itself is. */
  readonly root: RootState;
}

export interface Unlisted {
  readonly path: BytePath;
  readonly reason: string;
}

export interface Skipped extends Unlisted {
  /** 0 where it was not looked at. */
  readonly bytes: number;
}

/**
 * Device and inode tell a disk that is no longer mounted. `foldsCase`: names there that differ in case, or in how their letters are
 * composed, are one; undefined where that could not be told. `missing`: there is nothing at that path; `freeBytes` is then that of
 * the nearest folder above it.
 */
export type RootState =
  | { readonly kind: 'folder'; readonly device: string; readonly inode: string; readonly freeBytes: number; readonly foldsCase?: boolean }
  | { readonly kind: 'missing'; readonly freeBytes?: number }
  | { readonly kind: 'notAFolder' };
