import type { Absent } from '../../base/absent.ts';
import type { GpuSample, GpuVendorId } from '../gpuSample.ts';
import { NOT_TOLD } from './quantity.ts';

export interface GpuIdentity {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly vendor: GpuVendorId;
}

/** One of which nothing is known yet but who it is; to be laid under what is. */
export function blankGpu(identity: GpuIdentity, reason: Absent = NOT_TOLD): GpuSample {
  return {
    ...identity,
    state: 'ok',
    busId: reason,
    driverVersion: reason,
    utilization: reason,
    memoryUtilization: reason,
    encoderUtilization: reason,
    decoderUtilization: reason,
    memoryUsed: reason,
    memoryTotal: reason,
    unifiedMemory: false,
    power: reason,
    powerLimit: reason,
    temperature: reason,
    memoryTemperature: reason,
    slowdownTemperature: reason,
    fan: reason,
    clock: reason,
    clockMax: reason,
    memoryClock: reason,
    clockLimits: reason,
    performanceState: reason,
    pcieGeneration: reason,
    pcieWidth: reason,
    pcieReceived: reason,
    pcieSent: reason,
    uncorrectedErrors: reason,
    recoveryAction: reason,
    slices: [],
  };
}
