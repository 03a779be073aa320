import { closeSync, fsync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LedgerEntry } from '../ledger.ts';
import { SkipItem, type Outcome } from '../preset.ts';
import { ItemError } from './faults.ts';
import { checkInput, type ItemRun, type RunnableItem } from './itemRun.ts';
import type { Journal, PlacingLine } from './journal.ts';
import type { OutputFolders } from './outputFolders.ts';
import { InTheWay, nameFile, nameFolder, replaceFile, replaceFolder } from './putInPlace.ts';
import { haveSameBytes } from './sameBytes.ts';
import { identityAndStamp, outputStamp, outputStampIfAny } from './stamps.ts';
import { retiredName, type RunMark } from './tempNames.ts';

/** An item whose method has come to its end; its output still has its temporary name. */
export interface Finished {
  readonly run: ItemRun;
  readonly outcome: Outcome;
}

/** What became of it; `error` where it did not get its name. */
export interface Placed extends Finished {
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
export async function placeGroup(group: readonly Finished[], setup: PlacerSetup): Promise<readonly Placed[]> {
  const { journal, ledger, folders } = setup;
  const announced = group.map(announce);
  journal.append(announced.flatMap((one) => ('line' in one ? one.line : [])));
  const journalSynced = journal.sync();
  const placed = await Promise.all(
    group.map(async (verified, index): Promise<Placed> => {
      try {
        const one = announced[index];
        if (one && 'error' in one) {
          throw one.error;
        }
        await syncOutput(verified.run);
        await journalSynced;
        putInPlace(verified.run, setup);
        return verified;
      } catch (error) {
        return { ...verified, error: await madeTwice(verified.run, error) };
      }
    }),
  );
  await journalSynced;
  const entries: LedgerEntry[] = [];
  const used = new Set<string>();
  for (const [index, { run, error }] of placed.entries()) {
    const one = announced[index];
    if (error === undefined && one && 'line' in one) {
      used.add(run.folder);
      entries.push(ledgerEntry(run.item, setup.recipe, one.line, one.stamp));
    }
  }
  used.forEach((folder) => folders.use(folder));
  await folders.sync(used);
  await ledger.append(entries);
  return placed;
}

type Announced = { readonly line: PlacingLine; readonly stamp: string } | { readonly error: unknown };

/** Everything of the output is written; what it is stands in the line. */
function announce(finished: Finished): Announced {
  const { item, temporary, inputStamp, buildId, damage } = finished.run;
  const notes = finished.outcome.notes ?? [];
  try {
    writeSidecars(finished);
    const { identity, stamp } = identityAndStamp(temporary);
    const line: PlacingLine = {
      kind: 'placing',
      seq: item.seq,
      identity,
      inputStamp,
      tool: buildId,
      ...(damage.length > 0 && { damage }),
      ...(notes.length > 0 && { notes }),
    };
    return { line, stamp };
  } catch (error) {
    return { error };
  }
}

/** The entry of an output that has its name, and whose `outputStamp` is taken now where it was not before. */
export function ledgerEntry(
  { input, output }: RunnableItem,
  recipe: string,
  { inputStamp, tool, damage }: PlacingLine,
  stamp: string = outputStamp(output),
): LedgerEntry {
  return { input, output, inputStamp, outputStamp: stamp, recipe, tool, salvaged: damage !== undefined };
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

/** A job that was started twice makes the very same: neither run has failed. Only the one that named it enters it as its own. */
async function madeTwice({ shape, temporary, item }: ItemRun, error: unknown): Promise<unknown> {
  const isSame = error instanceof InTheWay && shape === 'file' && (await haveSameBytes(temporary, item.output));
  return isSame ? new SkipItem('the very same was put there meanwhile, as another job does') : error;
}

function writeSidecars({ run, outcome }: Finished): void {
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
