import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ToolError } from '../../process/toolError.ts';
import type { Call } from '../engine.ts';
import { SkipItem } from '../preset.ts';
import { ItemError, problemBehind, wordsOf } from './faults.ts';
import { discardTemporary, type ItemRun, type RunnableItem } from './itemRun.ts';
import type { PlacingLine } from './journal.ts';
import { ledgerEntry, placeGroup, type PlacerSetup, type Finished } from './placer.ts';
import type { Settlement } from './settlement.ts';
import { verifyOutput, type Verification } from './verifyOutput.ts';

export interface FinishSetup extends PlacerSetup, Verification {
  /** The job's output folder. */
  readonly root: string;
  readonly settlement: Settlement;
  /** The command that a call comes to when it is run alone. */
  readonly commandOf: (call: Call) => readonly string[];
  /** Raised when the job is to end; what fails then is no failure. */
  readonly signal: AbortSignal;
  /** Ends the job. */
  readonly halt: (problem: Error) => void;
}

/** The end of each item's way: in place, passed over or failed, and entered as that. */
export class Finish {
  constructor(private readonly setup: FinishSetup) {}

  /** Verifies outputs and puts in place those that hold what they promised. Rejects where the record of that cannot be kept. */
  async verifyAndPlace(finished: readonly Finished[]): Promise<void> {
    const { signal } = this.setup;
    const verified: Finished[] = [];
    for (const item of finished) {
      if (signal.aborted) {
        break;
      }
      try {
        await verifyOutput(item.run, this.setup);
        verified.push(item);
      } catch (error) {
        this.fail(item.run.item, error, item.run);
      }
    }
    if (signal.aborted) {
      finished.forEach(({ run }) => discardTemporary(run));
    } else if (verified.length > 0) {
      await this.place(verified);
    }
  }

  private async place(verified: readonly Finished[]): Promise<void> {
    const placed = await placeGroup(verified, this.setup).catch((error: unknown) => {
      verified.forEach(({ run }) => discardTemporary(run));
      throw error;
    });
    const inPlace = placed.filter(({ error }) => error === undefined);
    this.setup.settlement.done(inPlace.map(({ run, outcome }) => ({ item: run.item, damage: run.damage, notes: outcome.notes ?? [] })));
    placed.filter(({ error }) => error !== undefined).forEach(({ run, error }) => this.fail(run.item, error, run));
  }

  /** Enters an output that a dead run has put in place. */
  async recover(item: RunnableItem, line: PlacingLine): Promise<void> {
    const { ledger, settlement, recipe } = this.setup;
    await ledger.append([ledgerEntry(item, recipe, line)]);
    settlement.done([{ item, damage: line.damage ?? [], notes: line.notes ?? [] }]);
  }

  /** Leaves nothing of the item but the reason; ends the job where every further item would fail of it too. */
  fail(item: RunnableItem, error: unknown, run?: ItemRun): void {
    const { root, settlement, signal, halt } = this.setup;
    // Asked before the temporary file goes, which may be what fills the disk.
    const problem = problemBehind(error, { root, folder: dirname(item.output), wasThere: run !== undefined });
    if (run) {
      discardTemporary(run);
    }
    if (signal.aborted || ToolError.is(error, 'cancelled')) {
      return;
    }
    if (error instanceof SkipItem) {
      settlement.skipped(item, error.message);
      return;
    }
    const told = this.withCommand(error, run);
    settlement.failed(item, run && this.isGone(run.folder) ? withoutFolder(told) : told);
    if (problem) {
      halt(problem);
    }
  }

  /** A tool that was content with itself has told no command: the one to look into is its last. */
  private withCommand(error: unknown, run: ItemRun | undefined): unknown {
    return run?.lastCall === undefined || (error instanceof ItemError && error.command.length > 0)
      ? error
      : new ItemError(wordsOf(error), { ...(error instanceof ItemError && error), command: this.setup.commandOf(run.lastCall) });
  }

  private isGone(folder: string): boolean {
    const isGone = !existsSync(folder);
    if (isGone) {
      this.setup.folders.forget(folder);
    }
    return isGone;
  }
}

function withoutFolder(error: unknown): ItemError {
  return new ItemError(`its output folder was removed · ${wordsOf(error)}`, error instanceof ItemError ? error : {});
}
