import { absent } from '../../../../src/base/absent.ts';
import type { BoxState } from '../../../../src/monitor/boxes/boxState.ts';
import type { GpuSample, GpuUse } from '../../../../src/monitor/gpuSample.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import type { FleetMachine } from '../../../../src/monitor/view/fleetBox.ts';
import { readHoldings } from '../../../../src/monitor/view/holders.ts';
import type { Viewer } from '../../../../src/monitor/view/viewer.ts';
import { GpuWatch } from '../../../../src/monitor/view/watch.ts';
import { GIB, INVENTED_HOST, LENA_ON_EIGHT, eightGpus, inventedGpu, inventedProcess, inventedReading, inventedSample, inventedUse, sixteenGpus } from './invented.ts';

/** Eight boxes of a lab that is not there. */

const LENA_THERE: Viewer = { uid: 1001, folders: [] };

interface Card {
  readonly user?: string;
  readonly busy?: number;
}

/** A box of which each GPU is held by one person's process, or free. */
export function inventedBox(host: string, name: string, gib: number, cards: readonly Card[], loads: { readonly cpu: number; readonly memory: number } = { cpu: 30, memory: 40 }): SystemSample {
  const pid = (index: number) => 60_000 + index;
  const gpus = cards.map(({ user, busy = 0 }, index): GpuSample => inventedGpu(index, { name, memoryTotal: gib * GIB, memoryUsed: user === undefined ? 0 : gib * 0.8 * GIB, utilization: busy, power: 80 + busy * 4 }));
  const uses = cards.flatMap(({ user }, index): readonly GpuUse[] => (user === undefined ? [] : [inventedUse(index, pid(index), gib * 0.8)]));
  return inventedSample({
    host,
    gpus: [inventedReading(gpus, uses)],
    system: { ...INVENTED_HOST, cpu: { ...INVENTED_HOST.cpu, utilization: loads.cpu }, memory: { ...INVENTED_HOST.memory, used: (INVENTED_HOST.memory.total as number) * (loads.memory / 100) } },
    processes: cards.flatMap(({ user }, index) => (user === undefined ? [] : [inventedProcess(pid(index), user, ['python', 'train.py', '--run-name', user === 'lena' ? 'vit-b' : 'x'])])),
  });
}

export function fleetMachine(alias: string | undefined, link: BoxState | undefined, sample: SystemSample | undefined, viewer = LENA_THERE): FleetMachine {
  const watch = new GpuWatch();
  const holdings = sample && readHoldings(sample, viewer);
  if (holdings !== undefined) {
    watch.observe(holdings);
  }
  return { alias, title: alias ?? sample?.host ?? 'here', link, collector: { kind: 'live' }, holdings, watch };
}

/** Held, and at rest since an hour. */
function idleSince(machine: FleetMachine, time: number, every: number): FleetMachine {
  for (let at = time - 3_600_000; at <= time; at += every) {
    const { holdings } = machine;
    if (holdings !== undefined) {
      machine.watch.observe({ ...holdings, gpus: holdings.gpus.map((held) => ({ ...held, reading: { ...held.reading, time: at } })) });
    }
  }
  return machine;
}

export function inventedFleet(now: number): readonly FleetMachine[] {
  const at = (sample: SystemSample, ago = 0): SystemSample => ({ ...sample, time: now - ago, gpus: sample.gpus.map((reading) => ({ ...reading, time: now - ago })) });
  const many = (count: number, card: Card): readonly Card[] => Array.from({ length: count }, () => card);
  const old = at(inventedBox('hgx-04', 'NVIDIA H100 80GB HBM3', 79.6, [...many(6, { user: 'joon', busy: 90 }), {}, {}]), 530_000);
  return [
    idleSince(fleetMachine(undefined, undefined, at(eightGpus()), LENA_ON_EIGHT), now, 30_000),
    fleetMachine('hgx-02', { kind: 'live' }, at(inventedBox('hgx-02', 'NVIDIA H100 80GB HBM3', 79.6, [...[91, 92, 90, 92].map((busy) => ({ user: 'mkim', busy })), ...many(4, {})], { cpu: 31, memory: 44 }), 4000)),
    fleetMachine('hgx-03', { kind: 'live' }, at(inventedBox('hgx-03', 'NVIDIA H200', 141, [99, 99, 98, 99, 99, 98, 99, 99].map((busy) => ({ user: 'joon', busy })), { cpu: 22, memory: 37 }), 3000)),
    fleetMachine('atlas-02', { kind: 'live' }, at(sixteenGpus(), 1000)),
    fleetMachine('lab-04', { kind: 'stale', since: now - 360_000, retryAt: now + 20_000 }, at(inventedBox('lab-04', 'NVIDIA A100-PCIE-40GB', 40, [...many(2, { user: 'lena', busy: 80 }), { user: 'ana', busy: 10 }, {}]), 360_000)),
    idleSince(fleetMachine('lab-05', { kind: 'live' }, at(inventedBox('lab-05', 'NVIDIA RTX 6000 Ada Generation', 48, [{}, {}, { user: 'ana' }, { user: 'ana', busy: 14 }], { cpu: 9, memory: 18 }))), now, 30_000),
    fleetMachine('render-1', { kind: 'signIn', since: now - 7_200_000, said: 'lena@render-1: Permission denied (publickey,password).', command: ['ssh', 'render-1'] }, undefined),
    fleetMachine('hgx-04', { kind: 'unreachable', since: now - 530_000, said: 'ssh: connect to host hgx-04 port 22: Connection timed out', retryAt: now + 120_000 }, old),
  ];
}

/** Boxes about which nothing is known but how they stand. */
export function unknownFleet(now: number): readonly FleetMachine[] {
  return [
    fleetMachine(undefined, undefined, { ...inventedSample({ host: 'login-1' }), time: now }),
    fleetMachine('hgx-02', { kind: 'connecting' }, undefined),
    fleetMachine('mac-1', { kind: 'noShell', since: now - 60_000, said: 'it runs Darwin, not Linux' }, undefined),
    fleetMachine('gone-1', { kind: 'unreachable', since: now - 60_000, said: 'ssh: Could not resolve hostname gone-1: Name or service not known' }, undefined),
    fleetMachine('arm-1', { kind: 'live' }, { ...inventedSample({ host: 'arm-1', system: { ...INVENTED_HOST, cpu: { ...INVENTED_HOST.cpu, utilization: absent('not told yet') } } }), time: now }),
  ];
}
