import { isAbsent, type Measured } from '../../../base/absent.ts';
import { membersOf } from '../jsonPieces.ts';
import { MEGAHERTZ, NOT_TOLD, quantityIn, WATTS } from '../quantity.ts';

/** Milliseconds. The first object tells of the blink of an eye since the start. */
const SHORTEST = 40;
/** Engines of one class are added up: three of video are busy to 300 % at most, and more by the clock's error. */
const BUSY = { scale: 1, most: 10_000 };

export interface GpuTopSample {
  readonly utilization: Measured<number>;
  /** Of the engines for video, which decode and encode. */
  readonly video: Measured<number>;
  readonly clock: Measured<number>;
  readonly power: Measured<number>;
}

/** `device`: the address where there are several. `milliseconds` between objects. */
export function gpuTopArgs(milliseconds: number, device: string | undefined): readonly string[] {
  return ['-J', '-s', String(milliseconds), ...(device === undefined ? [] : ['-d', `pci:slot=${device}`])];
}

/** One object of `intel_gpu_top -J` (intel-gpu-tools, tools/intel_gpu_top.c). Values are numbers, or in some builds text. Undefined where it is none, or the first. */
export function readGpuTop(object: unknown): GpuTopSample | undefined {
  const { period, engines, frequency, power } = membersOf(object);
  const duration = quantityIn(said(membersOf(period).duration), { scale: 1, most: 1e9 });
  if (engines === undefined || isAbsent(duration) || duration < SHORTEST) {
    return undefined;
  }
  const busy = Object.entries(membersOf(engines)).map(([name, engine]) => ({ name, busy: quantityIn(said(membersOf(engine).busy), BUSY) }));
  return {
    utilization: busiest(busy.map((engine) => engine.busy)),
    video: busiest(busy.filter(({ name }) => /^Video(?:\/|$)/.test(name)).map((engine) => engine.busy)),
    clock: quantityIn(said(membersOf(frequency).actual), MEGAHERTZ),
    power: quantityIn(said(membersOf(power).GPU), WATTS),
  };
}

function busiest(values: readonly Measured<number>[]): Measured<number> {
  const numbers = values.filter((value): value is number => !isAbsent(value));
  return numbers.length > 0 ? Math.min(100, Math.max(...numbers)) : (values[0] ?? NOT_TOLD);
}

function said(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
