import { absent, isAbsent, type Measured } from '../../base/absent.ts';
import type { ClockLimit, GpuProblem, GpuReading, GpuSample, GpuSlice, GpuSourceState, GpuUse, GpuVendorId } from '../gpuSample.ts';
import type { FileSystemSample, HostSample, InfinibandSample, Pressure, ProcessSample } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { CLOCK_LIMITS, LISTS, type Fact } from './kinds.ts';
import { NOT_KEPT, type Moment, type MomentThing } from './moments.ts';

/**
 * A sample as it was, as far as it was kept: of the processes those that were on top or used a GPU, with their command lines cut;
 * of a bucket the means, and the last of what has no mean.
 */
export function restoreSample(host: string, { time, things }: Moment): SystemSample {
  const byKind = new Map<string, MomentThing[]>();
  for (const thing of things) {
    byKind.set(thing.kind.name, [...(byKind.get(thing.kind.name) ?? []), thing]);
  }
  const of = (kind: string): readonly MomentThing[] => byKind.get(kind) ?? [];
  const [machine] = of('host');
  const [hidden, namespaced, processes] = machine?.facts ?? [];
  return {
    time,
    host,
    gpus: of('source').map((source) => readingOf(time, source, of('gpu'), of('slice'), of('use'))),
    system: systemOf(time, machine, of),
    processes: isAbsent(processes) ? processes : of('process').map(processOf),
    processScope: { hidden: hidden === true, namespaced: namespaced === true },
  };
}

function readingOf(
  time: number,
  source: MomentThing,
  gpus: readonly MomentThing[],
  slices: readonly MomentThing[],
  uses: readonly MomentThing[],
): GpuReading {
  const [vendor, , , , , , , noUses] = source.facts;
  const own = gpus.filter(({ facts }) => facts[2] === vendor);
  const keys = new Set(own.map(({ key }) => key));
  const age = source.value('age');
  return {
    vendor: vendor as GpuVendorId,
    state: stateOf(source.facts),
    time: isAbsent(age) ? 0 : time - age,
    gpus: own.map((gpu) => gpuOf(gpu, slices)),
    uses: isAbsent(noUses) ? noUses : uses.filter(({ facts }) => keys.has(word(facts[0]))).map(useOf),
  };
}

function stateOf([, kind, since, reason, text, remedy, said]: readonly Fact[]): GpuSourceState {
  if (kind === 'silent') {
    return { kind, since: Number(since) };
  }
  if (kind === 'failed') {
    const more = { ...(typeof remedy === 'string' ? { remedy } : {}), ...(typeof said === 'string' ? { said } : {}) };
    return { kind, problem: { reason: reason as GpuProblem['reason'], text: word(text), ...more } };
  }
  return { kind: kind === 'starting' ? 'starting' : 'answering' };
}

function gpuOf(thing: MomentThing, slices: readonly MomentThing[]): GpuSample {
  const [index, name, vendor, state, stateText, busId, driverVersion, unified, recoveryAction, stateWord] = thing.facts;
  const value = (field: string): Measured<number> => thing.value(field);
  const number = value('performanceState');
  return {
    index: Number(index),
    uuid: thing.key,
    name: word(name),
    vendor: vendor as GpuVendorId,
    state: state as GpuSample['state'],
    ...(typeof stateText === 'string' ? { stateText } : {}),
    busId: text(busId),
    driverVersion: text(driverVersion),
    utilization: value('utilization'),
    memoryUtilization: value('memoryUtilization'),
    encoderUtilization: value('encoderUtilization'),
    decoderUtilization: value('decoderUtilization'),
    memoryUsed: value('memoryUsed'),
    memoryTotal: value('memoryTotal'),
    unifiedMemory: unified === true,
    power: value('power'),
    powerLimit: value('powerLimit'),
    temperature: value('temperature'),
    memoryTemperature: value('memoryTemperature'),
    slowdownTemperature: value('slowdownTemperature'),
    fan: value('fan'),
    clock: value('clock'),
    clockMax: value('clockMax'),
    memoryClock: value('memoryClock'),
    clockLimits: limitsOf(thing),
    performanceState: typeof stateWord === 'string' ? stateWord : isAbsent(number) ? number : `P${number}`,
    pcieGeneration: value('pcieGeneration'),
    pcieWidth: value('pcieWidth'),
    pcieReceived: value('pcieReceived'),
    pcieSent: value('pcieSent'),
    uncorrectedErrors: value('uncorrectedErrors'),
    recoveryAction: text(recoveryAction),
    slices: slices.filter(({ facts }) => facts[0] === thing.key).map(sliceOf),
  };
}

/** Those that were in force at any time of the moment. */
function limitsOf(thing: MomentThing): Measured<readonly ClockLimit[]> {
  const limits: ClockLimit[] = [];
  for (const limit of CLOCK_LIMITS) {
    const share = thing.value(`limit.${limit}`);
    if (isAbsent(share)) {
      return share;
    }
    if (share > 0) {
      limits.push(limit);
    }
  }
  return limits;
}

function sliceOf({ facts: [, index, gpuInstance, computeInstance, uuid, profile], value }: MomentThing): GpuSlice {
  return {
    index: Number(index),
    gpuInstance: Number(gpuInstance),
    computeInstance: Number(computeInstance),
    uuid: text(uuid),
    profile: text(profile),
    multiprocessors: value('multiprocessors'),
    memoryUsed: value('memoryUsed'),
    memoryTotal: value('memoryTotal'),
  };
}

