import type { CheckpointState } from '../checkpoint.ts';
import { bestComplete, lastComplete, usualMetric } from './choose.ts';
import { metricOf, stepOf } from './readRun.ts';
import type { Run } from './readRun.ts';

/** A folder on a box that a run writes its checkpoints into, and where they come to lie here. */
export interface RunPlace {
  readonly box: string;
  /** Absolute path there. */
  readonly path: string;
  /** Absolute path here; undefined until one was asked for. */
  readonly local?: string;
}

/** What a window shows of one checkpoint of a run. */
export interface RunRow {
  readonly name: string;
  readonly step?: number;
  readonly metric?: { readonly name: string; readonly value: number };
  readonly bytes: number;
  readonly state: CheckpointState;
  readonly reason: string;
  readonly isBest: boolean;
  /** The newest complete one. */
  readonly isLast: boolean;
  /** Milliseconds since the epoch, by the clock of the box. */
  readonly writtenAt: number;
}

/** What a window is told of a run. */
export interface RunReport {
  readonly box: string;
  readonly path: string;
  /** The newest first; undefined until they were read. */
  readonly rows?: readonly RunRow[];
  readonly following: boolean;
  /** What is done now, or what went wrong. */
  readonly words: string;
  readonly isProblem: boolean;
}

export function runRows(run: Run): readonly RunRow[] {
  const metric = usualMetric(run);
  const best = bestComplete(run, metric);
  const last = lastComplete(run);
  return run.checkpoints.map((checkpoint) => {
    const { name, facts, writtenAt } = checkpoint;
    const step = stepOf(checkpoint);
    const value = metric && metricOf(checkpoint, metric.name);
    return {
      name,
      ...(step !== undefined && { step }),
      ...(metric !== undefined && value !== undefined && { metric: { name: metric.name, value } }),
      bytes: facts.bytes,
      state: facts.state,
      reason: facts.reason,
      isBest: checkpoint === best,
      isLast: checkpoint === last,
      writtenAt,
    };
  });
}
