import { describe, expect, it } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { parseDeviceList } from '../../../../../src/monitor/gpu/nvidia/deviceList.ts';
import { chooseColumns, columnsOfHeader, parseFieldHelp } from '../../../../../src/monitor/gpu/nvidia/fields.ts';
import { GpuRowReader } from '../../../../../src/monitor/gpu/nvidia/gpuRows.ts';
import { ProcessLoadReader } from '../../../../../src/monitor/gpu/nvidia/processLoad.ts';
import { parseProcessRow } from '../../../../../src/monitor/gpu/nvidia/processRows.ts';
import { parseReport } from '../../../../../src/monitor/gpu/nvidia/report.ts';
import { capture, captureNames, hasCaptures, samplesOfTable } from './support.ts';

const MIB = 2 ** 20;
const H100 = 'captures-split/linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01';
const MIG = 'captures-split/linux-x86_64__nvidia-h100-mig__590.48.01';
const RTX4080 = 'captures-split/linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05';
const RTX2080 = 'captures-split/linux-x86_64__nvidia-geforce-rtx-2080-super__610.57.04';

const UNSUPPORTED = absent('not reported by this GPU');
const NO_COLUMN = absent('not told by this driver');
const DIVIDED = absent('a GPU divided by MIG reports none; its power tells how busy it is');
const ZERO_UUID = 'GPU-00000000-0000-0000-0000-000000000000';

/** What stands in the tables of `--query-gpu`. */
const TABLES: Readonly<Record<string, readonly object[]>> = {
  [`${H100}/idle.query-gpu.csv`]: [
    {
      index: 0, uuid: ZERO_UUID, name: 'NVIDIA H100 80GB HBM3', state: 'ok', busId: '0000:00:09.0', driverVersion: '590.48.01',
      utilization: 0, memoryUtilization: 0, encoderUtilization: 0, decoderUtilization: 0, memoryUsed: 0, memoryTotal: 81559 * MIB, unifiedMemory: false,
      power: 69.85, powerLimit: 700, temperature: 41, memoryTemperature: 48, fan: UNSUPPORTED, clock: 345, clockMax: 1980, memoryClock: 2619,
      clockLimits: ['idle'], performanceState: 'P0', pcieGeneration: 5, pcieWidth: 16, uncorrectedErrors: 0, recoveryAction: 'None', slices: [],
    },
  ],
  [`${H100}/load.query-gpu.csv`]: [{ utilization: 100, memoryUtilization: 11, memoryUsed: 19818 * MIB, power: 631.95, temperature: 59, clock: 1980, clockLimits: [], uncorrectedErrors: 0 }],
  [`${MIG}/idle.query-gpu.csv`]: [{ utilization: DIVIDED, memoryUtilization: DIVIDED, encoderUtilization: DIVIDED, decoderUtilization: DIVIDED, memoryUsed: 59 * MIB, power: 71.15, clockLimits: ['idle'] }],
  [`${MIG}/load.query-gpu.csv`]: [{ utilization: DIVIDED, memoryUsed: 11125 * MIB, memoryTotal: 81559 * MIB, power: 433.78, powerLimit: 700, temperature: 53, clockLimits: [], unifiedMemory: false }],
  [`${RTX4080}/idle.query-gpu.csv`]: [{ utilization: 0, memoryUtilization: 23, memoryUsed: 596 * MIB, power: 26.2, temperature: 43, memoryTemperature: UNSUPPORTED, fan: 0, clockLimits: ['idle'], performanceState: 'P8', uncorrectedErrors: UNSUPPORTED }],
  [`${RTX4080}/load.query-gpu.csv`]: [{ utilization: 7, encoderUtilization: 72, decoderUtilization: 0, memoryUsed: 1474 * MIB, power: 84.24, pcieGeneration: 4, clock: 2805, clockMax: 3165, uncorrectedErrors: UNSUPPORTED }],
  [`${RTX2080}/idle.query-gpu.csv`]: [{ driverVersion: '610.57.04', busId: '0000:0c:00.0', utilization: 0, memoryTotal: 8192 * MIB, memoryUsed: 211 * MIB, power: 39.17, fan: 38, pcieGeneration: 1, recoveryAction: 'None' }],
  [`${RTX2080}/load.query-gpu.csv`]: [{ utilization: 8, encoderUtilization: 100, decoderUtilization: 0, power: 98.14, temperature: 38, clock: 2070, memoryClock: 7500, performanceState: 'P2' }],
  'csv/exporter-query.txt': [
    { index: 0, uuid: 'GPU-df6e7a7c-7314-46f8-abc4-b88b36dcf3aa', name: 'NVIDIA GeForce RTX 2080 SUPER', driverVersion: '466.63', busId: '0000:01:00.0', fan: 38, memoryUsed: 575 * MIB, memoryTotal: NO_COLUMN, utilization: NO_COLUMN, power: NO_COLUMN, clockLimits: NO_COLUMN },
    { index: 1, uuid: 'GPU-04757e3e-3077-4e2e-b988-7e2d647b52e9', name: 'Some Other GPU', fan: 50, memoryUsed: 1234 * MIB, temperature: NO_COLUMN },
  ],
};

