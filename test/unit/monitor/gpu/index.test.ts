import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GPU_VENDORS } from '../../../../src/monitor/gpu/index.ts';
import { kernelTree } from './kernelTree.ts';

const folder = resolve(import.meta.dirname, '../../../../src/monitor/gpu');

describe('vendors of accelerators', () => {
  it('are one for each folder, NVIDIA first', () => {
    const folders = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
    expect(GPU_VENDORS.map(({ id }) => id).sort()).toEqual(folders.sort());
    expect(GPU_VENDORS[0]?.id).toBe('nvidia');
  });

  it('are none on a machine that has nothing', () => {
    expect(GPU_VENDORS.filter((vendor) => vendor.isPresent(kernelTree({ '/proc/1/comm': 'init' }).files))).toEqual([]);
  });
});
