import { known } from '../../base/absent.ts';
import { formatCountOf, formatDuration } from '../../base/format.ts';
import { COSTLY_LIMITS } from '../costlyLimits.ts';
import type { GpuSample } from '../gpuSample.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Notice, NoticeRule } from './notice.ts';

const GIB = 2 ** 30;
const IDLE_PERCENT = 3;
const HELD_BYTES = GIB;
const IDLE_MS = 10 * 60_000;
const HOT_MS = 30_000;

export interface FreeWish {
  readonly count: number;
  /** Of each. */
  readonly bytes: number;
  /** For this long without a break. */
  readonly seconds: number;
}

/** Tells once that enough GPUs are free, and is done. `freeGpus` says which are: UUID and free bytes. */
export class GpusFree implements NoticeRule {
  private readonly since = new Map<string, number>();
  private told = false;

  constructor(
    private readonly wish: FreeWish,
    private readonly freeGpus: (sample: SystemSample) => readonly { readonly uuid: string; readonly free: number }[],
  ) {}

  get isDone(): boolean {
    return this.told;
  }

  observe(sample: SystemSample): readonly Notice[] {
    const { count, bytes, seconds } = this.wish;
    const free = this.freeGpus(sample).filter((gpu) => gpu.free >= bytes).map(({ uuid }) => uuid);
    forget(this.since, free);
    free.forEach((uuid) => this.since.set(uuid, this.since.get(uuid) ?? sample.time));
    const lasting = free.filter((uuid) => sample.time - (this.since.get(uuid) ?? sample.time) >= seconds * 1000);
    if (this.told || lasting.length < count) {
      return [];
    }
    this.told = true;
    const memory = bytes === 0 ? '' : ` with ${(bytes / GIB).toFixed(0)} GiB`;
    return [{ kind: 'gpusFree', message: `${formatCountOf(lasting.length, 'GPU')} of ${sample.host}${memory} free for ${formatDuration(seconds)}.`, gpus: lasting }];
  }
}

/** Tells of each GPU that something of ours holds without using it. `isMine` says whether one of our own processes holds it. */
export class IdleHeld implements NoticeRule {
  private readonly episodes = new Episodes(IDLE_MS);

  constructor(private readonly isMine: (sample: SystemSample, uuid: string) => boolean) {}

  observe(sample: SystemSample): readonly Notice[] {
    const idle = gpusOf(sample).filter((gpu) => {
      const busy = known(gpu.utilization);
      const held = known(gpu.memoryUsed);
      return busy !== undefined && busy < IDLE_PERCENT && held !== undefined && held >= HELD_BYTES && this.isMine(sample, gpu.uuid);
    });
    return this.episodes.lasting(idle, sample.time).map((gpu) => ({
      kind: 'idleHeld',
      message: `GPU ${gpu.index} of ${sample.host} has done nothing for ${formatDuration(IDLE_MS / 1000)}, and a process of yours holds ${((known(gpu.memoryUsed) ?? 0) / GIB).toFixed(1)} GiB of it.`,
      gpus: [gpu.uuid],
    }));
  }
}

/** Tells of each GPU that heat or its power supply slows down. */
export class Throttling implements NoticeRule {
  private readonly episodes = new Episodes(HOT_MS);

  observe(sample: SystemSample): readonly Notice[] {
    const hot = gpusOf(sample).filter((gpu) => known(gpu.clockLimits)?.some((limit) => COSTLY_LIMITS.includes(limit)) ?? false);
    return this.episodes.lasting(hot, sample.time).map((gpu) => {
      const degrees = known(gpu.temperature);
      const at = degrees === undefined ? '' : ` at ${Math.round(degrees)} °C`;
      return { kind: 'throttling', message: `GPU ${gpu.index} of ${sample.host}${at} is slowed down by heat or its power supply.`, gpus: [gpu.uuid] };
    });
  }
}

/** What lasts long enough, told once until it was over. */
class Episodes {
  private readonly since = new Map<string, number>();
  private readonly told = new Set<string>();

  constructor(private readonly long: number) {}

  lasting(now: readonly GpuSample[], time: number): readonly GpuSample[] {
    const uuids = now.map(({ uuid }) => uuid);
    forget(this.since, uuids);
    for (const uuid of [...this.told]) {
      if (!uuids.includes(uuid)) {
        this.told.delete(uuid);
      }
    }
    return now.filter(({ uuid }) => {
      const since = this.since.get(uuid) ?? time;
      this.since.set(uuid, since);
      const isNew = time - since >= this.long && !this.told.has(uuid);
      if (isNew) {
        this.told.add(uuid);
      }
      return isNew;
    });
  }
}

function forget(since: Map<string, number>, kept: readonly string[]): void {
  for (const key of [...since.keys()]) {
    if (!kept.includes(key)) {
      since.delete(key);
    }
  }
}

function gpusOf({ gpus }: SystemSample): readonly GpuSample[] {
  return gpus.flatMap((reading) => (reading.state.kind === 'answering' ? reading.gpus : []));
}
