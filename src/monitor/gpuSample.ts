import type { Measured } from '../base/absent.ts';

export type GpuVendorId = 'nvidia' | 'amd' | 'intel' | 'tpu' | 'jetson' | 'ascend';

/**
 * `asleep`: the driver has cut its power, and asking would wake it. `lost`: it no longer answers on its bus. `resetRequired`:
 * the driver wants it reset. In all three what cannot be known is absent.
 */
export type GpuState = 'ok' | 'asleep' | 'lost' | 'resetRequired';

/** Why a clock is lower than it could be. `powerCap` is normal under full load, `idle` at rest; the others cost time. */
export type ClockLimit =
  | 'idle'
  | 'applicationClocks'
  | 'powerCap'
  | 'hardwareSlowdown'
  | 'syncBoost'
  | 'softwareThermal'
  | 'hardwareThermal'
  | 'powerBrake'
  | 'displayClocks';

/** One accelerator at one moment. Bytes, percent from 0 to 100, watts, degrees Celsius, megahertz. */
export interface GpuSample {
  /** As its vendor's driver counts. */
  readonly index: number;
  /** The same over reboots and in all tools of the vendor; where the driver tells none, made of vendor and bus address. */
  readonly uuid: string;
  readonly name: string;
  readonly vendor: GpuVendorId;
  readonly state: GpuState;
  /** What the driver says where `state` is not `ok`. */
  readonly stateText?: string;
  /** `0000:1b:00.0`: domain, bus, device and function as sysfs writes them. */
  readonly busId: Measured<string>;
  readonly driverVersion: Measured<string>;
  /** Share of the last period in which a kernel ran; says nothing of how many of its units were busy. */
  readonly utilization: Measured<number>;
  /** Share of the last period in which its memory was read or written. */
  readonly memoryUtilization: Measured<number>;
  readonly encoderUtilization: Measured<number>;
  readonly decoderUtilization: Measured<number>;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
  /** Its memory is the host's own; `memoryTotal` is then the host's. */
  readonly unifiedMemory: boolean;
  readonly power: Measured<number>;
  /** The limit in force. */
  readonly powerLimit: Measured<number>;
  readonly temperature: Measured<number>;
  readonly memoryTemperature: Measured<number>;
  /** From here on it slows itself down. */
  readonly slowdownTemperature: Measured<number>;
  /** Percent of its highest speed. */
  readonly fan: Measured<number>;
  readonly clock: Measured<number>;
  readonly clockMax: Measured<number>;
  readonly memoryClock: Measured<number>;
  /** Empty where nothing limits it. */
  readonly clockLimits: Measured<readonly ClockLimit[]>;
  /** `P0` the fastest to `P15`. */
  readonly performanceState: Measured<string>;
  readonly pcieGeneration: Measured<number>;
  readonly pcieWidth: Measured<number>;
  /** Bytes per second. */
  readonly pcieReceived: Measured<number>;
  readonly pcieSent: Measured<number>;
  /** Errors of memory that could not be corrected, since the driver was loaded. */
  readonly uncorrectedErrors: Measured<number>;
  /** The driver's advice, `None` where it has none: `Reset`, `Reboot`, `Drain P2P`, `Drain and Reset`. */
  readonly recoveryAction: Measured<string>;
  /** MIG instances; empty where it is whole. */
  readonly slices: readonly GpuSlice[];
}

/** A MIG compute instance. Its utilization is told by no tool. */
export interface GpuSlice {
  readonly index: number;
  readonly gpuInstance: number;
  readonly computeInstance: number;
  /** `MIG-…`, for CUDA_VISIBLE_DEVICES. */
  readonly uuid: Measured<string>;
  /** `3g.40gb`. */
  readonly profile: Measured<string>;
  readonly multiprocessors: Measured<number>;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
}

/** What one process holds of one GPU. */
export interface GpuUse {
  readonly gpuUuid: string;
  /** As the driver counts, which inside a container is the host's. */
  readonly pid: number;
  readonly kind: 'compute' | 'graphics' | 'both';
  readonly name: Measured<string>;
  readonly memoryUsed: Measured<number>;
  readonly utilization: Measured<number>;
  /** The slice it runs on. */
  readonly gpuInstance?: number;
  readonly computeInstance?: number;
}

/**
 * How a vendor's driver answers. `starting`: nothing has been heard yet. `silent`: it answered and no longer does. `failed`: it
 * says why it cannot.
 */
export type GpuSourceState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'answering'; /** One sentence where it does so less well than it could. */ readonly remark?: string }
  | { readonly kind: 'silent'; /** Milliseconds since the epoch. */ readonly since: number }
  | { readonly kind: 'failed'; readonly problem: GpuProblem };

/** A named trouble with a driver, and the way out. */
export interface GpuProblem {
  readonly reason:
    | 'driverMismatch'
    | 'driverNotLoaded'
    | 'noPermission'
    | 'noDevices'
    | 'deviceCgroupLost'
    | 'libraryMissing'
    | 'gpuLost'
    | 'powerCable'
    | 'toolMissing'
    | 'unknown';
  /** One sentence: what is so. */
  readonly text: string;
  /** One sentence: what to do. */
  readonly remedy?: string;
  /** The tool's own words. */
  readonly said?: string;
}

/** All that one vendor's driver told last. */
export interface GpuReading {
  readonly vendor: GpuVendorId;
  readonly state: GpuSourceState;
  /** When the values were measured, in milliseconds since the epoch; 0 before the first. */
  readonly time: number;
  readonly gpus: readonly GpuSample[];
  /** Absent where nobody tells which processes use a GPU. */
  readonly uses: Measured<readonly GpuUse[]>;
}
