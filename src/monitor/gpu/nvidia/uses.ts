import { absent, isAbsent, type Measured } from '../../../base/absent.ts';
import type { GpuUse } from '../../gpuSample.ts';
import type { ProcessRow } from './processRows.ts';
import type { GpuReport, ProcessReport } from './report.ts';

/** Percent of a GPU's time, by GPU and process: `useKey`. */
export type Utilizations = ReadonlyMap<string, Measured<number>>;

const NOT_TOLD = absent('not told yet');
const UNKNOWN_MEMORY = absent('the memory of a process on it is not told');

export function useKey(gpuUuid: string, pid: number): string {
  return `${gpuUuid}/${pid}`;
}

/**
 * Who uses which GPU: those that compute by `--query-compute-apps`, which is the fresher; those that draw, and in which part of a
 * divided GPU each is, by the last report, which alone tells of them.
 */
export function joinUses(rows: readonly ProcessRow[], reports: readonly GpuReport[], utilizations: Utilizations): readonly GpuUse[] {
  const reported = new Map<string, ProcessReport>();
  for (const { uuid, processes } of reports) {
    for (const process of processes) {
      reported.set(useKey(uuid, process.pid), process);
    }
  }
  const uses: GpuUse[] = [];
  const seen = new Set<string>();
  for (const { gpuUuid, pid, name, memoryUsed } of rows) {
    const key = useKey(gpuUuid, pid);
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    const report = reported.get(key);
    uses.push({
      gpuUuid,
      pid,
      kind: report === undefined || report.kind === 'compute' ? 'compute' : 'both',
      name,
      memoryUsed,
      utilization: utilizations.get(key) ?? NOT_TOLD,
      ...place(report),
    });
  }
  for (const { uuid, processes } of reports) {
    for (const process of processes) {
      const key = useKey(uuid, process.pid);
      // What computed when the report was made and is not in the rows any more has ended.
      if (process.kind !== 'compute' && !seen.has(key)) {
        const { pid, kind, name, memoryUsed } = process;
        seen.add(key);
        uses.push({ gpuUuid: uuid, pid, kind, name, memoryUsed, utilization: utilizations.get(key) ?? NOT_TOLD, ...place(process) });
      }
    }
  }
  return uses;
}

/** Bytes that all of them together hold of a GPU; absent where one of them does not tell. */
export function heldOf(uses: Measured<readonly GpuUse[]>, gpuUuid: string): Measured<number> {
  if (isAbsent(uses)) {
    return uses;
  }
  let sum = 0;
  for (const use of uses) {
    if (use.gpuUuid === gpuUuid) {
      if (isAbsent(use.memoryUsed)) {
        return UNKNOWN_MEMORY;
      }
      sum += use.memoryUsed;
    }
  }
  return sum;
}

function place(report: ProcessReport | undefined): Pick<GpuUse, 'gpuInstance' | 'computeInstance'> {
  return report === undefined
    ? {}
    : {
        ...(report.gpuInstance !== undefined && { gpuInstance: report.gpuInstance }),
        ...(report.computeInstance !== undefined && { computeInstance: report.computeInstance }),
      };
}
