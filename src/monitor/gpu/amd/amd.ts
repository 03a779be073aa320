import { absent, isAbsent, type Measured } from '../../../base/absent.ts';
import type { GpuReading, GpuSample, GpuSourceState, GpuUse } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { drmCards, isAccelerator, pciDevices } from '../devices.ts';
import { DrmReader } from '../drmUses.ts';
import { createTicker } from '../ticker.ts';
import type { GpuMachine, GpuVendor } from '../vendor.ts';
import { Kfd } from './kfd.ts';
import { cardFor, fillFromTool, sampleOfTool, uuidOf } from './merge.ts';
import { SysfsCard } from './sysfsCard.ts';
import { AmdTools } from './tools.ts';
import { joinUses } from './uses.ts';

const PCI_VENDOR = 0x1002;
/** Milliseconds until devices are counted again. */
const DISCOVER = 60_000;
/** Cards before the driver that tells of itself have the other one. */
const DRIVERS = new Set(['amdgpu', 'radeon']);

export const amd: GpuVendor = {
  id: 'amd',
  title: 'AMD',
  tool: 'amd-smi',
  isPresent: (files) => hasDevice(files),
  start(machine, sink, interval) {
    const reader = new AmdReader(machine);
    let isOver = false;
    const tell = (): void => {
      if (!isOver) {
        sink(reader.read());
      }
    };
    const ticker = createTicker(() => {
      tell();
      reader.askTools(() => {
        // Where files tell, the next tick is soon enough.
        if (reader.hasNoFiles) {
          tell();
        }
      });
    }, interval);
    return {
      setInterval: (milliseconds) => {
        ticker.setInterval(milliseconds);
      },
      dispose() {
        isOver = true;
        ticker.dispose();
      },
    };
  },
};

function hasDevice(files: KernelFiles): boolean {
  return drmCards(files, PCI_VENDOR).length > 0 || pciDevices(files, PCI_VENDOR).some(isAccelerator);
}

/** Reads files at each tick and fills in from the tools what these do not tell. */
class AmdReader {
  hasNoFiles = true;
  private readonly machine: GpuMachine;
  private readonly tools: AmdTools;
  private readonly drm: DrmReader;
  private readonly kfd: Kfd;
  private cards: readonly SysfsCard[] = [];
  private discoverDue = -Infinity;
  private lacksVital = false;
  private hasSleeper = false;

  constructor(machine: GpuMachine) {
    this.machine = machine;
    this.tools = new AmdTools(machine);
    this.drm = new DrmReader(machine.files);
    this.kfd = new Kfd(machine.files);
  }

  /** A tool opens every device: none is asked where one sleeps, nor where files tell all that counts. */
  askTools(onNews: () => void): void {
    if ((this.hasNoFiles || this.lacksVital) && !this.hasSleeper) {
      this.tools.turn(this.machine.now(), this.hasNoFiles, onNews);
    }
  }

  read(): GpuReading {
    const now = this.machine.now();
    this.discover(now);
    if (this.hasNoFiles) {
      return this.readTools(now);
    }
    const toolCards = this.tools.cards(now) ?? [];
    const gpus = this.cards.map((card, index) => {
      const identity = { index, uuid: this.uuidAt(index), name: card.name, vendor: 'amd' } as const;
      return { plain: card.sample(identity, now) };
    });
    this.hasSleeper = gpus.some(({ plain }) => plain.state === 'asleep');
    this.lacksVital = gpus.some(({ plain }) => plain.state === 'ok' && lacksVital(plain));
    const samples = gpus.map(({ plain }) => {
      const card = lacksVital(plain) ? cardFor(toolCards, plain) : undefined;
      return card === undefined ? plain : fillFromTool(plain, card);
    });
    return { vendor: 'amd', state: { kind: 'answering' }, time: now, gpus: samples, uses: this.uses(now, samples) };
  }

  private discover(now: number): void {
    if (now < this.discoverDue && this.discoverDue - now <= DISCOVER) {
      return;
    }
    this.discoverDue = now + DISCOVER;
    const found = drmCards(this.machine.files, PCI_VENDOR).filter(({ driver }) => DRIVERS.has(driver));
    const isSame = found.length === this.cards.length && found.every(({ folder, busId }, at) => this.cards[at]?.card.folder === folder && this.cards[at]?.card.busId === busId);
    if (!isSame) {
      this.cards = found.map((card) => new SysfsCard(this.machine.files, card));
      this.kfd.forgetDevices();
    }
    this.hasNoFiles = this.cards.length === 0;
  }

  /** Parts of one card have its identity in common: only its place tells them apart. */
  private uuidAt(index: number): string {
    const { card, uniqueId } = this.cards[index]!;
    const isShared = this.cards.filter((other) => other.uniqueId === uniqueId).length > 1;
    const isSamePlace = this.cards.filter((other) => other.card.busId === card.busId).length > 1;
    return uuidOf(isShared ? undefined : uniqueId, isSamePlace ? `${card.busId}-${card.folder.slice(card.folder.lastIndexOf('/') + 1)}` : card.busId);
  }

  private uses(now: number, samples: readonly GpuSample[]): Measured<readonly GpuUse[]> {
    const byBus = new Map(samples.map((sample) => [isAbsent(sample.busId) ? '' : sample.busId, sample]));
    const drm = this.drm.read(now, (busId) => byBus.has(busId));
    return joinUses(
      isAbsent(drm) ? drm : drm.uses,
      this.kfd.read(),
      (busId) => byBus.get(busId)?.uuid,
      (busId) => byBus.get(busId)?.unifiedMemory ?? false,
    );
  }

  private readTools(now: number): GpuReading {
    const cards = this.tools.cards(now);
    const gpus = (cards ?? []).map(sampleOfTool);
    const uses = this.tools.uses(now)?.flatMap(({ gpu, pid, name, memoryUsed }): readonly GpuUse[] => {
      const gpuUuid = gpus.find(({ index }) => index === gpu)?.uuid;
      return gpuUuid === undefined ? [] : [{ gpuUuid, pid, kind: 'compute', name, memoryUsed, utilization: absent('not told by amd-smi') }];
    });
    return { vendor: 'amd', state: this.stateOfTools(cards !== undefined), time: cards === undefined ? 0 : this.tools.time, gpus, uses: uses ?? absent('not told by rocm-smi') };
  }

  private stateOfTools(isAnswering: boolean): GpuSourceState {
    if (isAnswering) {
      return { kind: 'answering' };
    }
    const { problem } = this.tools;
    if (problem === undefined) {
      return { kind: 'starting' };
    }
    const isInMachine = pciDevices(this.machine.files, PCI_VENDOR).some(isAccelerator);
    const reason = problem.reason === 'toolMissing' && isInMachine ? 'driverNotLoaded' : problem.reason;
    return reason === problem.reason
      ? { kind: 'failed', problem }
      : { kind: 'failed', problem: { reason, text: 'An AMD device is in the machine, and no driver has taken it.', remedy: 'Load the kernel module amdgpu, or start the machine again after it was installed.' } };
  }
}

/** What a monitor is there for. */
function lacksVital({ utilization, memoryUsed, power, temperature }: GpuSample): boolean {
  return [utilization, memoryUsed, power, temperature].some(isAbsent);
}
