import { absent, isAbsent, known, type Measured } from '../../../base/absent.ts';
import type { GpuReading, GpuSample, GpuSourceState, GpuUse } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { blankGpu } from '../blankGpu.ts';
import { drmCards, isAccelerator, pciDevices } from '../devices.ts';
import { DrmReader, type DrmUses } from '../drmUses.ts';
import { firstKnown } from '../quantity.ts';
import { createTicker } from '../ticker.ts';
import type { GpuMachine, GpuVendor } from '../vendor.ts';
import { GpuTopStream, XpuStream, type Heard } from './streams.ts';
import { SysfsGpu } from './sysfsGpu.ts';
import type { XpuDevice, XpuRow } from './xpuSmi.ts';

const PCI_VENDOR = 0x8086;
const DRIVERS = new Set(['i915', 'xe']);
/** Milliseconds until devices are counted again. */
const DISCOVER = 60_000;

export const intel: GpuVendor = {
  id: 'intel',
  title: 'Intel',
  tool: 'xpu-smi',
  isPresent: (files) => cardsOf(files).length > 0 || pciDevices(files, PCI_VENDOR).some(isAccelerator),
  start(machine, sink, interval) {
    const reader = new IntelReader(machine, interval);
    const ticker = createTicker(() => {
      sink(reader.read());
    }, interval);
    return {
      setInterval(milliseconds) {
        ticker.setInterval(milliseconds);
        reader.setInterval(milliseconds);
      },
      dispose() {
        ticker.dispose();
        reader.dispose();
      },
    };
  },
};

function cardsOf(files: KernelFiles): ReturnType<typeof drmCards> {
  return drmCards(files, PCI_VENDOR).filter(({ driver }) => DRIVERS.has(driver));
}

/** Files tell of clocks, power and processes; what a GPU is busy with only xpu-smi, intel_gpu_top or all its processes together. */
class IntelReader {
  private readonly machine: GpuMachine;
  private readonly drm: DrmReader;
  private readonly tops = new Map<string, GpuTopStream>();
  private gpus: readonly SysfsGpu[] = [];
  private xpu: XpuStream | undefined;
  private discoverDue = -Infinity;
  private milliseconds: number;

  constructor(machine: GpuMachine, milliseconds: number) {
    this.machine = machine;
    this.milliseconds = milliseconds;
    this.drm = new DrmReader(machine.files);
  }

  setInterval(milliseconds: number): void {
    this.milliseconds = milliseconds;
    this.xpu?.setInterval(milliseconds);
    for (const top of this.tops.values()) {
      top.setInterval(milliseconds);
    }
  }

  dispose(): void {
    this.xpu?.dispose();
    for (const top of this.tops.values()) {
      top.dispose();
    }
  }

  read(): GpuReading {
    const now = this.machine.now();
    this.discover(now);
    const drm = this.drm.read(now, (busId) => this.gpus.some(({ card }) => card.busId === busId));
    if (this.gpus.length === 0) {
      return this.readXpuAlone(now);
    }
    const samples = this.gpus.map((gpu, index) => this.sample(gpu, index, now, drm));
    this.openStreams(samples, drm);
    return { vendor: 'intel', state: { kind: 'answering' }, time: now, gpus: samples, uses: usesOf(drm, samples) };
  }

  private discover(now: number): void {
    if (now < this.discoverDue && this.discoverDue - now <= DISCOVER) {
      return;
    }
    this.discoverDue = now + DISCOVER;
    const found = cardsOf(this.machine.files);
    if (found.length !== this.gpus.length || found.some(({ busId, folder }, at) => this.gpus[at]?.card.busId !== busId || this.gpus[at].card.folder !== folder)) {
      this.gpus = found.map((card) => new SysfsGpu(this.machine.files, card));
    }
  }

  /** Only for what files do not tell: nothing is started for one that sleeps, nor where every process shows itself. */
  private openStreams(samples: readonly GpuSample[], drm: Measured<DrmUses>): void {
    const isEnough = !isAbsent(drm) && drm.isWhole;
    const wanting = this.gpus.filter((gpu, at) => samples[at]?.state === 'ok' && (!isEnough || !gpu.isUnified));
    if (wanting.some(({ isUnified }) => !isUnified)) {
      this.xpu ??= new XpuStream(this.machine, this.milliseconds);
    }
    const others = this.gpus.filter(({ card }) => card.driver === 'i915');
    for (const { card, isUnified } of isEnough ? [] : wanting) {
      const hasXpu = !isUnified && this.xpu?.problem === undefined;
      if (card.driver === 'i915' && !hasXpu && !this.tops.has(card.busId)) {
        this.tops.set(card.busId, new GpuTopStream(this.machine, this.milliseconds, others.length > 1 ? card.busId : undefined));
      }
    }
  }

