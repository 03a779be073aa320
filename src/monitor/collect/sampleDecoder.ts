import { isAbsent } from '../../base/absent.ts';
import type { GpuReading } from '../gpuSample.ts';
import type { HostSample, ProcessSample } from '../hostSample.ts';
import type { ProcessScope, RunReport, SystemSample } from '../systemSample.ts';
import type { SampleFrame } from './protocol.ts';

const SECTIONS = ['cpu', 'memory', 'pressure', 'disks', 'networks', 'infiniband', 'temperatures', 'fileSystems', 'limits', 'uptime'] as const satisfies readonly (keyof HostSample)[];

/** Makes samples of frames again. What has not changed is the same object as in the sample before. */
export class SampleDecoder {
  private detail: SampleFrame['detail'] | undefined;
  private tick = 0;
  private readonly parts = new Map<string, unknown>();
  private readonly processes = new Map<number, ProcessSample>();

  /** undefined where the frame differs from a sample that we do not have, or a part is missing. */
  next(frame: SampleFrame): SystemSample | undefined {
    if (frame.since === 0) {
      this.parts.clear();
      this.processes.clear();
    } else if (frame.since !== this.tick || frame.detail !== this.detail) {
      return undefined;
    }
    this.tick = frame.tick;
    this.detail = frame.detail;
    for (const [name, value] of Object.entries(frame.parts)) {
      this.parts.set(name, value);
    }
    this.takeProcesses(frame);
    return this.sample(frame);
  }

  private takeProcesses({ processes, gonePids }: SampleFrame): void {
    for (const pid of gonePids) {
      this.processes.delete(pid);
    }
    if (isAbsent(processes)) {
      this.processes.clear();
      return;
    }
    for (const process of processes) {
      this.processes.set(process.pid, process);
    }
  }

  private sample({ time, host, processes }: SampleFrame): SystemSample | undefined {
    const system = Object.fromEntries(SECTIONS.map((name) => [name, this.parts.get(`system.${name}`)]));
    const vendors = this.parts.get('vendors');
    const processScope = this.parts.get('scope') as ProcessScope | undefined;
    if (Object.values(system).includes(undefined) || !Array.isArray(vendors) || processScope === undefined) {
      return undefined;
    }
    const gpus = vendors.map((vendor) => this.parts.get(`gpus.${String(vendor)}`) as GpuReading | undefined).filter((reading) => reading !== undefined);
    const runs = this.parts.get('runs') as readonly RunReport[] | null | undefined;
    return {
      time,
      host,
      gpus,
      system: system as unknown as HostSample,
      processes: isAbsent(processes) ? processes : [...this.processes.values()],
      processScope,
      ...(Array.isArray(runs) && { runs }),
    };
  }
}
