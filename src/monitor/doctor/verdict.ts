import type { VerdictKind } from '../systemSample.ts';
import type { Evidence } from './evidence.ts';

export interface Verdict {
  readonly kind: VerdictKind;
  /** One sentence that names what was measured. */
  readonly sentence: string;
  /** What could be done, where a number in the evidence supports it. */
  readonly suggestion?: string;
}

/** Seconds of samples before anything is said. */
export const ENOUGH_SECONDS = 55;
const ENOUGH_MOMENTS = 10;
/** From here on a GPU has no rest worth the name. */
const FULL = 90;
/** Below this share of rest, dips are checkpoints and evaluations. */
const RESTING = 15;
/** Percent of one core from which on a process that does everything in one thread has no time left. */
const PEGGED_HOLDER = 95;

export function verdictOf(evidence: Evidence): Verdict {
  const { seconds, moments, busy, idleShare } = evidence;
  if (seconds < ENOUGH_SECONDS || moments < ENOUGH_MOMENTS) {
    return { kind: 'unknown', sentence: 'Not enough evidence yet: a minute in which all its GPUs tell how busy they are.' };
  }
  return limitedByHeat(evidence) ?? limitedByMemory(evidence) ?? (busy >= FULL || idleShare < RESTING ? atWork(evidence) : atRest(evidence));
}

function limitedByHeat({ heatShare, hottest, clock }: Evidence): Verdict | undefined {
  if (heatShare === undefined || heatShare < 20 || hottest === undefined) {
    return undefined;
  }
  const degrees = hottest.temperature === undefined ? '' : ` at ${whole(hottest.temperature)} °C`;
  const clocks = clock === undefined ? '' : `; clocks are at ${whole(clock)}% of the fastest`;
  return {
    kind: 'heatCapped',
    sentence: `GPU ${hottest.index}${degrees} was slowed by heat or its power supply ${whole(heatShare)}% of the time${clocks}.`,
    suggestion: 'One slow GPU holds up all that wait for it: look at its fans and its neighbours.',
  };
}

function limitedByMemory({ memoryPressure, memoryUsed }: Evidence): Verdict | undefined {
  if (memoryPressure === undefined || memoryPressure < 10) {
    return undefined;
  }
  const used = memoryUsed === undefined ? '' : `; ${whole(memoryUsed)}% of the memory is in use`;
  return {
    kind: 'memoryBound',
    sentence: `Something waited for host memory ${one(memoryPressure)}% of the time${used}.`,
    suggestion: 'Fewer loader workers or a smaller prefetch need less memory.',
  };
}

function atWork({ busy, idleShare, powerCapShare, clock, power }: Evidence): Verdict {
  if (powerCapShare !== undefined && powerCapShare >= 50 && clock !== undefined && clock < 85) {
    return {
      kind: 'powerCapped',
      sentence: `GPUs ${whole(busy)}% busy; the power limit held clocks at ${whole(clock)}% of the fastest ${whole(powerCapShare)}% of the time.`,
    };
  }
  const atLimit = power === undefined ? '' : `, at ${whole(power)}% of their power limit`;
  return { kind: 'computeBound', sentence: `GPUs ${whole(busy)}% busy${atLimit}; they rest ${whole(idleShare)}% of the time.` };
}

function atRest(evidence: Evidence): Verdict {
  const { busy, idleShare, dipsTogether, fabric } = evidence;
  const rest = `GPUs ${whole(busy)}% busy, at rest ${whole(idleShare)}% of the time`;
  const cause = inputCause(evidence);
  if (cause !== undefined) {
    return { kind: 'inputBound', sentence: `${rest}: ${cause.fact}.`, ...(cause.suggestion !== undefined && { suggestion: cause.suggestion }) };
  }
  if (dipsTogether !== undefined && dipsTogether >= 80 && fabric !== undefined && fabric >= 30) {
    return { kind: 'communicationBound', sentence: `${rest}, all together, with InfiniBand at ${whole(fabric)}% of its speed.` };
  }
  return { kind: 'unknown', sentence: `${rest}, and nothing that is measured here says why.` };
}

interface Cause {
  readonly fact: string;
  readonly suggestion?: string;
}

function inputCause(evidence: Evidence): Cause | undefined {
  const { peggedWorkers, workerCount, waitingWorkers, idleCores, ioPressure, ioWait, cpuPressure, throttled, busiestHolder } = evidence;
  if (throttled !== undefined && throttled >= 10) {
    return { fact: `a CPU quota held the processes back ${whole(throttled)}% of the time`, suggestion: 'A larger quota, or less work per sample, would feed them.' };
  }
  if (workerCount > 0 && peggedWorkers !== undefined && peggedWorkers >= 50) {
    const idle = idleCores === undefined ? '' : ` while ${whole(idleCores)} cores are idle`;
    return {
      fact: `${whole((peggedWorkers * workerCount) / 100)} of ${workerCount} loader workers keep a core busy${idle}`,
      ...(idleCores !== undefined && idleCores >= workerCount / 2 && { suggestion: 'There is room for more workers (num_workers).' }),
    };
  }
  if (ioPressure !== undefined && ioPressure >= 10) {
    const waiting = waitingWorkers >= 1 ? `, ${whole(waitingWorkers)} of ${workerCount} loader workers among them` : '';
    return { fact: `something waited for a disk ${one(ioPressure)}% of the time${waiting}`, suggestion: 'A copy of the data on a local disk, or larger shards, would be read faster.' };
  }
  if (waitingWorkers >= 1 && ioWait !== undefined && ioWait >= 10) {
    return { fact: `${whole(waitingWorkers)} of ${workerCount} loader workers wait for a device, and cores wait ${one(ioWait)}% of the time` };
  }
  if (cpuPressure !== undefined && cpuPressure >= 20 && idleCores !== undefined && idleCores < 1) {
    return { fact: `something waited for a core ${one(cpuPressure)}% of the time, and none is idle` };
  }
  if (workerCount === 0 && busiestHolder !== undefined && busiestHolder >= PEGGED_HOLDER && busiestHolder < 115) {
    return { fact: `the process itself keeps one core ${whole(busiestHolder)}% busy and has no loader workers`, suggestion: 'Loader workers (num_workers) would prepare samples beside it.' };
  }
  return undefined;
}


function whole(value: number): string {
  return String(Math.round(value));
}

function one(value: number): string {
  return value.toFixed(1);
}
