import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunnableItem } from './itemRun.ts';
import type { Placing } from './journalState.ts';
import { identityIfAny } from './stamps.ts';
import { retiredName } from './tempNames.ts';

/**
 * Whether the output that a dead run was about to put in place has got there. An old folder that had made way for it is put back
 * where it has not, and removed where it has. Throws the system's error.
 */
export function recoverPlacing(item: RunnableItem, { line, mark }: Placing): boolean {
  const retired = join(dirname(item.output), retiredName(mark, item.seq));
  const there = identityIfAny(item.output);
  const isInPlace = there === line.identity;
  if (identityIfAny(retired) !== undefined) {
    if (isInPlace) {
      rmSync(retired, { recursive: true, force: true });
    } else if (there === undefined) {
      renameSync(retired, item.output);
    }
  }
  return isInPlace;
}
