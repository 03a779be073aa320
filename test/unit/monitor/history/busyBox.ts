import { absent } from '../../../../src/base/absent.ts';
import type { GpuSample, GpuUse } from '../../../../src/monitor/gpuSample.ts';
import type { HostSample, ProcessSample } from '../../../../src/monitor/hostSample.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { GIB, GPU, HOST, PROCESS, START } from '../inventedSample.ts';

export interface BusyBox {
  readonly gpus: number;
  readonly processes: number;
  readonly cores: number;
}

/** Samples of an invented machine at work: every value moves as on a real one, and none is the same for long. */
export function busyBox({ gpus, processes, cores }: BusyBox, seed = 1): (second: number) => SystemSample {
  const random = generator(seed);
  const around = (value: number, spread: number): number => value + (random() - 0.5) * spread;
  const share = (value: number, spread: number): number => Math.max(0, Math.min(100, around(value, spread)));
  const bytes = (value: number): number => Math.floor(value / 4096) * 4096;
  const resident = Array.from({ length: processes }, (_, index) => (index < gpus ? 38 : 1) * GIB * random());
  const known = Array.from({ length: processes }, (_, index): ProcessSample => ({
    ...PROCESS,
    pid: 1000 + index,
    startTicks: String(5000 + index),
    user: index % 3 === 0 ? 'lena' : 'mkim',
    name: index < gpus ? 'python' : `worker-${index}`,
    command: index < gpus ? ['/opt/conda/bin/python', '-u', 'train.py', '--config', 'llama-8b-sft.yaml', `--rank=${index}`] : [`/usr/bin/worker-${index}`, '--serve'],
  }));
  const memory = Array.from({ length: gpus }, () => Math.floor(around(70, 4) * 1024) * 2 ** 20);
  return (second) => {
    const cards = Array.from({ length: gpus }, (_, index): GpuSample => {
      const dips = (second + index) % 97 < 2;
      return {
        ...GPU,
        index,
        uuid: `GPU-${index}-8d3e5c6a-77aa-4c12-9f0e-2f6f5a1b7c3d`,
        utilization: Math.round(dips ? share(8, 10) : share(96, 6)),
        memoryUtilization: Math.round(share(55, 12)),
        memoryUsed: memory[index]! + (second % 600 < 30 ? 512 * 2 ** 20 : 0),
        power: Math.round((dips ? around(180, 40) : around(660, 60)) * 100) / 100,
        temperature: Math.round(around(63, 3)),
        clock: dips ? 1980 : Math.round(around(1755, 60) / 15) * 15,
        clockLimits: random() < 0.3 && !dips ? ['powerCap'] : [],
        pcieReceived: Math.round(around(4e8, 2e8)),
        pcieSent: Math.round(around(2e8, 1e8)),
      };
    });
    const uses = cards.map(({ uuid, memoryUsed }, index): GpuUse => ({
      gpuUuid: uuid,
      pid: 1000 + index,
      kind: 'compute',
      name: 'python',
      memoryUsed,
      utilization: absent('not told by the driver'),
    }));
    const time = START + second * 1000;
    return {
      time,
      host: 'hgx-01',
      gpus: [{ vendor: 'nvidia', state: { kind: 'answering' }, time: time - Math.floor(random() * 900), gpus: cards, uses }],
      system: system(),
      processes: known.map((process, index) => ({
        ...process,
        cpu: Math.round(share(index < gpus ? 95 : index < gpus + 30 ? 20 : 0.2, index < gpus + 30 ? 20 : 0.4) * 10) / 10,
        memory: bytes(resident[index]! + random() * 2 ** 20),
        read: Math.round(index < gpus ? around(1.2e7, 1e6) : 0),
        written: Math.round(index < gpus ? random() * 1e5 : 0),
        state: random() < 0.3 ? 'R' : 'S',
      })),
      processScope: { hidden: false, namespaced: false },
    };
  };

  function system(): HostSample {
    const used = bytes(around(800, 1) * GIB);
    return {
      ...HOST,
      cpu: { ...HOST.cpu, utilization: share(48, 10), user: share(40, 8), system: share(8, 2), ioWait: share(1, 2), cores: Array.from({ length: cores }, () => share(48, 60)) },
      memory: { ...HOST.memory, used, available: 2048 * GIB - used, cached: bytes(around(200, 1) * GIB) },
      pressure: {
        cpu: { some: share(2, 3), full: 0, someAverage10: 1.5 },
        io: { some: share(3, 4), full: share(1, 2), someAverage10: 2.5 },
        memory: { some: 0, full: 0, someAverage10: 0 },
      },
      disks: ['nvme0n1', 'nvme1n1'].map((name) => ({ name, read: Math.round(random() * 2e9), written: Math.round(random() * 1e8), busy: share(40, 30), inFlight: Math.floor(random() * 9) })),
      networks: [{ name: 'ens1', received: Math.round(random() * 1e9), sent: Math.round(random() * 1e8), speed: 100e9 }],
      infiniband: [{ device: 'mlx5_0', port: 1, active: true, received: Math.round(random() * 2e10), sent: Math.round(random() * 2e10), speed: 400e9, errors: 0 }],
      temperatures: [{ sensor: 'coretemp: Package id 0', temperature: Math.round(around(61, 3)), critical: 100 }],
      fileSystems: [{ mountPoint: '/', type: 'ext4', source: '/dev/nvme0n1p2', total: 900 * GIB, available: 400 * GIB, used: 500 * GIB }],
      uptime: 86_400,
    };
  }
}

/** mulberry32: numbers from 0 to 1, the same ones for the same seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
