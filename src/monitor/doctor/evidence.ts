import { known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { COSTLY_LIMITS } from '../costlyLimits.ts';
import type { ClockLimit } from '../gpuSample.ts';
import type { RunMoment } from './runMoment.ts';

/** What was measured of a run over a window. `undefined`: not known. Percent from 0 to 100. */
export interface Evidence {
  readonly seconds: number;
  /** Moments in which the utilization of every GPU was known. */
  readonly moments: number;
  /** Mean over GPUs and time. */
  readonly busy: number;
  /** Share of moments in which the GPUs' mean was below half of what it is at its best. */
  readonly idleShare: number;
  /** Times the GPUs went from work to rest in a minute. */
  readonly dipsPerMinute: number;
  /** Share of moments in which all of several GPUs rested, among those in which one did; undefined for a single GPU. */
  readonly dipsTogether: number | undefined;
  readonly powerCapShare: number | undefined;
  readonly heatShare: number | undefined;
  /** The GPU that heat limits longest, and its highest temperature. */
  readonly hottest: { readonly index: number; readonly temperature: number | undefined } | undefined;
  readonly clock: number | undefined;
  readonly power: number | undefined;
  readonly workerCount: number;
  /** Share of workers that keep a core busy. */
  readonly peggedWorkers: number | undefined;
  readonly waitingWorkers: number;
  readonly busiestHolder: number | undefined;
  readonly idleCores: number | undefined;
  readonly ioWait: number | undefined;
  readonly ioPressure: number | undefined;
  readonly cpuPressure: number | undefined;
  readonly memoryPressure: number | undefined;
  readonly memoryUsed: number | undefined;
  readonly throttled: number | undefined;
  readonly fabric: number | undefined;
}

/** A worker above this percent of a core has no time left. */
const PEGGED = 90;

export function evidenceOf(moments: readonly RunMoment[]): Evidence {
  const busy = moments.map(meanBusy).filter((value) => value !== undefined);
  const half = Math.max(...busy, 0) / 2;
  const resting = busy.map((value) => value < half);
  const seconds = moments.length < 2 ? 0 : ((moments.at(-1)?.time ?? 0) - (moments[0]?.time ?? 0)) / 1000;
  const falls = resting.filter((rests, index) => rests && index > 0 && resting[index - 1] === false).length;
  const workers = moments.flatMap((moment) => moment.workers.map(known).filter((value) => value !== undefined));
  return {
    seconds,
    moments: busy.length,
    busy: mean(busy) ?? 0,
    idleShare: share(resting) ?? 0,
    dipsPerMinute: seconds > 0 ? (falls * 60) / seconds : 0,
    dipsTogether: dipsTogether(moments),
    powerCapShare: limitShare(moments, ['powerCap']),
    heatShare: limitShare(moments, COSTLY_LIMITS),
    hottest: hottest(moments),
    clock: mean(moments.flatMap(({ gpus }) => values(gpus.map(({ clock }) => clock)))),
    power: mean(moments.flatMap(({ gpus }) => values(gpus.map(({ power }) => power)))),
    workerCount: Math.max(0, ...moments.map((moment) => moment.workers.length)),
    peggedWorkers: share(workers.map((cpu) => cpu >= PEGGED)),
    waitingWorkers: mean(moments.map((moment) => moment.waitingWorkers)) ?? 0,
    busiestHolder: mean(values(moments.map((moment) => moment.busiestHolder))),
    idleCores: mean(values(moments.map((moment) => moment.idleCores))),
    ioWait: mean(values(moments.map((moment) => moment.ioWait))),
    ioPressure: mean(values(moments.map((moment) => moment.ioPressure))),
    cpuPressure: mean(values(moments.map((moment) => moment.cpuPressure))),
    memoryPressure: mean(values(moments.map((moment) => moment.memoryPressure))),
    memoryUsed: mean(values(moments.map((moment) => moment.memoryUsed))),
    throttled: mean(values(moments.map((moment) => moment.throttled))),
    fabric: mean(values(moments.map((moment) => moment.fabric))),
  };
}

/** undefined where a GPU's utilization is not known: the others' mean would say something of another run. */
function meanBusy({ gpus }: RunMoment): number | undefined {
  const all = values(gpus.map(({ utilization }) => utilization));
  return all.length === gpus.length ? mean(all) : undefined;
}

function dipsTogether(moments: readonly RunMoment[]): number | undefined {
  const perMoment = moments
    .map(({ gpus }) => values(gpus.map(({ utilization }) => utilization)))
    .filter((all, index) => all.length > 1 && all.length === moments[index]?.gpus.length);
  const best = Math.max(0, ...perMoment.flat());
  const withOne = perMoment.filter((all) => all.some((value) => value < best / 2));
  return share(withOne.map((all) => all.every((value) => value < best / 2)));
}

function limitShare(moments: readonly RunMoment[], limits: readonly ClockLimit[]): number | undefined {
  const shares = gpuIndices(moments).map((index) => limitShareOf(moments, index, limits));
  const told = shares.filter((value) => value !== undefined);
  return told.length === 0 ? undefined : Math.max(...told);
}

function limitShareOf(moments: readonly RunMoment[], index: number, limits: readonly ClockLimit[]): number | undefined {
  const told = values(moments.flatMap(({ gpus }) => gpus.filter((gpu) => gpu.index === index).map(({ clockLimits }) => clockLimits)));
  return share(told.map((active) => active.some((limit) => limits.includes(limit))));
}

function hottest(moments: readonly RunMoment[]): Evidence['hottest'] {
  const [first] = gpuIndices(moments)
    .map((index) => ({ index, heat: limitShareOf(moments, index, COSTLY_LIMITS) ?? 0 }))
    .sort((a, b) => b.heat - a.heat);
  if (first === undefined || first.heat === 0) {
    return undefined;
  }
  const temperatures = values(
    moments.flatMap(({ gpus }) => gpus.filter(({ index }) => index === first.index).map(({ temperature }) => temperature)),
  );
  return { index: first.index, temperature: temperatures.length === 0 ? undefined : Math.max(...temperatures) };
}

function gpuIndices(moments: readonly RunMoment[]): readonly number[] {
  return [...new Set(moments.flatMap(({ gpus }) => gpus.map(({ index }) => index)))];
}

function values<T>(measured: readonly Measured<T>[]): T[] {
  return measured.map(known).filter((value) => value !== undefined);
}

function mean(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function share(flags: readonly boolean[]): number | undefined {
  return flags.length === 0 ? undefined : (100 * flags.filter(Boolean).length) / flags.length;
}
