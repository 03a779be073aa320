import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import type { GpuSample } from '../gpuSample.ts';
import type { HostSample } from '../hostSample.ts';
import type { Holdings, Run } from '../view/holders.ts';
import type { RunGpu, RunMoment } from './runMoment.ts';

/** What each run did at the time of a sample, by the run's key. Runs of which a GPU's driver does not answer are left out. */
export function runMoments({ sample, gpus, runs }: Holdings): ReadonlyMap<string, RunMoment> {
  const fresh = new Map(gpus.filter((held) => held.fresh).map(({ gpu }) => [gpu.uuid, gpu] as const));
  const host = hostPart(sample.system);
  return new Map(
    runs.flatMap((run) => {
      const own = run.gpus.map((uuid) => fresh.get(uuid)).filter((gpu) => gpu !== undefined);
      return own.length < run.gpus.length || own.length === 0 ? [] : [[run.key, { time: sample.time, gpus: own.map(gpuPart), ...processPart(run), ...host }] as const];
    }),
  );
}

function gpuPart(gpu: GpuSample): RunGpu {
  return {
    index: gpu.index,
    utilization: gpu.utilization,
    power: percent(gpu.power, gpu.powerLimit),
    clock: percent(gpu.clock, gpu.clockMax),
    clockLimits: gpu.clockLimits,
    temperature: gpu.temperature,
  };
}

function processPart({ members }: Run): Pick<RunMoment, 'workers' | 'waitingWorkers' | 'busiestHolder'> {
  const helpers = members.flatMap((member) => member.helpers);
  return {
    workers: helpers.map(({ cpu }) => cpu),
    waitingWorkers: helpers.filter(({ state }) => state === 'D').length,
    busiestHolder: largest(members.map(({ process }) => process.cpu)),
  };
}

function hostPart({ cpu, pressure, memory, limits, infiniband }: HostSample): Omit<RunMoment, 'time' | 'gpus' | 'workers' | 'waitingWorkers' | 'busiestHolder'> {
  return {
    idleCores: idleCores(cpu, limits.cpuLimit),
    ioWait: cpu.ioWait,
    ioPressure: isAbsent(pressure.io) ? pressure.io : pressure.io.some,
    cpuPressure: isAbsent(pressure.cpu) ? pressure.cpu : pressure.cpu.some,
    memoryPressure: isAbsent(pressure.memory) ? pressure.memory : pressure.memory.some,
    memoryUsed: isAbsent(limits.memoryLimit) ? percent(memory.used, memory.total) : percent(limits.memoryUsed, limits.memoryLimit),
    throttled: limits.throttled,
    fabric: fabric(infiniband),
  };
}

/** Of the machine; behind a limit of ours nobody tells which of its idle cores we could have. */
function idleCores({ utilization, cores }: HostSample['cpu'], limit: Measured<number>): Measured<number> {
  if (!isAbsent(limit)) {
    return absent('a limit says how many cores may be used');
  }
  if (isAbsent(cores)) {
    return cores;
  }
  return isAbsent(utilization) ? utilization : (cores.length * (100 - utilization)) / 100;
}

function fabric(ports: HostSample['infiniband']): Measured<number> {
  if (isAbsent(ports)) {
    return ports;
  }
  const shares = ports.flatMap(({ active, received, sent, speed }) => {
    const bits = known(speed);
    const busiest = Math.max(known(received) ?? 0, known(sent) ?? 0);
    return !active || bits === undefined || bits <= 0 ? [] : [Math.min(100, (100 * 8 * busiest) / bits)];
  });
  return shares.length === 0 ? absent('no port is up') : Math.max(...shares);
}

function largest(values: readonly Measured<number>[]): Measured<number> {
  const told = values.map(known).filter((value) => value !== undefined);
  return told.length === 0 ? (values.find(isAbsent) ?? absent('no process')) : Math.max(...told);
}

function percent(part: Measured<number>, whole: Measured<number>): Measured<number> {
  if (isAbsent(part)) {
    return part;
  }
  if (isAbsent(whole)) {
    return whole;
  }
  return whole > 0 ? Math.min(100, (100 * part) / whole) : absent('its limit is 0');
}
