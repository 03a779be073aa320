import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { amd } from '../../../../src/monitor/gpu/amd/amd.ts';
import { ascend } from '../../../../src/monitor/gpu/ascend/ascend.ts';
import { intel } from '../../../../src/monitor/gpu/intel/intel.ts';
import { jetson } from '../../../../src/monitor/gpu/jetson/jetson.ts';
import { tpu } from '../../../../src/monitor/gpu/tpu/tpu.ts';
import type { GpuVendor } from '../../../../src/monitor/gpu/vendor.ts';
import type { GpuReading } from '../../../../src/monitor/gpuSample.ts';
import type { KernelFiles } from '../../../../src/monitor/kernelFiles.ts';
import { createToolFinder } from '../../../../src/process/toolFinder.ts';
import { createToolStreams } from '../../../../src/process/createToolStreams.ts';
import { simulateAccelerators, type AcceleratorFake, type AcceleratorTool } from '../../../fakes/simulateAccelerators.ts';
import { fixture, fixtures, hasFixtures } from './fixtures.ts';
import { kernelTree, pciCard } from './kernelTree.ts';

/** What a vendor tells of a machine that has these tools and no others, as soon as it is what is waited for. */
async function reading(
  vendor: GpuVendor,
  files: KernelFiles,
  tools: Partial<Record<AcceleratorTool, AcceleratorFake>>,
  isIt: (reading: GpuReading) => boolean,
): Promise<GpuReading> {
  const home = mkdtempSync(join(tmpdir(), 'trainyard-stand-ins-'));
  const PATH = `${simulateAccelerators(join(home, 'bin'), tools)}:/usr/bin:/bin`;
  const finder = createToolFinder();
  const streams = createToolStreams({
    find: async (tool) => (await finder.find({ paths: {}, env: { PATH }, sharpWorker: '/nowhere', never: [] }, [tool]))[0]!,
    env: { PATH },
    temporaryFolder: home,
  });
  onTestFinished(() => {
    streams.dispose();
    rmSync(home, { recursive: true, force: true });
  });
  return new Promise((resolve) => {
    const source = vendor.start(
      { files, streams, now: () => Date.now() },
      (told) => {
        if (isIt(told)) {
          source.dispose();
          resolve(told);
        }
      },
      100,
    );
  });
}

const isAnswering = ({ state, gpus }: GpuReading): boolean => state.kind === 'answering' && gpus.length > 0;
const isFailed = ({ state }: GpuReading): boolean => state.kind === 'failed';
const isBusy = (told: GpuReading): boolean => isAnswering(told) && typeof told.gpus[0]?.utilization === 'number';

const container = (): KernelFiles => kernelTree().files;
const arc = { vendor: '0x8086', device: '0xa780', driver: 'i915', busId: '0000:00:02.0' };

describe('vendors with stand-ins for their tools, started as the real ones are', () => {
  it('amd-smi', async () => {
    const { gpus } = await reading(amd, container(), { 'amd-smi': {} }, isAnswering);
    expect(gpus[0]).toMatchObject({ utilization: 93, power: 702 });
  });

  it('rocm-smi, where amd-smi is not there', async () => {
    const { gpus } = await reading(amd, container(), { 'rocm-smi': {} }, isAnswering);
    expect(gpus[0]).toMatchObject({ utilization: 97, power: 298, driverVersion: '6.8.5' });
  });

  it.skipIf(!hasFixtures)('rocm-smi, with what was captured', async () => {
    const name = 'amd/rocm-smi/telegraf-mi100_rocm602.json';
    const { gpus } = await reading(amd, container(), { 'rocm-smi': { output: join(fixtures, name) } }, isAnswering);
    expect(gpus).toHaveLength(Object.keys(JSON.parse(fixture(name)) as object).length - 1);
  });

  it('xpu-smi', async () => {
    const { gpus } = await reading(intel, container(), { 'xpu-smi': {} }, (told) => isBusy(told) && told.gpus[0]?.name !== 'Intel GPU');
    expect(gpus[0]).toMatchObject({ name: 'Simulated Intel Data Center GPU', utilization: 87.25, memoryTotal: 15031336960 });
  });

  it('intel_gpu_top', async () => {
    const files = kernelTree({ ...pciCard('card0', arc, { 'power/runtime_status': 'active' }), '/proc/100/comm': 'sh' }).files;
    expect((await reading(intel, files, { intel_gpu_top: {} }, isBusy)).gpus[0]).toMatchObject({ utilization: 100, clock: 1255.5 });
  });

  it('intel_gpu_top that may not look', async () => {
    const files = kernelTree({ ...pciCard('card0', arc, { 'power/runtime_status': 'active' }), '/proc/100/comm': 'sh' }).files;
    const denied = 'intel_gpu_top may not look at the device.';
    const { gpus } = await reading(intel, files, { intel_gpu_top: { fault: 'denied' } }, ({ gpus: [gpu] }) => JSON.stringify(gpu?.utilization).includes(denied));
    expect(gpus[0]?.state).toBe('ok');
  });

  it('tpu-info', async () => {
    const chip = '/sys/bus/pci/devices/0000:00:05.0';
    const files = kernelTree({ [`${chip}/vendor`]: '0x1ae0\n', [`${chip}/device`]: '0x006f\n', [`${chip}/class`]: '0x120000\n' }).files;
    expect((await reading(tpu, files, { 'tpu-info': {} }, isBusy)).gpus[0]).toMatchObject({ utilization: 97.5 });
  });

  it('tegrastats', async () => {
    const { gpus } = await reading(jetson, container(), { tegrastats: {} }, ({ gpus: [gpu] }) => gpu?.utilization === 99);
    expect(gpus[0]).toMatchObject({ power: 6.396 });
  });

  it('npu-smi', async () => {
    const { gpus, uses } = await reading(ascend, container(), { 'npu-smi': {} }, isAnswering);
    expect(gpus.map(({ utilization }) => utilization)).toEqual([88, 0]);
    expect(uses).toHaveLength(1);
  });

  it('npu-smi that ends in the middle of its table', async () => {
    const { gpus } = await reading(ascend, container(), { 'npu-smi': { fault: 'half' } }, isAnswering);
    expect(gpus).toHaveLength(1);
  });

  it('tools that say nothing, and that are not there', async () => {
    const { state } = await reading(ascend, container(), { 'npu-smi': { fault: 'nothing' } }, isFailed);
    expect(state).toMatchObject({ problem: { reason: 'unknown' } });
    expect((await reading(jetson, container(), {}, isFailed)).state).toMatchObject({ problem: { reason: 'toolMissing' } });
  });
});
