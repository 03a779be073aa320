import { absent, isAbsent, known, type Measured } from '../../../base/absent.ts';
import type { GpuSample, GpuSlice } from '../../gpuSample.ts';
import { blankGpu } from '../blankGpu.ts';
import { COUNT, DEGREES, firstKnown, MEBIBYTES, MEGAHERTZ, PERCENT, WATTS, type Quantity } from '../quantity.ts';
import { isNotSupported, NO_COLUMN, cellQuantity } from './cell.ts';
import type { ListedSlice } from './deviceList.ts';
import { silenceOf, type GpuRow, type GpuRowReader } from './gpuRows.ts';
import type { GpuReport } from './report.ts';

/** What is known of a machine's GPUs beside the row of the moment. */
export interface Surplus {
  readonly report: GpuReport | undefined;
  /** Its MIG devices by `-L`. */
  readonly listed: readonly ListedSlice[];
  /** Bytes of the host's memory; asked for where a GPU has none of its own. */
  hostMemory(): Measured<number>;
  /** Bytes that computing processes hold of it. */
  held(): Measured<number>;
}

/** A fan is measured against the noise it may make, and may be louder. */
const FAN: Quantity = { scale: 1, most: 250 };
const DIVIDED = absent('a GPU divided by MIG reports none; its power tells how busy it is');
const PCIE_NOT_ASKED = absent('not asked for: measuring it would hold the driver up 40 ms for each GPU');
const NOT_ASKED_YET = absent('not asked for yet');
const ASLEEP = absent('asleep');
const NO_SLICES: readonly GpuSlice[] = [];

/** One row, read. `before`: the same GPU's last sample, which says who it is where the row does not. */
export function assembleSample(row: GpuRow, reader: GpuRowReader, surplus: Surplus, before: GpuSample | undefined): GpuSample {
  const silence = silenceOf(row, reader);
  const cell = (field: Parameters<GpuRowReader['cell']>[1]) => reader.cell(row, field);
  const busId = reader.busId(row) ?? before?.busId ?? NO_COLUMN;
  const index = row.index ?? before?.index ?? 0;
  const name = reader.text(row, 'name');
  const isDivided = cell('mig') === 'Enabled';
  const share = (value: Measured<number>): Measured<number> => (isDivided && isAbsent(value) ? DIVIDED : value);
  const used = cellQuantity(cell('memoryUsed'), MEBIBYTES);
  const total = cellQuantity(cell('memoryTotal'), MEBIBYTES);
  const unifiedMemory = isNotSupported(used) && isNotSupported(total);
  const action = reader.text(row, 'recoveryAction');
  const sample: GpuSample = {
    index,
    uuid: row.uuid ?? before?.uuid ?? madeUuid(busId, index),
    name: isAbsent(name) ? (before?.name ?? 'NVIDIA GPU') : name,
    vendor: 'nvidia',
    state: silence?.state ?? 'ok',
    busId,
    driverVersion: reader.text(row, 'driverVersion'),
    utilization: share(cellQuantity(cell('utilization'), PERCENT)),
    memoryUtilization: share(cellQuantity(cell('memoryUtilization'), PERCENT)),
    encoderUtilization: share(cellQuantity(cell('encoderUtilization'), PERCENT)),
    decoderUtilization: share(cellQuantity(cell('decoderUtilization'), PERCENT)),
    memoryUsed: unifiedMemory ? surplus.held() : used,
    memoryTotal: unifiedMemory ? surplus.hostMemory() : total,
    unifiedMemory,
    power: firstKnown(cellQuantity(cell('power'), WATTS), cellQuantity(cell('instantPower'), WATTS)),
    powerLimit: firstKnown(cellQuantity(cell('enforcedPowerLimit'), WATTS), cellQuantity(cell('powerLimit'), WATTS)),
    temperature: cellQuantity(cell('temperature'), DEGREES),
    memoryTemperature: cellQuantity(cell('memoryTemperature'), DEGREES),
    slowdownTemperature: surplus.report?.slowdownTemperature ?? NOT_ASKED_YET,
    fan: atMost(100, cellQuantity(cell('fan'), FAN)),
    clock: cellQuantity(cell('clock'), MEGAHERTZ),
    clockMax: cellQuantity(cell('clockMax'), MEGAHERTZ),
    memoryClock: cellQuantity(cell('memoryClock'), MEGAHERTZ),
    clockLimits: reader.clockLimits(row),
    performanceState: reader.text(row, 'performanceState'),
    pcieGeneration: cellQuantity(cell('pcieGeneration'), COUNT),
    pcieWidth: cellQuantity(cell('pcieWidth'), COUNT),
    pcieReceived: PCIE_NOT_ASKED,
    pcieSent: PCIE_NOT_ASKED,
    uncorrectedErrors: cellQuantity(cell('uncorrectedErrors'), COUNT),
    recoveryAction: action === NO_COLUMN ? (surplus.report?.recoveryAction ?? NOT_ASKED_YET) : action,
    slices: isDivided && surplus.report !== undefined ? assembleSlices(surplus.report, surplus.listed) : NO_SLICES,
  };
  return silence === undefined ? sample : { ...sample, stateText: silence.text };
}

/** A GPU of which nothing is told now: who it is, and for the rest why not. */
export function withoutValues(
  identity: Pick<GpuSample, 'index' | 'uuid' | 'name' | 'busId' | 'driverVersion' | 'unifiedMemory'>,
  state: Exclude<GpuSample['state'], 'ok'>,
  stateText?: string,
): GpuSample {
  const { index, uuid, name, busId, driverVersion, unifiedMemory } = identity;
  return {
    ...blankGpu({ index, uuid, name, vendor: 'nvidia' }, state === 'asleep' ? ASLEEP : absent(stateText ?? 'it does not answer')),
    state,
    ...(stateText !== undefined && { stateText }),
    busId,
    driverVersion,
    unifiedMemory,
  };
}

/** For a GPU whose driver tells no UUID. */
export function madeUuid(busId: Measured<string>, index: number): string {
  return `nvidia-${known(busId) ?? index}`;
}

function assembleSlices(report: GpuReport, listed: readonly ListedSlice[]): readonly GpuSlice[] {
  return report.slices.map((slice) => {
    const entry = listed.find(({ gpuUuid, index }) => gpuUuid === report.uuid && index === slice.index);
    return { ...slice, uuid: entry?.uuid ?? NOT_ASKED_YET, profile: entry?.profile ?? NOT_ASKED_YET };
  });
}

function atMost(most: number, value: Measured<number>): Measured<number> {
  return isAbsent(value) ? value : Math.min(most, value);
}
