import { describe, expect, it } from 'vitest';
import type { GpuUse } from '../../../../src/monitor/gpuSample.ts';
import type { RunReport } from '../../../../src/monitor/systemSample.ts';
import { runRows } from '../../../../src/monitor/view/dashboardRuns.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { GPU, NOT_TOLD, PROCESS, reading, sample } from '../inventedSample.ts';

const GPUS = [0, 1, 2].map((index) => ({ ...GPU, index, uuid: `GPU-${index}` }));
const USES = [0, 1].map((index): GpuUse => ({ gpuUuid: `GPU-${index}`, pid: PROCESS.pid, kind: 'compute', name: 'python', memoryUsed: 1, utilization: NOT_TOLD }));
const REPORT: RunReport = { key: '4711/100', kind: 'inputBound', sentence: 'Waits.', minutes: [{ until: 1, kind: 'computeBound' }, { until: 2, kind: 'inputBound' }] };

const rows = (uid: number, runs: readonly RunReport[]) => runRows(readHoldings(sample(0, { gpus: [reading(GPUS, { uses: USES })], runs }), { uid, folders: [] }));

describe('runs on the dashboard', () => {
  it('say whose they are, on which GPUs, what they wait for and what they waited for before', () => {
    expect(rows(PROCESS.uid, [REPORT])).toMatchObject([
      { key: '4711/100', title: 'train', who: 'you', mine: true, gpus: '0, 1', gpuKeys: ['GPU-0', 'GPU-1'], verdict: 'inputBound', sentence: 'Waits.', suggestion: null, minutes: ['computeBound', 'inputBound'] },
    ]);
    expect(rows(1, [REPORT])).toMatchObject([{ who: 'lena', mine: false }]);
  });

  it('are not there before anything was said of them, nor once they have ended', () => {
    expect(rows(1000, [])).toEqual([]);
    expect(rows(1000, [{ ...REPORT, key: '1/1' }])).toEqual([]);
  });
});