/** Tables without a UUID: no rows of ours, but their cells are as good. */
const CELLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'csv/virtualclient-query-gpu-1xH100.csv': { index: '0', utilization: '1', memoryTemperature: '35', memoryUsed: '3', instantPower: '70.68' },
  'csv/virtualclient-query-gpu-1xT4-NA.csv': { index: '0', temperature: '26', memoryTemperature: 'N/A', memoryUsed: '100', utilization: '2' },
  'csv/virtualclient-query-gpu-1xT4.csv': { utilization: '0', memoryUsed: '159', performanceState: 'P8' },
};

/** pid, name and MiB of `--query-compute-apps`. */
const PROCESSES: Readonly<Record<string, readonly (readonly [number, string, number])[]>> = {
  [`${H100}/idle.compute-apps.csv`]: [],
  [`${H100}/load.compute-apps.csv`]: [[11327, '/root/tools/memhog', 2566], [11328, '/root/tools/memhog', 1542], [11345, './gpu_burn', 15690]],
  [`${MIG}/idle.compute-apps.csv`]: [],
  [`${MIG}/load.compute-apps.csv`]: [[21180, '/root/tools/memhog', 2296], [21181, '/root/tools/memhog', 1272], [21198, './gpu_burn', 7484]],
  [`${RTX4080}/idle.compute-apps.csv`]: [[2165, '/usr/bin/kwin_wayland', 25]],
  [`${RTX4080}/load.compute-apps.csv`]: [[2165, '/usr/bin/kwin_wayland', 25], [5022, 'ffmpeg', 503], [5021, 'ffmpeg', 360]],
  [`${RTX2080}/idle.compute-apps.csv`]: [],
  [`${RTX2080}/load.compute-apps.csv`]: [[28512, 'ffmpeg', 370], [28511, 'ffmpeg', 230]],
};

const REPORTS: Readonly<Record<string, object>> = {
  'xml/telegraf-a100-sxm4-v12.xml': {
    uuid: 'GPU-513536b6-7d19-9063-b049-1e69664bb298', busId: '00000000:01:00.0', slowdownTemperature: 89, recoveryAction: 'None',
    slices: [3, 4, 5, 6].map((gpuInstance, index) => ({ index, gpuInstance, computeInstance: 0, multiprocessors: 14, memoryUsed: 12 * MIB, memoryTotal: 19968 * MIB })),
    processes: [],
  },
  'xml/telegraf-gtx-1070-ti.xml': { uuid: 'GPU-f9ba66fc-a7f5-94c5-da19-019ef2f9c665', slowdownTemperature: NO_COLUMN, recoveryAction: NO_COLUMN, slices: [], processes: [] },
  'xml/telegraf-rtx-3060-v12.xml': { slices: [], processes: [] },
  'xml/telegraf-rtx-3080-v12.xml': { uuid: 'GPU-19d6d965-2acc-f646-00f8-4c76979aabb4', slowdownTemperature: 95, recoveryAction: 'None', slices: [] },
  'xml/telegraf-quadro-p2000-v12.xml': { slices: [] },
  'xml/telegraf-rtx-4000-sff-ada-v13.xml': {
    recoveryAction: 'None', slices: [],
    processes: [
      { pid: 1842, kind: 'graphics', name: 'cosmic-comp', memoryUsed: 410 * MIB },
      { pid: 3190, kind: 'graphics', name: '/usr/bin/code', memoryUsed: 451 * MIB },
      { pid: 4937, kind: 'compute', name: 'python', memoryUsed: 160 * MIB },
      { pid: 34626, kind: 'both', name: '/usr/lib/chromium/chromium', memoryUsed: 183 * MIB },
    ],
  },
};

const LISTS: Readonly<Record<string, readonly string[]>> = {
  [`${H100}/L.txt`]: [],
  [`${MIG}/L.txt`]: ['0 3g.40gb MIG-00000000-0000-0000-0000-000000000000', '1 2g.20gb MIG-00000001-0000-0000-0000-000000000001', '2 1g.10gb MIG-00000002-0000-0000-0000-000000000002', '3 1g.10gb MIG-00000003-0000-0000-0000-000000000003'],
  [`${RTX4080}/L.txt`]: [],
  [`${RTX2080}/L.txt`]: [],
};

