import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAbsent } from '../../../src/base/absent.ts';
import { createSshLinks } from '../../../src/process/ssh/links.ts';
import type { SshLink } from '../../../src/process/ssh/link.ts';
import { systemTimers } from '../../../src/process/timers.ts';
import { findWrappers } from '../../../src/process/wrappers.ts';
import { probeBox } from '../../../src/sync/boxes/probe.ts';
import { createHistory } from '../../../src/sync/history/history.ts';
import { firstApproval } from '../../../src/sync/plan.ts';
import type { Approval } from '../../../src/sync/plan.ts';
import { planSync } from '../../../src/sync/planning/planSync.ts';
import type { Planned } from '../../../src/sync/planning/planSync.ts';
import type { SyncOutcome } from '../../../src/sync/run.ts';
import { createSnapshots } from '../../../src/sync/snapshots/snapshots.ts';
import type { Target } from '../../../src/sync/target.ts';
import { findLocalRsync } from '../../../src/sync/transfer/localRsync.ts';
import { rshOption } from '../../../src/sync/transfer/rsyncArgs.ts';
import type { RunContext } from '../../../src/sync/transfer/runContext.ts';
import { runPlan } from '../../../src/sync/transfer/runPlan.ts';
import { startLab } from '../../lab/lab.ts';

/** Round trips that every row is measured at, in milliseconds. `SYNC_BENCH_RTT=0` takes one of them. */
export const ROUND_TRIPS = (process.env['SYNC_BENCH_RTT'] ?? '0,40').split(',').map(Number);
/** A share of the sizes, for a quick look: `SYNC_BENCH_SHARE=0.1`. */
const SHARE = Number(process.env['SYNC_BENCH_SHARE'] ?? 1);
export const ROUNDS = Number(process.env['SYNC_BENCH_ROUNDS'] ?? 3);

export function sized(whole: number): number {
  return Math.max(1, Math.round(whole * SHARE));
}

export interface SyncGround {
  readonly link: SshLink;
  readonly here: string;
  readonly there: string;
  /** ssh of a user's rsync or scp over the same warm connection, as `-e` and as words. */
  readonly rsh: string;
  readonly words: readonly string[];
  readonly context: RunContext;
  plan(more?: Partial<Target>): Promise<Planned>;
  run(planned: Planned, approval?: Approval): Promise<SyncOutcome>;
}

/** A box behind a link of `roundTrip` milliseconds, its connection warm. */
export async function withGround<T>(folder: string, roundTrip: number, use: (ground: SyncGround) => Promise<T>): Promise<T> {
  const lab = await startLab({ oneWay: roundTrip / 2 });
  const links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
  try {
    const link = links.link(roundTrip === 0 ? 'fast1' : 'box1');
    await link.open();
    const state = await probeBox(link);
    const rsync = await findLocalRsync(process.env, []);
    if (state.kind !== 'reachable' || rsync === undefined || isAbsent(state.facts.rsync)) {
      throw new Error('this bench needs rsync');
    }
    const storage = join(folder, `storage${roundTrip}`);
    const [here, there] = [join(folder, 'here'), join(folder, 'there')];
    const { words } = await link.transport(false);
    const snapshots = createSnapshots(storage);
    const context: RunContext = { link, facts: state.facts, storage, rsync, wrappers: await findWrappers(), snapshots, history: createHistory(storage) };
    const { facts } = state;
    return await use({
      link,
      here,
      there,
      rsh: rshOption(words),
      words,
      context,
      plan: (more = {}) =>
        planSync({ target: { name: 'bench', boxes: [link.host], local: here, remote: there, direction: 'push', send: { list: 'all', rules: [] }, deletions: 'never', runsUnasked: true, checkpoints: [], from: 'user', ...more }, link, facts, snapshot: undefined, git: undefined, others: [], notes: [] }),
      run: ({ plan }, approval = firstApproval(plan)) => runPlan(plan, approval, context, () => {}, new AbortController().signal),
    });
  } finally {
    links.dispose();
    await lab[Symbol.asyncDispose]();
  }
}

/** A thousand files of `bytes` to a folder. */
export function makeFiles(root: string, count: number, bytes: number, seconds = 1_700_000_000.125): void {
  for (let index = 0; index < count; index++) {
    const folder = join(root, `d${String(Math.floor(index / 1000)).padStart(4, '0')}`);
    if (index % 1000 === 0) {
      mkdirSync(folder, { recursive: true });
    }
    const path = join(folder, `sample-${String(index).padStart(7, '0')}.txt`);
    writeFileSync(path, Buffer.alloc(bytes, `${index} ${seconds} sample `));
    utimesSync(path, seconds, seconds);
  }
}

/** The options of ssh that scp knows too. */
export function forScp(words: readonly string[]): readonly string[] {
  return words.slice(1).filter((word) => !['-x', '-a', '-T'].includes(word));
}

export function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Wall time of a program of a user's, in seconds; through a shell where it is a pipe. */
export async function timed(words: readonly string[] | string, limit = 600): Promise<number> {
  const started = performance.now();
  const child = typeof words === 'string' ? spawn('/bin/sh', ['-c', words], { stdio: ['ignore', 'ignore', 'inherit'], detached: true }) : spawn(words[0] ?? '', words.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  const end = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), limit * 1000);
  const code = await new Promise<number>((resolve) => child.once('close', (value) => resolve(value ?? -1)));
  clearTimeout(end);
  if (code !== 0) {
    throw new Error(`${typeof words === 'string' ? words.slice(0, 80) : words.slice(0, 3).join(' ')} … ended with ${code}`);
  }
  return (performance.now() - started) / 1000;
}

export async function timedOurs(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** The least of some rounds of each in turn: what disturbs a machine only ever adds. */
export async function leastOf<K extends string>(contenders: Readonly<Record<K, { readonly prepare?: () => void | Promise<void>; readonly run: () => Promise<number> }>>, rounds = ROUNDS): Promise<Record<K, number>> {
  const names = Object.keys(contenders) as K[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<K, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await contenders[name].prepare?.();
      least[name] = Math.min(least[name], await contenders[name].run());
    }
  }
  return least;
}
