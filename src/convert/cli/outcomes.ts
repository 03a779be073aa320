import type { JobFailure, PlanItem } from '../job.ts';
import type { JobStore } from '../jobStore.ts';
import { jobFiles } from '../run/jobFiles.ts';
import type { JournalLine } from '../run/journal.ts';
import { readJsonBlocks } from '../run/lines.ts';
import { PAGE } from './report.ts';

/** What became of one item of a plan. */
export interface ItemOutcome extends Pick<PlanItem, 'seq' | 'input' | 'output' | 'engine'> {
  /** `notRun`: the job ended before it was this item's turn. */
  readonly outcome: 'done' | 'skipped' | 'refused' | 'failed' | 'notRun';
  /** Why it was run, skipped or refused, or what stopped. */
  readonly reason: string;
  /** Kept in spite of this damage. */
  readonly damage?: readonly string[];
  readonly notes?: readonly string[];
  readonly failure?: Pick<JobFailure, 'command' | 'exitCode' | 'stderr'>;
}

type Remark = Pick<ItemOutcome, 'damage' | 'notes'> & { readonly skipped?: string };

/** A job's failures, then what became of all other items in the plan's order; many at a time. */
export async function* outcomesOf(store: JobStore, id: string): AsyncGenerator<readonly ItemOutcome[]> {
  const { settled, remarks } = await readSettled(jobFiles(store.folder, id).journal);
  const failed = new Set<number>();
  for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
    const page = await store.failures(id, offset, PAGE);
    total = page.total;
    const outcomes = page.items.filter(({ seq }) => !settled.has(seq)).map(failureOutcome);
    outcomes.forEach(({ seq }) => failed.add(seq));
    yield outcomes;
  }
  for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
    const page = await store.plan(id, offset, PAGE);
    total = page.total;
    yield page.items.filter(({ seq }) => !failed.has(seq)).map((item) => outcomeOf(item, settled.has(item.seq), remarks.get(item.seq)));
  }
}

interface Settled {
  readonly settled: ReadonlySet<number>;
  readonly remarks: ReadonlyMap<number, Remark>;
}

async function readSettled(journal: string): Promise<Settled> {
  const settled = new Set<number>();
  const remarks = new Map<number, Remark>();
  for await (const lines of readJsonBlocks<JournalLine>(journal)) {
    for (const line of lines) {
      if (line.kind === 'done') {
        settled.add(line.seq);
        if (line.damage ?? line.notes) {
          remarks.set(line.seq, { ...(line.damage && { damage: line.damage }), ...(line.notes && { notes: line.notes }) });
        }
      } else if (line.kind === 'skipped') {
        settled.add(line.seq);
        remarks.set(line.seq, { skipped: line.reason });
      }
    }
  }
  return { settled, remarks };
}

function failureOutcome({ seq, input, reason, command, exitCode, stderr }: JobFailure): ItemOutcome {
  return { seq, input, outcome: 'failed', reason, failure: { command, stderr, ...(exitCode !== undefined && { exitCode }) } };
}

function outcomeOf({ seq, input, output, engine, action, reason }: PlanItem, isSettled: boolean, remark: Remark = {}): ItemOutcome {
  const item = { seq, input, ...(output !== undefined && { output }), ...(engine !== undefined && { engine }) };
  if (action === 'skip' || action === 'refuse') {
    return { ...item, outcome: action === 'skip' ? 'skipped' : 'refused', reason };
  }
  const { skipped, ...rest } = remark;
  if (skipped !== undefined) {
    return { ...item, outcome: 'skipped', reason: skipped };
  }
  return { ...item, outcome: isSettled ? 'done' : 'notRun', reason, ...rest };
}
