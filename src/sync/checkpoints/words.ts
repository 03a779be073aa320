import { isAbsent } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { formatCount } from '../../base/format.ts';

export const STATE_WORDS = { complete: 'complete', writing: 'being written', damaged: 'damaged', unknown: 'unchecked' } as const;

export function countWords(value: Measured<number>): string {
  return isAbsent(value) ? value.absent : Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(6)));
}

/** `loss 1.42`, the metrics that matter first. */
export function metricWords(metrics: Measured<Readonly<Record<string, number>>>, most = 8): string {
  if (isAbsent(metrics)) {
    return metrics.absent;
  }
  return Object.entries(metrics)
    .slice(0, most)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(5))}`)
    .join(', ');
}
