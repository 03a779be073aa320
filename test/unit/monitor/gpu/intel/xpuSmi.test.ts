import { describe, expect, it } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { DumpReader, dumpArgs, parseDiscovery } from '../../../../../src/monitor/gpu/intel/xpuSmi.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';

const dump = syntheticText('synthetic-xpu-smi-dump.csv');

describe('xpu-smi dump', () => {
  it('reads rows by the names of their columns', () => {
    const reader = new DumpReader();
    expect(dump.split('\n').map((line) => reader.read(line))).toEqual([
      undefined,
      { device: 0, utilization: 87.25, power: 118.61, clock: 2050, temperature: 61, memoryTemperature: absent('N/A'), memoryUsed: 9216.5 * 2 ** 20 },
      { device: 1, utilization: absent('N/A'), power: 38.2, clock: 0, temperature: absent('N/A'), memoryTemperature: absent('N/A'), memoryUsed: 29.21 * 2 ** 20 },
      undefined,
    ]);
  });

  it('reads columns in another order, with one more, and says of one that is not there that it is not told', () => {
    const reader = new DumpReader();
    reader.read('Timestamp, DeviceId, GPU Power (W), Something New, GPU Utilization (%)');
    expect(reader.read('06:14:46.000, 3, 50.00, 7, 12.00')).toMatchObject({ device: 3, power: 50, utilization: 12, memoryUsed: absent('not told') });
  });

  it('takes the columns that were asked for where no head was seen', () => {
    expect(new DumpReader().read(dump.split('\n')[1]!)).toMatchObject({ device: 0, power: 118.61 });
    expect(dumpArgs(2)).toEqual(['dump', '-d', '-1', '-m', '0,1,2,3,4,18', '-i', '2']);
  });

  it.each(['', 'Level Zero Initialization Error', '06:14:46.000, 0, 1', '06:14:46.000, x, 1, 2, 3, 4, 5, 6'])('passes over %j', (line) => {
    expect(new DumpReader().read(line)).toBeUndefined();
  });
});

describe('xpu-smi discovery', () => {
  it('joins the list with what is told of one device', () => {
    const text = `${syntheticText('synthetic-xpu-smi-discovery.json')}\n${syntheticText('synthetic-xpu-smi-device-1.json')}`;
    expect(parseDiscovery(text)).toMatchObject([
      { device: 0, busId: '0000:4d:00.0', memoryTotal: absent('not told') },
      { device: 1, busId: '0000:9a:00.0', memoryTotal: 15031336960, driverVersion: '24.9.1', name: 'Simulated Intel Data Center GPU' },
    ]);
    expect(parseDiscovery('{"error": "No device discovered"}')).toBeUndefined();
  });
});
