import { ranked } from './choose.ts';
import type { Metric } from './choose.ts';
import { stepOf } from './readRun.ts';
import type { Run, RunCheckpoint } from './readRun.ts';

export interface RetentionPolicy {
  /** So many of the newest, and so many of the best. */
  readonly last: number;
  readonly best?: { readonly count: number; readonly metric: Metric };
  /** Those whose step is a multiple of it. */
  readonly every?: number;
  /** Names of checkpoints that a person keeps. */
  readonly pinned: readonly string[];
}

export interface RetentionPlan {
  readonly keep: readonly { readonly checkpoint: RunCheckpoint; readonly reasons: readonly string[] }[];
  /** What would be moved to the trash. */
  readonly prune: readonly RunCheckpoint[];
  /** What the policy does not keep, and may not be pruned all the same. */
  readonly held: readonly { readonly checkpoint: RunCheckpoint; readonly reason: string }[];
  /** Bytes that pruning would free. */
  readonly frees: number;
}

/**
 * Which checkpoints of a run to keep. `copied`: names of those of which a copy elsewhere was verified, byte by byte; without one
 * nothing is pruned. Where the policy would keep none that is complete, the newest complete one stays.
 */
export function planRetention(run: Run, policy: RetentionPolicy, copied: ReadonlySet<string>): RetentionPlan {
  const whole = run.checkpoints.filter(({ facts }) => facts.state === 'complete');
  const last = new Set(whole.slice(0, Math.max(1, policy.last)));
  const best = new Set(policy.best ? ranked(whole, policy.best.metric).slice(0, policy.best.count) : []);
  const keep: { readonly checkpoint: RunCheckpoint; readonly reasons: readonly string[] }[] = [];
  const held: { readonly checkpoint: RunCheckpoint; readonly reason: string }[] = [];
  const prune: RunCheckpoint[] = [];
  for (const checkpoint of run.checkpoints) {
    const step = stepOf(checkpoint);
    const reasons = [
      ...(policy.pinned.includes(checkpoint.name) ? ['pinned'] : []),
      ...checkpoint.namedAs.map((kind) => `named as the ${kind}`),
      ...(last.has(checkpoint) ? [`one of the last ${Math.max(1, policy.last)}`] : []),
      ...(best.has(checkpoint) && policy.best ? [`one of the best ${policy.best.count} by ${policy.best.metric.name}`] : []),
      ...(policy.every !== undefined && policy.every > 0 && step !== undefined && step % policy.every === 0 ? [`every ${policy.every} steps`] : []),
    ];
    const hold = holdOf(checkpoint, copied);
    if (reasons.length > 0) {
      keep.push({ checkpoint, reasons });
    } else if (hold !== undefined) {
      held.push({ checkpoint, reason: hold });
    } else {
      prune.push(checkpoint);
    }
  }
  return { keep, prune, held, frees: prune.reduce((sum, { facts }) => sum + facts.bytes, 0) };
}

function holdOf({ name, facts }: RunCheckpoint, copied: ReadonlySet<string>): string | undefined {
  if (facts.state === 'writing') {
    return 'it is being written';
  }
  if (facts.state === 'unknown') {
    return 'nothing tells whether it is complete';
  }
  return copied.has(name) ? undefined : 'no verified copy of it is elsewhere';
}
