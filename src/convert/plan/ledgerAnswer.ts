import type { PlanAction } from '../job.ts';
import type { LedgerRecord } from './ledgerTable.ts';

/** What is about to be made, and what lies where it would go. */
export interface Wish {
  readonly input: string;
  readonly inputStamp: string;
  readonly recipe: string;
  /** `buildId` of the tool that would make it. */
  readonly tool: string;
  /** Undefined where there is nothing of the output's name. */
  readonly outputStamp: string | undefined;
}

export interface Answer {
  readonly action: PlanAction;
  readonly reason: string;
}

const FOREIGN =
  'something of its output’s name is there already, and was not made by Trainyard: move it away, or choose another output folder';

/** What is to be done about an output, by what the ledger says of it. Only what is ours and untouched is ever renewed. */
export function answer(record: LedgerRecord | undefined, wish: Wish): Answer {
  if (wish.outputStamp === undefined) {
    return { action: 'write', reason: record !== undefined && isSameInput(record, wish) ? 'output missing' : 'new' };
  }
  if (record === undefined) {
    return refuse(FOREIGN);
  }
  if (record.outputStamp !== wish.outputStamp) {
    return refuse('its output was changed by somebody since it was made: move it away to have it made anew');
  }
  if (!isSameInput(record, wish)) {
    return refuse('its output’s name is taken by what was made from another file: choose another output folder');
  }
  if (record.inputStamp !== wish.inputStamp) {
    return replace('input changed');
  }
  if (record.recipe !== wish.recipe) {
    return replace('preset changed');
  }
  if (record.tool !== wish.tool) {
    return replace('tool changed');
  }
  return alreadyDone(record);
}

export function alreadyDone({ salvaged }: Pick<LedgerRecord, 'salvaged'>): Answer {
  return { action: 'skip', reason: salvaged ? 'already done, damage and all' : 'already done' };
}

/** By its path, or as the very same size and time under another: datasets are moved as a whole. */
export function isSameInput(record: LedgerRecord, { input, inputStamp }: Pick<Wish, 'input' | 'inputStamp'>): boolean {
  return record.inputStamp === inputStamp || record.isFrom(input);
}

function refuse(reason: string): Answer {
  return { action: 'refuse', reason };
}

function replace(reason: string): Answer {
  return { action: 'replace', reason };
}
