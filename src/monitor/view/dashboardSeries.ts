import { known } from '../../base/absent.ts';
import type { SystemSample } from '../systemSample.ts';
import { LIMIT_VALUES, gpuSeries } from '../webview/protocol.ts';
import type { HostSeries, Series } from '../webview/protocol.ts';
import { hostFacts } from './dashboardHost.ts';
import { limitOf } from './gpuRow.ts';

/** One value at one time; `to` where it stands for more than a moment, with the smallest and largest of that time. */
export interface Point {
  readonly time: number;
  readonly value?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Lays points into columns of `step`, with the smallest and largest of each; null where there is none. */
export function columns(points: Iterable<Point>, from: number, to: number, step: number): Series {
  const count = Math.max(0, Math.ceil((to - from) / step));
  const min: (number | null)[] = new Array<number | null>(count).fill(null);
  const max: (number | null)[] = new Array<number | null>(count).fill(null);
  let differs = false;
  for (const { time, value, min: low = value, max: high = value } of points) {
    const at = Math.floor((time - from) / step);
    if (at >= 0 && at < count && low !== undefined && high !== undefined && Number.isFinite(low) && Number.isFinite(high)) {
      min[at] = Math.min(min[at] ?? low, low);
      max[at] = Math.max(max[at] ?? high, high);
      differs ||= min[at] !== max[at];
    }
  }
  return differs ? { min, max } : { min };
}

/** The values of all series of one sample, by their names; what is absent is left out. */
export function seriesValues(sample: SystemSample): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const put = (name: string, value: number | undefined) => value !== undefined && values.set(name, value);
  for (const { gpus, state } of sample.gpus) {
    for (const gpu of state.kind === 'answering' ? gpus : []) {
      put(gpuSeries(gpu.uuid, 'busy'), known(gpu.utilization));
      put(gpuSeries(gpu.uuid, 'power'), known(gpu.power));
      const limit = limitOf(gpu);
      put(gpuSeries(gpu.uuid, 'limit'), known(gpu.clockLimits) === undefined ? undefined : limit === undefined ? 0 : LIMIT_VALUES[limit.kind]);
    }
  }
  const { cpu, memory, pressure, disk, network, fabric } = hostFacts(sample.system, undefined);
  const [used, total] = [known(memory.used), known(memory.total)];
  const host: Readonly<Record<HostSeries, number | undefined>> = {
    cpu: known(cpu.busy),
    memory: used === undefined || total === undefined || total <= 0 ? undefined : Math.min(100, (100 * used) / total),
    cpuPressure: known(pressure.cpu),
    ioPressure: known(pressure.io),
    memoryPressure: known(pressure.memory),
    diskRead: known(disk.read),
    networkReceived: known(network.received),
    fabric: fabric === null ? undefined : known(fabric.received),
  };
  Object.entries(host).forEach(([name, value]) => put(name, value));
  return values;
}
