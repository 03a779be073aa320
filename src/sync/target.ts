/** `push`: from here to the box. `pull`: from the box to here. */
export type Direction = 'push' | 'pull';

/** A pair of folders that are kept in step, as `.vscode/trainyard.json` or the user's settings have it, checked and complete. */
export interface Target {
  readonly name: string;
  /** Hosts as ssh takes them: aliases, or `user@host`. At least one; a pull has exactly one. */
  readonly boxes: readonly string[];
  /** Absolute path here. */
  readonly local: string;
  /** Path on each box: absolute, or from the home by `~/`. */
  readonly remote: string;
  readonly direction: Direction;
  readonly send: Selection;
  /** Whether what is gone on the sending side may be planned for deletion on the receiving one; `never` where left out. */
  readonly deletions: 'never' | 'plan';
  /** Runs without asking where a plan has no deletions, conflicts or guards. */
  readonly runsUnasked: boolean;
  /** Patterns of rsync, relative to the root, of what is moved as checkpoints: complete ones only, marker files last. */
  readonly checkpoints: readonly string[];
  /** Kilobytes (1000 bytes) a second; unlimited where left out. */
  readonly bandwidth?: number;
  /** The program on the boxes in place of `rsync`; from user settings only, since it is a command line of their shell. */
  readonly rsyncPath?: string;
  /** Where it is written: what comes from the workspace runs only where that is trusted. */
  readonly from: 'workspace' | 'user' | 'typed';
}

/** Which names of the sending side take part. */
export interface Selection {
  /** `git`: what git does not ignore, submodules and nested repositories included, where the folder is in a work tree; else all. */
  readonly list: 'git' | 'all';
  /** Filter rules of rsync (`- *.tmp`, `+ keep/`), first match wins. */
  readonly rules: readonly string[];
  /** Bytes; larger files are skipped, and said so. */
  readonly largest?: number;
}
