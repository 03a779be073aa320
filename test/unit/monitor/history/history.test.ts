import { describe, expect, it, vi } from 'vitest';
import { absent, isAbsent } from '../../../../src/base/absent.ts';
import type { HistorySeries } from '../../../../src/monitor/history/range.ts';
import { createHistoryWriter } from '../../../../src/monitor/history/historyWriter.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { GIB, GPU, HOST, NOT_TOLD, PROCESS, reading, sample } from '../inventedSample.ts';
import { busyBox } from './busyBox.ts';
import { at, historyPath, NAME, reader, withGpu, writer } from './support.ts';

function series(all: readonly HistorySeries[], field: string): HistorySeries {
  const found = all.find((each) => each.field === field && each.kind === 'gpu');
  if (found === undefined) {
    throw new Error(`no series ${field}`);
  }
  return found;
}

describe('a sample that was kept', () => {
  it('comes back whole, absent values with their reasons', () => {
    const path = historyPath();
    const full: SystemSample = {
      ...withGpu(0, { clockLimits: ['powerCap', 'softwareThermal'], performanceState: 'P2', power: 612.3, state: 'ok' }),
      system: {
        ...HOST,
        cpu: { ...HOST.cpu, cores: [97, absent('switched off'), 3] },
        disks: [{ name: 'nvme0n1', read: 128 * 1000, written: 0, busy: 12.5, inFlight: 3 }],
        pressure: { cpu: { some: 1.5, full: absent('not told of the whole system'), someAverage10: 1.2 }, io: NOT_TOLD, memory: NOT_TOLD },
        fileSystems: [{ mountPoint: '/data', type: 'nfs4', source: 'nas:/data', total: absent('does not answer'), available: absent('does not answer'), used: absent('does not answer') }],
      },
    };
    const kept = writer(path);
    kept.add(full);
    kept.flush();
    expect(reader(path).at({ host: NAME, time: full.time })).toEqual({ resolution: 1000, sample: full });
  });

  it('comes back with slices, uses, a driver that is silent and processes that nobody may see', () => {
    const path = historyPath();
    const slice = { index: 0, gpuInstance: 1, computeInstance: 0, uuid: 'MIG-1', profile: '3g.40gb', multiprocessors: 60, memoryUsed: 10 * GIB, memoryTotal: 40 * GIB };
    const full = sample(5, {
      gpus: [
        reading([{ ...GPU, utilization: absent('not told of MIG'), slices: [slice] }], {
          state: { kind: 'silent', since: at(1) },
          time: at(1),
          uses: [{ gpuUuid: GPU.uuid, pid: 9, kind: 'compute', name: 'python', memoryUsed: 3 * GIB, utilization: NOT_TOLD, gpuInstance: 1, computeInstance: 0 }],
        }),
        reading([], { vendor: 'amd', state: { kind: 'failed', problem: { reason: 'noPermission', text: 'No.', remedy: 'Join render.' } }, time: at(5), uses: NOT_TOLD }),
      ],
      processes: absent('not permitted'),
      processScope: { hidden: true, namespaced: false },
    });
    const kept = writer(path);
    kept.add(full);
    kept.flush();
    expect(reader(path).at({ host: NAME, time: full.time })?.sample).toEqual(full);
  });

  it('keeps the boxes apart', () => {
    const path = historyPath();
    const kept = writer(path);
    kept.add({ ...withGpu(0, { utilization: 1 }), host: 'a' });
    kept.add({ ...withGpu(0, { utilization: 2 }), host: 'b' });
    kept.flush();
    const read = reader(path);
    expect(read.hosts()).toEqual(['a', 'b']);
    expect(read.at({ host: 'b', time: at(0) })?.sample.gpus[0]?.gpus[0]?.utilization).toBe(2);
    expect(read.at({ host: 'c', time: at(0) })).toBeUndefined();
    expect(read.kept('a')).toEqual({ from: at(0), to: at(0) });
  });

  it('never makes a 0 of a value that is not one, nor a number of what is none', () => {
    const path = historyPath();
    const kept = writer(path);
    kept.add(withGpu(0, { utilization: 0.01, power: Number.NaN, memoryUsed: Infinity, clock: -0.2 }));
    kept.flush();
    const gpu = reader(path).at({ host: NAME, time: at(0) })?.sample.gpus[0]?.gpus[0];
    expect(gpu?.utilization).toBeGreaterThan(0);
    expect([gpu?.power, gpu?.memoryUsed].every(isAbsent)).toBe(true);
  });
});

