import { isAbsent } from '../../../base/absent.ts';
import type { GpuReading, GpuSample } from '../../gpuSample.ts';

/** As drivers name the GPUs that are part of such a board: `Orin (nvgpu)`, `NVIDIA Thor`. */
const BOARD = /\((?:nvgpu|iGPU)\)|\b(?:Tegra|Xavier|Orin|Thor)\b/i;

type Merge = (readings: readonly GpuReading[]) => readonly GpuReading[];

/**
 * From JetPack 7 on a board's own GPU is told of twice, by tegrastats and by nvidia-smi. It is the one of NVIDIA's that has no memory
 * of its own, or is named as such chips are; a card in the board's slot is neither. Who it is comes of NVIDIA's driver, whose UUID
 * CUDA takes and processes are told by; what the driver does not tell of it, which is much, comes of tegrastats. Where only
 * tegrastats answers it is told of by that.
 *
 * @returns a function to be called with all readings of one machine again and again: what has not changed is the same object
 */
export function createOwnChipMerge(): Merge {
  let last: { readonly board: GpuReading; readonly driver: GpuReading; readonly merged: GpuReading | undefined } | undefined;
  return (readings) => {
    const board = readings.find(({ vendor }) => vendor === 'jetson');
    const driver = readings.find(({ vendor }) => vendor === 'nvidia');
    if (board === undefined || driver === undefined) {
      return readings;
    }
    if (last?.board !== board || last.driver !== driver) {
      last = { board, driver, merged: merged(board, driver) };
    }
    const { merged: one } = last;
    if (one === undefined) {
      return readings;
    }
    const isToldByDriver = driver.state.kind === 'answering';
    return readings.filter((reading) => reading !== board || !isToldByDriver).map((reading) => (reading === driver ? one : reading));
  };
}

/** What to tell in place of the driver's reading; undefined where the two tell of different chips. */
function merged(board: GpuReading, driver: GpuReading): GpuReading | undefined {
  const chips = driver.gpus.filter(isOwnChip);
  const [chip] = chips;
  const [told] = board.gpus;
  if (chip === undefined || told === undefined || chips.length > 1) {
    return undefined;
  }
  if (driver.state.kind === 'answering') {
    return board.state.kind === 'answering' ? { ...driver, gpus: driver.gpus.map((gpu) => (gpu === chip ? filled(chip, told) : gpu)) } : driver;
  }
  return board.state.kind === 'answering' ? { ...driver, gpus: driver.gpus.filter((gpu) => gpu !== chip) } : undefined;
}

function isOwnChip({ unifiedMemory, name }: GpuSample): boolean {
  return unifiedMemory || BOARD.test(name);
}

/** With what the other tells where the one does not. */
function filled(one: GpuSample, other: GpuSample): GpuSample {
  const more = Object.entries(other).filter(([key, value]) => isAbsent(one[key as keyof GpuSample]) && !isAbsent(value));
  return { ...one, ...(Object.fromEntries(more) as Partial<GpuSample>) };
}
