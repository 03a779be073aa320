import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { evidenceOf } from '../../../../src/monitor/doctor/evidence.ts';
import type { RunMoment } from '../../../../src/monitor/doctor/runMoment.ts';
import { verdictOf } from '../../../../src/monitor/doctor/verdict.ts';
import { GPU, MOMENT, sawTooth, watched } from './invented.ts';

const UNKNOWN = absent('not told');

function verdict(of: (second: number) => Partial<RunMoment>, seconds = 60) {
  return verdictOf(evidenceOf(watched(seconds, of)));
}

describe('a verdict on a run', () => {
  it.each([
    ['GPUs that never rest', () => ({}), 'computeBound', /97% busy, at 95% of their power limit/],
    ['a checkpoint now and then', (s: number) => ({ gpus: [{ ...GPU, utilization: s % 30 < 3 ? 0 : 97 }] }), 'computeBound', /rest 1\d%/],
    ['a saw-tooth and pegged workers', (s: number) => ({ ...sawTooth(s), workers: [99, 98, 97, 20] }), 'inputBound', /3 of 4 loader workers.*40 cores are idle/],
    ['a saw-tooth and a slow disk', (s: number) => ({ ...sawTooth(s), workers: [5, 5], waitingWorkers: 2, ioPressure: 34.2 }), 'inputBound', /a disk 34\.2% of the time, 2 of 2/],
    ['a saw-tooth and waiting workers without PSI', (s: number) => ({ ...sawTooth(s), workers: [5, 5], waitingWorkers: 2, ioPressure: UNKNOWN, ioWait: 22 }), 'inputBound', /2 of 2 loader workers wait/],
    ['a saw-tooth and a CPU quota', (s: number) => ({ ...sawTooth(s), throttled: 40 }), 'inputBound', /quota held the processes back 40%/],
    ['a saw-tooth and no core left', (s: number) => ({ ...sawTooth(s), cpuPressure: 60, idleCores: 0.2 }), 'inputBound', /waited for a core 60\.0%/],
    ['a saw-tooth and one thread that does it all', (s: number) => ({ ...sawTooth(s), busiestHolder: 100 }), 'inputBound', /has no loader workers/],
    ['a saw-tooth without a reason', (s: number) => sawTooth(s), 'unknown', /nothing that is measured here says why/],
    ['GPUs that rest together on a busy fabric', (s: number) => ({ ...sawTooth(s, 4), fabric: 70 }), 'communicationBound', /InfiniBand at 70%/],
    ['a GPU that heat slows', (s: number) => ({ gpus: [{ ...GPU, clock: 71, temperature: 80 + (s % 8), clockLimits: s % 2 ? (['hardwareThermal'] as const) : [] }] }), 'heatCapped', /GPU 0 at 87 °C was slowed .* 49% of the time; clocks are at 71%/],
    ['a GPU that its power limit slows', () => ({ gpus: [{ ...GPU, clock: 78, clockLimits: ['powerCap'] as const }] }), 'powerCapped', /clocks at 78%.* 100% of the time/],
    ['a power limit that costs nothing', () => ({ gpus: [{ ...GPU, clockLimits: ['powerCap'] as const }] }), 'computeBound', /97% busy/],
    ['a host out of memory', (s: number) => ({ ...sawTooth(s), memoryPressure: 25, memoryUsed: 97 }), 'memoryBound', /25\.0% of the time; 97% of the memory/],
  ] as const)('of %s', (_, of, kind, sentence) => {
    const said = verdict(of);
    expect(said.kind).toBe(kind);
    expect(said.sentence).toMatch(sentence);
  });

  it('is not given before a minute', () => {
    expect(verdict(() => ({}), 50)).toMatchObject({ kind: 'unknown', sentence: expect.stringContaining('Not enough evidence yet') });
  });

  it('is not given while a GPU does not tell how busy it is', () => {
    const said = verdict(() => ({ gpus: [GPU, { ...GPU, index: 1, utilization: UNKNOWN }] }));
    expect(said).toMatchObject({ kind: 'unknown', sentence: expect.stringContaining('Not enough evidence yet') });
  });

  it('suggests more workers only where there are cores for them', () => {
    const of = (idleCores: number) => verdict((s) => ({ ...sawTooth(s), workers: [99, 99, 99, 99], idleCores }));
    expect(of(20).suggestion).toContain('num_workers');
    expect(of(0.5).suggestion).toBeUndefined();
  });

  it('names no number that was not measured, whatever is absent', () => {
    const value = fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constant(UNKNOWN));
    const gpu = fc.record({ index: fc.nat(3), utilization: value, power: value, clock: value, clockLimits: fc.constantFrom(UNKNOWN, [], ['powerCap'] as const, ['hardwareThermal'] as const), temperature: value });
    const moment = fc.record({ gpus: fc.array(gpu, { maxLength: 3 }), workers: fc.array(value, { maxLength: 4 }), waitingWorkers: fc.nat(4), busiestHolder: value, idleCores: value, ioWait: value, ioPressure: value, cpuPressure: value, memoryPressure: value, memoryUsed: value, throttled: value, fabric: value });
    fc.assert(
      fc.property(fc.array(moment, { minLength: 61, maxLength: 61 }), (moments) => {
        const { sentence, suggestion = '' } = verdictOf(evidenceOf(moments.map((each, second) => ({ ...MOMENT, ...each, time: second * 1000 }))));
        expect(`${sentence}${suggestion}`).not.toMatch(/NaN|undefined|Infinity|-\d/);
      }),
      { numRuns: 200 },
    );
  });
});
