import { afterEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { jetson } from '../../../../../src/monitor/gpu/jetson/jetson.ts';
import { parseTegrastats } from '../../../../../src/monitor/gpu/jetson/tegrastats.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';
import { kernelTree } from '../kernelTree.ts';
import { startVendor, testMachine } from '../machine.ts';

afterEach(() => {
  vi.useRealTimers();
});

const MIB = 2 ** 20;
const LINES = syntheticText('synthetic-tegrastats.txt').trim().split('\n');

/** In the form of the Jetson Linux Developer Guide of each release. */
const CASES: readonly (readonly [string, string, object])[] = [
  [
    'Orin',
    LINES[0]!,
    { utilization: 45, clock: 611, memoryUsed: 6448 * MIB, memoryTotal: 15823 * MIB, memoryUtilization: 18, memoryClock: 2133, temperature: 36.75, power: 2.396, encoderUtilization: absent('off'), decoderUtilization: absent('on, at 716 MHz') },
  ],
  [
    'Xavier, with two clocks and rails without a unit',
    'RAM 2500/7771MB (lfb 500x4MB) SWAP 0/3885MB (cached 0MB) CPU [5%@1190,off] EMC_FREQ 0%@1600 GR3D_FREQ 7%@[305,305] GPU@33C thermal@34.5C VDD_GPU_SOC 460/460',
    { utilization: 7, clock: 305, temperature: 33, power: 0.46, memoryUtilization: 0 },
  ],
  ['Nano', 'RAM 2000/3964MB (lfb 1x4MB) CPU [10%@102,2%@102] EMC_FREQ 0% GR3D_FREQ 99%@921 PLL@30C GPU@31.5C POM_5V_IN 2100/2100 POM_5V_GPU 40/40', { utilization: 99, clock: 921, power: 0.04, memoryClock: absent('not told') }],
  ['Orin Nano, whose rail feeds the processor too', 'RAM 1/7620MB CPU [1%@1] GR3D_FREQ 0% gpu@45.5C VDD_IN 4816mW/4816mW VDD_CPU_GPU_CV 520mW/520mW', { utilization: 0, clock: absent('not told'), temperature: 45.5, power: absent('measured together with the processor') }],
  ['a sensor that is off', 'RAM 1/7620MB GR3D_FREQ 0%@[0] GPU@-256C', { temperature: absent('cannot be: -256C'), power: absent('not told'), clock: 0 }],
];

describe('tegrastats', () => {
  it.each(CASES)('reads %s', (_board, line, expected) => {
    expect(parseTegrastats(line)).toMatchObject(expected);
  });

  it.each(['', 'tegrastats: command not found', 'RAM 1/2MB'])('passes over %j', (line) => {
    expect(parseTegrastats(line)).toBeUndefined();
  });
});

describe('Jetson', () => {
  const board = { '/proc/device-tree/compatible': 'nvidia,p3737-0000+p3701-0005\0nvidia,tegra234\0', '/proc/device-tree/model': 'NVIDIA Jetson AGX Orin Developer Kit\0', '/sys/class/devfreq/17000000.gpu/max_freq': '1300500000\n' };

  it('is known by its device tree', () => {
    expect(jetson.isPresent(kernelTree(board).files)).toBe(true);
    expect(jetson.isPresent(kernelTree({ '/proc/device-tree/compatible': 'raspberrypi,5-model-b\0' }).files)).toBe(false);
  });

  it('keeps tegrastats running, at the interval asked for, and tells of each line', () => {
    const machine = testMachine(kernelTree(board).files);
    const { source, readings, last } = startVendor(jetson, machine, 2000);
    expect(machine.opened[0]?.plan.args).toEqual(['--interval', '2000']);
    machine.opened[0]?.say(LINES.join('\n'));
    expect(readings).toHaveLength(2);
    expect(last()).toMatchObject({ state: { kind: 'answering' }, gpus: [{ name: 'NVIDIA Jetson AGX Orin Developer Kit', unifiedMemory: true, utilization: 99, clockMax: 1300.5, power: 6.396, fan: absent('not told by tegrastats') }] });
    source.setInterval(500);
    expect(machine.opened.map(({ plan, isClosed }) => [plan.args[1], isClosed])).toEqual([['2000', true], ['500', false]]);
    source.dispose();
    expect(machine.opened[1]?.isClosed).toBe(true);
  });

  it('says that it is silent, and that it is not there', () => {
    const machine = testMachine(kernelTree(board).files);
    const { last } = startVendor(jetson, machine);
    machine.opened[0]?.say(LINES[0]!);
    machine.opened[0]?.listener.onSilent();
    expect(last()).toMatchObject({ state: { kind: 'silent', since: 1_700_000_000_000 }, gpus: [{ utilization: absent('tegrastats does not answer') }] });
    machine.opened[0]?.listener.onEnd({ error: new ToolError('notFound', 'tegrastats', 'x'), said: '', retryIn: 1 });
    expect(last()).toMatchObject({ state: { kind: 'failed', problem: { reason: 'toolMissing' } } });
  });
});
