import { basename, join, resolve } from 'node:path';
import { createTextHash } from '../base/hash.ts';
import { appendLedgerLines, compactLedger, readLedgerLines } from './plan/ledgerFile.ts';
import { LedgerTable, type LedgerRecord } from './plan/ledgerTable.ts';
import { canonicalPath } from './plan/canonicalPath.ts';
import { isUnder } from './plan/paths.ts';

/** One verified output: all that decides whether it has to be made again. One line of JSON each, appended. */
export interface LedgerEntry {
  /** Absolute paths. */
  readonly input: string;
  readonly output: string;
  /** `${size}:${mtimeNs}` of each, when the output was verified. A folder's stands for all its files' sizes and times and its own time. */
  readonly inputStamp: string;
  readonly outputStamp: string;
  /** Stands for preset, revision and options: hash of their canonical JSON. */
  readonly recipe: string;
  /** The tool's `buildId`. */
  readonly tool: string;
  readonly salvaged: boolean;
}

export interface LedgerPlace {
  /** Absolute path of the folder that holds all that is ours: the job store's. */
  readonly store: string;
  /** Absolute path of the output folder, which need not be there. */
  readonly output: string;
}

/**
 * What was ever verified in one output folder, over all jobs. Loaded whole, in some 60 bytes an output; the file is kept outside
 * of the user's folder and only ever appended to. Several processes may append at once; each knows what the others had entered
 * when it opened the ledger.
 */
export interface Ledger {
  /** Outputs known. */
  readonly size: number;
  /** The last entry about this output; undefined for what is not under the output folder, or was not made by us. */
  recordOf(output: string): LedgerRecord | undefined;
  /** `outputStamp` of the last entry about this output. */
  stampOf(output: string): string | undefined;
  /** What this recipe's outputs were named like: extensions without the dot, `undefined` for folders. */
  shapesOf(recipe: string): ReadonlySet<string | undefined>;
  /** Enters outputs that are in place. Resolves when the entries are on disk. Throws for an output outside of the output folder. */
  append(entries: readonly LedgerEntry[]): Promise<void>;
}

/** A line of a ledger's file: `output` is relative to the ledger's output folder. The first line names that folder. */
export type LedgerLine = LedgerEntry | { readonly folder: string };

/** Absolute path of the file that keeps the ledger of an output folder, by whichever links it is named. */
export async function ledgerFile({ store, output }: LedgerPlace): Promise<string> {
  const hash = await createTextHash();
  return join(ledgersFolder(store), `${hash(canonicalPath(output)).toString(16).padStart(14, '0')}.jsonl`);
}

export function ledgersFolder(store: string): string {
  return join(store, 'ledgers');
}

/** Opens the ledger for a run: its file is there from now on, by which the output folder is known to be ours. */
export async function openLedger(place: LedgerPlace): Promise<Ledger> {
  const file = await ledgerFile(place);
  await appendLedgerLines(file, canonicalPath(place.output), []);
  const ledger = await loadLedger(file, place.output);
  if (ledger.isMostlyStale) {
    await compactLedger(file);
  }
  return ledger;
}

/** Opens the ledger for looking things up; writes nothing unless something is appended. */
export async function readLedger(place: LedgerPlace): Promise<Ledger> {
  return readLedgerOf(await ledgerFile(place), place.output);
}

/** The same by its file, for an output folder that is looked at under this path. */
export async function readLedgerOf(file: string, output: string): Promise<Ledger> {
  return loadLedger(file, output);
}

async function loadLedger(file: string, output: string): Promise<OpenLedger> {
  const ledger = new OpenLedger(file, resolve(output), new LedgerTable(await createTextHash()));
  for await (const lines of readLedgerLines(file)) {
    for (const line of lines) {
      if ('output' in line) {
        ledger.take(line);
      }
    }
  }
  return ledger;
}

/** Below this many superseded lines a file is left as it is. */
const STALE_LINES = 1000;

class OpenLedger implements Ledger {
  private lines = 0;
  private readonly shapes = new Map<string, Set<string | undefined>>();

  constructor(
    private readonly file: string,
    private readonly folder: string,
    private readonly table: LedgerTable,
  ) {}

  get size(): number {
    return this.table.size;
  }

  get isMostlyStale(): boolean {
    const stale = this.lines - this.table.size;
    return stale > STALE_LINES && stale > this.table.size;
  }

  /** Takes in an entry whose output is relative to the folder. */
  take(entry: LedgerEntry): void {
    this.lines++;
    this.table.set(entry);
    let shapes = this.shapes.get(entry.recipe);
    if (shapes === undefined) {
      shapes = new Set();
      this.shapes.set(entry.recipe, shapes);
    }
    shapes.add(shapeOf(entry));
  }

  recordOf(output: string): LedgerRecord | undefined {
    const within = this.within(output);
    return within === undefined ? undefined : this.table.get(within);
  }

  stampOf(output: string): string | undefined {
    return this.recordOf(output)?.outputStamp;
  }

  shapesOf(recipe: string): ReadonlySet<string | undefined> {
    return this.shapes.get(recipe) ?? new Set();
  }

  async append(entries: readonly LedgerEntry[]): Promise<void> {
    if (entries.length === 0) {
      return;
    }
    const lines = entries.map((entry): LedgerEntry => {
      const output = this.within(entry.output);
      if (output === undefined) {
        throw new RangeError(`${entry.output} is not under ${this.folder}`);
      }
      return { ...entry, output };
    });
    await appendLedgerLines(this.file, canonicalPath(this.folder), lines);
    for (const line of lines) {
      this.take(line);
    }
  }

  private within(output: string): string | undefined {
    const { folder } = this;
    return isUnder(output, folder) ? output.slice(folder === '/' ? 1 : folder.length + 1) : undefined;
  }
}

/** How the output's name was made from the input's: the extension put on, undefined where it is a folder's name. */
function shapeOf({ input, output }: LedgerEntry): string | undefined {
  const from = basename(input);
  const to = basename(output);
  const dot = from.lastIndexOf('.');
  const stem = dot > 0 ? from.slice(0, dot) : from;
  for (const name of [from, stem]) {
    if (to.startsWith(`${name}.`)) {
      return to.slice(name.length + 1);
    }
  }
  return undefined;
}
