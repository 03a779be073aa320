import type { Media } from '../../media/media.ts';
import type { Call } from '../engine.ts';
import type { Outcome } from '../preset.ts';
import { ItemError, wordsOf } from './faults.ts';
import { advance, beginItem, type ItemRun, type ItemSetup, type RunnableItem } from './itemRun.ts';
import type { PlacingLine } from './journal.ts';
import type { JournalState } from './journalState.ts';
import { recoverPlacing } from './recover.ts';
import { fileStamp } from './stamps.ts';
import type { Inspect } from './verifyOutput.ts';

export interface StartSetup extends ItemSetup {
  readonly before: JournalState;
  readonly inspect: Inspect;
  readonly signal: AbortSignal;
}

/** How an item begins. */
export type Start =
  /** Its method has made its first call. */
  | { readonly state: 'ready'; readonly run: ItemRun; readonly call: Call }
  /** Its method had nothing to ask of its tool. */
  | { readonly state: 'ended'; readonly run: ItemRun; readonly outcome: Outcome }
  /** A dead run got its output into place, and died before it could say so. */
  | { readonly state: 'recovered'; readonly line: PlacingLine }
  | { readonly state: 'failed'; readonly error: unknown; readonly run?: ItemRun }
  /** The job was ended meanwhile. */
  | { readonly state: 'dropped' };

/** Begins an item: at once, unless its input has to be asked about at length. Throws and rejects nothing. */
export function startItem(item: RunnableItem, setup: StartSetup): Start | Promise<Start> {
  try {
    const placing = setup.before.placing.get(item.seq);
    if (placing && recoverPlacing(item, placing)) {
      return { state: 'recovered', line: placing.line };
    }
    const inputStamp = fileStamp(item.input);
    const media = setup.inspect(item.input);
    if (!(media instanceof Promise)) {
      return begin(item, media, inputStamp, setup);
    }
    return media.then((found) => begin(item, found, inputStamp, setup), unreadable);
  } catch (error) {
    return unreadable(error);
  }
}

function begin(item: RunnableItem, media: Media, inputStamp: string, setup: StartSetup): Start {
  if (setup.signal.aborted) {
    return { state: 'dropped' };
  }
  let run: ItemRun | undefined;
  try {
    run = beginItem(item, media, inputStamp, setup);
    const step = advance(run);
    if ('outcome' in step && run.later.length > 0) {
      throw new ItemError('the first step has made nothing that the next could go on with');
    }
    return 'call' in step ? { state: 'ready', run, call: step.call } : { state: 'ended', run, outcome: step.outcome };
  } catch (error) {
    return { state: 'failed', error, ...(run && { run }) };
  }
}

function unreadable(error: unknown): Start {
  return { state: 'failed', error: new ItemError(`the input cannot be read · ${wordsOf(error)}`) };
}
