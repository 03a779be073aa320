import { parseBusId } from './devices.ts';

/** What one open file of a GPU tells of its user. */
export interface DrmClient {
  readonly driver: string;
  /** Undefined where the device is not on PCI. */
  readonly busId: string | undefined;
  /** One for each time that a device was opened; files that were duplicated or inherited share it. */
  readonly id: string | undefined;
  readonly engines: ReadonlyMap<string, EngineTime>;
  /** Bytes by the name of their region, as much as is resident. Empty where this driver does not tell. */
  readonly memory: ReadonlyMap<string, number>;
}

/** How long an engine has worked for a client, in units of which `total` passed meanwhile; in nanoseconds where `total` is undefined. */
export interface EngineTime {
  readonly busy: number;
  readonly total: number | undefined;
  /** Engines of this class that work side by side. */
  readonly capacity: number;
}

/** The most that is believed: 2^63 nanoseconds are 292 years. */
const LARGEST = 2 ** 63;
const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
/** How sure each key is that its memory is held on the device now, the surest last. */
const MEMORY_KEYS = ['total', 'memory', 'resident'] as const;
const LONGEST_NAME = 64;

/**
 * Reads `/proc/<pid>/fdinfo/<fd>` (Documentation/gpu/drm-usage-stats.rst). Undefined where the file is no GPU's. Of memory the
 * key `drm-resident-` is taken, which older kernels write `drm-memory-`, and where there is neither `drm-total-`.
 */
export function parseFdinfo(text: string): DrmClient | undefined {
  // Nearly all are files of another kind.
  if (!text.includes('drm-driver')) {
    return undefined;
  }
  let driver = '';
  let busId: string | undefined;
  let id: string | undefined;
  const busy = new Map<string, number>();
  const cycles = new Map<string, number>();
  const totals = new Map<string, number>();
  const capacities = new Map<string, number>();
  const memory = { total: new Map<string, number>(), memory: new Map<string, number>(), resident: new Map<string, number>() };
  for (const line of text.split('\n')) {
    const [, key, value] = /^drm-([a-z][\w-]{0,80}):\s*(.*?)\s*$/i.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      continue;
    }
    if (key === 'driver') {
      driver = value.slice(0, LONGEST_NAME);
    } else if (key === 'pdev') {
      busId = parseBusId(value);
    } else if (key === 'client-id') {
      id = /^\d{1,20}$/.test(value) ? value : undefined;
    } else if (key.startsWith('engine-capacity-')) {
      put(capacities, key.slice('engine-capacity-'.length), amountIn(value));
    } else if (key.startsWith('engine-')) {
      put(busy, key.slice('engine-'.length), amountIn(value, 'ns'));
    } else if (key.startsWith('total-cycles-')) {
      put(totals, key.slice('total-cycles-'.length), amountIn(value));
    } else if (key.startsWith('cycles-')) {
      put(cycles, key.slice('cycles-'.length), amountIn(value));
    } else {
      const kind = MEMORY_KEYS.find((prefix) => key.startsWith(`${prefix}-`));
      if (kind !== undefined) {
        put(memory[kind], key.slice(kind.length + 1), bytesIn(value));
      }
    }
  }
  if (driver === '') {
    return undefined;
  }
  return {
    driver,
    busId,
    id,
    engines: enginesOf(busy, cycles, totals, capacities),
    memory: new Map(MEMORY_KEYS.flatMap((kind) => [...memory[kind]])),
  };
}

/** Regions on the device itself; the others lie in the host's memory. */
export function isDeviceRegion(region: string): boolean {
  return /^(?:vram|local)\d*$/.test(region);
}

function enginesOf(busy: Numbers, cycles: Numbers, totals: Numbers, capacities: Numbers): ReadonlyMap<string, EngineTime> {
  const engines = new Map<string, EngineTime>();
  for (const [name, time] of busy) {
    engines.set(name, { busy: time, total: undefined, capacity: Math.max(1, capacities.get(name) ?? 1) });
  }
  for (const [name, count] of cycles) {
    const total = totals.get(name);
    if (total !== undefined && !engines.has(name)) {
      engines.set(name, { busy: count, total, capacity: Math.max(1, capacities.get(name) ?? 1) });
    }
  }
  return engines;
}

type Numbers = ReadonlyMap<string, number>;

function put(numbers: Map<string, number>, name: string, value: number | undefined): void {
  if (value !== undefined && name !== '') {
    numbers.set(name, value);
  }
}

function amountIn(value: string, unit = ''): number | undefined {
  const [, digits, said] = /^(\d{1,20})(?: (\w+))?$/.exec(value) ?? [];
  const amount = Number(digits);
  return digits !== undefined && (said ?? '') === unit && amount < LARGEST ? amount : undefined;
}

function bytesIn(value: string): number | undefined {
  const [, digits, unit] = /^(\d{1,20})(?: (\w+))?$/.exec(value) ?? [];
  const scale = UNITS[unit ?? ''];
  const bytes = Number(digits) * (scale ?? 0);
  return digits !== undefined && scale !== undefined && bytes < LARGEST ? bytes : undefined;
}
