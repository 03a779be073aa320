import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { absent, type Measured } from '../../../../../src/base/absent.ts';
import type { GpuSample } from '../../../../../src/monitor/gpuSample.ts';
import { assembleSample, type Surplus } from '../../../../../src/monitor/gpu/nvidia/assemble.ts';
import { columnsOfHeader } from '../../../../../src/monitor/gpu/nvidia/fields.ts';
import { GpuRowReader, type GpuLine } from '../../../../../src/monitor/gpu/nvidia/gpuRows.ts';
import type { KernelFiles } from '../../../../../src/monitor/kernelFiles.ts';

/** Real output that is not ours to give away: tests over it are skipped where the folder is absent. */
export const captures = resolve(process.env.TRAINYARD_FIXTURES ?? '../shared/fixtures', 'gpu/nvidia');
export const hasCaptures = existsSync(captures);

export function capture(name: string): string {
  return readFileSync(join(captures, name), 'utf8');
}

/** Every file, by its path within the captures. */
export function captureNames(): readonly string[] {
  return readdirSync(captures, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(captures, name)).isFile())
    .map((name) => relative(captures, join(captures, name)))
    .sort();
}

export const NO_SURPLUS: Surplus = { report: undefined, listed: [], hostMemory: () => absent('not asked'), held: () => absent('not asked') };

/** The GPUs of a table that begins with a line of names. */
export function samplesOfTable(text: string, surplus: Surplus = NO_SURPLUS): readonly GpuSample[] {
  const [header = '', ...lines] = text.split('\n');
  const reader = new GpuRowReader(columnsOfHeader(header));
  return lines.map((line) => reader.read(line)).flatMap((row: GpuLine) => (typeof row === 'string' ? [] : [assembleSample(row, reader, surplus, undefined)]));
}

/** A machine whose `/proc` and `/sys` hold these files alone. */
export function filesOf(texts: Readonly<Record<string, string>>): KernelFiles {
  const gone: Measured<never> = absent('not there');
  return {
    text: (path) => texts[path] ?? gone,
    list(path) {
      const names = Object.keys(texts).flatMap((file) => (file.startsWith(`${path}/`) ? [file.slice(path.length + 1).split('/')[0] ?? ''] : []));
      return names.length > 0 ? [...new Set(names)] : gone;
    },
    link: (path) => texts[path] ?? gone,
  };
}

/** The files of one NVIDIA card. */
export function cardFiles(busId: string, power: { readonly control?: string; readonly status?: string } = {}): Readonly<Record<string, string>> {
  const folder = `/sys/bus/pci/devices/${busId}`;
  return {
    [`${folder}/vendor`]: '0x10de\n',
    [`${folder}/class`]: '0x030200\n',
    [`${folder}/power/control`]: `${power.control ?? 'on'}\n`,
    [`${folder}/power/runtime_status`]: `${power.status ?? 'active'}\n`,
  };
}

/** Every number anywhere in a value. */
export function numbersIn(value: unknown): readonly number[] {
  return typeof value === 'number' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
