import { readdirSync } from 'node:fs';
import type { JobStatus } from '../job.ts';
import { openLedger, type LedgerEntry } from '../ledger.ts';
import { resolveOptions } from '../optionValues.ts';
import { clearDeadRuns } from '../run/deadRuns.ts';
import { findPreset } from '../run/findPreset.ts';
import { isRunnable } from '../run/itemRun.ts';
import { isJobId, jobFiles, readRequest, readStatus, type JobFiles } from '../run/jobFiles.ts';
import { readJournal, type JournalState } from '../run/journalState.ts';
import { isLive, isOwned } from '../run/liveness.ts';
import { takeOwnership } from '../run/ownerLock.ts';
import { ledgerEntry } from '../run/placer.ts';
import { readPlan } from '../run/planFile.ts';
import { recoverPlacing } from '../run/recover.ts';
import { canonicalPath } from './canonicalPath.ts';
import { recipeKey } from './recipe.ts';

/**
 * Clears up after jobs into this output folder whose process died: their tools are ended, their temporary files removed, and what
 * they had verified and named but not entered in the ledger is entered, so that a new plan knows it for ours. The jobs themselves
 * stay as they are and can still be resumed.
 */
export async function settleDeadJobs(store: string, output: string): Promise<void> {
  const canonical = canonicalPath(output);
  for (const id of jobIds(store)) {
    const files = jobFiles(store, id);
    const status = readStatus(files);
    if (status === undefined || !isLive(status) || isOwned(status) || status.output === '' || canonicalPath(status.output) !== canonical) {
      continue;
    }
    const lock = takeOwnership(files.folder);
    if (lock !== undefined) {
      try {
        await settle(files, store, status);
      } finally {
        lock.release();
      }
    }
  }
}

async function settle(files: JobFiles, store: string, status: JobStatus): Promise<void> {
  const journal = await readJournal(files.journal);
  await clearDeadRuns(journal);
  const entries = await entriesOf(files, journal);
  if (entries.length > 0) {
    const ledger = await openLedger({ store, output: status.output });
    await ledger.append(entries);
  }
}

/** Of outputs that got their names right before the end. */
async function entriesOf(files: JobFiles, { placing }: JournalState): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  if (placing.size === 0) {
    return entries;
  }
  const request = readRequest(files);
  const preset = await findPreset(request);
  const recipe = recipeKey(preset, resolveOptions(preset.options, request.options));
  for await (const items of readPlan(files)) {
    for (const item of items) {
      const place = placing.get(item.seq);
      if (place !== undefined && isRunnable(item) && recoverPlacing(item, place)) {
        entries.push(ledgerEntry(item, recipe, place.line));
      }
    }
  }
  return entries;
}

function jobIds(store: string): readonly string[] {
  try {
    return readdirSync(store).filter(isJobId);
  } catch {
    return [];
  }
}
