import { isAbsent, known, type Measured } from '../../base/absent.ts';
import type { FileSystemSample, HostSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { CgroupMeter } from './cgroup.ts';
import { NOT_TOLD } from './counters.ts';
import { CpuMeter, parseLoad } from './cpu.ts';
import { DiskMeter } from './disks.ts';
import { InfinibandMeter } from './infiniband.ts';
import { memoryOf } from './memory.ts';
import { createMoments, Turn, type Moments } from './moments.ts';
import { parseMountinfo, visibleMounts, type Mount } from './mounts.ts';
import { NetworkMeter } from './networks.ts';
import { createPatientFiles } from './patience.ts';
import { PressureMeter } from './pressure.ts';
import { fileSystemSamples, type Spaces } from './spaces.ts';
import { TemperatureMeter } from './temperatures.ts';

/** Mounts and disks come and go seldom, and a full disk fills slowly. */
const MOUNTS_SECONDS = 10;

export interface HostReader {
  /** `now`: milliseconds since the epoch. Rates are of the time since the call before. */
  read(now: number): HostSample;
}

export interface HostReaderOptions {
  readonly spaces: Spaces;
  /** The clock, where it is shared with who else reads at the same times. */
  readonly moments?: Moments;
}

/** Reads a machine as a whole; never waits. */
export function createHostReader(kernelFiles: KernelFiles, { spaces, moments: shared }: HostReaderOptions): HostReader {
  const files = createPatientFiles(kernelFiles);
  const moments = shared ?? createMoments(files);
  const cpu = new CpuMeter();
  const pressure = new PressureMeter();
  const disks = new DiskMeter();
  const networks = new NetworkMeter();
  const infiniband = new InfinibandMeter();
  const temperatures = new TemperatureMeter();
  const limits = new CgroupMeter();
  const mountsTurn = new Turn(MOUNTS_SECONDS);
  let wholeDisks: Measured<ReadonlySet<string>> = NOT_TOLD;
  let mounts: Measured<readonly Mount[]> = NOT_TOLD;
  let fileSystems: Measured<readonly FileSystemSample[]> = NOT_TOLD;

  return {
    read(now) {
      const moment = moments.at(now);
      files.at(moment);
      if (mountsTurn.comes(moment)) {
        const names = files.list('/sys/block');
        wholeDisks = isAbsent(names) ? names : new Set(names);
        mounts = parseMountinfo(files.text('/proc/self/mountinfo'));
        fileSystems = fileSystemSamples(mounts, spaces, moment);
      }
      const memory = memoryOf(files.text('/proc/meminfo'), sharedMemory(mounts, spaces, moment));
      return {
        cpu: { ...cpu.next(files.text('/proc/stat')), load: parseLoad(files.text('/proc/loadavg')) },
        memory,
        pressure: pressure.next(files, moment),
        disks: disks.next(files.text('/proc/diskstats'), wholeDisks, moment),
        networks: networks.next(files, moment),
        infiniband: infiniband.next(files, moment),
        temperatures: temperatures.next(files, moment),
        fileSystems,
        limits: limits.next(files, memory.total, moment),
        uptime: moments.uptime,
      };
    },
  };
}

/** It fills within seconds when workers hand tensors over through it. */
function sharedMemory(mounts: Measured<readonly Mount[]>, spaces: Spaces, moment: number): ReturnType<Spaces['of']> {
  const all = known(mounts) ?? [];
  const shared = visibleMounts(all).find(({ mountPoint }) => mountPoint === '/dev/shm');
  return shared === undefined ? NOT_TOLD : spaces.of(shared, all, moment);
}
