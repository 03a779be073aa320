import type { JobStatus, PlanItem } from '../job.ts';
import type { JobStore } from '../jobStore.ts';
import { secondsTaken } from '../view/jobRow.ts';
import type { CliIo } from '../../base/cliIo.ts';
import { outcomesOf } from './outcomes.ts';
import { PAGE, type Report } from './report.ts';

/** JSON lines, each with a `kind`: `item` for each item, then one `summary`; or one `error`. */
export function jsonReport(io: CliIo): Report {
  const print = async (documents: readonly object[]): Promise<void> => {
    io.out(documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
    await io.drained?.();
  };

  return {
    refused({ reason, message }) {
      io.out(`${JSON.stringify({ kind: 'error', reason, message })}\n`);
    },
    async plan(store, status) {
      for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
        const page = await store.plan(status.id, offset, PAGE);
        total = page.total;
        await print(page.items.map((item) => ({ kind: 'item', ...item })));
      }
      await print([await summaryOf(store, status)]);
    },
    async outcome(store, status) {
      for await (const outcomes of outcomesOf(store, status.id)) {
        await print(outcomes.map(({ failure, ...outcome }) => ({ kind: 'item', ...outcome, ...failure })));
      }
      await print([await summaryOf(store, status)]);
    },
  };
}

async function summaryOf(store: JobStore, status: JobStatus): Promise<object> {
  const { id, state, preset, base, output, salvage, counts, bytes, freeBytes, leftOut, problem, firstCommand } = status;
  const first = firstCommand && (await firstRun(store, id));
  return {
    kind: 'summary', job: id, state, preset, base, output, salvage, counts, bytes, freeBytes,
    seconds: secondsTaken(status),
    leftOut, problem, firstCommand,
    firstInput: first?.input,
    firstOutput: first?.output,
  };
}

/** What `firstCommand` is about. */
async function firstRun(store: JobStore, id: string): Promise<PlanItem | undefined> {
  const { items } = await store.plan(id, 0, 1, { actions: ['write', 'replace'] });
  return items[0];
}
