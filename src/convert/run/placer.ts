import { closeSync, fsync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LedgerEntry } from '../ledger.ts';
import type { Outcome } from '../preset.ts';
import { ItemError } from './faults.ts';
import { checkInput, type ItemRun, type RunnableItem } from './itemRun.ts';
import type { Journal, PlacingLine } from './journal.ts';
import type { OutputFolders } from './outputFolders.ts';
import { nameFile, nameFolder, replaceFile, replaceFolder } from './putInPlace.ts';
import { identityOf, outputStamp, outputStampIfAny } from './stamps.ts';
import { retiredName, type RunMark } from './tempNames.ts';

/** An output that holds what it promised, still under its temporary name. */
export interface Verified {
  readonly run: ItemRun;
  readonly outcome: Outcome;
}

/** What became of it; `error` where it did not get its name. */
export interface Placed extends Verified {
  readonly error?: unknown;
}

/** The record of what was ever verified, over all jobs. */
export interface LedgerAccess {
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /** `outputStamp` of the last entry about this output. */
  stampOf(output: string): string | undefined;
}

export interface PlacerSetup {
  readonly journal: Journal;
  readonly ledger: LedgerAccess;
  readonly folders: OutputFolders;
  readonly mark: RunMark;
  /** Stands for preset, revision and options in the ledger. */
  readonly recipe: string;
}

const syncDescriptor = promisify(fsync);

/** Files of one folder that are synced at once. */
const AT_ONCE = 32;

/**
 * Syncs verified outputs to disk and gives them their names, then syncs the names and enters them in the ledger. A group's files
 * share the waiting for the disk. The journal says beforehand which file is about to be named, so that after a crash at any point
 * it can be told whether a file under the output's name is this one.
 */
export async function placeGroup(group: readonly Verified[], setup: PlacerSetup): Promise<readonly Placed[]> {
  const { journal, ledger, folders } = setup;
  const announced = group.map(announce);
  journal.append(announced.flatMap(({ line }) => line ?? []));
  const journalSynced = journal.sync();
  const placed = await Promise.all(
    group.map(async (verified, index): Promise<Placed> => {
      try {
        const { error } = announced[index] ?? {};
        if (error !== undefined) {
          throw error;
        }
        await syncOutput(verified.run);
        await journalSynced;
        putInPlace(verified.run, setup);
        return verified;
      } catch (error) {
        return { ...verified, error };
      }
    }),
  );
  await journalSynced;
  const inPlace = placed.filter(({ error }) => error === undefined).map(({ run }) => run);
  inPlace.forEach(({ folder }) => folders.use(folder));
  await folders.sync(new Set(inPlace.map(({ folder }) => folder)));
  await ledger.append(inPlace.map((run) => ledgerEntry(run.item, setup.recipe, { ...run, tool: run.buildId })));
  return placed;
}

/** Everything of the output is written; what it is stands in the line. */
function announce(verified: Verified): { readonly line?: PlacingLine; readonly error?: unknown } {
  const { item, temporary, inputStamp, buildId, damage } = verified.run;
  const notes = verified.outcome.notes ?? [];
  try {
    writeSidecars(verified);
    const line: PlacingLine = {
      kind: 'placing',
      seq: item.seq,
      identity: identityOf(temporary),
      inputStamp,
      tool: buildId,
      ...(damage.length > 0 && { damage }),
      ...(notes.length > 0 && { notes }),
    };
    return { line };
  } catch (error) {
    return { error };
  }
}

/** The entry of an output that has its name. */
export function ledgerEntry(item: RunnableItem, recipe: string, made: Pick<PlacingLine, 'inputStamp' | 'tool' | 'damage'>): LedgerEntry {
  return {
    input: item.input,
    output: item.output,
    inputStamp: made.inputStamp,
    outputStamp: outputStamp(item.output),
    recipe,
    tool: made.tool,
    salvaged: (made.damage ?? []).length > 0,
  };
}

function putInPlace(run: ItemRun, { ledger, mark }: PlacerSetup): void {
  const { item, shape, temporary, folder } = run;
  checkInput(run);
  const isUntouched = (path: string): boolean => outputStampIfAny(path) === ledger.stampOf(item.output);
  if (item.action === 'write') {
    (shape === 'file' ? nameFile : nameFolder)(temporary, item.output);
  } else if (shape === 'file') {
    replaceFile(temporary, item.output, () => isUntouched(item.output));
  } else {
    replaceFolder(temporary, item.output, join(folder, retiredName(mark, item.seq)), isUntouched);
  }
}

function writeSidecars({ run, outcome }: Verified): void {
  for (const { name, text } of outcome.sidecars ?? []) {
    if (run.shape !== 'folder') {
      throw new ItemError(`${name} has no folder to lie in`);
    }
    writeFileSync(join(run.temporary, name), text, { flag: 'wx' });
  }
}

async function syncOutput(run: ItemRun): Promise<void> {
  if (run.shape === 'folder') {
    const names = readdirSync(run.temporary);
    for (let first = 0; first < names.length; first += AT_ONCE) {
      await Promise.all(names.slice(first, first + AT_ONCE).map((name) => syncPath(join(run.temporary, name))));
    }
  }
  await syncPath(run.temporary);
}

async function syncPath(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    await syncDescriptor(fd);
  } finally {
    closeSync(fd);
  }
}
