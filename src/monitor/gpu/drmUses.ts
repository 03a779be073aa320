import { absent, isAbsent, type Absent, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { DrmHolders } from './drmHolders.ts';
import { isDeviceRegion, parseFdinfo, type DrmClient, type EngineTime } from './fdinfo.ts';
import { textIn } from './quantity.ts';

/** What one process holds of one GPU, over all its clients. */
export interface DrmUse {
  readonly pid: number;
  readonly busId: string;
  readonly name: Measured<string>;
  readonly kind: 'compute' | 'graphics' | 'both';
  /** Bytes on the device. */
  readonly deviceMemory: Measured<number>;
  /** Bytes of the host that the device sees. */
  readonly hostMemory: Measured<number>;
  /** Of the engine that it kept busiest. */
  readonly utilization: Measured<number>;
}

export interface DrmUses {
  readonly uses: readonly DrmUse[];
  /** Every process of this machine was seen, so that the sum over all is the GPU's own. */
  readonly isWhole: boolean;
  /** By bus address, of the engine that was busiest: all processes together. */
  readonly utilization: ReadonlyMap<string, Measured<number>>;
}

const NO_ENGINES: Absent = absent('not told by this driver');
const NO_MEMORY: Absent = absent('not told by this driver');
const FIRST: Absent = absent('first sample');
const COMPUTE_ENGINE = /^(?:compute|ccs)/;

interface Past {
  readonly time: number;
  readonly engines: DrmClient['engines'];
}

/** A process's part of one GPU, while it is being added up. */
interface Sum {
  readonly pid: number;
  readonly busId: string;
  deviceMemory: number | undefined;
  hostMemory: number | undefined;
  /** Percent by engine; undefined before a second reading. */
  readonly busy: Map<string, number>;
  isNew: boolean;
  hasCompute: boolean;
  hasGraphics: boolean;
}

/** What processes do with their GPUs, by their open files. */
export class DrmReader {
  private readonly files: KernelFiles;
  private readonly holders: DrmHolders;
  private past = new Map<string, Past>();
  private readonly names = new Map<number, Measured<string>>();
  private isHostsOwn: boolean | undefined;

  constructor(files: KernelFiles) {
    this.files = files;
    this.holders = new DrmHolders(files);
  }

  /** `now`: milliseconds. `isOurs`: whether a device is the asker's, by its bus address. */
  read(now: number, isOurs: (busId: string) => boolean): Measured<DrmUses> {
    const holders = this.holders.current(now);
    if (isAbsent(holders)) {
      return holders;
    }
    const sums = new Map<string, Sum>();
    const seen = new Map<string, Past>();
    for (const holder of holders) {
      const distinct: string[] = [];
      for (const file of holder.files) {
        const text = this.files.text(`/proc/${String(holder.pid)}/fdinfo/${file}`);
        if (isAbsent(text)) {
          this.holders.lookAgain(holder.pid);
          continue;
        }
        const client = parseFdinfo(text);
        if (client === undefined) {
          // Of a driver that tells nothing, as NVIDIA's did for long.
          continue;
        }
        const { busId } = client;
        const key = client.id === undefined ? `${String(holder.pid)} ${file}` : `${busId ?? ''} ${client.id}`;
        if (seen.has(key)) {
          // The same client by another file, of this process or of the one that it was inherited from.
          continue;
        }
        seen.set(key, { time: now, engines: client.engines });
        distinct.push(file);
        if (busId !== undefined && isOurs(busId)) {
          this.add(sumOf(sums, holder.pid, busId), client, this.past.get(key), now);
        }
      }
      holder.files = distinct;
    }
    this.past = seen;
    this.forgetNames(sums);
    return this.result(sums);
  }

  private add(sum: Sum, client: DrmClient, past: Past | undefined, now: number): void {
    for (const [region, bytes] of client.memory) {
      if (isDeviceRegion(region)) {
        sum.deviceMemory = (sum.deviceMemory ?? 0) + bytes;
      } else {
        sum.hostMemory = (sum.hostMemory ?? 0) + bytes;
      }
    }
    for (const [engine, time] of client.engines) {
      if (time.busy > 0) {
        sum.hasCompute ||= COMPUTE_ENGINE.test(engine);
        sum.hasGraphics ||= !COMPUTE_ENGINE.test(engine);
      }
      const before = past?.engines.get(engine);
      const share = past === undefined || before === undefined ? undefined : shareOf(before, time, now - past.time);
      if (share !== undefined) {
        sum.busy.set(engine, (sum.busy.get(engine) ?? 0) + share);
      }
      sum.isNew = false;
    }
  }

  private result(sums: ReadonlyMap<string, Sum>): DrmUses {
    const all = new Map<string, Map<string, number>>();
    const uses = [...sums.values()].map((sum): DrmUse => {
      const { pid, busId, deviceMemory, hostMemory } = sum;
      const total = all.get(busId) ?? new Map<string, number>();
      all.set(busId, total);
      for (const [engine, share] of sum.busy) {
        total.set(engine, (total.get(engine) ?? 0) + share);
      }
      return {
        pid,
        busId,
        name: this.nameOf(pid),
        kind: sum.hasCompute ? (sum.hasGraphics ? 'both' : 'compute') : 'graphics',
        deviceMemory: deviceMemory ?? NO_MEMORY,
        hostMemory: hostMemory ?? NO_MEMORY,
        utilization: sum.busy.size > 0 ? busiest(sum.busy) : sum.isNew ? NO_ENGINES : FIRST,
      };
    });
    const utilization = new Map([...all].map(([busId, busy]): [string, Measured<number>] => [busId, busy.size > 0 ? busiest(busy) : FIRST]));
    return { uses, isWhole: this.holders.hidden === 0 && this.seesAll(), utilization };
  }

  /** Only in the machine's own pid namespace is the second process the kernel's. */
  private seesAll(): boolean {
    if (this.isHostsOwn === undefined) {
      const name = this.files.text('/proc/2/comm');
      this.isHostsOwn = !isAbsent(name) && name.trim() === 'kthreadd';
    }
    return this.isHostsOwn;
  }

  private nameOf(pid: number): Measured<string> {
    let name = this.names.get(pid);
    if (name === undefined) {
      const text = this.files.text(`/proc/${String(pid)}/comm`);
      name = isAbsent(text) ? text : textIn(text);
      this.names.set(pid, name);
    }
    return name;
  }

  private forgetNames(sums: ReadonlyMap<string, Sum>): void {
    if (this.names.size > sums.size) {
      const pids = new Set([...sums.values()].map(({ pid }) => pid));
      for (const pid of this.names.keys()) {
        if (!pids.has(pid)) {
          this.names.delete(pid);
        }
      }
    }
  }
}

function sumOf(sums: Map<string, Sum>, pid: number, busId: string): Sum {
  const key = `${String(pid)} ${busId}`;
  let sum = sums.get(key);
  if (sum === undefined) {
    sum = { pid, busId, deviceMemory: undefined, hostMemory: undefined, busy: new Map(), isNew: true, hasCompute: false, hasGraphics: false };
    sums.set(key, sum);
  }
  return sum;
}

/** Percent; undefined where a counter went back, which drivers allow themselves, or nothing passed. */
function shareOf(before: EngineTime, now: EngineTime, milliseconds: number): number | undefined {
  const passed = now.total === undefined || before.total === undefined ? milliseconds * 1e6 : now.total - before.total;
  const gained = now.busy - before.busy;
  return passed <= 0 || gained < 0 ? undefined : (gained / passed / now.capacity) * 100;
}

/** The counters and our clock are not read at the same instant: a little more than all is all. */
function busiest(busy: ReadonlyMap<string, number>): number {
  return Math.min(100, Math.max(...busy.values()));
}
