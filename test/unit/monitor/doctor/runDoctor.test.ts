import { describe, expect, it } from 'vitest';
import { RunDoctor } from '../../../../src/monitor/doctor/runDoctor.ts';
import { runMoments } from '../../../../src/monitor/doctor/runMoments.ts';
import type { GpuUse } from '../../../../src/monitor/gpuSample.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import { GPU, HOST, NOT_TOLD, PROCESS, reading, sample } from '../inventedSample.ts';

const USE: GpuUse = { gpuUuid: GPU.uuid, pid: PROCESS.pid, kind: 'compute', name: 'python', memoryUsed: 70 * 2 ** 30, utilization: NOT_TOLD };
const WORKERS = [4712, 4713].map((pid) => ({ ...PROCESS, pid, startTicks: '101', parent: PROCESS.pid, name: 'pt_data_worker', cpu: 99 }));
const KEY = '4711/100';

const at = (second: number, others: Partial<SystemSample> = {}) => sample(second, { gpus: [reading([GPU], { uses: [USE] })], processes: [PROCESS, ...WORKERS], ...others });

describe('the doctor of a machine', () => {
  it('sees a run with its GPUs and the workers that feed it', () => {
    const moment = runMoments(readHoldings(at(0), { uid: 1000, folders: [] })).get(KEY);
    expect(moment).toMatchObject({ gpus: [{ index: 0, utilization: 97, power: (600 / 700) * 100, clock: (1755 / 1980) * 100 }], workers: [99, 99], busiestHolder: 101, memoryUsed: 50 });
  });

  it('reckons with what a container may use, where there is such a limit', () => {
    const limits = { ...HOST.limits, memoryLimit: 100, memoryUsed: 90, cpuLimit: 4 };
    const moment = runMoments(readHoldings(at(0, { system: { ...HOST, limits } }), { uid: 1000, folders: [] })).get(KEY);
    expect(moment).toMatchObject({ memoryUsed: 90, idleCores: { absent: expect.any(String) } });
  });

  it('says nothing of a run while a driver of its GPUs is silent', () => {
    const silent = at(0, { gpus: [reading([GPU], { uses: [USE], state: { kind: 'silent', since: 0 } })] });
    expect(runMoments(readHoldings(silent, { uid: 1000, folders: [] })).size).toBe(0);
  });

  it('says after a minute that two pegged workers keep a GPU waiting', () => {
    const doctor = new RunDoctor();
    let last: ReturnType<RunDoctor['examine']> = [];
    for (let second = 0; second <= 70; second++) {
      const gpu = { ...GPU, utilization: second % 3 === 0 ? 95 : 3 };
      last = doctor.examine(at(second, { gpus: [reading([gpu], { uses: [USE] })] }));
    }
    expect(last).toMatchObject([{ key: KEY, kind: 'inputBound', sentence: expect.stringContaining('2 of 2 loader workers') }]);
  });
});
