import { isAbsent, type Measured } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { RunDoctor } from '../doctor/runDoctor.ts';
import type { HostReader } from '../host/hostReader.ts';
import type { ProcessReader } from '../host/processReader.ts';
import type { HostSample } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Clock } from './clock.ts';
import type { GpuSources } from './gpuSources.ts';
import { createRhythm, type Rhythm } from './rhythm.ts';

export interface CollectorOptions {
  readonly host: string;
  readonly hostReader: HostReader;
  readonly processReader: ProcessReader;
  readonly gpuSources: GpuSources;
  readonly clock: Clock;
  readonly log?: (line: string) => void;
}

/** Makes samples of one machine for as long as any are wanted; reads and starts nothing while none are. */
export class Collector implements Disposable {
  private readonly sampled = new Emitter<SystemSample>();
  private readonly doctor = new RunDoctor();
  private readonly rhythm: Rhythm;

  readonly onSample = this.sampled.event;

  constructor(private readonly options: CollectorOptions) {
    this.rhythm = createRhythm({ onStart: () => this.read(), onTick: () => this.tick() }, options.clock);
  }

  /** Milliseconds between samples; undefined: none are wanted. */
  setInterval(interval: number | undefined): void {
    this.options.gpuSources.setInterval(interval);
    this.rhythm.setInterval(interval);
  }

  /** Whether every source of GPUs has said something. */
  get isSettled(): boolean {
    return this.options.gpuSources.isSettled;
  }

  dispose(): void {
    this.rhythm.dispose();
    this.options.gpuSources.dispose();
    this.options.processReader.dispose();
    this.sampled.dispose();
  }

  private tick(): void {
    const sample = this.read();
    if (sample === undefined) {
      return;
    }
    const runs = this.doctor.examine(sample);
    this.sampled.fire(runs.length === 0 ? sample : { ...sample, runs });
  }

  private read(): SystemSample | undefined {
    const { host, hostReader, processReader, gpuSources, clock, log } = this.options;
    try {
      const time = clock.now();
      const system = hostReader.read(time);
      const processes = processReader.read(time, workOf(system));
      return { time, host, gpus: gpuSources.readings(), system, processes, processScope: processReader.scope };
    } catch (error) {
      // One sample less; the next may be whole.
      log?.(`a sample was left out: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return undefined;
    }
  }
}

/** The share of all processors that was at work, for programs or the kernel. */
function workOf({ cpu: { user, system } }: HostSample): Measured<number> {
  return isAbsent(user) ? user : isAbsent(system) ? system : user + system;
}
