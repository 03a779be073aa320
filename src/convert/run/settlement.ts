import type { JobCounts, JobFailure, JobStatus } from '../job.ts';
import { ItemError, wordsOf } from './faults.ts';
import type { RunnableItem } from './itemRun.ts';
import type { Journal, JournalLine } from './journal.ts';
import { weightOf } from './progressMeter.ts';

/** How many failures and notes a status shows; the journal has all. */
const SHOWN = 100;
/** Lines of damage, and notes, that are recorded of one output. */
const RECORDED = 20;

/** What is known of an output that is in place. */
export interface Settled {
  readonly item: RunnableItem;
  readonly damage: readonly string[];
  readonly notes: readonly string[];
}

/** Enters how items ended into the journal, and counts them for the status. */
export class Settlement {
  private readonly shownFailures: JobFailure[] = [];
  private readonly shownNotes: JobStatus['notes'][number][] = [];

  /** `counts` as earlier runs have left them; failures are counted anew. */
  constructor(
    private readonly journal: Journal,
    private count: JobCounts,
    private readonly onChange: () => void,
  ) {}

  get counts(): JobCounts {
    return this.count;
  }

  get failures(): readonly JobFailure[] {
    return this.shownFailures;
  }

  get notes(): JobStatus['notes'] {
    return this.shownNotes;
  }

  done(outputs: readonly Settled[]): void {
    const lines = outputs.map(({ item, damage, notes }): JournalLine => ({
      kind: 'done',
      seq: item.seq,
      weight: weightOf(item.engine, item.cost),
      ...(damage.length > 0 && { damage: damage.slice(0, RECORDED) }),
      ...(notes.length > 0 && { notes: notes.slice(0, RECORDED) }),
    }));
    this.journal.append(lines);
    const salvaged = outputs.filter(({ damage }) => damage.length > 0).length;
    this.count = { ...this.count, done: this.count.done + outputs.length, salvaged: this.count.salvaged + salvaged };
    for (const { item, damage, notes } of outputs) {
      this.show(item, [...damage.map((text) => `kept with damage: ${text}`), ...notes]);
    }
    this.onChange();
  }

  failed(item: RunnableItem, error: unknown): void {
    const { command, stderr, exitCode } = error instanceof ItemError ? error : new ItemError(wordsOf(error));
    const failure: JobFailure = {
      seq: item.seq,
      input: item.input,
      reason: wordsOf(error),
      command,
      stderr,
      ...(exitCode !== undefined && { exitCode }),
    };
    this.journal.append([{ kind: 'failed', ...failure }]);
    this.count = { ...this.count, failed: this.count.failed + 1 };
    if (this.shownFailures.length < SHOWN) {
      this.shownFailures.push(failure);
    }
    this.onChange();
  }

  /** There turned out to be nothing to do: the item counts as skipped from now on. */
  skipped(item: RunnableItem, reason: string): void {
    const { seq, action } = item;
    this.journal.append([{ kind: 'skipped', seq, action, weight: weightOf(item.engine, item.cost), reason }]);
    this.count = { ...this.count, [action]: this.count[action] - 1, skip: this.count.skip + 1 };
    this.show(item, [`skipped: ${reason}`]);
    this.onChange();
  }

  private show(item: RunnableItem, texts: readonly string[]): void {
    const room = SHOWN - this.shownNotes.length;
    this.shownNotes.push(...texts.slice(0, Math.max(0, room)).map((text) => ({ input: item.input, text })));
  }
}