  private sample(gpu: SysfsGpu, index: number, now: number, drm: Measured<DrmUses>): GpuSample {
    const { busId } = gpu.card;
    const device = this.deviceAt(busId);
    const uuid = (device && known(device.uuid)) ?? `INTEL-${busId}`;
    const plain = gpu.sample({ index, uuid, name: (device && known(device.name)) ?? gpu.name, vendor: 'intel' }, now);
    if (plain.state !== 'ok') {
      return plain;
    }
    const row = device && this.fresh(this.xpu?.rows.get(device.device), now);
    const top = this.tops.get(busId);
    const heard = this.fresh(top?.heard, now);
    const byProcesses = utilizationOf(drm, busId);
    const problem = top?.problem ?? (gpu.isUnified ? undefined : this.xpu?.problem);
    const busy = firstKnown(row?.utilization ?? byProcesses, heard?.utilization ?? byProcesses, byProcesses);
    return {
      ...plain,
      ...(device && { driverVersion: firstKnown(plain.driverVersion, device.driverVersion) }),
      utilization: isAbsent(busy) && problem !== undefined ? absent(problem.text) : busy,
      decoderUtilization: heard?.video ?? plain.decoderUtilization,
      encoderUtilization: heard === undefined ? plain.encoderUtilization : absent('counted with the decoder'),
      memoryUsed: firstKnown(row?.memoryUsed ?? plain.memoryUsed, memoryOf(drm, busId, gpu.isUnified)),
      memoryTotal: firstKnown(plain.memoryTotal, device?.memoryTotal ?? plain.memoryTotal),
      power: firstKnown(plain.power, row?.power ?? plain.power, heard?.power ?? plain.power),
      temperature: firstKnown(plain.temperature, row?.temperature ?? plain.temperature),
      memoryTemperature: firstKnown(plain.memoryTemperature, row?.memoryTemperature ?? plain.memoryTemperature),
      clock: firstKnown(plain.clock, row?.clock ?? plain.clock, heard?.clock ?? plain.clock),
    };
  }

  /** Who a card is to xpu-smi, which counts in another order; where there is one of each they are the same. */
  private deviceAt(busId: string): XpuDevice | undefined {
    const devices = this.xpu?.devices ?? [];
    const cards = this.gpus.filter(({ isUnified }) => !isUnified);
    const only = devices.length === 1 && cards.length === 1 && cards[0]?.card.busId === busId && devices[0]?.busId === undefined ? devices[0] : undefined;
    return devices.find((device) => device.busId === busId) ?? only;
  }

  private fresh<T>(heard: Heard<T> | undefined, now: number): T | undefined {
    return heard !== undefined && now - heard.time <= 3 * this.milliseconds + 2000 ? heard.value : undefined;
  }

  /** In a container that hides the files of the kernel. */
  private readXpuAlone(now: number): GpuReading {
    const xpu = (this.xpu ??= new XpuStream(this.machine, this.milliseconds));
    const gpus = [...xpu.rows].sort(([a], [b]) => a - b).flatMap(([index, heard]) => {
      const row = this.fresh(heard, now);
      return row === undefined ? [] : [sampleOfXpu(index, row, xpu.devices.find(({ device }) => device === index))];
    });
    const time = Math.max(0, ...[...xpu.rows.values()].map((heard) => heard.time));
    return { vendor: 'intel', state: stateOf(xpu, gpus.length > 0, time), time, gpus, uses: absent('not told by xpu-smi') };
  }
}

function sampleOfXpu(index: number, { device: _device, ...values }: XpuRow, device: XpuDevice | undefined): GpuSample {
  const uuid = (device && known(device.uuid)) ?? `INTEL-${device?.busId ?? String(index)}`;
  return {
    ...blankGpu({ index, uuid, name: (device && known(device.name)) ?? 'Intel GPU', vendor: 'intel' }),
    ...(device && { memoryTotal: device.memoryTotal, driverVersion: device.driverVersion, ...(device.busId !== undefined && { busId: device.busId }) }),
    ...values,
  };
}

function stateOf(xpu: XpuStream, hasGpus: boolean, time: number): GpuSourceState {
  if (hasGpus) {
    return { kind: 'answering' };
  }
  if (xpu.problem !== undefined) {
    return { kind: 'failed', problem: xpu.problem };
  }
  return time > 0 || xpu.silentSince !== undefined ? { kind: 'silent', since: time > 0 ? time : (xpu.silentSince ?? 0) } : { kind: 'starting' };
}

function utilizationOf(drm: Measured<DrmUses>, busId: string): Measured<number> {
  if (isAbsent(drm)) {
    return drm;
  }
  if (!drm.isWhole) {
    return absent('processes of others are not seen');
  }
  // Nobody has it open: that was measured.
  return drm.utilization.get(busId) ?? 0;
}

function memoryOf(drm: Measured<DrmUses>, busId: string, isUnified: boolean): Measured<number> {
  if (isAbsent(drm) || !drm.isWhole) {
    return isAbsent(drm) ? drm : absent('processes of others are not seen');
  }
  let sum = 0;
  for (const use of drm.uses) {
    const memory = isUnified ? use.hostMemory : use.deviceMemory;
    if (use.busId === busId) {
      if (isAbsent(memory)) {
        return memory;
      }
      sum += memory;
    }
  }
  return sum;
}

function usesOf(drm: Measured<DrmUses>, samples: readonly GpuSample[]): Measured<readonly GpuUse[]> {
  return isAbsent(drm)
    ? drm
    : drm.uses.flatMap(({ busId, pid, kind, name, deviceMemory, hostMemory, utilization }) => {
        const gpu = samples.find((sample) => sample.busId === busId);
        return gpu === undefined ? [] : [{ gpuUuid: gpu.uuid, pid, kind, name, memoryUsed: gpu.unifiedMemory ? hostMemory : deviceMemory, utilization }];
      });
}
