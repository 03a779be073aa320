import { absent, isAbsent, known, type Measured } from '../../../base/absent.ts';
import type { GpuUse } from '../../gpuSample.ts';
import type { DrmUse } from '../drmUses.ts';
import { NOT_TOLD } from '../quantity.ts';
import type { KfdUse } from './kfd.ts';

/**
 * Joins what both drivers tell of a process. Each counts memory that the other may leave out, and nearly all of it counts in both:
 * the larger is nearer to the truth than the sum.
 */
export function joinUses(
  drm: Measured<readonly DrmUse[]>,
  kfd: Measured<readonly KfdUse[]>,
  uuidOf: (busId: string) => string | undefined,
  isUnified: (busId: string) => boolean,
): Measured<readonly GpuUse[]> {
  if (isAbsent(drm) && isAbsent(kfd)) {
    return drm;
  }
  const uses = new Map<string, GpuUse>();
  for (const use of known(drm) ?? []) {
    const gpuUuid = uuidOf(use.busId);
    if (gpuUuid !== undefined) {
      const memoryUsed = isUnified(use.busId) ? sum(use.deviceMemory, use.hostMemory) : use.deviceMemory;
      uses.set(`${String(use.pid)} ${gpuUuid}`, { gpuUuid, pid: use.pid, kind: use.kind, name: use.name, memoryUsed, utilization: use.utilization });
    }
  }
  for (const { pid, busId, memoryUsed } of known(kfd) ?? []) {
    const gpuUuid = uuidOf(busId);
    if (gpuUuid === undefined) {
      continue;
    }
    const key = `${String(pid)} ${gpuUuid}`;
    const use = uses.get(key);
    if (use !== undefined) {
      uses.set(key, { ...use, kind: hasDrawn(use) ? 'both' : 'compute', memoryUsed: larger(use.memoryUsed, memoryUsed) });
    } else if (memoryUsed !== 0) {
      // Every process that computes is listed for every GPU, whether it uses that one or not.
      uses.set(key, { gpuUuid, pid, kind: 'compute', name: NOT_TOLD, memoryUsed, utilization: absent('not told by this driver') });
    }
  }
  return [...uses.values()];
}

/** One that only opened its device counts as drawing until it does something. */
function hasDrawn({ kind, utilization }: GpuUse): boolean {
  return kind === 'both' || (kind === 'graphics' && (known(utilization) ?? 0) > 0);
}

function larger(a: Measured<number>, b: Measured<number>): Measured<number> {
  return isAbsent(a) ? b : isAbsent(b) ? a : Math.max(a, b);
}

function sum(a: Measured<number>, b: Measured<number>): Measured<number> {
  return isAbsent(a) ? b : isAbsent(b) ? a : a + b;
}
