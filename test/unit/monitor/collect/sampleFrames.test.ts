import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, known } from '../../../../src/base/absent.ts';
import { parseFromCollector, type SampleFrame } from '../../../../src/monitor/collect/protocol.ts';
import { SampleDecoder } from '../../../../src/monitor/collect/sampleDecoder.ts';
import { SampleEncoder } from '../../../../src/monitor/collect/sampleEncoder.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { GPU, PROCESS, reading, sample } from '../inventedSample.ts';

const use = (pid: number) => ({ gpuUuid: 'GPU-0', pid, kind: 'compute' as const, name: absent('not told'), memoryUsed: 1, utilization: absent('not told') });

function frameOf(line: Buffer): SampleFrame {
  return parseFromCollector(line.toString()) as SampleFrame;
}

/** In the order of pids: a sample's processes are a set. */
function sorted(one: SystemSample | undefined): unknown {
  const processes = one?.processes;
  return { ...one, processes: known(processes) === undefined ? processes : [...(known(processes) ?? [])].sort((a, b) => a.pid - b.pid) };
}

describe('samples as they are told', () => {
  it('arrive as they were, for whoever saw whichever of those before', () => {
    const processes = fc.uniqueArray(fc.record({ pid: fc.integer({ min: 1, max: 12 }), cpu: fc.integer({ min: 0, max: 2 }) }), { selector: ({ pid }) => pid });
    const moment = fc.record({
      processes: fc.option(processes, { nil: undefined }),
      used: fc.integer({ min: 0, max: 2 }),
      vendors: fc.subarray(['nvidia', 'amd'] as const),
      runs: fc.boolean(),
      heard: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 12 }), (moments) => {
        const encoder = new SampleEncoder();
        const decoder = new SampleDecoder();
        let since = 0;
        moments.forEach(({ processes: told, used, vendors, runs, heard }, second) => {
          const whole = sample(second, {
            gpus: vendors.map((vendor) => reading([{ ...GPU, memoryUsed: used }], { vendor })),
            processes: told?.map((one) => ({ ...PROCESS, ...one })) ?? absent('not permitted'),
            ...(runs && { runs: [{ key: '1/1', kind: 'unknown' as const, sentence: 'Nothing was seen.', minutes: [] }] }),
          });
          const tick = encoder.next(whole);
          if (heard) {
            expect(sorted(decoder.next(frameOf(encoder.frame('full', since))))).toEqual(sorted(whole));
            since = tick;
          }
        });
      }),
    );
  });

  it('are written once for all who have the same one before', () => {
    const encoder = new SampleEncoder();
    encoder.next(sample(0));
    encoder.next(sample(1));
    expect([encoder.frame('full', 1) === encoder.frame('full', 1), encoder.frame('full', 1) === encoder.frame('full', 0)]).toEqual([true, false]);
  });

  it('tell of a process only when it has changed', () => {
    const encoder = new SampleEncoder();
    const other = { ...PROCESS, pid: 4712 };
    encoder.next(sample(0, { processes: [PROCESS, other] }));
    encoder.frame('full', 0);
    encoder.next(sample(1, { processes: [PROCESS, { ...other, cpu: 3 }] }));
    expect(frameOf(encoder.frame('full', 1))).toMatchObject({ processes: [{ pid: 4712, cpu: 3 }], parts: {} });
  });

  it('keep the objects of what has not changed', () => {
    const encoder = new SampleEncoder();
    const decoder = new SampleDecoder();
    encoder.next(sample(0));
    const before = decoder.next(frameOf(encoder.frame('full', 0)));
    encoder.next(sample(1));
    const after = decoder.next(frameOf(encoder.frame('full', 1)));
    expect(after?.system.memory).toBe(before?.system.memory);
    expect(Array.isArray(after?.processes) && after.processes[0]).toBe(Array.isArray(before?.processes) && before.processes[0]);
  });

  it('name for a status bar the processes of GPUs and what started them, and no others', () => {
    const encoder = new SampleEncoder();
    const launcher = { ...PROCESS, pid: 10, parent: 1 };
    const rank = { ...PROCESS, pid: 11, parent: 10 };
    const other = { ...PROCESS, pid: 12, parent: 10 };
    encoder.next(sample(0, { processes: [launcher, rank, other], gpus: [reading([GPU], { uses: [use(11)] })] }));
    expect(known(frameOf(encoder.frame('gpus', 0)).processes)?.map(({ pid }) => pid)).toEqual([10, 11]);
  });

  it('are not put together with one that is missing', () => {
    const encoder = new SampleEncoder();
    const decoder = new SampleDecoder();
    encoder.next(sample(0));
    encoder.next(sample(1));
    expect(decoder.next(frameOf(encoder.frame('full', 1)))).toBeUndefined();
  });
});
