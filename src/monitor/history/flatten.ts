import { isAbsent } from '../../base/absent.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { CORE, DISK, FILE_SYSTEM, GPU, HOST, INFINIBAND, NETWORK, PROCESS, SENSOR, SLICE, SOURCE, USE, type Kind } from './kinds.ts';

/** Of each list of the machine: a container host has hundreds of virtual networks and mounts. */
const MAX_ITEMS = 32;
const MAX_CORES = 1024;
const MAX_USES = 256;

export type Visit = <T>(kind: Kind<T>, key: string, item: T) => void;

const CORE_KEYS: readonly string[] = Array.from({ length: MAX_CORES }, (_, index) => String(index));

/** Every thing in a sample, with the processes that were chosen. */
export function flatten(sample: SystemSample, processes: readonly ProcessSample[], visit: Visit): void {
  visit(HOST, '', sample);
  const { cpu, disks, networks, infiniband, temperatures, fileSystems } = sample.system;
  if (!isAbsent(cpu.cores)) {
    for (let index = 0; index < cpu.cores.length && index < MAX_CORES; index++) {
      visit(CORE, CORE_KEYS[index]!, cpu.cores[index]!);
    }
  }
  each(disks, (disk) => visit(DISK, disk.name, disk));
  each(networks, (network) => visit(NETWORK, network.name, network));
  each(infiniband, (port) => visit(INFINIBAND, `${port.device}:${port.port}`, port));
  each(temperatures, (sensor) => visit(SENSOR, sensor.sensor, sensor));
  each(fileSystems, (fileSystem) => visit(FILE_SYSTEM, fileSystem.mountPoint, fileSystem));
  for (const reading of sample.gpus) {
    visit(SOURCE, reading.vendor, { reading, time: sample.time });
    for (const gpu of reading.gpus) {
      visit(GPU, gpu.uuid, gpu);
      for (const slice of gpu.slices) {
        visit(SLICE, `${gpu.uuid} ${slice.gpuInstance}.${slice.computeInstance}`, { gpu: gpu.uuid, slice });
      }
    }
    if (!isAbsent(reading.uses)) {
      for (let index = 0; index < reading.uses.length && index < MAX_USES; index++) {
        const use = reading.uses[index]!;
        visit(USE, `${use.gpuUuid} ${use.pid} ${use.gpuInstance ?? ''}.${use.computeInstance ?? ''}`, use);
      }
    }
  }
  for (const process of processes) {
    visit(PROCESS, `${process.pid} ${process.startTicks}`, process);
  }
}

function each<T>(items: readonly T[] | { readonly absent: string }, call: (item: T) => void): void {
  if (!isAbsent(items)) {
    for (let index = 0; index < items.length && index < MAX_ITEMS; index++) {
      call((items)[index]!);
    }
  }
}