function useOf({ facts: [gpuUuid, pid, kind, name, gpuInstance, computeInstance], value }: MomentThing): GpuUse {
  return {
    gpuUuid: word(gpuUuid),
    pid: Number(pid),
    kind: kind as GpuUse['kind'],
    name: text(name),
    memoryUsed: value('memoryUsed'),
    utilization: value('utilization'),
    ...(typeof gpuInstance === 'number' ? { gpuInstance } : {}),
    ...(typeof computeInstance === 'number' ? { computeInstance } : {}),
  };
}

function processOf({ facts: [pid, startTicks, parent, uid, user, name, command, started], value }: MomentThing): ProcessSample {
  const threads = value('threads');
  const state = value('state');
  return {
    pid: Number(pid),
    startTicks: word(startTicks),
    parent: Number(parent),
    uid: Number(uid),
    user: word(user),
    name: word(name),
    command: Array.isArray(command) ? (command as readonly string[]) : isAbsent(command) ? command : NOT_KEPT,
    state: isAbsent(state) ? '?' : String.fromCharCode(state),
    cpu: value('cpu'),
    memory: value('memory'),
    threads: isAbsent(threads) ? 1 : Math.round(threads),
    read: value('read'),
    written: value('written'),
    started: Number(started),
  };
}

function systemOf(time: number, machine: MomentThing | undefined, of: (kind: string) => readonly MomentThing[]): HostSample {
  const value = (field: string): Measured<number> => machine?.value(field) ?? NOT_KEPT;
  const boot = value('boot');
  const load = [value('load.1'), value('load.5'), value('load.15')] as const;
  const version = machine?.facts[3];
  const list = <T>(name: (typeof LISTS)[number], items: () => readonly T[]): Measured<readonly T[]> => {
    const missing = machine === undefined ? NOT_KEPT : machine.facts[4 + LISTS.indexOf(name)];
    return isAbsent(missing) ? missing : items();
  };
  return {
    cpu: {
      utilization: value('cpu.utilization'),
      cores: list('cores', () => coresOf(of('core'))),
      ioWait: value('cpu.ioWait'),
      user: value('cpu.user'),
      system: value('cpu.system'),
      steal: value('cpu.steal'),
      load: load.find(isAbsent) ?? (load as readonly [number, number, number]),
    },
    memory: {
      total: value('memory.total'),
      available: value('memory.available'),
      used: value('memory.used'),
      cached: value('memory.cached'),
      swapTotal: value('memory.swapTotal'),
      swapUsed: value('memory.swapUsed'),
      sharedTotal: value('memory.sharedTotal'),
      sharedUsed: value('memory.sharedUsed'),
    },
    pressure: { cpu: pressureOf('cpu', value), io: pressureOf('io', value), memory: pressureOf('memory', value) },
    disks: list('disks', () =>
      of('disk').map(({ key, value: disk }) => ({ name: key, read: disk('read'), written: disk('written'), busy: disk('busy'), inFlight: count(disk('inFlight')) })),
    ),
    networks: list('networks', () => of('network').map(({ key, value: net }) => ({ name: key, received: net('received'), sent: net('sent'), speed: net('speed') }))),
    infiniband: list('infiniband', () => of('infiniband').map(infinibandOf)),
    temperatures: list('temperatures', () =>
      of('sensor').flatMap(({ key, value: sensor }) => {
        const temperature = sensor('temperature');
        return isAbsent(temperature) ? [] : [{ sensor: key, temperature, critical: sensor('critical') }];
      }),
    ),
    fileSystems: list('fileSystems', () => of('fileSystem').map(fileSystemOf)),
    limits: {
      version: version === 1 || version === 2 ? version : isAbsent(version) ? version : NOT_KEPT,
      memoryLimit: value('limits.memoryLimit'),
      memoryUsed: value('limits.memoryUsed'),
      cpuLimit: value('limits.cpuLimit'),
      throttled: value('limits.throttled'),
      processLimit: value('limits.processLimit'),
      oomKills: value('limits.oomKills'),
    },
    uptime: isAbsent(boot) ? boot : Math.max(0, time / 1000 - boot),
  };
}

function coresOf(things: readonly MomentThing[]): readonly Measured<number>[] {
  const cores: Measured<number>[] = [];
  for (const { key, value } of things) {
    cores[Number(key)] = value('utilization');
  }
  return Array.from(cores, (core) => core ?? NOT_KEPT);
}

function pressureOf(name: 'cpu' | 'io' | 'memory', value: (field: string) => Measured<number>): Measured<Pressure> {
  const average = value(`pressure.${name}.someAverage10`);
  return isAbsent(average) ? average : { some: value(`pressure.${name}.some`), full: value(`pressure.${name}.full`), someAverage10: average };
}

function infinibandOf({ facts: [device, port, active], value }: MomentThing): InfinibandSample {
  return {
    device: word(device),
    port: Number(port),
    active: active === true,
    received: value('received'),
    sent: value('sent'),
    speed: value('speed'),
    errors: value('errors'),
  };
}

function fileSystemOf({ key, facts: [type, source], value }: MomentThing): FileSystemSample {
  return { mountPoint: key, type: word(type), source: word(source), total: value('total'), available: value('available'), used: value('used') };
}

function text(fact: Fact | undefined): Measured<string> {
  return isAbsent(fact) ? fact : typeof fact === 'string' ? fact : absent('not told');
}

/** A fact that is always a text. */
function word(fact: Fact | undefined): string {
  return typeof fact === 'string' ? fact : '';
}

/** Of something that is always known where its thing is. */
function count(value: Measured<number>): number {
  return isAbsent(value) ? 0 : Math.round(value);
}
