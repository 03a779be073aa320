import { isAbsent, known } from '../../base/absent.ts';
import type { HeldGpu } from './holders.ts';

/** What a driver keeps for itself, or a desktop's few windows. */
const UNUSED = 1024 ** 3;
const UNUSED_SHARE = 0.02;
/** Percent: above it something runs, even where nobody tells what. */
const AT_REST = 5;

export type Freedom = 'free' | 'taken' | 'unknown';

/**
 * Whether a GPU can be taken: it answers, is whole, no compute process holds it, and no more of its memory is used than a
 * driver or a desktop needs. A GPU of which this cannot be told is `unknown`, never free.
 */
export function freedom({ gpu, fresh, holders, hiddenMemory }: Pick<HeldGpu, 'gpu' | 'fresh' | 'holders' | 'hiddenMemory'>): Freedom {
  if (!fresh) {
    return 'unknown';
  }
  if (gpu.slices.length > 0) {
    return 'taken';
  }
  const named = known(holders);
  if (named?.some(({ use }) => use.kind !== 'graphics') === true || (known(hiddenMemory) ?? 0) > 0) {
    return 'taken';
  }
  const busy = known(gpu.utilization);
  if (named === undefined && busy !== undefined && busy > AT_REST) {
    return 'taken';
  }
  const used = gpu.unifiedMemory ? undefined : known(gpu.memoryUsed);
  if (used === undefined) {
    // Without its memory, the list of processes has to tell.
    return named === undefined ? 'unknown' : 'free';
  }
  const drawn = (named ?? []).reduce((sum, { use }) => sum + (known(use.memoryUsed) ?? 0), 0);
  return used - drawn <= Math.max(UNUSED, UNUSED_SHARE * (known(gpu.memoryTotal) ?? 0)) ? 'free' : 'taken';
}

/** Bytes that nobody uses; undefined where that is not known. */
export function freeMemory({ gpu, fresh }: Pick<HeldGpu, 'gpu' | 'fresh'>): number | undefined {
  return fresh && !isAbsent(gpu.memoryTotal) && !isAbsent(gpu.memoryUsed) ? Math.max(0, gpu.memoryTotal - gpu.memoryUsed) : undefined;
}

/** Free GPUs, those with most free memory first. */
export function freeGpus(gpus: readonly HeldGpu[]): readonly HeldGpu[] {
  return gpus.filter((held) => freedom(held) === 'free').sort((a, b) => (freeMemory(b) ?? 0) - (freeMemory(a) ?? 0) || a.gpu.index - b.gpu.index);
}
