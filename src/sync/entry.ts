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
  readonly unread: readonly { readonly path: BytePath; readonly reason: string }[];
  /** What the root itself is. */
  readonly root: RootState;
}

/** `missing`: there is nothing at that path. Device and inode tell a disk that is no longer mounted. */
export type RootState = { readonly kind: 'folder'; readonly device: string; readonly inode: string; readonly freeBytes: number } | { readonly kind: 'missing' | 'notAFolder' };
