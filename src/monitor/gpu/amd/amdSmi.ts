import { absent, isAbsent, type Absent, type Measured } from '../../../base/absent.ts';
import type { ClockLimit } from '../../gpuSample.ts';
import { parseBusId, pcieGeneration, pcieWidth } from '../devices.ts';
import { COUNT, DEGREES, firstKnown, MEBIBYTES, MEGAHERTZ, NOT_TOLD, PERCENT, quantityIn, textIn, WATTS, type Quantity } from '../quantity.ts';
import { amdSmiValues, type AmdSmiValues } from './amdSmiValues.ts';
import { parseUniqueId, type ToolCard } from './toolCard.ts';

export const AMD_SMI_METRIC: readonly string[] = ['metric', '--json'];
/** What does not change. */
export const AMD_SMI_STATIC: readonly string[] = ['static', '--asic', '--bus', '--limit', '--driver', '--json'];

/** Where each of several is told of, the first that this GPU has. */
const NAMES = {
  utilization: ['gfx_activity', 'gfx_usage'],
  memoryUtilization: ['umc_activity', 'mem_usage'],
  memoryUsed: ['used_vram', 'fb_used'],
  memoryTotal: ['total_vram', 'fb_total'],
  power: ['socket_power', 'current_socket_power', 'average_socket_power'],
  powerLimit: ['power_cap', 'socket_power_limit', 'max_power'],
  temperature: ['hotspot', 'edge'],
  memoryClock: ['mem_0_clk', 'mem_cur_clk'],
} as const;

/** Accumulated violations have a word for whether one goes on now. */
const VIOLATIONS: readonly (readonly [string, ClockLimit])[] = [
  ['prochot_violation_status', 'hardwareThermal'],
  ['socket_thermal_violation_status', 'hardwareThermal'],
  ['hbm_thermal_violation_status', 'hardwareThermal'],
  ['vr_thermal_violation_status', 'hardwareThermal'],
  ['ppt_violation_status', 'powerCap'],
];

/**
 * Reads `amd-smi metric` and `amd-smi static`, as JSON of every release, as CSV and as text. `MB` are powers of two there.
 * Undefined where there is no GPU in it.
 */
export function parseAmdSmi(text: string): readonly ToolCard[] | undefined {
  const gpus = amdSmiValues(text);
  return gpus.size === 0 ? undefined : [...gpus].sort(([a], [b]) => a - b).map(([index, values]) => readCard(index, values));
}

function readCard(index: number, values: AmdSmiValues): ToolCard {
  const first = (names: readonly string[], unit: Quantity): Measured<number> => {
    const said = names.flatMap((name) => values.get(name) ?? []);
    return said.length === 0 ? NOT_TOLD : firstKnown(...(said.map((value) => quantityIn(value, unit)) as [Measured<number>]));
  };
  const uniqueId = values.get('asic_serial');
  return {
    index,
    name: textIn(values.get('market_name')),
    uniqueId: parseUniqueId(uniqueId ?? '') ?? (uniqueId === undefined ? NOT_TOLD : absent(uniqueId)),
    busId: parseBusId(values.get('bdf') ?? '') ?? textIn(values.get('bdf')),
    driverVersion: textIn(values.get('driver_version') ?? values.get('version')),
    utilization: first(NAMES.utilization, PERCENT),
    memoryUtilization: first(NAMES.memoryUtilization, PERCENT),
    decoderUtilization: mostOf(values.get('vcn_activity') ?? values.get('mm_activity') ?? values.get('mm_usage_list')),
    memoryUsed: first(NAMES.memoryUsed, MEBIBYTES),
    memoryTotal: first(NAMES.memoryTotal, MEBIBYTES),
    power: first(NAMES.power, WATTS),
    powerLimit: first(NAMES.powerLimit, WATTS),
    temperature: first(NAMES.temperature, DEGREES),
    memoryTemperature: first(['mem'], DEGREES),
    slowdownTemperature: first(['slowdown_hotspot_temperature', 'slowdown_edge_temperature'], DEGREES),
    fan: first(['usage'], PERCENT),
    clock: clockOf(values),
    clockMax: first(['gfx_0_max_clk'], MEGAHERTZ),
    memoryClock: first(NAMES.memoryClock, MEGAHERTZ),
    clockLimits: limitsOf(values),
    pcieGeneration: pcieGeneration(speedOf(values)),
    pcieWidth: pcieWidth(textIn(values.get('width'))),
    uncorrectedErrors: first(['total_uncorrectable_count'], COUNT),
  };
}

/** Each die has a clock of its own; the fastest counts. */
function clockOf(values: AmdSmiValues): Measured<number> {
  const clocks: Measured<number>[] = [];
  for (let die = 0; values.has(`gfx_${String(die)}_clk`) && die < 64; die++) {
    clocks.push(quantityIn(values.get(`gfx_${String(die)}_clk`), MEGAHERTZ));
  }
  return clocks.length === 0 ? quantityIn(values.get('gfx_cur_clk'), MEGAHERTZ) : greatest(clocks);
}

/** Of a list of engines, `[0 %, N/A]`, the busiest. */
function mostOf(list: string | undefined): Measured<number> {
  if (list === undefined) {
    return NOT_TOLD;
  }
  return greatest(list.replace(/^\[|\]$/g, '').split(',').map((said) => quantityIn(said, PERCENT)));
}

function greatest(values: readonly Measured<number>[]): Measured<number> {
  const numbers = values.filter((value): value is number => !isAbsent(value));
  return numbers.length > 0 ? Math.max(...numbers) : (values[0] ?? NOT_TOLD);
}

function limitsOf(values: AmdSmiValues): Measured<readonly ClockLimit[]> {
  const told = VIOLATIONS.flatMap(([name, limit]) => (/^(?:ACTIVE|NOT ACTIVE)$/i.test(values.get(name) ?? '') ? [{ limit, isActive: /^ACTIVE$/i.test(values.get(name) ?? '') }] : []));
  if (told.length > 0) {
    return [...new Set(told.flatMap(({ limit, isActive }) => (isActive ? [limit] : [])))];
  }
  const status: Measured<string> = textIn(values.get('throttle_status'));
  // `THROTTLED` does not tell by what.
  return status === 'UNTHROTTLED' ? [] : isAbsent(status) ? status : absent(status);
}

/** `32 GT/s`, or with the unit left out. */
function speedOf(values: AmdSmiValues): string | Absent {
  const speed = textIn(values.get('speed'));
  return isAbsent(speed) || speed.includes('GT') ? speed : `${speed} GT/s`;
}
