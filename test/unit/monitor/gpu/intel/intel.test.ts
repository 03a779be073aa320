import { afterEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { intel } from '../../../../../src/monitor/gpu/intel/intel.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';
import { kernelTree, pciCard } from '../kernelTree.ts';
import { startVendor, testMachine } from '../machine.ts';

afterEach(() => {
  vi.useRealTimers();
});

const FLEX = { vendor: '0x8086', device: '0x56c0', driver: 'i915', busId: '0000:4d:00.0' };
const BATTLEMAGE = { vendor: '0x8086', device: '0xe20b', driver: 'xe', busId: '0000:03:00.0' };
const INTEGRATED = { vendor: '0x8086', device: '0xa780', driver: 'i915', busId: '0000:00:02.0' };
const dump = syntheticText('synthetic-xpu-smi-dump.csv');
const discovery = {
  'xpu-smi discovery -j': syntheticText('synthetic-xpu-smi-discovery.json'),
  'xpu-smi discovery -d 0 -j': syntheticText('synthetic-xpu-smi-device-0.json'),
  'xpu-smi discovery -d 1 -j': syntheticText('synthetic-xpu-smi-device-1.json'),
};

describe('Intel by the files of the kernel', () => {
  it('reads xe: clocks, power from its counter of energy, and what slows it down', async () => {
    const gt = 'tile0/gt0/freq0';
    const tree = kernelTree(
      pciCard('card0', BATTLEMAGE, {
        [`${gt}/act_freq`]: '2300\n',
        [`${gt}/rp0_freq`]: '2850\n',
        [`${gt}/throttle/status`]: '1\n',
        [`${gt}/throttle/reason_pl1`]: '1\n',
        [`${gt}/throttle/reason_thermal`]: '0\n',
        [`${gt}/throttle/reason_prochot`]: '1\n',
        'hwmon/hwmon2/energy1_input': '1000000000\n',
        'hwmon/hwmon2/power1_max': '190000000\n',
        'hwmon/hwmon2/temp2_label': 'pkg\n',
        'hwmon/hwmon2/temp2_input': '58000\n',
        'hwmon/hwmon2/temp3_label': 'vram\n',
        'hwmon/hwmon2/temp3_input': '66000\n',
        'power/runtime_status': 'active\n',
        current_link_speed: '16.0 GT/s PCIe\n',
        current_link_width: '8\n',
      }),
    );
    const { readings, last, pass } = startVendor(intel, testMachine(tree.files));
    await pass(1);
    expect(readings[0]?.gpus[0]).toMatchObject({ name: 'Intel Arc B580', power: absent('first sample'), utilization: absent('not there') });
    tree.write('/sys/class/drm/card0/device/hwmon/hwmon2/energy1_input', '1150000000\n');
    await pass(1000);
    expect(last().gpus[0]).toMatchObject({
      uuid: 'INTEL-0000:03:00.0',
      clock: 2300,
      clockMax: 2850,
      power: 150,
      powerLimit: 190,
      temperature: 58,
      memoryTemperature: 66,
      clockLimits: ['powerCap', 'hardwareThermal'],
      pcieGeneration: 4,
      pcieWidth: 8,
      unifiedMemory: false,
    });
  });

  it('reads i915, whose files lie elsewhere, and counts the host’s memory for one on the processor', async () => {
    const tree = kernelTree({
      ...pciCard('card0', INTEGRATED, { 'power/runtime_status': 'active\n' }),
      '/sys/class/drm/card0/gt_act_freq_mhz': '350\n',
      '/sys/class/drm/card0/gt/gt0/rps_RP0_freq_mhz': '1550\n',
      '/sys/class/drm/card0/gt/gt0/throttle_reason_status': '0\n',
      '/proc/meminfo': 'MemTotal:       1024 kB\n',
      '/proc/2/comm': 'kthreadd\n',
      '/proc/100/comm': 'blender\n',
      '/proc/100/fdinfo/4': 'drm-driver: i915\ndrm-client-id: 7\ndrm-pdev: 0000:00:02.0\ndrm-resident-system0: 1 MiB\ndrm-engine-render: 1000000000 ns\n',
    });
    tree.link('/proc/100/fd/4', '/dev/dri/renderD128');
    const machine = testMachine(tree.files);
    const { last, pass } = startVendor(intel, machine);
    await pass(1);
    tree.write('/proc/100/fdinfo/4', 'drm-driver: i915\ndrm-client-id: 7\ndrm-pdev: 0000:00:02.0\ndrm-resident-system0: 2 MiB\ndrm-engine-render: 1300000000 ns\n');
    await pass(1000);
    expect(last().gpus[0]).toMatchObject({ clock: 350, clockMax: 1550, clockLimits: [], unifiedMemory: true, memoryTotal: 2 ** 20, memoryUsed: 2 ** 21 });
    expect(last().gpus[0]?.utilization).toBeCloseTo(30, 0);
    expect(last().uses).toMatchObject([{ pid: 100, kind: 'graphics', name: 'blender', memoryUsed: 2 ** 21 }]);
    // Every process shows itself: no tool is needed.
    expect(machine.opened).toEqual([]);
  });

  it('does not wake one that sleeps, and starts nothing for it', async () => {
    const tree = kernelTree(pciCard('card0', INTEGRATED, { 'power/runtime_status': 'suspended\n' }));
    const machine = testMachine(tree.files);
    const { last, pass } = startVendor(intel, machine);
    await pass(5000);
    expect(last().gpus[0]).toMatchObject({ state: 'asleep', utilization: absent('asleep') });
    expect(machine.opened).toEqual([]);
    expect(tree.asked.some((path) => path.includes('hwmon') || path.includes('freq'))).toBe(false);
  });
});

describe('Intel by its tools', () => {
  const flex = { ...pciCard('card1', FLEX, { 'power/runtime_status': 'active\n' }), '/proc/100/comm': 'sh\n' };

  it('keeps xpu-smi running for a card, and knows its rows by the address', async () => {
    const machine = testMachine(kernelTree(flex).files, discovery);
    const { last, pass, source } = startVendor(intel, machine);
    await pass(1);
    expect(machine.opened.map(({ plan }) => plan.args)).toEqual([['dump', '-d', '-1', '-m', '0,1,2,3,4,18', '-i', '1']]);
    machine.opened[0]?.say(dump);
    await pass(1000);
    expect(last().gpus).toEqual([
      expect.objectContaining({
        uuid: '00000000-0000-0000-5d2e-8d0156c08086',
        name: 'Simulated Intel Data Center GPU',
        utilization: 87.25,
        power: 118.61,
        temperature: 61,
        memoryUsed: 9216.5 * 2 ** 20,
        memoryTotal: 15031336960,
        memoryTemperature: absent('no sensors'),
      }),
    ]);
    source.setInterval(5000);
    expect(machine.opened.map(({ plan, isClosed }) => [plan.args.at(-1), isClosed])).toEqual([['1', true], ['5', false]]);
    // What was said long ago is not so any more.
    await pass(60_000);
    expect(last().gpus[0]?.utilization).toEqual(absent('processes of others are not seen'));
    source.dispose();
    expect(machine.opened.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('turns to intel_gpu_top where xpu-smi is not there, and gives that up where it may not look', async () => {
    const machine = testMachine(kernelTree(flex).files);
    const { last, pass } = startVendor(intel, machine);
    await pass(1);
    machine.opened[0]?.listener.onEnd({ error: new ToolError('notFound', 'xpu-smi', 'not found'), said: '', retryIn: 1000 });
    await pass(1000);
    expect(machine.opened[1]?.plan).toMatchObject({ tool: 'intel_gpu_top', args: ['-J', '-s', '1000'] });
    machine.opened[1]?.say(syntheticText('synthetic-intel-gpu-top.json'));
    await pass(1000);
    expect(last().gpus[0]).toMatchObject({ utilization: 100, decoderUtilization: 100, encoderUtilization: absent('counted with the decoder'), clock: 1255.5 });
  });

  it('says that intel_gpu_top may not look, and does not ask again', async () => {
    const machine = testMachine(kernelTree({ ...pciCard('card0', INTEGRATED, { 'power/runtime_status': 'active' }), '/proc/100/comm': 'sh' }).files);
    const { last, pass } = startVendor(intel, machine);
    await pass(1);
    machine.opened[0]?.listener.onEnd({ exitCode: 1, said: 'Failed to initialize PMU! (Permission denied)', retryIn: 1000 });
    await pass(1000);
    expect(machine.opened[0]?.isClosed).toBe(true);
    expect(machine.opened).toHaveLength(1);
    expect(last().gpus[0]?.utilization).toEqual(absent('intel_gpu_top may not look at the device.'));
  });

  it('does not start intel_gpu_top for xe, where it crashes', async () => {
    const machine = testMachine(kernelTree({ ...pciCard('card0', BATTLEMAGE, { 'power/runtime_status': 'active' }), '/proc/100/comm': 'sh' }).files);
    const { pass } = startVendor(intel, machine);
    await pass(1);
    machine.opened[0]?.listener.onEnd({ error: new ToolError('notFound', 'xpu-smi', 'not found'), said: '', retryIn: 1000 });
    await pass(5000);
    expect(machine.opened.map(({ plan }) => plan.tool)).toEqual(['xpu-smi']);
  });

  it('shows what only xpu-smi sees, and since when it is silent', async () => {
    const machine = testMachine(kernelTree().files, discovery);
    const { readings, last, pass } = startVendor(intel, machine);
    await pass(1);
    expect(readings[0]?.state).toEqual({ kind: 'starting' });
    machine.opened[0]?.say(dump);
    await pass(1000);
    expect(last().gpus.map(({ busId, utilization }) => [busId, utilization])).toEqual([['0000:4d:00.0', 87.25], ['0000:9a:00.0', absent('N/A')]]);
    await pass(30_000);
    expect(last()).toMatchObject({ state: { kind: 'silent', since: 1_700_000_000_001 }, gpus: [] });
    machine.opened[0]?.listener.onEnd({ exitCode: 255, said: 'No device discovered', retryIn: 1000 });
    await pass(1000);
    expect(last().state).toMatchObject({ kind: 'failed', problem: { reason: 'noDevices' } });
  });
});
