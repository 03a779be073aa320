import { absent } from '../../../../src/base/absent.ts';
import type { Measured } from '../../../../src/base/absent.ts';
import type { GpuReading, GpuSample, GpuSlice, GpuUse } from '../../../../src/monitor/gpuSample.ts';
import type { HostInventory, HostSample, ProcessSample } from '../../../../src/monitor/hostSample.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import type { Viewer } from '../../../../src/monitor/view/viewer.ts';

/** Machines that are not there: all names and numbers are made up. */

export const GIB = 1024 ** 3;
const MB = 1e6;
const NOT_TOLD = absent('not told');
const NOT_HERE = absent('not reported by this GPU');

export const NOW = Date.UTC(2026, 10, 23, 3, 45);
export const LENA: Viewer = { uid: 1001, folders: ['/home/lena/train-lab'] };

export function inventedGpu(index: number, changes: Partial<GpuSample> = {}): GpuSample {
  return {
    index,
    uuid: `GPU-${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
    name: 'NVIDIA H100 80GB HBM3',
    vendor: 'nvidia',
    state: 'ok',
    busId: `0000:${(0x1b + index * 8).toString(16)}:00.0`,
    driverVersion: '550.90.07',
    utilization: 0,
    memoryUtilization: 0,
    encoderUtilization: 0,
    decoderUtilization: 0,
    memoryUsed: 0,
    memoryTotal: 79.6 * GIB,
    unifiedMemory: false,
    power: 71,
    powerLimit: 700,
    temperature: 31,
    memoryTemperature: NOT_TOLD,
    slowdownTemperature: 87,
    fan: NOT_HERE,
    clock: 345,
    clockMax: 1980,
    memoryClock: 2619,
    clockLimits: [],
    performanceState: 'P0',
    pcieGeneration: 5,
    pcieWidth: 16,
    pcieReceived: 1.2e9,
    pcieSent: 0.4e9,
    uncorrectedErrors: 0,
    recoveryAction: 'None',
    slices: [],
    ...changes,
  };
}

export function inventedUse(gpu: number, pid: number, gib: Measured<number>, changes: Partial<GpuUse> = {}): GpuUse {
  return {
    gpuUuid: inventedGpu(gpu).uuid,
    pid,
    kind: 'compute',
    name: '/opt/conda/bin/python3.11',
    memoryUsed: typeof gib === 'number' ? gib * GIB : gib,
    utilization: NOT_TOLD,
    ...changes,
  };
}

export function inventedProcess(pid: number, user: string, command: readonly string[], changes: Partial<ProcessSample> = {}): ProcessSample {
  const uids: Readonly<Record<string, number>> = { root: 0, lena: 1001, mkim: 1002, raj: 1003, joon: 1004, ana: 1005 };
  return {
    pid,
    startTicks: String(pid * 100),
    parent: 1,
    uid: uids[user] ?? 2000,
    user,
    name: (command[0] ?? '').split('/').at(-1)?.slice(0, 15) ?? '',
    command,
    state: 'S',
    cpu: 0,
    memory: GIB,
    threads: 1,
    read: user === 'lena' ? 0 : absent('of another user'),
    written: user === 'lena' ? 0 : absent('of another user'),
    started: NOW - 3_600_000,
    ...changes,
  };
}

export function inventedReading(gpus: readonly GpuSample[], uses: Measured<readonly GpuUse[]>, changes: Partial<GpuReading> = {}): GpuReading {
  return { vendor: 'nvidia', state: { kind: 'answering' }, time: NOW, gpus, uses, ...changes };
}

export const INVENTED_HOST: HostSample = {
  cpu: {
    utilization: 48,
    cores: Array.from({ length: 112 }, (_, index) => (index * 37 + 11) % 101),
    ioWait: 1.2,
    user: 44,
    system: 4,
    steal: 0,
    load: [61.4, 60.2, 58.8],
  },
  memory: {
    total: 2048 * GIB,
    available: 840 * GIB,
    used: 1208 * GIB,
    cached: 256 * GIB,
    swapTotal: 0,
    swapUsed: 0,
    sharedTotal: 1008 * GIB,
    sharedUsed: 212 * GIB,
  },
  pressure: {
    cpu: { some: 4.2, full: absent('not told for a whole machine'), someAverage10: 4.2 },
    io: { some: 3.1, full: 1.2, someAverage10: 3.1 },
    memory: { some: 0, full: 0, someAverage10: 0 },
  },
  disks: [{ name: 'nvme0n1', read: 1.92e9, written: 0.21e9, busy: 61, inFlight: 12 }],
  networks: [{ name: 'bond0', received: 0.42e9, sent: 0.03e9, speed: 200e9 }],
  infiniband: Array.from({ length: 8 }, (_, index) => ({ device: `mlx5_${index}`, port: 1, active: true, received: index < 4 ? 6.02e9 : 1e6, sent: index < 4 ? 6e9 : 1e6, speed: 400e9, errors: 0 })),
  temperatures: [{ sensor: 'coretemp: Package id 0', temperature: 64, critical: 100 }],
  fileSystems: [
    { mountPoint: '/', type: 'ext4', source: '/dev/nvme0n1p2', total: 1.8e12, available: 0.9e12, used: 0.9e12 },
    { mountPoint: '/data', type: 'xfs', source: '/dev/md0', total: 28e12, available: 1.3e12, used: 26.7e12 },
  ],
  limits: { version: 2, memoryLimit: absent('no limit'), memoryUsed: absent('no limit'), cpuLimit: absent('no limit'), throttled: absent('no limit'), processLimit: absent('no limit'), oomKills: 0 },
  uptime: 900_000,
};

export const INVENTED_INVENTORY: HostInventory = {
  hostname: 'hgx-01',
  os: 'Ubuntu 22.04.5 LTS',
  kernel: 'Linux 5.15.0-124',
  cpuModel: 'Intel Xeon Platinum 8480C',
  sockets: 2,
  cores: 112,
  machine: 'DGX H100',
};

export function inventedSample(changes: Partial<SystemSample> = {}): SystemSample {
  return { time: NOW, host: 'hgx-01', gpus: [], system: INVENTED_HOST, processes: [], processScope: { hidden: false, namespaced: false }, ...changes };
}

const RUN = { started: NOW - (6 * 3600 + 12 * 60 + 40) * 1000, parent: 48200 };

/** A day on a shared box of eight: two runs of lena, a server, an idle notebook, a probe that shares GPU 4. */
export function eightGpus(changes: Partial<SystemSample> = {}): SystemSample {
  const llama = (rank: number) => ['/opt/conda/bin/python3.11', '-u', 'train.py', '--config', 'configs/llama-8b-sft.yaml', `--local_rank=${rank}`];
  const vit = ['/opt/conda/bin/python3.11', 'finetune_vit.py', '--run-name', 'vit-l-aug', '--aug', 'heavy', '--workers', '16'];
  return inventedSample({
    gpus: [
      inventedReading(
        [
          inventedGpu(0, { utilization: 97, memoryUsed: 71.4 * GIB, power: 671, temperature: 64, clock: 1755 }),
          inventedGpu(1, { utilization: 96, memoryUsed: 71.2 * GIB, power: 698, temperature: 66, clock: 1695, clockLimits: ['powerCap'] }),
          inventedGpu(2, { utilization: 96, memoryUsed: 71.2 * GIB, power: 667, temperature: 63, clock: 1755 }),
          inventedGpu(3, { utilization: 97, memoryUsed: 70.9 * GIB, power: 588, temperature: 87, clock: 1410, clockLimits: ['softwareThermal'] }),
          inventedGpu(4, { utilization: 34, memoryUsed: 35.3 * GIB, power: 286, temperature: 49, clock: 1980 }),
          inventedGpu(5, { utilization: 33, memoryUsed: 29.1 * GIB, power: 281, temperature: 48, clock: 1980 }),
          inventedGpu(6, { utilization: 22, memoryUsed: 71 * GIB, power: 243, temperature: 44, clock: 1980 }),
          inventedGpu(7, { utilization: 0, memoryUsed: 18.2 * GIB, power: 71, temperature: 31, clock: 345 }),
        ],
        [
          inventedUse(0, 48211, 71.4, { utilization: 97 }),
          inventedUse(1, 48212, 71.2, { utilization: 96 }),
          inventedUse(2, 48213, 71.2, { utilization: 96 }),
          inventedUse(3, 48214, 70.9, { utilization: 97 }),
          inventedUse(4, 50992, 29.2, { utilization: 32 }),
          inventedUse(5, 50992, 29.1, { utilization: 33 }),
          inventedUse(6, 31877, 71, { utilization: 22 }),
          inventedUse(7, 27140, 18.2, { utilization: 0 }),
          inventedUse(4, 51377, 6.1, { utilization: 2 }),
        ],
      ),
    ],
    processes: [
      inventedProcess(48200, 'lena', ['/opt/conda/bin/python3.11', '/opt/conda/bin/torchrun', '--nproc_per_node=4', 'train.py', '--config', 'configs/llama-8b-sft.yaml'], { started: RUN.started, parent: 700 }),
      ...[0, 1, 2, 3].map((rank) =>
        inventedProcess(48211 + rank, 'lena', llama(rank), { ...RUN, cpu: 104 - rank, memory: 38.2 * GIB, read: 12.1 * MB, written: 0.4 * MB, state: 'R' }),
      ),
      inventedProcess(50992, 'lena', vit, { started: NOW - 41 * 60_000 - 7000, cpu: 108, memory: 21 * GIB, read: 2 * MB, written: 0.2 * MB, parent: 700 }),
      ...Array.from({ length: 16 }, (_, index) => inventedProcess(51000 + index, 'lena', vit, { name: 'pt_data_worker', parent: 50992, cpu: 99, memory: 4 * GIB, read: 117 * MB, written: 0, state: 'R' })),
      inventedProcess(31877, 'mkim', ['/usr/local/bin/vllm', 'serve', 'Qwen2.5-32B', '--tensor-parallel-size', '1'], { started: NOW - (3 * 24 + 4) * 3_600_000, cpu: 212, memory: 21.6 * GIB }),
      inventedProcess(27140, 'raj', ['/usr/bin/python3', '-m', 'ipykernel_launcher', '-f', '/run/user/1003/kernel.json'], { started: NOW - 43 * 3_600_000, memory: 6.4 * GIB }),
      inventedProcess(51377, 'raj', ['python', 'eval_probe.py', '--ckpt', 'last'], { started: NOW - 232_000, cpu: 88, memory: 3.1 * GIB }),
      inventedProcess(700, 'lena', ['-bash'], {}),
      inventedProcess(900, 'root', ['/usr/sbin/sshd', '-D'], {}),
    ],
    ...changes,
  });
}

export const LENA_ON_EIGHT: Viewer = {
  ...LENA,
  ownProcess: ({ pid }) => ({ cwd: pid >= 48200 && pid < 50000 ? '/home/lena/train-lab' : '/home/lena/other', environment: NOT_TOLD }),
};

function slice(gpu: number, index: number, profile: string, used: number, total: number): GpuSlice {
  return { index, gpuInstance: index + 1, computeInstance: 0, uuid: `MIG-${gpu}-${index}-0000`, profile, multiprocessors: 14, memoryUsed: used * GIB, memoryTotal: total * GIB };
}

/** Sixteen A100s: a run over six, two in MIG mode, one lost, two free. */
export function sixteenGpus(): SystemSample {
  const a100 = (index: number, changes: Partial<GpuSample>) => inventedGpu(index, { name: 'NVIDIA A100-SXM4-80GB', memoryTotal: 80 * GIB, powerLimit: 400, clock: 1410, memoryClock: 1593, clockMax: 1410, ...changes });
  const migOff = absent('not reported in MIG mode');
  const gone = absent('GPU is lost');
  const gpus = [
    ...[94, 93, 95, 94, 93, 94].map((utilization, index) => a100(index, { utilization, memoryUsed: (72 + ((index * 7) % 5) / 10) * GIB, power: 379 + index * 3, temperature: 57 + (index % 4), ...(index === 1 && { clock: 1335, power: 398, clockLimits: ['powerCap'] as const }) })),
    a100(6, { utilization: migOff, memoryUsed: 33.3 * GIB, power: 198, temperature: 47, slices: [slice(6, 0, '3g.40gb', 21, 39.5), slice(6, 1, '2g.20gb', 12.3, 19.5), slice(6, 2, '1g.10gb', 0, 9.5), slice(6, 3, '1g.10gb', 0, 9.5)] }),
    a100(7, { utilization: migOff, memoryUsed: 42.3 * GIB, power: 141, temperature: 41, slices: [slice(7, 0, '3g.40gb', 32, 39.5), slice(7, 1, '2g.20gb', 8.6, 19.5), slice(7, 2, '2g.20gb', 1.7, 19.5)] }),
    ...[61, 48, 57].map((utilization, at) => a100(8 + at, { utilization, memoryUsed: 44.8 * GIB, power: 262 - at * 10, temperature: 50 + at })),
    a100(11, { state: 'lost', stateText: 'Xid 79', utilization: gone, memoryUsed: gone, power: gone, temperature: gone, clock: gone, memoryClock: gone, clockLimits: gone }),
    ...[88, 89].map((utilization, at) => a100(12 + at, { utilization, memoryUsed: 61.6 * GIB, power: 344 + at, temperature: 56 })),
    ...[14, 15].map((index) => a100(index, { power: 54, temperature: 29, clock: 210 })),
  ];
  const part = (gpu: number, index: number, pid: number, gib: number) => inventedUse(gpu, pid, gib, { gpuInstance: index + 1, computeInstance: 0 });
  return inventedSample({
    host: 'atlas-02',
    gpus: [
      inventedReading(gpus, [
        ...[0, 1, 2, 3, 4, 5].map((index) => inventedUse(index, 90214 + index, 72, { utilization: 94 })),
        part(6, 0, 91877, 21),
        part(6, 1, 77200, 12.3),
        part(7, 0, 66001, 32),
        part(7, 1, 66002, 8.6),
        part(7, 2, 66003, 1.7),
        ...[8, 9, 10].map((index) => inventedUse(index, 77120 + index, 44.7, { utilization: 55 })),
        ...[12, 13].map((index) => inventedUse(index, 55000 + index, 61.5, { utilization: 88 })),
      ]),
    ],
    processes: [
      inventedProcess(90200, 'lena', ['torchrun', '--nproc_per_node=6', 'moe_train.py', '--cfg', 'moe-ablate-7.yaml'], { parent: 700 }),
      ...[0, 1, 2, 3, 4, 5].map((rank) => inventedProcess(90214 + rank, 'lena', ['python', 'moe_train.py', '--cfg', 'moe-ablate-7.yaml', `--local_rank=${rank}`], { parent: 90200, cpu: 103, memory: 38.1 * GIB, read: 11.8 * MB })),
      inventedProcess(91877, 'lena', ['python', 'embed.py', '--run-name', 'rag-embed', '--batch', '512'], { cpu: 98, memory: 12.2 * GIB, read: 4.2 * MB, written: 0.8 * MB }),
      inventedProcess(77200, 'mkim', ['vllm', 'serve', 'Qwen2.5-7B'], { cpu: 60 }),
      inventedProcess(66001, 'raj', ['python', '-m', 'ipykernel_launcher', '-f', 'x.json']),
      inventedProcess(66002, 'ana', ['python', 'eval.py']),
      inventedProcess(66003, 'ana', ['python', '-m', 'ipykernel_launcher', '-f', 'y.json']),
      ...[8, 9, 10].map((index) => inventedProcess(77120 + index, 'mkim', ['python', 'sweep.py', '--run-name', `sweep-${index - 7}`], { cpu: 102, memory: 20.6 * GIB })),
      ...[12, 13].map((index) => inventedProcess(55000 + index, 'joon', ['python', 'sd-train.py'], { cpu: 101, memory: 30 * GIB })),
    ],
  });
}

/** Everything that can be not known is. */
export function nothingKnown(): SystemSample {
  const none = absent('not permitted');
  const blank = Object.fromEntries(
    ['utilization', 'memoryUtilization', 'encoderUtilization', 'decoderUtilization', 'memoryUsed', 'memoryTotal', 'power', 'powerLimit', 'temperature', 'memoryTemperature', 'slowdownTemperature', 'fan', 'clock', 'clockMax', 'memoryClock', 'clockLimits', 'performanceState', 'pcieGeneration', 'pcieWidth', 'pcieReceived', 'pcieSent', 'uncorrectedErrors', 'recoveryAction', 'busId', 'driverVersion'].map((name) => [name, none]),
  );
  return inventedSample({
    host: 'box-9',
    gpus: [inventedReading([inventedGpu(0, blank), inventedGpu(1, blank)], none)],
    system: {
      cpu: { utilization: none, cores: none, ioWait: none, user: none, system: none, steal: none, load: none },
      memory: { total: none, available: none, used: none, cached: none, swapTotal: none, swapUsed: none, sharedTotal: none, sharedUsed: none },
      pressure: { cpu: none, io: none, memory: none },
      disks: none,
      networks: none,
      infiniband: none,
      temperatures: none,
      fileSystems: none,
      limits: { version: none, memoryLimit: none, memoryUsed: none, cpuLimit: none, throttled: none, processLimit: none, oomKills: none },
      uptime: none,
    },
    processes: none,
    processScope: { hidden: true, namespaced: false },
  });
}

/** The driver answered until four minutes ago. */
export function silentDriver(): SystemSample {
  const sample = eightGpus({ host: 'hgx-04' });
  return { ...sample, gpus: sample.gpus.map((reading) => ({ ...reading, time: NOW - 243_000, state: { kind: 'silent', since: NOW - 243_000 } as const })) };
}

export function noGpu(): SystemSample {
  return inventedSample({ host: 'login-1', processes: [inventedProcess(700, 'lena', ['-bash'])] });
}
