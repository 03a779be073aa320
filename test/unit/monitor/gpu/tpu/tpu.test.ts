import { afterEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { tpu } from '../../../../../src/monitor/gpu/tpu/tpu.ts';
import { parseTpuInfo } from '../../../../../src/monitor/gpu/tpu/tpuInfo.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';
import { kernelTree } from '../kernelTree.ts';
import { startVendor, testMachine } from '../machine.ts';

afterEach(() => {
  vi.useRealTimers();
});

const GIB = 2 ** 30;
const V6E = syntheticText('synthetic-tpu-info-v6e.txt');
const IDLE = syntheticText('synthetic-tpu-info-idle.txt');

function bus(...devices: readonly (readonly [busId: string, device: string, classCode: string])[]): Record<string, string> {
  return Object.fromEntries(
    devices.flatMap(([busId, device, classCode]) => [
      [`/sys/bus/pci/devices/${busId}/vendor`, '0x1ae0\n'],
      [`/sys/bus/pci/devices/${busId}/device`, `${device}\n`],
      [`/sys/bus/pci/devices/${busId}/class`, `${classCode}\n`],
    ]),
  );
}

describe('tpu-info', () => {
  it('reads its tables', () => {
    expect(parseTpuInfo(V6E)).toEqual({
      chips: [
        { path: '/dev/vfio/0', type: 'TPU v6e chip', devices: 1, pid: 4711 },
        { path: '/dev/vfio/1', type: 'TPU v6e chip', devices: 1, pid: absent('None') },
      ],
      devices: [
        { id: 8, memoryUsed: 18.5 * GIB, memoryTotal: 31.25 * GIB, dutyCycle: 97.5 },
        { id: 12, memoryUsed: 0, memoryTotal: 31.25 * GIB, dutyCycle: 0 },
      ],
    });
  });

  it('reads that nothing uses a chip, where nothing is measured', () => {
    expect(parseTpuInfo(IDLE)).toEqual({ chips: [{ path: '/dev/accel0', type: 'TPU v3 chip', devices: 2, pid: absent('None') }], devices: [] });
    expect(parseTpuInfo('No TPU chips found.')).toBeUndefined();
  });
});

describe('TPU', () => {
  const two = bus(['0000:00:05.0', '0x006f', '0x120000'], ['0000:00:06.0', '0x006f', '0x120000']);

  it('is known by its chips: the network card of every machine at Google has the same maker', () => {
    expect(tpu.isPresent(kernelTree(two).files)).toBe(true);
    expect(tpu.isPresent(kernelTree(bus(['0000:00:04.0', '0x0042', '0x020000'])).files)).toBe(false);
    expect(tpu.isPresent(kernelTree(bus(['0000:00:05.0', '0x0063', '0x00ff00'])).files)).toBe(true);
  });

  it('tells of each chip, and who holds it, asking every ten seconds', async () => {
    const machine = testMachine(kernelTree(two).files, { 'tpu-info': V6E });
    const { last, pass } = startVendor(tpu, machine);
    await pass(20_900);
    expect(machine.asked).toHaveLength(3);
    expect(last().gpus).toMatchObject([
      { uuid: 'TPU-0000:00:05.0', name: 'TPU v6e', utilization: 97.5, memoryUsed: 18.5 * GIB, memoryTotal: 31.25 * GIB, power: absent('not told by tpu-info') },
      { uuid: 'TPU-0000:00:06.0', utilization: 0, memoryUsed: 0 },
    ]);
    expect(last().uses).toMatchObject([{ gpuUuid: 'TPU-0000:00:05.0', pid: 4711, memoryUsed: 18.5 * GIB }]);
  });

  it('adds up the two cores of a chip', async () => {
    const rows = '│ 0 │ 1.00 GiB / 16.00 GiB │ 10.00% │\n│ 1 │ 2.00 GiB / 16.00 GiB │ 30.00% │';
    const text = `${IDLE}\n┃ Device ┃ Memory usage ┃ Duty cycle ┃\n${rows}\n`;
    const { last, pass } = startVendor(tpu, testMachine(kernelTree(bus(['0000:00:05.0', '0x0027', '0x120000'])).files, { 'tpu-info': text }));
    await pass(1100);
    expect(last().gpus).toMatchObject([{ name: 'TPU v3', memoryUsed: 3 * GIB, memoryTotal: 32 * GIB, utilization: 30 }]);
  });

  it('is there without its tool and without a program, with the reason in place of values', async () => {
    const without = startVendor(tpu, testMachine(kernelTree(two).files));
    await without.pass(1100);
    expect(without.last()).toMatchObject({ state: { kind: 'answering' }, gpus: [{ name: 'TPU v6e', utilization: absent('tpu-info is not installed here, or not found.') }, {}] });
    const idle = startVendor(tpu, testMachine(kernelTree(two).files, { 'tpu-info': IDLE }));
    await idle.pass(1100);
    expect(idle.last().gpus[0]).toMatchObject({ utilization: absent('told only while a program uses it'), memoryUsed: absent('told only while a program uses it') });
  });
});
