import { withRoom } from '../../base/columns.ts';
import type { TextHash } from '../../base/hash.ts';
import { NumberMap } from '../../base/numberMap.ts';
import { foldName } from './outputNames.ts';

const FIRST_ROWS = 1024;

/** The name that an item gets: plain, with the source's extension kept, or none, as it cannot be told from another. */
export type NameState = 'plain' | 'kept' | 'clash';
const STATES: readonly NameState[] = ['plain', 'kept', 'clash'];
const [PLAIN, KEPT, CLASH] = [0, 1, 2];

/** The names an item may get. Folder and names as they are, not folded. */
export interface NameWish {
  readonly folder: string;
  readonly plain: string;
  /** Undefined where it is too long. */
  readonly kept: string | undefined;
  /** Made under this name in an earlier run: the others give way. */
  readonly settled?: 'plain' | 'kept' | undefined;
}

/**
 * The outputs of a whole plan, 18 bytes each, and which of them some file system would take for one. Where several are, all keep
 * their source's extension; what cannot be told apart that way gets no name. A file is never named as a folder of others.
 */
export class NameTable {
  private rows = 0;
  private plain = new Float64Array(FIRST_ROWS);
  /** NaN where there is no such name. */
  private kept = new Float64Array(FIRST_ROWS);
  private states = new Uint8Array(FIRST_ROWS);
  private settled = new Uint8Array(FIRST_ROWS);
  private readonly folders = new NumberMap();
  private lastFolder: string | undefined;
  private lastPrefix = '';

  /** `root`: the output folder, which all folders lie under. */
  constructor(
    private readonly hash: TextHash,
    private readonly root: string,
  ) {}

  /** Gives the item's row. */
  add({ folder, plain, kept, settled }: NameWish): number {
    const row = this.rows++;
    this.plain = withRoom(this.plain, this.rows);
    this.kept = withRoom(this.kept, this.rows);
    this.states = withRoom(this.states, this.rows);
    this.settled = withRoom(this.settled, this.rows);
    const prefix = this.enter(folder);
    this.plain[row] = this.hash(prefix + foldName(plain));
    this.kept[row] = kept === undefined || kept === plain ? NaN : this.hash(prefix + foldName(kept));
    const isKept = settled === 'kept' && !Number.isNaN(this.kept[row]);
    this.states[row] = isKept ? KEPT : PLAIN;
    this.settled[row] = isKept || settled === 'plain' ? 1 : 0;
    return row;
  }

  /** Settles who gets which name, once all are there. Gives whether any item is left without. */
  settle(): boolean {
    while (this.raise(this.clashes())) {
      // Longer names may clash with names that were fine so far.
    }
    const clashes = this.clashes();
    for (let row = 0; row < this.rows; row++) {
      if (this.gives(row, clashes)) {
        this.states[row] = CLASH;
      }
    }
    return clashes.size > 0;
  }

  stateOf(row: number): NameState {
    return STATES[this.states[row] ?? CLASH] ?? 'clash';
  }

  /** The same for all items that clash with one another. */
  groupOf(row: number): number {
    const kept = this.kept[row] ?? NaN;
    return Number.isNaN(kept) ? (this.plain[row] ?? NaN) : kept;
  }

  private raise(clashes: ReadonlyMap<number, number>): boolean {
    let isChanged = false;
    for (let row = 0; row < this.rows; row++) {
      if (this.states[row] === PLAIN && !Number.isNaN(this.kept[row]) && this.gives(row, clashes)) {
        this.states[row] = KEPT;
        isChanged = true;
      }
    }
    return isChanged;
  }

  /** Whether an item has to give up the name it has now. */
  private gives(row: number, clashes: ReadonlyMap<number, number>): boolean {
    const name = this.nameOf(row);
    const settled = clashes.get(name);
    return settled !== undefined && (this.settled[row] === 0 || settled !== 1);
  }

  /** Names that are not for one item alone, each with the number of its items that are settled there; Infinity for a folder's. */
  private clashes(): ReadonlyMap<number, number> {
    const names = new Float64Array(this.rows);
    for (let row = 0; row < this.rows; row++) {
      names[row] = this.nameOf(row);
    }
    names.sort();
    const clashes = new Map<number, number>();
    for (const [index, name] of names.entries()) {
      if (this.folders.has(name)) {
        clashes.set(name, Infinity);
      } else if (name === names[index - 1]) {
        clashes.set(name, 0);
      }
    }
    for (let row = 0; clashes.size > 0 && row < this.rows; row++) {
      const settled = clashes.get(this.nameOf(row));
      if (settled !== undefined && this.settled[row] === 1) {
        clashes.set(this.nameOf(row), settled + 1);
      }
    }
    return clashes;
  }

  /** NaN, which nothing is equal to, for an item without a name. */
  private nameOf(row: number): number {
    const state = this.states[row];
    return (state === PLAIN ? this.plain[row] : state === KEPT ? this.kept[row] : NaN) ?? NaN;
  }

  /** Takes down a folder with all above it up to the root, and gives what names in it begin with. */
  private enter(folder: string): string {
    if (folder !== this.lastFolder) {
      const within = folder === this.root ? '' : foldName(folder.slice(this.root === '/' ? 0 : this.root.length));
      for (let end = within.length; end > 0; end = within.lastIndexOf('/', end - 1)) {
        this.folders.set(this.hash(within.slice(0, end)), 0);
      }
      this.lastFolder = folder;
      this.lastPrefix = `${within}/`;
    }
    return this.lastPrefix;
  }
}
