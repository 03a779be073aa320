import { describe, expect, it } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { readGpuTop } from '../../../../../src/monitor/gpu/intel/gpuTop.ts';
import { JsonPieces } from '../../../../../src/monitor/gpu/jsonPieces.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';

const text = syntheticText('synthetic-intel-gpu-top.json');
const SAMPLE = { utilization: 100, video: 100, clock: 1255.5, power: 11.25 };

function samples(said: string): readonly unknown[] {
  const pieces = new JsonPieces();
  return said.split('\n').flatMap((line) => pieces.push(line)).map(readGpuTop).filter((sample) => sample !== undefined);
}

describe('intel_gpu_top -J', () => {
  it('reads objects of an array that never ends, but for the first, which tells of the blink of an eye', () => {
    expect(samples(text)).toEqual([SAMPLE]);
  });

  it('reads objects of older builds, which have no commas between them', () => {
    expect(samples(text.replace('},\n{', '}\n{'))).toEqual([SAMPLE]);
  });

  it('goes on with the next object after half of one', () => {
    expect(samples(text.slice(0, -200) + text.slice(text.lastIndexOf('\n{\n')))).toEqual([SAMPLE]);
  });

  it('reads values that are text, and gives a reason for one that is none', () => {
    const object = { period: { duration: '1000.0' }, engines: { 'Render/3D/0': { busy: '12.5' } }, power: { GPU: 'N/A' } };
    expect(readGpuTop(object)).toEqual({ utilization: 12.5, video: absent('not told'), clock: absent('not told'), power: absent('N/A') });
  });
});
