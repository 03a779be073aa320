import type { BytePath } from '../../base/bytePath.ts';
import type { Entry } from '../entry.ts';
import type { Left } from './work.ts';

/** What stands at a name, and on which disk: files are only ever renamed within one. */
export interface Seen extends Entry {
  readonly device: string;
}

/** What a folder offers at the start of a run. */
export interface Readiness {
  /** The root's own disk. */
  readonly device: string;
  /** Nothing is in it but what is ours. */
  readonly empty: boolean;
}

/** One of the two trees of a run, here or on a box. Every path is relative to its root; links are never followed below it. */
export interface Side {
  /** What stands at these names now, of whatever kind; names at which there is nothing are left out. */
  look(paths: readonly BytePath[], signal: AbortSignal): Promise<ReadonlyMap<BytePath, Seen>>;
}

/** The receiving tree. What it overwrites or deletes lies in `trash` afterwards, under the same path. */
export interface Sink extends Side {
  /** Makes the root and our own folder in it, where they are not there, and takes away what an ended run left half done. */
  prepare(folders: RunFolders, signal: AbortSignal): Promise<Readiness>;
  makeFolders(folders: readonly Entry[], signal: AbortSignal): Promise<readonly Left[]>;
  /** Moves files and links to the trash, then removes folders, the innermost first, where nothing is left in them. */
  discard(entries: readonly Entry[], signal: AbortSignal): Promise<readonly Left[]>;
  /**
   * Gives what lies whole in the stage its final name. What stands there goes to the trash first where the entry is expected to
   * replace something, and is left alone else. Folders of the stage have been made before.
   */
  install(arrivals: readonly Arrival[], signal: AbortSignal): Promise<readonly Left[]>;
  /** Gives all that lies in the stage its final name at once; nothing is there yet. */
  installAll(names: readonly BytePath[], signal: AbortSignal): Promise<readonly Left[]>;
  /** Sets permission bits and nothing else. */
  setModes(entries: readonly Entry[], signal: AbortSignal): Promise<readonly Left[]>;
  /** Removes the stage, and the trash where it has stayed empty; tells whether the trash holds anything. */
  tidy(signal: AbortSignal): Promise<boolean>;
}

/** Relative to the root, in our own folder. */
export interface RunFolders {
  readonly trash: string;
  /** What is on its way: emptied at the start of each run but for parts that can be resumed. */
  readonly stage: string;
  readonly parts: string;
}

/** What has arrived in full. */
export interface Arrival {
  /** Relative to the root. */
  readonly from: BytePath;
  readonly entry: Entry;
  /** Something is there that it replaces. */
  readonly replaces: boolean;
  /** Its permission bits and time are to be set; where left out they have come with it. */
  readonly bare?: boolean;
}
