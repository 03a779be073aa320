import { afterEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { ascend } from '../../../../../src/monitor/gpu/ascend/ascend.ts';
import { parseNpuSmi } from '../../../../../src/monitor/gpu/ascend/npuSmi.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';
import { kernelTree } from '../kernelTree.ts';
import { startVendor, testMachine } from '../machine.ts';

afterEach(() => {
  vi.useRealTimers();
});

const MIB = 2 ** 20;
const TRAINING = syntheticText('synthetic-npu-smi-910b.txt');
const INFERENCE = syntheticText('synthetic-npu-smi-310p-container.txt');

describe('npu-smi info', () => {
  it('reads two lines for each chip, and who holds it', () => {
    expect(parseNpuSmi(TRAINING)).toEqual({
      version: '24.1.0',
      chips: [
        { npu: 0, chip: 0, name: '910B3', health: 'OK', busId: '0000:c1:00.0', power: 290.5, temperature: 51, utilization: 88, memoryUsed: 59356 * MIB, memoryTotal: 65536 * MIB },
        { npu: 3, chip: 0, name: '910B3', health: 'Alarm', busId: '0000:01:00.0', power: 94.1, temperature: 38, utilization: 0, memoryUsed: 3402 * MIB, memoryTotal: 65536 * MIB },
      ],
      processes: [{ npu: 0, chip: 0, pid: 4711, name: 'python3', memoryUsed: 56012 * MIB }],
    });
  });

  it('reads a card of two chips without the first line, and a column for numbers in a container', () => {
    expect(parseNpuSmi(INFERENCE)).toMatchObject({
      version: absent('not told'),
      chips: [
        { npu: 2, chip: 0, power: absent('NA'), temperature: 45, utilization: 12, memoryUsed: 2621 * MIB, memoryTotal: 44280 * MIB },
        { npu: 2, chip: 1, temperature: 44, utilization: 0, memoryUsed: 1420 * MIB },
      ],
      processes: [{ npu: 2, chip: 1, pid: 90210, name: 'server', memoryUsed: 1020 * MIB }],
    });
  });

  it('does not take memory that is not there for memory of which nothing is used', () => {
    const [chip] = parseNpuSmi(TRAINING.replace('59356/ 65536', '0    / 0    '))?.chips ?? [];
    expect(chip).toMatchObject({ memoryUsed: absent('not told'), memoryTotal: absent('not told') });
  });

  it('finds no chip where there is none', () => {
    expect(parseNpuSmi('DrvMngGetConsoleLogLevel failed. (g_conLogLevel=3)\ndcmi module initialize failed. ret is -8005\n')).toBeUndefined();
  });
});

describe('Ascend', () => {
  const card = { '/sys/bus/pci/devices/0000:c1:00.0/vendor': '0x19e5\n', '/sys/bus/pci/devices/0000:c1:00.0/class': '0x120000\n' };

  it('is known by an accelerator of its maker, who makes screens and disks too', () => {
    expect(ascend.isPresent(kernelTree(card).files)).toBe(true);
    expect(ascend.isPresent(kernelTree({ ...card, '/sys/bus/pci/devices/0000:c1:00.0/class': '0x030000\n' }).files)).toBe(false);
  });

  it('asks every five seconds, and tells when it was answered', async () => {
    const machine = testMachine(kernelTree(card).files, { 'npu-smi info': TRAINING });
    const { readings, last, pass } = startVendor(ascend, machine);
    await pass(20_500);
    expect(machine.asked).toHaveLength(5);
    expect(readings.filter(({ state }) => state.kind === 'answering')).toHaveLength(5);
    expect(last().gpus).toMatchObject([
      { index: 0, uuid: 'ASCEND-0000:c1:00.0', name: 'Ascend 910B3', utilization: 88, driverVersion: '24.1.0', fan: absent('not told by npu-smi') },
      { index: 1, stateText: 'Alarm' },
    ]);
    expect(last().gpus[0]).not.toHaveProperty('stateText');
    expect(last().uses).toMatchObject([{ gpuUuid: 'ASCEND-0000:c1:00.0', pid: 4711, memoryUsed: 56012 * MIB }]);
  });

  it('asks ever less often while it fails, and says why', async () => {
    const machine = testMachine(kernelTree(card).files, { 'npu-smi': new ToolError('exit', 'npu-smi', 'ended', { stderrTail: 'dcmi module initialize failed. ret is -8005' }) });
    const { last, pass } = startVendor(ascend, machine);
    await pass(160_000);
    expect(machine.asked.length).toBeLessThanOrEqual(6);
    expect(last()).toMatchObject({ state: { kind: 'failed', problem: { reason: 'noPermission' } }, gpus: [] });
  });
});
