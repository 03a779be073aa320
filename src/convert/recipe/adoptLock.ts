import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Ledger, LedgerEntry } from '../ledger.ts';
import { isUnder } from '../plan/paths.ts';
import { fileStamp, outputStampIfAny } from '../run/stamps.ts';
import { createContentKey, sizeOf, sizeOfKey, type ContentKey } from './contentKey.ts';
import type { LockedOutput, RecipeLock } from './lock.ts';

export interface AdoptSetup {
  readonly lock: RecipeLock;
  readonly ledger: Ledger;
  /** Absolute path of the recipe's folder. */
  readonly folder: string;
  /** Absolute path of the output folder. */
  readonly output: string;
  /** Keys of what would make outputs now. */
  readonly chain: string;
  readonly tool: string;
  /** Whether the tools now are of the versions that the lock names, on this machine or another. */
  readonly hasSameTools: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A stamp that no file has: the input is another one than the output was made from. */
const CHANGED = '0:0';

/**
 * Enters in the ledger what only the lock file knows: outputs that came from another machine or were copied, and inputs whose times
 * changed and whose contents did not. Contents are looked at only where times and sizes do not say it already.
 */
export async function adoptLock({ lock, ledger, folder, output, chain, tool, hasSameTools, signal }: AdoptSetup): Promise<void> {
  const keyOf = await createContentKey();
  const entries: LedgerEntry[] = [];
  for (const [name, locked] of Object.entries(lock.outputs)) {
    signal?.throwIfAborted();
    const path = join(output, name);
    if (!isUnder(path, output)) {
      continue;
    }
    const entry = await entryFor(path, resolve(folder, locked.input), locked, ledger, keyOf);
    const isMadeBySame = hasSameTools && locked.tool === lock.tool;
    // A lock file may come with somebody else's recipe. What this machine did not make is taken for made, and never for ours to renew.
    const isUpToDate = entry !== undefined && locked.chain === chain && isMadeBySame && entry.inputStamp !== CHANGED;
    if (entry !== undefined && (isUpToDate || ledger.recordOf(path) !== undefined)) {
      entries.push({ ...entry, recipe: locked.chain, tool: isMadeBySame ? tool : locked.tool });
    }
  }
  await ledger.append(entries);
}

async function entryFor(
  output: string,
  input: string,
  { inputKey, outputKey, salvaged = false }: LockedOutput,
  ledger: Ledger,
  keyOf: ContentKey,
): Promise<Omit<LedgerEntry, 'recipe' | 'tool'> | undefined> {
  const outputStamp = outputStampIfAny(output);
  const record = ledger.recordOf(output);
  const inputStamp = stampOf(input);
  const isKnown = record?.outputStamp === outputStamp && record?.inputStamp === inputStamp;
  if (outputStamp === undefined || isKnown || lstatSync(output).isSymbolicLink()) {
    return undefined;
  }
  if (!(await hasKey(output, outputKey, keyOf))) {
    return undefined; // Made since by a run that ended before its lock was written, or somebody's: the ledger knows.
  }
  const isSameInput = inputStamp !== undefined && (await hasKey(input, inputKey, keyOf));
  return { input, output, outputStamp, inputStamp: isSameInput ? inputStamp : CHANGED, salvaged };
}

async function hasKey(path: string, key: string, keyOf: ContentKey): Promise<boolean> {
  try {
    return sizeOf(path) === sizeOfKey(key) && (await keyOf(path)) === key;
  } catch {
    return false;
  }
}

function stampOf(path: string): string | undefined {
  try {
    return fileStamp(path);
  } catch {
    return undefined;
  }
}
