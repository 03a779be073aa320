import { metricOf, stepOf } from './readRun.ts';
import type { Run, RunCheckpoint } from './readRun.ts';

export interface Metric {
  readonly name: string;
  readonly mode: 'min' | 'max';
}

/** Losses and error rates get better downwards, scores upwards. */
export function metricFor(name: string): Metric {
  return { name, mode: /acc|score|f1|bleu|rouge|map|auc|reward|precision|recall/i.test(name) ? 'max' : 'min' };
}

/** The metric that a run is judged by where nobody says: a loss of validation before one of training. */
export function usualMetric({ checkpoints }: Run): Metric | undefined {
  const names = new Set(checkpoints.flatMap(({ facts: { metrics } }) => Object.keys(metrics).filter((name) => name !== 'absent')));
  const found = [/^(?:eval|val(?:id\w*)?)_loss$/, /^(?:eval|val)_/, /^loss$/, /loss/].map((pattern) => [...names].sort().find((name) => pattern.test(name) && !/best/.test(name))).find((name) => name !== undefined);
  return found === undefined ? undefined : metricFor(found);
}

/** The complete one with the highest step, or the newest; undefined where none is complete. */
export function lastComplete({ checkpoints }: Run): RunCheckpoint | undefined {
  return checkpoints.find(({ facts }) => facts.state === 'complete');
}

/** The best complete one; what the framework itself names comes first. Undefined where nothing tells. */
export function bestComplete(run: Run, metric = usualMetric(run)): RunCheckpoint | undefined {
  const whole = run.checkpoints.filter(({ facts }) => facts.state === 'complete');
  return whole.find(({ namedAs }) => namedAs.includes('best')) ?? (metric && ranked(whole, metric)[0]);
}

/** The best first; those without the metric are left out. */
export function ranked(checkpoints: readonly RunCheckpoint[], { name, mode }: Metric): readonly RunCheckpoint[] {
  const sign = mode === 'min' ? 1 : -1;
  return checkpoints
    .flatMap((checkpoint) => {
      const value = metricOf(checkpoint, name);
      return value === undefined ? [] : [{ checkpoint, value }];
    })
    .sort((one, other) => sign * (one.value - other.value) || (stepOf(other.checkpoint) ?? 0) - (stepOf(one.checkpoint) ?? 0))
    .map(({ checkpoint }) => checkpoint);
}
