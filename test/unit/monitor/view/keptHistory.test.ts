import { describe, expect, it } from 'vitest';
import type { HistoryRange, HistorySeries } from '../../../../src/monitor/history/range.ts';
import { chartHistory, chartQuery, scrubberEvents } from '../../../../src/monitor/view/keptHistory.ts';

type Cells = readonly (number | null)[];

const kept = (kind: string, key: string, field: string, max: Cells, min: Cells = max): HistorySeries => ({ kind, key, field, unit: '', min, max, mean: max, absent: [] });

function range(...series: HistorySeries[]): HistoryRange {
  return { host: 'hgx-01', from: 60_000, to: 80_000, step: 10_000, resolution: 10_000, samples: [10, 10], gaps: [], series, unreadable: 0 };
}

describe('what charts ask of the history', () => {
  it('begins at a whole column and reaches the end', () => {
    expect(chartQuery('h', { from: 61_234, to: 120_000, step: 10_000 })).toMatchObject({ host: 'h', from: 60_000, to: 120_000, points: 6 });
  });

  it('is bounded, whatever a page asks for', () => {
    expect(chartQuery('h', { from: 0, to: 1e15, step: 100 }).points).toBe(5000);
    expect(chartQuery('h', { from: 1e6, to: 0, step: 100 }).points).toBe(1);
  });
});

describe('the history as charts take it', () => {
  it('keeps the smallest and the largest of each column', () => {
    const { series, from, step } = chartHistory(range(kept('gpu', 'GPU-1', 'utilization', [99, 97], [3, 97])));
    expect([from, step]).toEqual([60_000, 10_000]);
    expect(series['busy GPU-1']).toEqual({ min: [3, 97], max: [99, 97] });
  });

  it('tells the gravest limit of each column, and none where none was told', () => {
    const cap = kept('gpu', 'GPU-1', 'limit.powerCap', [100, 40, 0, null]);
    const heat = kept('gpu', 'GPU-1', 'limit.hardwareThermal', [0, 10, 0, null]);
    expect(chartHistory(range(cap, heat)).series['limit GPU-1']).toEqual({ min: [1, 3, 0, null] });
  });

  it('sums disks, and networks that lead somewhere, and makes no zero of what is not known', () => {
    const { series } = chartHistory(
      range(kept('disk', 'sda', 'read', [5, null]), kept('disk', 'sdb', 'read', [7, null]), kept('network', 'eth0', 'received', [1, 2]), kept('network', 'lo', 'received', [100, 100])),
    );
    expect(series['diskRead']).toEqual({ min: [12, null] });
    expect(series['networkReceived']).toEqual({ min: [1, 2] });
    expect(series['fabric']).toBeUndefined();
  });

  it('takes memory as a share of what may be used', () => {
    const machine = [kept('host', '', 'memory.used', [50, 60]), kept('host', '', 'memory.total', [100, 100])];
    const limit = [kept('host', '', 'limits.memoryUsed', [9, 9]), kept('host', '', 'limits.memoryLimit', [10, 10])];
    const none = [kept('host', '', 'limits.memoryUsed', [9, 9]), kept('host', '', 'limits.memoryLimit', [null, null])];
    expect(chartHistory(range(...machine)).series['memory']?.min).toEqual([50, 60]);
    expect(chartHistory(range(...machine, ...limit)).series['memory']?.min).toEqual([90, 90]);
    expect(chartHistory(range(...machine, ...none)).series['memory']?.min).toEqual([50, 60]);
  });

  it('does not join what is further apart than samples were', () => {
    expect(chartHistory({ ...range(), resolution: 60_000 }).gap).toBe(90_000);
    expect(chartHistory({ ...range(), resolution: 1000 }).gap).toBe(15_000);
  });
});

describe('what happened, on the scrubber', () => {
  it.each([
    [{ kind: 'limit', since: 0, until: 90_000, facts: { gpu: 'GPU-1', what: 'hardwareThermal' } }, [{ time: 0, kind: 'heat', words: 'GPU 1 slowed by heat for 1 min 30 s' }]],
    [{ kind: 'limit', since: 0, until: 90_000, facts: { gpu: 'GPU-1', what: 'powerCap' } }, []],
    [{ kind: 'gpu', since: 5, until: null, facts: { gpu: 'GPU-1', what: 'lost' } }, [{ time: 5, kind: 'lost', words: 'GPU 1 lost' }]],
    [{ kind: 'driver', since: 5, until: 60_005, facts: { what: 'silent' } }, [{ time: 5, kind: 'lost', words: 'A driver did not answer for 1 min' }]],
    [{ kind: 'process', since: 5, until: 9, facts: { pid: 7, command: ['/usr/bin/python', '/a/train\u001b[31m.py'] } }, [{ time: 9, kind: 'ended', words: expect.stringMatching(/^python train[^\u001b]*\.py \(7\) ended$/u) }]],
    [{ kind: 'process', since: 5, until: null, facts: { pid: 7 } }, []],
  ] as const)('tells %o', (event, told) => {
    expect(scrubberEvents([event], (uuid) => uuid.slice(4))).toEqual(told);
  });
});
