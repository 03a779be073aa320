import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAmdSmi } from '../../../../src/monitor/gpu/amd/amdSmi.ts';
import { parseRocmSmi } from '../../../../src/monitor/gpu/amd/rocmSmi.ts';
import { parseNpuSmi } from '../../../../src/monitor/gpu/ascend/npuSmi.ts';
import { parseFdinfo } from '../../../../src/monitor/gpu/fdinfo.ts';
import { DumpReader, parseDiscovery } from '../../../../src/monitor/gpu/intel/xpuSmi.ts';
import { parseTegrastats } from '../../../../src/monitor/gpu/jetson/tegrastats.ts';
import { parseTpuInfo } from '../../../../src/monitor/gpu/tpu/tpuInfo.ts';
import { fixture, fixtures, hasFixtures } from './fixtures.ts';

const PARSERS = {
  'amd-smi': parseAmdSmi,
  'rocm-smi': parseRocmSmi,
  'npu-smi': parseNpuSmi,
  'tpu-info': parseTpuInfo,
  tegrastats: parseTegrastats,
  fdinfo: parseFdinfo,
  'xpu-smi discovery': parseDiscovery,
  'xpu-smi dump': (text: string): unknown => {
    const reader = new DumpReader();
    return text.split('\n').map((line) => reader.read(line)).find((row) => row !== undefined);
  },
} as const;

const files = hasFixtures
  ? readdirSync(fixtures, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'SOURCES.md')
      .map((entry) => relative(fixtures, join(entry.parentPath, entry.name)))
  : [];

describe.skipIf(!hasFixtures)('what was captured', () => {
  it.each(files.filter((name) => name.startsWith('amd/')))('%s is read by the reader of its tool, and by no other', (name) => {
    const tool = name.split('/')[1];
    const readers = Object.entries(PARSERS).filter(([, parse]) => parse(fixture(name)) !== undefined);
    expect(readers.map(([id]) => id)).toEqual([tool]);
  });

  it.each(files.filter((name) => !name.startsWith('amd/')))('%s, of a maker of whom we know nothing here, is taken for nothing', (name) => {
    expect(Object.entries(PARSERS).filter(([, parse]) => parse(fixture(name)) !== undefined)).toEqual([]);
  });
});
