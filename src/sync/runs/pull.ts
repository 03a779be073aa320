import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toBytePath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { inspectCheckpoint } from '../checkpoints/inspectCheckpoint.ts';
import { openLocalSource } from '../checkpoints/sources/localSource.ts';
import type { Listing } from '../entry.ts';
import { firstApproval } from '../plan.ts';
import type { Approval, PlanItem, SyncPlan } from '../plan.ts';
import type { SyncOutcome } from '../run.ts';
import { SyncError } from '../syncError.ts';
import type { RunCheckpoint } from './readRun.ts';

export interface Pull {
  readonly box: string;
  /** The run's folder on the box, an absolute path; and the folder here that the checkpoint comes to lie in. */
  readonly remoteRoot: string;
  readonly local: string;
  /** Everything below the run's folder. */
  readonly there: Listing;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Beside what has its final name, and left out of every sync. */
const STAGING = '.trainyard/pulls';

/** Moves what the plan says; `last` comes after all else, in this order. */
export type RunPull = (plan: SyncPlan, approval: Approval, last: readonly BytePath[]) => Promise<SyncOutcome>;

/**
 * The plan of one checkpoint's files, into a folder that no reader looks into. Throws a `SyncError` where one of them is not there as
 * a file.
 */
export function pullPlan({ name, files }: RunCheckpoint, { box, remoteRoot, local, there, now }: Pull): SyncPlan {
  const entries = new Map(there.entries.map((entry) => [entry.path, entry]));
  const items = [...files].map((file): PlanItem => {
    const path = toBytePath(file);
    const source = entries.get(path);
    if (source?.kind !== 'file') {
      throw new SyncError('stale', source === undefined ? `${file} is no longer there.` : `${file} is no plain file there, and is not pulled.`);
    }
    return { action: 'create', path, source, bytes: source.size, reason: 'only there' };
  });
  items.sort((one, other) => (one.path < other.path ? -1 : 1));
  return {
    id: `pull ${name} ${now}`,
    target: { name, boxes: [box], local: join(local, STAGING), remote: remoteRoot, direction: 'pull', send: { list: 'all', rules: [] }, deletions: 'never', runsUnasked: false, checkpoints: [], from: 'typed' },
    box,
    direction: 'pull',
    remoteRoot: toBytePath(remoteRoot),
    madeAt: now,
    items,
    guards: [],
    alike: 0,
    source: there.root,
    sink: { kind: 'missing' },
  };
}

/**
 * Pulls one checkpoint: its data first, what a reader looks for last, and under its own name only when all of it is there and is
 * complete. Resolves to its path here. Throws a `SyncError`; what is here already is never replaced.
 */
export async function pullCheckpoint(checkpoint: RunCheckpoint, pull: Pull, run: RunPull): Promise<string> {
  const { name, facts, markers } = checkpoint;
  if (facts.state === 'writing' || facts.state === 'damaged') {
    throw new SyncError('target', `${name} is not complete: ${facts.reason}`);
  }
  const parts = partsOf(checkpoint);
  for (const part of parts) {
    await mustBeFree(join(pull.local, part));
    // What an earlier try left may be of another content under the same name.
    await rm(join(pull.local, STAGING, part), { recursive: true, force: true });
  }
  await mkdir(join(pull.local, STAGING), { recursive: true });
  const plan = pullPlan(checkpoint, pull);
  const outcome = await run(plan, firstApproval(plan), markers.map((marker) => toBytePath(marker)));
  const [left] = outcome.left;
  if (outcome.state !== 'done' || left !== undefined) {
    throw new SyncError(outcome.state === 'cancelled' ? 'cancelled' : 'failed', left ? `${name} was not pulled whole: ${left.reason}` : `${name} was not pulled whole.`);
  }
  const copy = await inspectCheckpoint(await openLocalSource(join(pull.local, STAGING, name)));
  if (copy.facts.state !== facts.state) {
    throw new SyncError('stale', `What came of ${name} is not complete: ${copy.facts.reason}`);
  }
  for (const part of parts) {
    await mkdir(dirname(join(pull.local, part)), { recursive: true });
    // The transfer took its time.
    await mustBeFree(join(pull.local, part));
    await rename(join(pull.local, STAGING, part), join(pull.local, part));
  }
  return join(pull.local, name);
}

async function mustBeFree(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) !== undefined) {
    throw new SyncError('target', `${path} is here already.`);
  }
}

/** What is renamed at the end: its one folder or file; of files side by side (an index and its shards) each, markers last. */
function partsOf({ name, files, markers }: RunCheckpoint): readonly string[] {
  return files.every((file) => file === name || file.startsWith(`${name}/`)) ? [name] : [...files.filter((file) => !markers.includes(file)), ...markers];
}
