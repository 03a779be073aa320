import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outcomesOf, type ItemOutcome } from '../../../../src/convert/cli/outcomes.ts';
import type { PlanItem } from '../../../../src/convert/job.ts';
import { createFileJobStore } from '../../../../src/convert/run/fileJobStore.ts';
import { jobFiles } from '../../../../src/convert/run/jobFiles.ts';
import type { JournalLine } from '../../../../src/convert/run/journal.ts';
import { temporaryFolder } from '../../media/support.ts';

const RUN: JournalLine = { kind: 'run', pid: 1, token: 'x', startTime: '', at: 0 };

async function outcomes(actions: readonly PlanItem['action'][], journal: readonly JournalLine[]): Promise<readonly ItemOutcome[]> {
  const folder = join(temporaryFolder(), 'store');
  const store = createFileJobStore(folder);
  const id = await store.create({ preset: 'audio.flac', options: {}, inputs: ['/in'], salvage: false, imageEngine: 'auto', toolPaths: {}, customPresets: [] });
  const plan = actions.map((action, seq): PlanItem => ({ seq, action, reason: `${action} it`, input: `/in/${seq}`, output: `/out/${seq}`, engine: 'sox', size: 1, cost: 1 }));
  const files = jobFiles(folder, id);
  writeFileSync(files.plan, plan.map((item) => `${JSON.stringify(item)}\n`).join(''));
  writeFileSync(files.journal, journal.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const all: ItemOutcome[] = [];
  for await (const some of outcomesOf(store, id)) {
    all.push(...some);
  }
  return all;
}

function failed(seq: number): JournalLine {
  return { kind: 'failed', seq, input: `/in/${seq}`, reason: 'sox stopped', command: ['/usr/bin/sox'], stderr: 'sox FAIL', exitCode: 2 };
}

describe('what became of each item', () => {
  it('is told of all, failures first', async () => {
    const found = await outcomes(
      ['write', 'skip', 'refuse', 'replace', 'write', 'write', 'write'],
      [
        RUN,
        { kind: 'started', seqs: [0, 3, 4, 5, 6] },
        { kind: 'done', seq: 3, weight: 1 },
        { kind: 'done', seq: 4, weight: 1, damage: ['cut short'], notes: ['silence'] },
        { kind: 'skipped', seq: 5, weight: 1, action: 'write', reason: 'it is silent' },
        failed(0),
      ],
    );
    expect(found.map(({ seq, outcome, reason }) => [seq, outcome, reason])).toEqual([
      [0, 'failed', 'sox stopped'],
      [1, 'skipped', 'skip it'],
      [2, 'refused', 'refuse it'],
      [3, 'done', 'replace it'],
      [4, 'done', 'write it'],
      [5, 'skipped', 'it is silent'],
      [6, 'notRun', 'write it'],
    ]);
    expect(found[0]?.failure).toEqual({ command: ['/usr/bin/sox'], exitCode: 2, stderr: 'sox FAIL' });
    expect(found[4]).toMatchObject({ damage: ['cut short'], notes: ['silence'], output: '/out/4', engine: 'sox' });
  });

  it('is what the last run made of it', async () => {
    const found = await outcomes(['write', 'write'], [RUN, failed(0), failed(1), RUN, { kind: 'done', seq: 0, weight: 1 }, failed(1)]);
    expect(found.map(({ seq, outcome }) => [seq, outcome])).toEqual([[1, 'failed'], [0, 'done']]);
  });

  it('is told of every page of a long list', async () => {
    const actions = Array.from({ length: 2500 }, () => 'write' as const);
    const found = await outcomes(actions, [RUN, ...actions.map((_, seq) => (seq % 2 === 0 ? failed(seq) : { kind: 'done' as const, seq, weight: 1 }))]);
    expect(found.length).toBe(2500);
    expect(new Set(found.map(({ seq }) => seq)).size).toBe(2500);
  });
});
