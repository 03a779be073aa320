import { describe, expect, it } from 'vitest';
import { absent, isAbsent } from '../../../../../src/base/absent.ts';
import { parseAmdSmi } from '../../../../../src/monitor/gpu/amd/amdSmi.ts';
import { parseAmdSmiProcesses } from '../../../../../src/monitor/gpu/amd/amdSmiProcesses.ts';
import { parseCsvLine } from '../../../../../src/monitor/gpu/amd/csv.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';
import { fixture, hasFixtures } from '../fixtures.ts';

const MIB = 2 ** 20;
const NOT_TOLD = absent('not told');
const metric = syntheticText('synthetic-amd-smi-metric-rocm6.json');

describe.skipIf(!hasFixtures)('amd-smi, as it was captured', () => {
  it('reads the CSV of eight MI300X, lists in quotes and all', () => {
    const cards = parseAmdSmi(fixture('amd/amd-smi/virtualclient-metric-8xMI300X.csv')) ?? [];
    expect(cards.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(cards[0]).toMatchObject({
      utilization: 0,
      memoryUtilization: 0,
      decoderUtilization: 0,
      memoryUsed: 283 * MIB,
      memoryTotal: 196592 * MIB,
      power: 133,
      temperature: 36,
      memoryTemperature: 30,
      // The fastest of eight dies.
      clock: 133,
      clockMax: 2100,
      memoryClock: 900,
      clockLimits: [],
      pcieWidth: 16,
      pcieGeneration: absent('N/A'),
      uncorrectedErrors: 0,
      fan: absent('N/A'),
      powerLimit: NOT_TOLD,
      name: NOT_TOLD,
    });
  });

  it('reads what it prints for people', () => {
    const cards = parseAmdSmi(fixture('amd/amd-smi/virtualclient-metric-mi300x-human.txt')) ?? [];
    expect(cards).toHaveLength(8);
    expect(cards[0]).toMatchObject({
      utilization: 0,
      decoderUtilization: 0,
      memoryUsed: 282 * MIB,
      memoryTotal: 196048 * MIB,
      power: 137,
      temperature: 38,
      memoryTemperature: 31,
      clock: 245,
      clockMax: 2100,
      memoryClock: 900,
      pcieWidth: 16,
      pcieGeneration: 5,
    });
  });

  it.each(['virtualclient-metric.csv', 'virtualclient-metric-legacy-bom.csv'])('reads the older columns of %s', (name) => {
    expect(parseAmdSmi(fixture(`amd/amd-smi/${name}`))).toEqual([
      expect.objectContaining({ index: 0, utilization: 98, memoryUtilization: 1, decoderUtilization: 0, memoryUsed: 363 * MIB, memoryTotal: 14928 * MIB, clock: absent('N/A'), power: NOT_TOLD }),
    ]);
  });

  it('reads power alone', () => {
    const cards = parseAmdSmi(fixture('amd/amd-smi/virtualclient-powerMetrics.csv')) ?? [];
    expect(cards.map(({ power }) => power)).toEqual([136, 135, 137, 133, 138, 137, 135, 137]);
    expect(cards[0]).toMatchObject({ clockLimits: [], utilization: NOT_TOLD, memoryUsed: NOT_TOLD });
  });

  it.each(['virtualclient-xgmi-8xMI300X.json', 'virtualclient-xgmi-utf16le.json'])('reads the addresses of %s, and nothing that it does not tell', (name) => {
    const cards = parseAmdSmi(fixture(`amd/amd-smi/${name}`)) ?? [];
    expect(cards.map(({ busId }) => busId)).toEqual(['0c', '22', '38', '5c', '9f', 'af', 'bf', 'df'].map((bus) => `0000:${bus}:00.0`));
    expect(cards.every(({ utilization, memoryUsed, power, temperature }) => [utilization, memoryUsed, power, temperature].every(isAbsent))).toBe(true);
  });
});

const METRIC_0 = {
  index: 0,
  utilization: 93,
  memoryUtilization: 41,
  decoderUtilization: 12,
  memoryUsed: 150283 * MIB,
  memoryTotal: 196592 * MIB,
  power: 702,
  temperature: 78,
  memoryTemperature: 61,
  clock: 1853,
  clockMax: 2100,
  memoryClock: 1300,
  clockLimits: [],
  pcieGeneration: 5,
  pcieWidth: 16,
  uncorrectedErrors: 1,
};

describe('amd-smi', () => {
  it.each([
    ['an array, to ROCm 6.4', metric],
    ['an object with gpu_data, since ROCm 7', `{"gpu_data": ${metric}}`],
    ['a banner before it', `CTRL+C to stop\n${metric}`],
    ['one object of --gpu', JSON.stringify((JSON.parse(metric) as unknown[])[0])],
    ['arrays that --watch repeats', `${metric.replaceAll('93', '12')}\n${metric}`],
    ['no line breaks', JSON.stringify(JSON.parse(metric))],
    ['lines that end as Windows ends them', metric.replaceAll('\n', '\r\n')],
  ])('reads JSON: %s', (_what, text) => {
    expect(parseAmdSmi(text)?.[0]).toMatchObject(METRIC_0);
  });

  it('has a reason for each value that is not there', () => {
    expect(parseAmdSmi(metric)?.[1]).toMatchObject({
      index: 1,
      utilization: absent('N/A'),
      decoderUtilization: absent('N/A'),
      memoryUsed: absent('N/A'),
      power: absent('N/A'),
      temperature: absent('N/A'),
      clock: absent('N/A'),
      pcieGeneration: absent('N/A'),
      // It does not say by what.
      clockLimits: absent('THROTTLED'),
      uncorrectedErrors: NOT_TOLD,
    });
  });

  it('reads what does not change', () => {
    expect(parseAmdSmi(syntheticText('synthetic-amd-smi-static.json'))).toEqual([
      expect.objectContaining({ name: 'Simulated AMD Instinct', uniqueId: '5d1a2b3c4e5f6071', busId: '0000:0c:00.0', powerLimit: 750, slowdownTemperature: 100, driverVersion: '6.10.5' }),
      expect.objectContaining({ name: 'Simulated AMD Instinct', uniqueId: absent('N/A'), busId: '0000:22:00.0', powerLimit: absent('N/A') }),
    ]);
  });

  it('tells what slows it down where a release says so', () => {
    const text = '[{"gpu": 0, "throttle": {"ppt_violation_status": "ACTIVE", "hbm_thermal_violation_status": "NOT ACTIVE", "prochot_violation_status": "ACTIVE"}}]';
    expect(parseAmdSmi(text)?.[0]?.clockLimits).toEqual(['hardwareThermal', 'powerCap']);
  });

  it('reads processes, and that there are none', () => {
    const text = syntheticText('synthetic-amd-smi-process.json');
    expect(parseAmdSmiProcesses(text)).toEqual([{ gpu: 0, pid: 4711, name: 'python3', memoryUsed: 157286400 }]);
    expect(parseAmdSmiProcesses(`{"gpu_data": ${text}}`)).toHaveLength(1);
    expect(parseAmdSmiProcesses('[{"gpu": 0, "process_list": [{"process_info": "N/A"}]}]')).toEqual([]);
    expect(parseAmdSmiProcesses('[{"gpu": 0, "process_list": [{"process_info": {"pid": 1, "name": "N/A", "mem_usage": {"value": 2, "unit": "MB"}}}]}]')).toEqual([
      { gpu: 0, pid: 1, name: absent('N/A'), memoryUsed: 2 * MIB },
    ]);
    expect(parseAmdSmiProcesses('ERROR')).toBeUndefined();
  });

  it('reads cells in quotes, and lists that older releases did not quote', () => {
    expect(parseCsvLine('0,"[1, 2]",[3, 4],"a ""b""",')).toEqual(['0', '[1, 2]', '[3, 4]', 'a "b"', '']);
  });
});
