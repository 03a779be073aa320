import { describe, expect, it } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import type { GpuReading } from '../../../../../src/monitor/gpuSample.ts';
import { blankGpu } from '../../../../../src/monitor/gpu/blankGpu.ts';
import { createOwnChipMerge } from '../../../../../src/monitor/gpu/jetson/ownChip.ts';

const UNTOLD = absent('not told');
const FAILED = { kind: 'failed', problem: { reason: 'unknown', text: 'It ended.' } } as const;

const told = { ...blankGpu({ index: 0, uuid: 'JETSON-0', name: 'Jetson AGX Thor', vendor: 'jetson' }, UNTOLD), unifiedMemory: true, utilization: 40, power: 30, memoryUsed: 9e9, temperature: 50 };
const board: GpuReading = { vendor: 'jetson', state: { kind: 'answering' }, time: 2, gpus: [told], uses: UNTOLD };
const chip = { ...blankGpu({ index: 0, uuid: 'GPU-7', name: 'NVIDIA Thor', vendor: 'nvidia' }, UNTOLD), unifiedMemory: true, utilization: 41, memoryUsed: 1e9 };
const card = { ...blankGpu({ index: 1, uuid: 'GPU-8', name: 'NVIDIA RTX A4000', vendor: 'nvidia' }, UNTOLD), memoryUsed: 5, memoryTotal: 6 };
const use = { gpuUuid: 'GPU-7', pid: 1, kind: 'compute', name: UNTOLD, memoryUsed: 1e9, utilization: UNTOLD } as const;
const driver = (gpus: GpuReading['gpus'], state: GpuReading['state'] = { kind: 'answering' }): GpuReading => ({ vendor: 'nvidia', state, time: 1, gpus, uses: [use] });

describe('a board’s own GPU that is told of twice', () => {
  it('is one, who it is by the driver, with what only tegrastats tells', () => {
    const [reading, ...more] = createOwnChipMerge()([driver([chip, card]), board]);
    expect(more).toEqual([]);
    expect(reading).toMatchObject({ vendor: 'nvidia', uses: [use] });
    expect(reading?.gpus).toEqual([{ ...chip, power: 30, temperature: 50 }, card]);
  });

  it('is known by its name where the driver tells a memory', () => {
    const named = { ...chip, name: 'Orin (nvgpu)', unifiedMemory: false };
    expect(createOwnChipMerge()([driver([named]), board]).map(({ vendor }) => vendor)).toEqual(['nvidia']);
  });

  it('is told of by tegrastats where the driver does not answer, and by the driver where tegrastats does not', () => {
    const silent = createOwnChipMerge()([driver([chip, card], FAILED), board]);
    expect(silent.map(({ vendor, gpus }) => [vendor, gpus])).toEqual([['nvidia', [card]], ['jetson', [told]]]);
    const untold = createOwnChipMerge()([driver([chip]), { ...board, state: FAILED }]);
    expect(untold).toEqual([driver([chip])]);
  });

  it('is the same object while neither tells anything new', () => {
    const merge = createOwnChipMerge();
    const own = driver([chip]);
    expect(merge([own, board])[0]).toBe(merge([own, board])[0]);
    expect(merge([own, { ...board }])[0]).not.toBe(merge([own, board])[0]);
  });
});

it.each([
  ['a card in the slot of a board', [driver([card]), board]],
  ['a machine that is no such board', [driver([chip, card])]],
  ['neither, where both are silent', [driver([chip], FAILED), { ...board, state: FAILED }]],
])('%s is left as it is', (_, readings) => {
  expect(createOwnChipMerge()(readings)).toEqual(readings);
});
