import { absent, isAbsent, known, type Absent, type Measured } from '../../../base/absent.ts';
import type { GpuReading, GpuSample, GpuUse } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { blankGpu } from '../blankGpu.ts';
import { pciDevices, type PciDevice } from '../devices.ts';
import { Inquiry } from '../inquiry.ts';
import { createTicker } from '../ticker.ts';
import type { GpuVendor } from '../vendor.ts';
import { parseTpuInfo, type TpuDevice, type TpuInfo } from './tpuInfo.ts';

const PCI_VENDOR = 0x1ae0;
/** Chips by their PCI device id. Google's network cards and disks have the vendor's number too. */
const CHIPS: Readonly<Record<number, string>> = {
  0x0027: 'TPU v2/v3',
  0x005e: 'TPU v4',
  0x0062: 'TPU v5p',
  0x0063: 'TPU v5e',
  0x006f: 'TPU v6e',
  0x0076: 'TPU v7x',
};
/** Milliseconds. The tool is a Python script that asks each program's runtime. */
const EVERY = 10_000;
const IDLE: Absent = absent('told only while a program uses it');

export const tpu: GpuVendor = {
  id: 'tpu',
  title: 'Google TPU',
  isPresent: (files) => chipsOf(files).length > 0,
  start({ files, streams, now }, sink, interval) {
    const tool = new Inquiry('tpu-info', EVERY, () => streams.ask('tpu-info', [], { wallSeconds: 30 }), ({ stdout }) => parseTpuInfo(stdout));
    let chips = chipsOf(files);
    return createTicker(() => {
      chips = chips.length === 0 ? chipsOf(files) : chips;
      tool.turn(now());
      const answer = tool.fresh(now());
      const reason = tool.problem === undefined ? (answer === undefined ? absent('not told yet') : IDLE) : absent(tool.problem.text);
      sink(readingOf(chips, answer?.value, reason, now()));
    }, interval);
  },
};

function chipsOf(files: KernelFiles): readonly PciDevice[] {
  return pciDevices(files, PCI_VENDOR).filter(({ device, class: number }) => device in CHIPS || number >> 16 === 0x12);
}

/** The tool counts chips as the bus does. Of chips with two cores each has its own line. */
function readingOf(chips: readonly PciDevice[], info: TpuInfo | undefined, reason: Absent, now: number): GpuReading {
  let firstCore = 0;
  const gpus = chips.map((chip, index): GpuSample => {
    const told = info?.chips[index];
    const cores = told?.devices ?? 1;
    const devices = info?.devices.slice(firstCore, firstCore + cores) ?? [];
    firstCore += cores;
    const name = told === undefined || told.type === '' ? (CHIPS[chip.device] ?? 'TPU') : told.type.replace(/ chip$/, '');
    return {
      ...blankGpu({ index, uuid: `TPU-${chip.busId}`, name, vendor: 'tpu' }, absent('not told by tpu-info')),
      busId: chip.busId,
      utilization: mostOf(devices.map(({ dutyCycle }) => dutyCycle)) ?? reason,
      memoryUsed: sumOf(devices, 'memoryUsed') ?? reason,
      memoryTotal: sumOf(devices, 'memoryTotal') ?? reason,
    };
  });
  return { vendor: 'tpu', state: { kind: 'answering' }, time: now, gpus, uses: info === undefined ? reason : usesOf(info, gpus) };
}

function usesOf({ chips }: TpuInfo, gpus: readonly GpuSample[]): readonly GpuUse[] {
  return chips.flatMap(({ pid }, index): readonly GpuUse[] => {
    const gpu = gpus[index];
    return gpu === undefined || isAbsent(pid)
      ? []
      : [{ gpuUuid: gpu.uuid, pid, kind: 'compute', name: absent('not told by tpu-info'), memoryUsed: gpu.memoryUsed, utilization: gpu.utilization }];
  });
}

function mostOf(values: readonly Measured<number>[]): Measured<number> | undefined {
  const numbers = values.flatMap((value) => known(value) ?? []);
  return numbers.length > 0 ? Math.max(...numbers) : values[0];
}

function sumOf(devices: readonly TpuDevice[], field: 'memoryUsed' | 'memoryTotal'): Measured<number> | undefined {
  const values = devices.map((device) => device[field]);
  const unknown = values.find(isAbsent);
  return values.length === 0 ? undefined : (unknown ?? values.reduce<number>((sum, value) => sum + (known(value) ?? 0), 0));
}
