import { absent, isAbsent, known } from '../../../base/absent.ts';
import type { GpuSample } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { madeUuid, withoutValues } from './assemble.ts';
import { readInformation, type PciCard } from './sleep.ts';

/** Ticks without a row after which a GPU is no longer shown as it was: a line may have been lost on the way. */
const MISSED = 3;

/** The GPUs that were seen, by UUID. One that the driver no longer lists does not vanish without a word. */
export class Roster {
  private readonly members = new Map<string, { sample: GpuSample; missed: number }>();

  /** In the order of their numbers. */
  get samples(): readonly GpuSample[] {
    return [...this.members.values()].map(({ sample }) => sample).sort((one, other) => one.index - other.index);
  }

  /** The GPU that a row is of which tells no UUID. */
  find(busId: string | undefined, index: number): GpuSample | undefined {
    let byIndex: GpuSample | undefined;
    for (const { sample } of this.members.values()) {
      if (busId !== undefined && sample.busId === busId) {
        return sample;
      }
      if (sample.index === index) {
        byIndex = sample;
      }
    }
    return busId === undefined ? byIndex : undefined;
  }

  get(uuid: string): GpuSample | undefined {
    return this.members.get(uuid)?.sample;
  }

  uuidOf(index: number): string | undefined {
    return this.find(undefined, index)?.uuid;
  }

  /** `isOnBus`: whether the kernel still sees it at its address. */
  tick(told: readonly GpuSample[], isOnBus: (busId: string) => boolean): void {
    for (const member of this.members.values()) {
      member.missed += 1;
    }
    for (const sample of told) {
      const member = this.members.get(sample.uuid);
      if (member === undefined) {
        this.forgetAt(known(sample.busId));
        this.members.set(sample.uuid, { sample, missed: 0 });
      } else {
        member.sample = sample;
        member.missed = 0;
      }
    }
    for (const [uuid, member] of this.members) {
      if (member.missed === MISSED) {
        const busId = known(member.sample.busId);
        if (busId !== undefined && isOnBus(busId)) {
          member.sample = withoutValues(member.sample, 'lost', 'no longer listed by the driver');
        } else {
          this.members.delete(uuid);
        }
      }
    }
  }

  /** The driver cannot open it. `place`: among the cards on the bus, in whose order the driver numbers them. */
  lose(busId: string, place: number, said: string): void {
    const before = this.find(busId, -1);
    const identity = before ?? {
      index: place === -1 ? this.members.size : place,
      uuid: madeUuid(busId, place),
      name: 'NVIDIA GPU',
      busId,
      driverVersion: absent('it does not answer'),
      unifiedMemory: false,
    };
    this.members.set(identity.uuid, { sample: withoutValues(identity, 'lost', said), missed: MISSED + 1 });
  }

  /** None is to be woken: all that is known of them without. */
  sleep(cards: readonly PciCard[], files: KernelFiles): void {
    const sleeping = cards.map(({ busId }, index) => {
      const before = this.find(busId, -1);
      const { name, uuid } = before ?? readInformation(files, busId);
      const identity = {
        index: before?.index ?? index,
        uuid: uuid ?? madeUuid(busId, index),
        name: name ?? 'NVIDIA GPU',
        busId,
        driverVersion: before?.driverVersion ?? absent('asleep'),
        unifiedMemory: before?.unifiedMemory ?? false,
      };
      return withoutValues(identity, 'asleep');
    });
    this.members.clear();
    for (const sample of sleeping) {
      this.members.set(sample.uuid, { sample, missed: 0 });
    }
  }

  /** Who was known by this address has told its UUID now, or was replaced. */
  private forgetAt(busId: string | undefined): void {
    for (const [uuid, { sample }] of this.members) {
      if (busId !== undefined && sample.busId === busId) {
        this.members.delete(uuid);
      }
    }
  }

  /** None of them is at work, as far as is told. */
  get idle(): boolean {
    return this.samples.every(({ utilization }) => isAbsent(utilization) || utilization === 0);
  }
}
