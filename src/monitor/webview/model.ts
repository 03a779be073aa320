import { known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { GPU_SERIES, LIMIT_VALUES, gpuSeries } from './protocol.ts';
import type { Frame, GpuRow, Head, HostFacts, HostSeries, ProcessRow, RunRow } from './protocol.ts';
import { applyRows } from './rowsChange.ts';

/** All that the host has told, put together. */
export interface Moment {
  readonly time: number;
  readonly head: Head | undefined;
  readonly gpus: readonly GpuRow[];
  readonly processes: readonly ProcessRow[];
  readonly host: Partial<HostFacts>;
  readonly runs: readonly RunRow[];
}

export const NOTHING: Moment = { time: 0, head: undefined, gpus: [], processes: [], host: {}, runs: [] };

export function applyFrame(before: Moment, { time, whole, head, gpus, processes, host, runs }: Frame): Moment {
  const base = whole ? NOTHING : before;
  return {
    time,
    head: head ?? base.head,
    gpus: gpus ? applyRows(base.gpus, gpus) : base.gpus,
    processes: processes ? applyRows(base.processes, processes) : base.processes,
    host: host ? { ...base.host, ...host } : base.host,
    runs: runs ?? base.runs,
  };
}

/** The values of a moment by the names of their series; what is absent has none. */
export function* seriesOf({ gpus, host }: Moment): Generator<readonly [string, number | undefined]> {
  for (const { key, busy, power, limit, stateTone } of gpus) {
    const values = { busy: known(busy), power: known(power), limit: stateTone === 'unknown' || stateTone === 'bad' ? undefined : limit === null ? 0 : LIMIT_VALUES[limit] };
    for (const name of GPU_SERIES) {
      yield [gpuSeries(key, name), values[name]];
    }
  }
  for (const [name, value] of Object.entries(hostValues(host))) {
    yield [name, value];
  }
}

function hostValues({ cpu, memory, pressure, disk, network, fabric }: Partial<HostFacts>): Readonly<Record<HostSeries, number | undefined>> {
  return {
    cpu: known(cpu?.busy),
    memory: share(memory?.used, memory?.total),
    cpuPressure: known(pressure?.cpu),
    ioPressure: known(pressure?.io),
    memoryPressure: known(pressure?.memory),
    diskRead: known(disk?.read),
    networkReceived: known(network?.received),
    fabric: known(fabric?.received),
  };
}

/** Percent of a whole, where both are known. */
export function share(part: Measured<number> | undefined, whole: Measured<number> | undefined): number | undefined {
  const [some, all] = [known(part), known(whole)];
  return some === undefined || all === undefined || all <= 0 ? undefined : Math.min(100, (100 * some) / all);
}