describe('a range', () => {
  it('tells a time in which nothing was collected from one in which a value was absent', () => {
    const path = historyPath();
    const kept = writer(path);
    for (let second = 0; second < 300; second++) {
      if (second < 100 || second >= 160) {
        kept.add(withGpu(second, { utilization: second >= 200 && second < 220 ? absent('gone') : 50, power: 0 }));
      }
    }
    kept.flush();
    const range = reader(path).range({ host: NAME, from: at(0), to: at(300), points: 300, series: ['gpu.utilization', 'gpu.power'] });
    expect(range.gaps).toEqual([{ from: at(100), to: at(160) }]);
    const { mean, absent: lacking, reason } = series(range.series, 'utilization');
    expect([mean[99], mean[130], mean[170], mean[210], mean[230]]).toEqual([50, null, 50, null, 50]);
    expect([lacking[99], lacking[130], lacking[210]]).toEqual([0, 0, 1]);
    expect([range.samples[99], range.samples[130], range.samples[210]]).toEqual([1, 0, 1]);
    expect(reason).toBe('gone');
    expect(series(range.series, 'power').mean.filter((value) => value === 0)).toHaveLength(240);
    expect(reader(path).at({ host: NAME, time: at(140) })).toBeUndefined();
    expect(reader(path).at({ host: NAME, time: at(99.5) })?.sample.time).toBe(at(99));
  });

  it('takes slow samples for no gap', () => {
    const path = historyPath();
    const kept = writer(path);
    for (let second = 0; second < 7200; second += 10) {
      kept.add(withGpu(second, { utilization: 50 }));
    }
    kept.flush();
    for (const [from, to] of [[7000, 7195], [0, 7195]] as const) {
      expect(reader(path).range({ host: NAME, from: at(from), to: at(to), points: 50 }).gaps).toEqual([]);
    }
  });

  it('says that all of it is a gap where nothing was kept', () => {
    const path = historyPath();
    writer(path).flush();
    expect(reader(path).range({ host: NAME, from: at(0), to: at(100), points: 10 })).toMatchObject({ series: [], gaps: [{ from: at(0), to: at(100) }] });
  });

  it('keeps a short drop visible when it has gone into a mean, and how long a limit was in force', () => {
    const path = historyPath();
    const kept = writer(path);
    for (let second = 0; second < 3 * 3600; second++) {
      kept.add(withGpu(second, { utilization: second === 600 ? 3 : 99, clockLimits: second % 60 < 15 ? ['hardwareThermal'] : [] }));
    }
    kept.flush();
    const range = reader(path).range({ host: NAME, from: at(0), to: at(3 * 3600), points: 90, series: ['gpu.utilization', 'gpu.limit.hardwareThermal'] });
    expect(range.resolution).toBe(60_000);
    expect(range.gaps).toEqual([]);
    expect(Math.min(...series(range.series, 'utilization').min.map(Number))).toBe(3);
    expect(series(range.series, 'utilization').max.every((value) => value === 99)).toBe(true);
    expect(series(range.series, 'limit.hardwareThermal').mean.every((value) => value === 25)).toBe(true);
  });

  it('goes on before what is kept by the second with coarser values', () => {
    const path = historyPath();
    const kept = writer(path);
    for (let second = 0; second < 2 * 3600; second++) {
      kept.add(withGpu(second, { utilization: second < 3600 ? 10 : 20 }));
    }
    kept.flush();
    const read = reader(path);
    const range = read.range({ host: NAME, from: at(0), to: at(7200), points: 7200, series: ['gpu.utilization'] });
    expect(range.gaps).toEqual([]);
    expect([...new Set(series(range.series, 'utilization').mean)]).toEqual([10, null, 20]);
    expect(read.at({ host: NAME, time: at(1000) })).toMatchObject({ resolution: 10_000 });
    expect(read.at({ host: NAME, time: at(7000) })).toMatchObject({ resolution: 1000 });
  });
});

describe('processes', () => {
  it('are kept where they use a GPU or are on top, each once with its user and command', () => {
    const path = historyPath();
    const kept = writer(path);
    const box = busyBox({ gpus: 2, processes: 300, cores: 4 });
    for (let second = 0; second < 30; second++) {
      kept.add(box(second));
    }
    kept.flush();
    const { processes, gpus } = reader(path).at({ host: NAME, time: at(29) })!.sample;
    const found = isAbsent(processes) ? [] : processes;
    expect(found.length).toBeGreaterThanOrEqual(18);
    expect(found.length).toBeLessThanOrEqual(48);
    expect(found.find(({ pid }) => pid === 1000)).toMatchObject({ user: 'lena', command: expect.arrayContaining(['train.py']) });
    expect(gpus[0]?.uses).toHaveLength(2);
  });
});

describe('events', () => {
  it('tell when a limit was in force, a GPU was lost, a driver was silent and who held a GPU', () => {
    const path = historyPath();
    const kept = writer(path);
    const use = { gpuUuid: GPU.uuid, pid: PROCESS.pid, kind: 'compute', name: 'python', memoryUsed: GIB, utilization: NOT_TOLD } as const;
    for (let second = 0; second < 200; second++) {
      const hot = second >= 20 && second < 60 && second % 2 === 0;
      const gpu = { ...GPU, clockLimits: hot ? (['hardwareThermal'] as const) : [], state: second >= 150 && second < 160 ? ('lost' as const) : ('ok' as const) };
      const state = second >= 170 && second < 180 ? ({ kind: 'silent', since: at(168) } as const) : ({ kind: 'answering' } as const);
      kept.add(sample(second, { gpus: [reading([gpu], { state, uses: second >= 10 && second < 100 ? [use] : [] })] }));
    }
    kept.flush();
    const events = reader(path).events({ host: NAME, from: at(0), to: at(200) });
    expect(events).toEqual([
      { kind: 'process', since: at(10), until: at(99), facts: { pid: 4711, user: 'lena', command: ['python', 'train.py'], gpus: ['GPU-0'] } },
      { kind: 'limit', since: at(20), until: at(58), facts: { gpu: 'GPU-0', what: 'hardwareThermal' } },
      { kind: 'gpu', since: at(150), until: at(159), facts: { gpu: 'GPU-0', what: 'lost' } },
      { kind: 'driver', since: at(168), until: at(179), facts: { what: 'silent' } },
    ]);
    expect(reader(path).events({ host: NAME, from: at(60), to: at(120) })).toHaveLength(1);
  });
});

describe('without SQLite', () => {
  it('says which Node is needed', () => {
    const none = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    try {
      expect(() => createHistoryWriter(historyPath())).toThrow(expect.objectContaining({ name: 'HistoryError', reason: 'unavailable' }));
    } finally {
      none.mockRestore();
    }
  });
});
