import { afterEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../../src/base/absent.ts';
import { amd } from '../../../../../src/monitor/gpu/amd/amd.ts';
import { parseDpmClock, parseDpmPcie } from '../../../../../src/monitor/gpu/amd/dpm.ts';
import { ToolError } from '../../../../../src/process/toolError.ts';
import { syntheticText } from '../../../../fakes/simulateAccelerators.ts';
import { kernelTree, pciCard } from '../kernelTree.ts';
import { startVendor, testMachine } from '../machine.ts';

afterEach(() => {
  vi.useRealTimers();
});

const MI300X = { vendor: '0x1002', device: '0x74a1', driver: 'amdgpu', busId: '0000:0c:00.0', classCode: '0x120000' };

/** As Documentation/gpu/amdgpu/ and hwmon/sysfs-interface.rst name the files. */
const SENSORS = {
  'hwmon/hwmon3/temp1_label': 'edge\n',
  'hwmon/hwmon3/temp1_input': '61000\n',
  'hwmon/hwmon3/temp2_label': 'junction\n',
  'hwmon/hwmon3/temp2_input': '78000\n',
  'hwmon/hwmon3/temp2_crit': '100000\n',
  'hwmon/hwmon3/temp3_label': 'mem\n',
  'hwmon/hwmon3/temp3_input': '62000\n',
  'hwmon/hwmon3/power1_average': '701000000\n',
  'hwmon/hwmon3/power1_cap': '750000000\n',
  'hwmon/hwmon3/freq1_label': 'sclk\n',
  'hwmon/hwmon3/freq1_input': '1850000000\n',
  'hwmon/hwmon3/freq2_label': 'mclk\n',
  'hwmon/hwmon3/freq2_input': '1300000000\n',
};
const FULL = {
  gpu_busy_percent: '93\n',
  mem_busy_percent: '41\n',
  mem_info_vram_total: '206141652992\n',
  mem_info_vram_used: '157583147008\n',
  mem_info_vram_vendor: 'hynix\n',
  mem_info_gtt_total: '500000000000\n',
  mem_info_gtt_used: '1000\n',
  unique_id: '5d1a2b3c4e5f6071\n',
  pp_dpm_sclk: '0: 132Mhz\n1: 1850Mhz *\n2: 2100Mhz\n',
  pp_dpm_pcie: '0: 16.0GT/s, x16 \n1: 32.0GT/s, x16 *\n',
  current_link_speed: '16.0 GT/s PCIe\n',
  current_link_width: '8\n',
  'ras/umc_err_count': 'ue: 2\nce: 17\n',
  'power/runtime_status': 'active\n',
  ...SENSORS,
};

describe('AMD by the files of the kernel', () => {
  it('reads all that they tell, and starts no tool', async () => {
    const machine = testMachine(kernelTree(pciCard('card1', MI300X, FULL)).files);
    const { last, pass } = startVendor(amd, machine);
    await pass(60_000);
    expect(last()).toMatchObject({ vendor: 'amd', state: { kind: 'answering' } });
    expect(last().gpus).toEqual([
      {
        index: 0,
        uuid: 'GPU-5d1a2b3c4e5f6071',
        name: 'AMD Instinct MI300X',
        vendor: 'amd',
        state: 'ok',
        busId: '0000:0c:00.0',
        driverVersion: absent('not told'),
        utilization: 93,
        memoryUtilization: 41,
        encoderUtilization: absent('counted with the decoder'),
        decoderUtilization: absent('not there'),
        memoryUsed: 157583147008,
        memoryTotal: 206141652992,
        unifiedMemory: false,
        power: 701,
        powerLimit: 750,
        temperature: 78,
        memoryTemperature: 62,
        slowdownTemperature: 100,
        fan: absent('no fan of its own'),
        clock: 1850,
        clockMax: 2100,
        memoryClock: 1300,
        clockLimits: absent('not told by sysfs'),
        performanceState: absent('not known to this driver'),
        // The link to the slot, not the one within the card.
        pcieGeneration: 5,
        pcieWidth: 16,
        pcieReceived: absent('not told'),
        pcieSent: absent('not told'),
        uncorrectedErrors: 2,
        recoveryAction: absent('not known to this driver'),
        slices: [],
      },
    ]);
    expect(machine.asked).toEqual([]);
  });

  it('leaves a sleeping card asleep: it reads nothing that would wake it, and starts no tool', async () => {
    const tree = kernelTree({ ...pciCard('card1', MI300X, { ...FULL, 'power/runtime_status': 'suspended\n' }), ...pciCard('card2', { ...MI300X, busId: '0000:22:00.0' }, { 'power/runtime_status': 'active' }) });
    const machine = testMachine(tree.files);
    const { last, pass } = startVendor(amd, machine);
    await pass(15_000);
    expect(last().gpus[0]).toMatchObject({ state: 'asleep', utilization: absent('asleep'), power: absent('asleep'), memoryTotal: 206141652992 });
    const woken = tree.asked.filter((path) => path.startsWith('/sys/class/drm/card1/') && !/device\/(?:vendor|device|uevent|power\/runtime_status|unique_id|product_name|mem_info_\w+)$/.test(path));
    expect(woken).toEqual([]);
    expect(machine.asked).toEqual([]);
    tree.write('/sys/class/drm/card1/device/power/runtime_status', 'active\n');
    await pass(1000);
    expect(last().gpus[0]).toMatchObject({ state: 'ok', utilization: 93 });
  });

  it('never reads the file that takes a second to answer', async () => {
    const tree = kernelTree(pciCard('card1', MI300X, { ...FULL, pcie_bw: '1 1 256' }));
    const { pass } = startVendor(amd, testMachine(tree.files));
    await pass(3000);
    expect(tree.asked.some((path) => path.endsWith('pcie_bw'))).toBe(false);
  });

  it('counts an APU’s memory as the host’s', async () => {
    const apu = { ...MI300X, device: '0x1586', classCode: '0x030000' };
    const files = { ...FULL, mem_info_vram_vendor: 'unknown', mem_info_vram_total: '536870912', mem_info_vram_used: '100', mem_info_gtt_used: '1000', mem_info_gtt_total: '60000000000', 'hwmon/hwmon3/pwm1': '51' };
    const { last, pass } = startVendor(amd, testMachine(kernelTree({ ...pciCard('card0', apu, files), '/proc/meminfo': 'MemTotal:       98304 kB\n' }).files));
    await pass(1);
    expect(last().gpus[0]).toMatchObject({ name: 'AMD Radeon 8060S', unifiedMemory: true, memoryUsed: 1100, memoryTotal: 98304 * 1024, fan: 20 });
  });

  it('tells parts of one card apart, which have its identity in common', async () => {
    const { last, pass } = startVendor(amd, testMachine(kernelTree({ ...pciCard('card1', MI300X, FULL), ...pciCard('card2', MI300X, FULL) }).files));
    await pass(1);
    expect(last().gpus.map(({ uuid }) => uuid)).toEqual(['AMD-0000:0c:00.0-card1', 'AMD-0000:0c:00.0-card2']);
  });

  it('joins what the drivers for drawing and for computing tell of a process', async () => {
    const tree = kernelTree({
      ...pciCard('card1', MI300X, FULL),
      '/proc/100/comm': 'python3',
      '/proc/100/fdinfo/4': 'drm-driver: amdgpu\ndrm-client-id: 7\ndrm-pdev: 0000:0c:00.0\ndrm-memory-vram: 1 KiB\n',
      '/sys/class/kfd/kfd/topology/nodes/0/gpu_id': '0\n',
      '/sys/class/kfd/kfd/topology/nodes/0/properties': 'cpu_cores_count 64\nlocation_id 0\n',
      '/sys/class/kfd/kfd/topology/nodes/1/gpu_id': '51123\n',
      '/sys/class/kfd/kfd/topology/nodes/1/properties': 'simd_count 1216\nlocation_id 3072\ndomain 0\n',
      '/sys/class/kfd/kfd/proc/100/vram_51123': '8192\n',
      '/sys/class/kfd/kfd/proc/200/vram_51123': '4096\n',
      // It computes elsewhere.
      '/sys/class/kfd/kfd/proc/300/vram_51123': '0\n',
    });
    tree.link('/proc/100/fd/4', '/dev/dri/renderD128');
    const { last, pass } = startVendor(amd, testMachine(tree.files));
    await pass(1);
    const gpuUuid = 'GPU-5d1a2b3c4e5f6071';
    expect(last().uses).toEqual([
      { gpuUuid, pid: 100, kind: 'compute', name: 'python3', memoryUsed: 8192, utilization: absent('not told by this driver') },
      { gpuUuid, pid: 200, kind: 'compute', name: absent('not told'), memoryUsed: 4096, utilization: absent('not told by this driver') },
    ]);
  });
});

describe('AMD by its tools', () => {
  const bare = pciCard('card1', MI300X, { 'power/runtime_status': 'active\n', mem_info_vram_total: '206141652992\n', mem_info_vram_used: '5\n' });
  const answers = { 'amd-smi metric': syntheticText('synthetic-amd-smi-metric-rocm6.json'), 'amd-smi static': syntheticText('synthetic-amd-smi-static.json'), 'amd-smi process': syntheticText('synthetic-amd-smi-process.json') };

  it('fills in what the files do not tell, by the address, and asks at most every ten seconds', async () => {
    const machine = testMachine(kernelTree(bare).files, answers);
    const { last, pass } = startVendor(amd, machine);
    await pass(9500);
    // The files' own figure stays.
    expect(last().gpus).toEqual([expect.objectContaining({ utilization: 93, power: 702, temperature: 78, memoryUsed: 5, powerLimit: 750, clockLimits: [] })]);
    expect(machine.asked).toEqual(['amd-smi metric --json', 'amd-smi static --asic --bus --limit --driver --json']);
    await pass(90_000);
    expect(machine.asked.filter((question) => question.includes('metric')).length).toBeLessThanOrEqual(10);
  });

  it('shows what only a tool sees, as in a container', async () => {
    const { last, pass } = startVendor(amd, testMachine(kernelTree().files, answers));
    await pass(10_100);
    expect(last()).toMatchObject({ state: { kind: 'answering' } });
    expect(last().gpus.map(({ uuid, name, busId }) => [uuid, name, busId])).toEqual([
      ['GPU-5d1a2b3c4e5f6071', 'Simulated AMD Instinct', '0000:0c:00.0'],
      ['AMD-0000:22:00.0', 'Simulated AMD Instinct', '0000:22:00.0'],
    ]);
    expect(last().uses).toEqual([{ gpuUuid: 'GPU-5d1a2b3c4e5f6071', pid: 4711, kind: 'compute', name: 'python3', memoryUsed: 157286400, utilization: absent('not told by amd-smi') }]);
  });

  it('turns to rocm-smi where amd-smi is not there', async () => {
    const machine = testMachine(kernelTree().files, { 'rocm-smi': syntheticText('synthetic-rocm-smi.json') });
    const { last, pass } = startVendor(amd, machine);
    await pass(1100);
    expect(last().gpus.map(({ uuid, power }) => [uuid, power])).toEqual([['GPU-02f048617326b1ea', 298], ['GPU-02f048617326b1eb', absent('N/A (Secondary die)')]]);
  });

  it('says why it has nothing', async () => {
    const machine = testMachine(kernelTree({ '/sys/bus/pci/devices/0000:0c:00.0/vendor': '0x1002\n', '/sys/bus/pci/devices/0000:0c:00.0/class': '0x120000\n' }).files);
    const { readings, last, pass } = startVendor(amd, machine);
    await pass(1);
    expect(readings[0]?.state).toEqual({ kind: 'starting' });
    await pass(1000);
    expect(last()).toMatchObject({ state: { kind: 'failed', problem: { reason: 'driverNotLoaded' } }, gpus: [] });
    machine.answers['amd-smi metric'] = new ToolError('exit', 'amd-smi', 'ended', { stderrTail: 'Permission denied: /dev/kfd' });
    await pass(120_000);
    expect(last().state).toMatchObject({ kind: 'failed', problem: { reason: 'noPermission', said: 'Permission denied: /dev/kfd' } });
  });

  it('tells nothing after it was ended, whatever a tool says then', async () => {
    const { readings, source, pass } = startVendor(amd, testMachine(kernelTree().files, answers));
    await pass(0);
    source.dispose();
    const count = readings.length;
    await pass(60_000);
    expect(readings).toHaveLength(count);
  });
});

describe('whether there is an AMD device', () => {
  it('is told by what is on the bus, and a bridge or a sound chip is none', () => {
    const device = (classCode: string): Record<string, string> => ({ '/sys/bus/pci/devices/0000:0c:00.0/vendor': '0x1002\n', '/sys/bus/pci/devices/0000:0c:00.0/class': classCode });
    expect(amd.isPresent(kernelTree(device('0x030000\n')).files)).toBe(true);
    expect(amd.isPresent(kernelTree(device('0x120000\n')).files)).toBe(true);
    expect(amd.isPresent(kernelTree(device('0x040300\n')).files)).toBe(false);
    expect(amd.isPresent(kernelTree().files)).toBe(false);
  });
});

describe('levels of clocks', () => {
  it('are read with the one in force', () => {
    expect(parseDpmClock('0: 500Mhz\n1: 2725Mhz *\n')).toEqual({ current: 2725, most: 2725 });
    expect(parseDpmClock('S: 19Mhz *\n0: 500Mhz\n1: 2500Mhz\n')).toEqual({ current: 19, most: 2500 });
    expect(parseDpmClock('')).toEqual({ current: absent('not told'), most: absent('not told') });
    expect(parseDpmPcie('0: 2.5GT/s, x1 310Mhz\n1: 16.0GT/s, x16 619Mhz *\n')).toEqual({ generation: 4, width: 16 });
  });
});
