import { absent, isAbsent, type Absent, type Measured } from '../../base/absent.ts';
import type { ClockLimit, GpuReading, GpuSample, GpuSlice, GpuUse } from '../gpuSample.ts';
import type {
  DiskSample,
  FileSystemSample,
  HostSample,
  InfinibandSample,
  NetworkSample,
  Pressure,
  ProcessSample,
  TemperatureSample,
} from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { BYTES, CELSIUS, CODE, COUNT, LOAD, MEGAHERTZ, MILLISECONDS, PERCENT, RATE, SECONDS, WATTS, type Unit } from './units.ts';

/** What seldom changes of a thing: kept once, and again when it has changed. */
export type Fact = string | number | boolean | null | Absent | readonly string[];

export interface Field<T> {
  readonly name: string;
  readonly unit: Unit;
  readonly of: (item: T) => Measured<number>;
}

/**
 * Things of which values are kept. Kinds are known in the store by their place in `KINDS`, and fields by theirs in the kind:
 * new ones go to the end.
 */
export interface Kind<T> {
  readonly name: string;
  /** Kept in one of two parts of a block, so that charts do not read what is many: processes and cores. */
  readonly part: 'system' | 'processes';
  readonly fields: readonly Field<T>[];
  readonly facts: (item: T) => readonly Fact[];
}

type NumberKey<T> = { [K in keyof T]: T[K] extends Measured<number> ? K : never }[keyof T] & string;

function field<T>(name: NumberKey<T>, unit: Unit): Field<T> {
  return { name, unit, of: (item) => item[name] as Measured<number> };
}

/** A value inside another, which may be absent as a whole. */
function inside<T, P>(name: string, unit: Unit, part: (item: T) => Measured<P>, of: (part: P) => Measured<number>): Field<T> {
  return {
    name,
    unit,
    of: (item) => {
      const value = part(item);
      return isAbsent(value) ? value : of(value);
    },
  };
}

export const CLOCK_LIMITS: readonly ClockLimit[] = [
  'idle',
  'applicationClocks',
  'powerCap',
  'hardwareSlowdown',
  'syncBoost',
  'softwareThermal',
  'hardwareThermal',
  'powerBrake',
  'displayClocks',
];

const PSTATE = /^P(\d{1,2})$/;
const NOT_A_PSTATE = absent('not a number');

export const GPU: Kind<GpuSample> = {
  name: 'gpu',
  part: 'system',
  fields: [
    field('utilization', PERCENT),
    field('memoryUtilization', PERCENT),
    field('encoderUtilization', PERCENT),
    field('decoderUtilization', PERCENT),
    field('memoryUsed', BYTES),
    field('memoryTotal', BYTES),
    field('power', WATTS),
    field('powerLimit', WATTS),
    field('temperature', CELSIUS),
    field('memoryTemperature', CELSIUS),
    field('slowdownTemperature', CELSIUS),
    field('fan', PERCENT),
    field('clock', MEGAHERTZ),
    field('clockMax', MEGAHERTZ),
    field('memoryClock', MEGAHERTZ),
    field('pcieGeneration', COUNT),
    field('pcieWidth', COUNT),
    field('pcieReceived', RATE),
    field('pcieSent', RATE),
    field('uncorrectedErrors', COUNT),
    inside<GpuSample, string>('performanceState', CODE, (gpu) => gpu.performanceState, (state) => {
      const digits = PSTATE.exec(state)?.[1];
      return digits === undefined ? NOT_A_PSTATE : Number(digits);
    }),
    // Percent of the time in which it was in force: a bucket's mean is its share.
    ...CLOCK_LIMITS.map((limit) =>
      inside<GpuSample, readonly ClockLimit[]>(`limit.${limit}`, PERCENT, (gpu) => gpu.clockLimits, (limits) => (limits.includes(limit) ? 100 : 0)),
    ),
  ],
  facts: (gpu) => [
    gpu.index,
    gpu.name,
    gpu.vendor,
    gpu.state,
    gpu.stateText ?? null,
    gpu.busId,
    gpu.driverVersion,
    gpu.unifiedMemory,
    gpu.recoveryAction,
    isAbsent(gpu.performanceState) || PSTATE.test(gpu.performanceState) ? null : gpu.performanceState,
  ],
};

export interface SliceItem {
  readonly gpu: string;
  readonly slice: GpuSlice;
}

export const SLICE: Kind<SliceItem> = {
  name: 'slice',
  part: 'system',
  fields: [
    { name: 'memoryUsed', unit: BYTES, of: ({ slice }) => slice.memoryUsed },
    { name: 'memoryTotal', unit: BYTES, of: ({ slice }) => slice.memoryTotal },
    { name: 'multiprocessors', unit: COUNT, of: ({ slice }) => slice.multiprocessors },
  ],
  facts: ({ gpu, slice }) => [gpu, slice.index, slice.gpuInstance, slice.computeInstance, slice.uuid, slice.profile],
};

export interface SourceItem {
  readonly reading: GpuReading;
  readonly time: number;
}

const NOT_YET = absent('nothing read yet');

/** A vendor's driver and how it answers. */
export const SOURCE: Kind<SourceItem> = {
  name: 'source',
  part: 'system',
  fields: [{ name: 'age', unit: MILLISECONDS, of: ({ reading, time }) => (reading.time === 0 ? NOT_YET : time - reading.time) }],
  facts: ({ reading: { vendor, state, uses } }) => {
    const problem = state.kind === 'failed' ? state.problem : undefined;
    return [
      vendor,
      state.kind,
      state.kind === 'silent' ? state.since : null,
      problem?.reason ?? null,
      problem?.text ?? null,
      problem?.remedy ?? null,
      problem?.said ?? null,
      isAbsent(uses) ? uses : null,
    ];
  },
};

