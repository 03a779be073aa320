import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { CpuSample, HostInventory, HostSample, MemorySample, Pressure } from '../hostSample.ts';
import type { CpuFacts, DiskFacts, FabricFacts, HostFacts, MemoryFacts, NetworkFacts } from '../webview/protocol.ts';
import { rounded } from './dashboardGpus.ts';

const MEMORY_STEP = 1024 ** 3 / 20;
const RATE_STEP = 1e5;
const NEARLY_FULL_FIRST = 1;
/** Interfaces that lead nowhere else. */
const INNER = /^(?:lo|docker|veth|br-|virbr|cni|flannel|cali|tun|tap|kube|podman)/;

/** The machine as the dashboard shows it, in groups that are sent when something in them changes. */
export function hostFacts(system: HostSample, inventory: HostInventory | undefined): HostFacts {
  return {
    cpu: cpuFacts(system.cpu, system.limits, inventory),
    memory: memoryFacts(system.memory, system.limits),
    pressure: { cpu: average(system.pressure.cpu), io: average(system.pressure.io), memory: average(system.pressure.memory) },
    disk: diskFacts(system),
    network: networkFacts(system.networks),
    fabric: fabricFacts(system.infiniband),
  };
}

function cpuFacts(cpu: CpuSample, limits: HostSample['limits'], inventory: HostInventory | undefined): CpuFacts {
  const cores = known(cpu.cores);
  return {
    busy: rounded(cpu.utilization, 1),
    cores: (cores ?? []).map(coreSign).join(''),
    coreCount: cores?.length ?? inventory?.cores ?? 0,
    sockets: known(inventory?.sockets) ?? 1,
    load: isAbsent(cpu.load) ? cpu.load : Math.round(cpu.load[0] * 10) / 10,
    limit: known(limits.cpuLimit) ?? null,
    throttled: known(rounded(limits.throttled, 1)) ?? null,
    ioWait: rounded(cpu.ioWait, 1),
  };
}

function coreSign(core: Measured<number>): string {
  return isAbsent(core) ? '-' : String(Math.min(9, Math.max(0, Math.round(core / 11))));
}

function memoryFacts(memory: MemorySample, limits: HostSample['limits']): MemoryFacts {
  const limit = known(limits.memoryLimit);
  const total = known(memory.total);
  const limited = limit !== undefined && (total === undefined || limit < total);
  const step = (value: Measured<number>) => rounded(value, MEMORY_STEP);
  return {
    used: step(limited ? limits.memoryUsed : memory.used),
    total: step(limited ? limit : memory.total),
    limited,
    cached: step(memory.cached),
    sharedUsed: step(memory.sharedUsed),
    sharedTotal: step(memory.sharedTotal),
    swapUsed: step(memory.swapUsed),
    swapTotal: step(memory.swapTotal),
  };
}

function average(pressure: Measured<Pressure>): Measured<number> {
  return isAbsent(pressure) ? pressure : Math.round(pressure.someAverage10 * 10) / 10;
}

function diskFacts({ disks, fileSystems }: HostSample): DiskFacts {
  const shares = (known(fileSystems) ?? []).flatMap(({ mountPoint, total, available, used }) => {
    const free = known(available);
    const taken = known(used);
    const size = known(total);
    return free === undefined || taken === undefined || size === undefined || taken + free <= 0 ? [] : [{ mount: printable(mountPoint), share: Math.round((100 * taken) / (taken + free)), available: Math.round(free / 1e8) * 1e8 }];
  });
  const [fullest] = shares.sort((a, b) => b.share - a.share || b.available - a.available).slice(0, NEARLY_FULL_FIRST);
  return { read: sumOf(disks, ({ read }) => read), written: sumOf(disks, ({ written }) => written), fullest: fullest ?? null };
}

function networkFacts(networks: HostSample['networks']): NetworkFacts {
  const outer = isAbsent(networks) ? networks : networks.filter(({ name }) => leadsAway(name));
  const busiest = [...(known(outer) ?? [])].sort((a, b) => (known(b.received) ?? 0) + (known(b.sent) ?? 0) - (known(a.received) ?? 0) - (known(a.sent) ?? 0));
  const [first] = busiest;
  return {
    received: sumOf(outer, ({ received }) => received),
    sent: sumOf(outer, ({ sent }) => sent),
    name: first === undefined ? '' : `${printable(first.name)}${busiest.length > 1 ? ` + ${busiest.length - 1}` : ''}`,
    speed: first?.speed ?? absent('no network'),
  };
}

/** Whether an interface leads out of this machine. */
export function leadsAway(name: string): boolean {
  return !INNER.test(name);
}

function fabricFacts(ports: HostSample['infiniband']): FabricFacts | null {
  const list = known(ports) ?? [];
  if (list.length === 0) {
    return null;
  }
  return {
    active: list.filter(({ active }) => active).length,
    ports: list.length,
    received: sumOf(list, ({ received }) => received),
    sent: sumOf(list, ({ sent }) => sent),
    speed: list.find(({ active }) => active)?.speed ?? absent('no link is up'),
    errors: rounded(sumOf(list, ({ errors }) => errors, 1), 1),
    loads: list.map(({ received, sent, speed }) => {
      const [down, up, most] = [known(received), known(sent), known(speed)];
      return down === undefined || up === undefined || most === undefined || most <= 0 ? null : Math.min(100, Math.round((800 * Math.max(down, up)) / most));
    }),
  };
}

/** Of what is known of each; absent where nothing is. */
function sumOf<T>(all: Measured<readonly T[]>, value: (one: T) => Measured<number>, step = RATE_STEP): Measured<number> {
  if (isAbsent(all)) {
    return all;
  }
  const values = all.map(value);
  const told = values.map(known).filter((one) => one !== undefined);
  const [first] = values;
  if (told.length === 0) {
    return first !== undefined && isAbsent(first) ? first : absent('there is none');
  }
  return rounded(told.reduce((sum, one) => sum + one, 0), step);
}
