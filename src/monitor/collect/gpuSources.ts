import { absent } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import { createOwnChipMerge } from '../gpu/jetson/ownChip.ts';
import type { GpuMachine, GpuSource, GpuVendor } from '../gpu/vendor.ts';
import type { GpuReading, GpuVendorId } from '../gpuSample.ts';
import type { Clock } from './clock.ts';

export interface GpuSourcesOptions {
  readonly vendors: readonly GpuVendor[];
  readonly machine: Omit<GpuMachine, 'now'>;
  isFound(tool: ToolId): Promise<boolean>;
  /** What was known before we took over: shown until the sources have something to say, though not for long. */
  readonly before?: readonly GpuReading[];
  readonly clock: Clock;
}

/** Milliseconds for which sources go on as they did when nobody looks that closely any more: who hides a view may show it again. */
const LINGER = 30_000;
/** Milliseconds after which is looked again for vendors that were not there: a driver may be loaded, a tool installed. */
const LOOK_AGAIN = 60_000;
const ASK_AGAIN = 300_000;
/** Milliseconds for which what was known before counts. */
const BEFORE_COUNTS = 15_000;

const NOTHING_HEARD = absent('nothing was heard yet');

interface Started {
  readonly source: GpuSource;
  reading: GpuReading | undefined;
}

/** The sources of all vendors of which something is here; each runs for as long as somebody wants it to, and half a minute more. */
export class GpuSources implements Disposable {
  private readonly started = new Map<GpuVendorId, Started>();
  /** Vendors of which there is more than a program. */
  private readonly proven = new Set<GpuVendorId>();
  private readonly asked = new Map<GpuVendorId, number>();
  private readonly merge = createOwnChipMerge();
  private readonly since: number;
  private interval: number | undefined;
  private asking = 0;
  private lookedAt = -Infinity;
  private lingering: Disposable | undefined;

  constructor(private readonly options: GpuSourcesOptions) {
    this.since = options.clock.now();
  }

  /** Milliseconds between readings; undefined: none are wanted. */
  setInterval(wanted: number | undefined): void {
    this.lingering?.dispose();
    this.lingering = undefined;
    const { interval } = this;
    if (interval !== undefined && (wanted === undefined || wanted > interval)) {
      this.lingering = this.options.clock.after(LINGER, () => this.apply(wanted));
    } else {
      this.apply(wanted);
    }
  }

  /** What each vendor said last, in the vendors' order. */
  readings(): readonly GpuReading[] {
    this.look();
    return this.merge(
      this.options.vendors.flatMap(({ id }) => {
        const reading = this.readingOf(id);
        return reading === undefined ? [] : [reading];
      }),
    );
  }

  /** Whether every source has said something, and no tool is being looked for. */
  get isSettled(): boolean {
    return this.asking === 0 && [...this.started.values()].every(({ reading }) => reading !== undefined && reading.state.kind !== 'starting');
  }

  dispose(): void {
    this.lingering?.dispose();
    this.interval = undefined;
    this.stop();
  }

  private apply(interval: number | undefined): void {
    this.interval = interval;
    if (interval === undefined) {
      this.stop();
      return;
    }
    this.started.forEach(({ source }) => source.setInterval(interval));
    this.look();
  }

  private stop(): void {
    this.started.forEach(({ source }) => source.dispose());
    this.started.clear();
    this.lookedAt = -Infinity;
  }

  private look(): void {
    const now = this.options.clock.now();
    if (this.interval === undefined || Math.abs(now - this.lookedAt) < LOOK_AGAIN) {
      return;
    }
    this.lookedAt = now;
    for (const vendor of this.options.vendors.filter(({ id }) => !this.started.has(id))) {
      if (this.proven.has(vendor.id) || vendor.isPresent(this.options.machine.files)) {
        this.proven.add(vendor.id);
        this.start(vendor);
      } else if (vendor.tool !== undefined) {
        this.ask(vendor, vendor.tool, now);
      }
    }
  }

  private ask(vendor: GpuVendor, tool: ToolId, now: number): void {
    if (Math.abs(now - (this.asked.get(vendor.id) ?? -Infinity)) < ASK_AGAIN) {
      return;
    }
    this.asked.set(vendor.id, now);
    this.asking++;
    this.options
      .isFound(tool)
      .catch(() => false)
      .then((found) => {
        this.asking--;
        if (found) {
          // So that after a rest it is looked for again at once.
          this.asked.delete(vendor.id);
          this.start(vendor);
        }
      })
      .catch(() => undefined);
  }

  private start(vendor: GpuVendor): void {
    const { interval, options, started } = this;
    if (interval === undefined || started.has(vendor.id)) {
      return;
    }
    const machine: GpuMachine = { ...options.machine, now: () => options.clock.now() };
    const source = vendor.start(
      machine,
      (reading) => {
        const entry = started.get(vendor.id);
        if (entry?.source === source) {
          entry.reading = reading;
          if (reading.state.kind === 'answering') {
            this.proven.add(vendor.id);
          }
        }
      },
      interval,
    );
    started.set(vendor.id, { source, reading: undefined });
  }

  private readingOf(vendor: GpuVendorId): GpuReading | undefined {
    const entry = this.started.get(vendor);
    if (entry === undefined || !this.proven.has(vendor)) {
      return undefined;
    }
    if (entry.reading !== undefined && entry.reading.state.kind !== 'starting') {
      return entry.reading;
    }
    const { before, clock } = this.options;
    const counts = Math.abs(clock.now() - this.since) < BEFORE_COUNTS;
    const earlier = counts ? before?.find((reading) => reading.vendor === vendor) : undefined;
    return earlier ?? entry.reading ?? { vendor, state: { kind: 'starting' }, time: 0, gpus: [], uses: NOTHING_HEARD };
  }
}