const PRESSURES = ['cpu', 'io', 'memory'] as const;
type Load = readonly [number, number, number];

export const HOST: Kind<SystemSample> = {
  name: 'host',
  part: 'system',
  fields: [
    ...(['utilization', 'ioWait', 'user', 'system', 'steal'] as const).map(
      (name): Field<SystemSample> => ({ name: `cpu.${name}`, unit: PERCENT, of: ({ system }) => system.cpu[name] }),
    ),
    ...[0, 1, 2].map((place) =>
      inside<SystemSample, Load>(`load.${[1, 5, 15][place]}`, LOAD, ({ system }) => system.cpu.load, (load) => load[place]!),
    ),
    ...(['total', 'available', 'used', 'cached', 'swapTotal', 'swapUsed', 'sharedTotal', 'sharedUsed'] as const).map(
      (name): Field<SystemSample> => ({ name: `memory.${name}`, unit: BYTES, of: ({ system }) => system.memory[name] }),
    ),
    ...PRESSURES.flatMap((name) =>
      (['some', 'full', 'someAverage10'] as const).map((part) =>
        inside<SystemSample, Pressure>(`pressure.${name}.${part}`, PERCENT, ({ system }) => system.pressure[name], (pressure) => pressure[part]),
      ),
    ),
    ...([['memoryLimit', BYTES], ['memoryUsed', BYTES], ['cpuLimit', LOAD], ['throttled', PERCENT], ['processLimit', COUNT], ['oomKills', COUNT]] as const).map(
      ([name, unit]): Field<SystemSample> => ({ name: `limits.${name}`, unit, of: ({ system }) => system.limits[name] }),
    ),
    // The moment of the boot stays the same, which costs nothing.
    { name: 'boot', unit: SECONDS, of: bootOf },
  ],
  facts: ({ system, processes, processScope }) => [
    processScope.hidden,
    processScope.namespaced,
    isAbsent(processes) ? processes : null,
    system.limits.version,
    ...LISTS.map((list) => {
      const items = list === 'cores' ? system.cpu.cores : system[list];
      return isAbsent(items) ? items : null;
    }),
  ],
};

/** Lists of the host that may be absent as a whole, in the order of their facts. */
export const LISTS = ['cores', 'disks', 'networks', 'infiniband', 'temperatures', 'fileSystems'] as const satisfies readonly ('cores' | keyof HostSample)[];

function bootOf({ time, system: { uptime } }: SystemSample): Measured<number> {
  return isAbsent(uptime) ? uptime : time / 1000 - uptime;
}

export const CORE: Kind<Measured<number>> = {
  name: 'core',
  part: 'processes',
  fields: [{ name: 'utilization', unit: { ...PERCENT, steps: 1 }, of: (core) => core }],
  facts: () => [],
};

export const DISK: Kind<DiskSample> = {
  name: 'disk',
  part: 'system',
  fields: [field('read', RATE), field('written', RATE), field('busy', PERCENT), field('inFlight', COUNT)],
  facts: () => [],
};

export const NETWORK: Kind<NetworkSample> = {
  name: 'network',
  part: 'system',
  fields: [field('received', RATE), field('sent', RATE), field('speed', COUNT)],
  facts: () => [],
};

export const INFINIBAND: Kind<InfinibandSample> = {
  name: 'infiniband',
  part: 'system',
  fields: [field('received', RATE), field('sent', RATE), field('speed', COUNT), field('errors', COUNT)],
  facts: ({ device, port, active }) => [device, port, active],
};

export const SENSOR: Kind<TemperatureSample> = {
  name: 'sensor',
  part: 'system',
  fields: [field('temperature', CELSIUS), field('critical', CELSIUS)],
  facts: () => [],
};

export const FILE_SYSTEM: Kind<FileSystemSample> = {
  name: 'fileSystem',
  part: 'system',
  fields: [field('total', BYTES), field('available', BYTES), field('used', BYTES)],
  facts: ({ type, source }) => [type, source],
};

/** Of a command line. The whole may be 2 MiB long. */
const COMMAND_CHARACTERS = 2048;

export const PROCESS: Kind<ProcessSample> = {
  name: 'process',
  part: 'processes',
  fields: [
    field('cpu', PERCENT),
    field('memory', BYTES),
    field('threads', COUNT),
    field('read', RATE),
    field('written', RATE),
    { name: 'state', unit: CODE, of: ({ state }) => state.charCodeAt(0) || 63 },
  ],
  facts: (process) => [
    process.pid,
    process.startTicks,
    process.parent,
    process.uid,
    process.user,
    process.name,
    isAbsent(process.command) ? process.command : shortened(process.command),
    process.started,
  ],
};

/** The words of a command line, those that fit, and then `…`. */
function shortened(command: readonly string[]): readonly string[] {
  let left = COMMAND_CHARACTERS;
  for (const [index, word] of command.entries()) {
    left -= word.length + 1;
    if (left < 0) {
      return [...command.slice(0, index), `${word.slice(0, Math.max(0, left + word.length))}…`];
    }
  }
  return command;
}

export const USE: Kind<GpuUse> = {
  name: 'use',
  part: 'processes',
  fields: [field('memoryUsed', BYTES), field('utilization', PERCENT)],
  facts: (use) => [use.gpuUuid, use.pid, use.kind, use.name, use.gpuInstance ?? null, use.computeInstance ?? null],
};

export const KINDS: readonly Kind<never>[] = [GPU, SLICE, SOURCE, HOST, CORE, DISK, NETWORK, INFINIBAND, SENSOR, FILE_SYSTEM, PROCESS, USE];
