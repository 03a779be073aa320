import type { Measured } from '../base/absent.ts';

/** Everything here is of one moment, or of the time since the sample before. Bytes, bytes per second, percent, seconds. */
export interface HostSample {
  readonly cpu: CpuSample;
  readonly memory: MemorySample;
  readonly pressure: PressureSample;
  readonly disks: Measured<readonly DiskSample[]>;
  readonly networks: Measured<readonly NetworkSample[]>;
  readonly infiniband: Measured<readonly InfinibandSample[]>;
  readonly temperatures: Measured<readonly TemperatureSample[]>;
  readonly fileSystems: Measured<readonly FileSystemSample[]>;
  /** What a container or a batch system allows us; the true denominators. */
  readonly limits: CgroupSample;
  /** Seconds since the boot. */
  readonly uptime: Measured<number>;
}

export interface CpuSample {
  /** Of all cores together, 0 to 100. Waiting for a disk is not busy. */
  readonly utilization: Measured<number>;
  /** 0 to 100 each, in the order of their numbers; a core that is switched off is absent. */
  readonly cores: Measured<readonly Measured<number>[]>;
  /** Share of the time in which a core was idle while something waited for a disk: a hint and no more. */
  readonly ioWait: Measured<number>;
  readonly user: Measured<number>;
  readonly system: Measured<number>;
  /** Taken by other guests of the same hypervisor. */
  readonly steal: Measured<number>;
  /** Load averages of 1, 5 and 15 minutes. */
  readonly load: Measured<readonly [number, number, number]>;
}

export interface MemorySample {
  readonly total: Measured<number>;
  readonly available: Measured<number>;
  /** `total` less `available`. */
  readonly used: Measured<number>;
  readonly cached: Measured<number>;
  readonly swapTotal: Measured<number>;
  readonly swapUsed: Measured<number>;
  /** `/dev/shm`. */
  readonly sharedTotal: Measured<number>;
  readonly sharedUsed: Measured<number>;
}

/** Pressure stall information: the share of time, 0 to 100, in which some or all tasks waited. */
export interface PressureSample {
  readonly cpu: Measured<Pressure>;
  readonly io: Measured<Pressure>;
  readonly memory: Measured<Pressure>;
}

export interface Pressure {
  /** At least one task waited; over the time since the sample before. */
  readonly some: Measured<number>;
  /** All tasks waited. */
  readonly full: Measured<number>;
  readonly someAverage10: number;
}

export interface DiskSample {
  /** `nvme0n1`. */
  readonly name: string;
  readonly read: Measured<number>;
  readonly written: Measured<number>;
  /** Share of the time with a request under way; a disk that works on many at once may do far more at 100. */
  readonly busy: Measured<number>;
  readonly inFlight: number;
}

export interface NetworkSample {
  readonly name: string;
  readonly received: Measured<number>;
  readonly sent: Measured<number>;
  /** Of the link, in bits per second. */
  readonly speed: Measured<number>;
}

export interface InfinibandSample {
  /** `mlx5_0`. */
  readonly device: string;
  readonly port: number;
  readonly active: boolean;
  readonly received: Measured<number>;
  readonly sent: Measured<number>;
  readonly speed: Measured<number>;
  /** Symbol, link and receive errors since the counters began. */
  readonly errors: Measured<number>;
}

export interface TemperatureSample {
  /** `coretemp: Package id 0`. */
  readonly sensor: string;
  /** Degrees Celsius. */
  readonly temperature: number;
  readonly critical: Measured<number>;
}

export interface FileSystemSample {
  readonly mountPoint: string;
  readonly type: string;
  /** The device, or the server and its path. */
  readonly source: string;
  /** Absent, with the reason, also where a server does not answer. */
  readonly total: Measured<number>;
  /** For those who are not root. */
  readonly available: Measured<number>;
  readonly used: Measured<number>;
}

export interface CgroupSample {
  readonly version: Measured<1 | 2>;
  /** Absent where there is no limit, as are those that follow. */
  readonly memoryLimit: Measured<number>;
  /** Page cache that is given back without a loss is not counted. */
  readonly memoryUsed: Measured<number>;
  /** The smallest of quota, cpuset and affinity, in cores. */
  readonly cpuLimit: Measured<number>;
  /** Share of the time in which the quota held us back, 0 to 100. */
  readonly throttled: Measured<number>;
  readonly processLimit: Measured<number>;
  /** Processes ended by the out-of-memory killer since the group began. */
  readonly oomKills: Measured<number>;
}

/** One process at one moment. */
export interface ProcessSample {
  readonly pid: number;
  /** Clock ticks from the boot to its start: with `pid` its identity. */
  readonly startTicks: string;
  readonly parent: number;
  readonly uid: number;
  /** The account's name; the number where it has none here. */
  readonly user: string;
  /** At most 15 bytes, as the kernel keeps it. */
  readonly name: string;
  /** Words of the command line; absent for the kernel's own threads. */
  readonly command: Measured<readonly string[]>;
  /** `R` runs, `S` sleeps, `D` waits for a device, `T` stopped, `Z` ended but not asked for … (proc_pid_stat(5)). */
  readonly state: string;
  /** Percent of one core: 100 for each that it keeps busy. */
  readonly cpu: Measured<number>;
  /** Resident memory, shared pages counted in full. */
  readonly memory: Measured<number>;
  readonly threads: number;
  /** Bytes per second from and to disks; absent for processes of others. */
  readonly read: Measured<number>;
  readonly written: Measured<number>;
  /** When it started, in milliseconds since the epoch. */
  readonly started: number;
}

/** Does not change while the machine runs. */
export interface HostInventory {
  readonly hostname: string;
  /** `Debian GNU/Linux 12`. */
  readonly os: Measured<string>;
  readonly kernel: Measured<string>;
  /** `Intel Xeon Platinum 8480C`. */
  readonly cpuModel: Measured<string>;
  readonly sockets: Measured<number>;
  /** Hardware threads. */
  readonly cores: number;
  /** Of the machine itself: `DGX H100`. */
  readonly machine: Measured<string>;
}
