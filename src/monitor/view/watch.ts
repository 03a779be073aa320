import { known } from '../../base/absent.ts';
import { freedom } from './free.ts';
import type { HeldGpu, Holdings } from './holders.ts';

/** What is known of a GPU beyond this moment. Milliseconds since the epoch. */
export interface GpuPast {
  /** Held and at rest since then. */
  readonly idleSince?: number;
  readonly freeSince?: number;
  /** When an uncorrectable error was last counted while somebody watched. */
  readonly errorAt?: number;
  /** The last moment of which its values are known, and who held it then. */
  readonly lastSeen?: { readonly time: number; readonly held: HeldGpu };
}

/** Percent; a context at rest now and then shows 1. */
const REST = 1;
/** Beyond such a gap nobody knows what was in between. */
const LONGEST_GAP = 90_000;

/** Follows GPUs from sample to sample: since when one is idle or free, and who held one that no longer answers. */
export class GpuWatch {
  private readonly past = new Map<string, GpuPast & { readonly time: number; readonly errors: number | undefined }>();

  observe(holdings: Holdings): void {
    for (const held of holdings.gpus) {
      this.observeGpu(held, held.reading.time);
    }
  }

  of(uuid: string): GpuPast {
    return this.past.get(uuid) ?? {};
  }

  private observeGpu(held: HeldGpu, time: number): void {
    const { gpu, fresh, holders } = held;
    const before = this.past.get(gpu.uuid);
    if (!fresh) {
      if (before !== undefined) {
        const { idleSince: _idle, freeSince: _free, ...rest } = before;
        this.past.set(gpu.uuid, rest);
      }
      return;
    }
    const recent = before !== undefined && time - before.time <= LONGEST_GAP && time >= before.time;
    const free = freedom(held) === 'free';
    const busy = known(gpu.utilization);
    const isHeld = (known(holders)?.length ?? 0) > 0;
    const idle = !free && isHeld && busy !== undefined && busy <= REST;
    const errors = known(gpu.uncorrectedErrors);
    const rose = recent && errors !== undefined && before.errors !== undefined && errors > before.errors;
    const errorAt = rose ? time : before?.errorAt;
    this.past.set(gpu.uuid, {
      time,
      errors: errors ?? before?.errors,
      lastSeen: { time, held },
      ...(idle && { idleSince: (recent ? before.idleSince : undefined) ?? time }),
      ...(free && { freeSince: (recent ? before.freeSince : undefined) ?? time }),
      ...(errorAt !== undefined && { errorAt }),
    });
  }
}
