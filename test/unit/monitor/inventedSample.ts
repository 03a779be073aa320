import { absent } from '../../../src/base/absent.ts';
import type { GpuReading, GpuSample } from '../../../src/monitor/gpuSample.ts';
import type { HostSample, ProcessSample } from '../../../src/monitor/hostSample.ts';
import type { SystemSample } from '../../../src/monitor/systemSample.ts';

export const NOT_TOLD = absent('not told');
export const GIB = 2 ** 30;
export const START = Date.UTC(2026, 0, 1, 3, 0, 0);

export const GPU: GpuSample = {
  index: 0,
  uuid: 'GPU-0',
  name: 'Simulated H100',
  vendor: 'nvidia',
  state: 'ok',
  busId: '0000:1b:00.0',
  driverVersion: '550.90.07',
  utilization: 97,
  memoryUtilization: 50,
  encoderUtilization: 0,
  decoderUtilization: 0,
  memoryUsed: 70 * GIB,
  memoryTotal: 80 * GIB,
  unifiedMemory: false,
  power: 600,
  powerLimit: 700,
  temperature: 60,
  memoryTemperature: NOT_TOLD,
  slowdownTemperature: 87,
  fan: NOT_TOLD,
  clock: 1755,
  clockMax: 1980,
  memoryClock: 2619,
  clockLimits: [],
  performanceState: 'P0',
  pcieGeneration: 5,
  pcieWidth: 16,
  pcieReceived: NOT_TOLD,
  pcieSent: NOT_TOLD,
  uncorrectedErrors: 0,
  recoveryAction: 'None',
  slices: [],
};

export const PROCESS: ProcessSample = {
  pid: 4711,
  startTicks: '100',
  parent: 1,
  uid: 1000,
  user: 'lena',
  name: 'python',
  command: ['python', 'train.py'],
  state: 'S',
  cpu: 101,
  memory: 38 * GIB,
  threads: 40,
  read: 0,
  written: 0,
  started: START - 3_600_000,
};

export const HOST: HostSample = {
  cpu: { utilization: 48, cores: NOT_TOLD, ioWait: 0, user: 40, system: 8, steal: 0, load: [61, 60, 59] },
  memory: { total: 2048 * GIB, available: 1024 * GIB, used: 1024 * GIB, cached: 200 * GIB, swapTotal: 0, swapUsed: 0, sharedTotal: 1008 * GIB, sharedUsed: 200 * GIB },
  pressure: { cpu: NOT_TOLD, io: NOT_TOLD, memory: NOT_TOLD },
  disks: NOT_TOLD,
  networks: NOT_TOLD,
  infiniband: NOT_TOLD,
  temperatures: NOT_TOLD,
  fileSystems: NOT_TOLD,
  limits: { version: 2, memoryLimit: NOT_TOLD, memoryUsed: NOT_TOLD, cpuLimit: NOT_TOLD, throttled: NOT_TOLD, processLimit: NOT_TOLD, oomKills: 0 },
  uptime: 86_400,
};

export function reading(gpus: readonly GpuSample[], others: Partial<GpuReading> = {}): GpuReading {
  return { vendor: 'nvidia', state: { kind: 'answering' }, time: START, gpus, uses: [], ...others };
}

export function sample(second: number, others: Partial<SystemSample> = {}): SystemSample {
  return {
    time: START + second * 1000,
    host: 'hgx-01',
    gpus: [reading([GPU])],
    system: HOST,
    processes: [PROCESS],
    processScope: { hidden: false, namespaced: false },
    ...others,
  };
}
