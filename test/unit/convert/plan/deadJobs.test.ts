import { existsSync, linkSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobStatus } from '../../../../src/convert/job.ts';
import { openLedger } from '../../../../src/convert/ledger.ts';
import { audioFlac } from '../../../../src/convert/presets/audio/flac.ts';
import { jobFiles, newJobId, readStatus, writeStatus } from '../../../../src/convert/run/jobFiles.ts';
import type { JournalLine } from '../../../../src/convert/run/journal.ts';
import { fileStamp, identityOf } from '../../../../src/convert/run/stamps.ts';
import { temporaryName } from '../../../../src/convert/run/tempNames.ts';
import { ownIdentity } from '../../../../src/process/processIdentity.ts';
import { aStatus } from '../view/statuses.ts';
import { Bench, lines, type Planned } from './planning.ts';

/** No process has it: pids end at 2^22. */
const MARK = { pid: 2 ** 22 + 1, token: '0123456789ab' };
const OWNER = { pid: MARK.pid, startTime: 'another-boot:1' };

/** A job of the plan as a process leaves it that was killed while it named the first output. */
function deadJob(bench: Bench, plan: Planned, status: Partial<JobStatus> = {}): string {
  const id = newJobId(Date.now());
  const files = jobFiles(bench.store, id);
  mkdirSync(files.folder);
  const [item] = plan.items;
  const output = item?.output ?? '';
  const temporary = join(plan.output, temporaryName(MARK, 0));
  mkdirSync(plan.output);
  writeFileSync(temporary, 'made');
  linkSync(temporary, output);
  writeFileSync(join(plan.output, temporaryName(MARK, 1)), 'half');
  const journal: readonly JournalLine[] = [
    { kind: 'run', ...MARK, startTime: OWNER.startTime, at: 0 },
    { kind: 'folder', path: plan.output, made: true },
    { kind: 'placing', seq: 0, identity: identityOf(output), inputStamp: fileStamp(item?.input ?? ''), tool: `${item?.engine}-1` },
  ];
  writeFileSync(files.request, JSON.stringify({ preset: 'audio.flac', options: {}, inputs: [bench.data], customPresets: [] }));
  writeFileSync(files.plan, plan.items.map((one) => `${JSON.stringify(one)}\n`).join(''));
  writeFileSync(files.journal, journal.map((line) => `${JSON.stringify(line)}\n`).join(''));
  writeStatus(files, aStatus({ id, state: 'running', output: plan.output, owner: OWNER, ...status }));
  return id;
}

async function killedBench(status: Partial<JobStatus> = {}): Promise<{ bench: Bench; plan: Planned; id: string }> {
  const bench = new Bench();
  bench.put(['a.wav', 'b.wav']);
  const plan = await bench.plan([bench.data], audioFlac);
  await openLedger({ store: bench.store, output: plan.output });
  return { bench, plan, id: deadJob(bench, plan, status) };
}

describe('a plan after a job that was killed', () => {
  it('knows the output that was named last, and sweeps what was not', async () => {
    const { bench, plan, id } = await killedBench();
    expect(lines(await bench.plan([bench.data], audioFlac))).toEqual(['skip · already done · a.flac', 'write · new · b.flac']);
    expect([0, 1].map((seq) => existsSync(join(plan.output, temporaryName(MARK, seq))))).toEqual([false, false]);
    expect(readStatus(jobFiles(bench.store, id))?.state).toBe('running');
  });

  it('does not take for ours what has the name and is something else', async () => {
    const { bench, plan } = await killedBench();
    const output = plan.items[0]?.output ?? '';
    renameSync(output, `${output}.away`);
    writeFileSync(output, 'somebody’s');
    expect(lines(await bench.plan([bench.data], audioFlac))[0]).toMatch(/^refuse · something of its output’s name is there already/);
  });

  it.each([
    ['belongs to a living process', { owner: ownIdentity() }],
    ['has ended', { state: 'cancelled' }],
    ['goes to another folder', { output: '/elsewhere' }],
  ] as const)('leaves alone a job that %s', async (_, status) => {
    const { bench, plan } = await killedBench(status);
    await bench.plan([bench.data], audioFlac);
    expect(existsSync(join(plan.output, temporaryName(MARK, 1)))).toBe(true);
  });
});