/** How many lines tell of a process, and what the first known utilizations are. */
const LOADS: Readonly<Record<string, readonly [number, readonly number[]]>> = {
  [`${H100}/load.pmon.txt`]: [15, [99, 99, 99]],
  [`${MIG}/load.pmon.txt`]: [15, []],
  [`${RTX4080}/load.pmon.txt`]: [35, [0, 5, 1]],
  [`${RTX2080}/load.pmon.txt`]: [20, [3, 3, 3]],
};

/** Written for people, and of no use here: no reader takes a line of them for its own. */
const FOREIGN = /(?:\.q|\.dmon|\.table|nvlink-s|topo-m|sonar-nvidia-smi-q-4x-rtx2080ti-545|query-nvlink|query-c2c)(?:\.txt)?$/;

describe.skipIf(!hasCaptures)('what nvidia-smi printed on real machines', () => {
  it.each(Object.entries(TABLES))('gives the GPUs of %s', (name, expected) => {
    const samples = samplesOfTable(capture(name));
    expect(samples).toHaveLength(expected.length);
    expect(samples).toMatchObject(expected);
  });

  it.each(Object.entries(CELLS))('finds the columns of %s, and no row, as there is no UUID', (name, expected) => {
    const [header = '', line = ''] = capture(name).split('\n');
    const columns = columnsOfHeader(header);
    expect(new GpuRowReader(columns).read(line)).toBe('foreign');
    const cells = line.split(', ');
    expect(Object.fromEntries(columns.flatMap((column, place) => (column === undefined ? [] : [[column.field, cells[place]]])))).toMatchObject(expected);
  });

  it.each(Object.entries(PROCESSES))('gives the processes of %s', (name, expected) => {
    const rows = capture(name).split('\n').map((line) => parseProcessRow(line.split(', ').slice(4).join(', ')));
    expect(rows.flatMap((row) => (row === undefined ? [] : [[row.pid, row.name, row.memoryUsed]]))).toEqual(expected.map(([pid, process, mib]) => [pid, process, mib * MIB]));
  });

  it.each(Object.entries(REPORTS))('gives the report of %s', (name, expected) => {
    const reports = parseReport(capture(name));
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject(expected);
  });

  it.each(Object.entries(LISTS))('gives the slices of %s', (name, expected) => {
    expect(parseDeviceList(capture(name)).map(({ index, profile, uuid }) => `${index} ${profile} ${uuid}`)).toEqual(expected);
  });

  it.each(Object.entries(LOADS))('gives what processes take by %s', (name, [count, first]) => {
    const reader = new ProcessLoadReader();
    const loads = capture(name).split('\n').flatMap((line) => reader.read(line) ?? []);
    expect(loads).toHaveLength(count);
    expect(loads.flatMap(({ utilization }) => (typeof utilization === 'number' ? [utilization] : [])).slice(0, 3)).toEqual(first);
  });

  it('knows the fields of a driver by its help, and asks for the newest name of each', () => {
    const known = parseFieldHelp(capture('text/exporter-help-query-gpu-fields.txt'));
    expect(known?.size).toBe(135);
    const names = chooseColumns(known)?.map(({ name }) => name);
    expect(names).toContain('clocks_throttle_reasons.active');
    expect(names).not.toContain('utilization.encoder');
    expect(names).toContain('temperature.memory');
  });

  it('takes nothing that is written for people for a row of its own', () => {
    const names = captureNames().filter((name) => FOREIGN.test(name));
    expect(names.length).toBeGreaterThan(18);
    const columns = chooseColumns(undefined) ?? [];
    for (const name of names) {
      const text = capture(name);
      const reader = new GpuRowReader(columns);
      expect(text.split('\n').filter((line) => typeof reader.read(line) !== 'string' || parseProcessRow(line) !== undefined)).toEqual([]);
      expect(parseReport(text)).toEqual([]);
      expect(parseFieldHelp(text)).toBeUndefined();
    }
  });

  it('has a line in one of these tables for every capture', () => {
    const known = [TABLES, CELLS, PROCESSES, REPORTS, LISTS, LOADS].flatMap((table) => Object.keys(table));
    expect(captureNames().filter((name) => !known.includes(name) && !FOREIGN.test(name))).toEqual(['text/exporter-help-query-gpu-fields.txt']);
  });
});
