import { known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { GpuReading } from '../gpuSample.ts';
import { age, whole } from '../webview/quantity.ts';
import { vendorTitle } from './gpuNames.ts';
import { concernsViewer, isHot, limitOf, memoryShare } from './gpuRow.ts';
import type { HeldGpu, Holdings } from './holders.ts';
import type { GpuWatch } from './watch.ts';

/** Something that costs a person time now. */
export interface Trouble {
  /** `error` of a GPU that is lost, and of nothing else. */
  readonly level: 'warning' | 'error';
  /** A codicon. */
  readonly icon: string;
  /** As short as a status bar needs it: `GPU 3 at 87 °C`. */
  readonly words: string;
  /** One sentence. */
  readonly sentence: string;
  readonly gpu?: string;
}

export interface TroubleOptions {
  readonly now: number;
  /** Percent of a GPU's memory from which on it is told; 100: never. */
  readonly memoryWarning: number;
  readonly watch?: GpuWatch;
}

const ERROR_SHOWN = 10 * 60_000;

/** The gravest first. */
export function findTroubles({ sample, gpus }: Holdings, options: TroubleOptions): readonly Trouble[] {
  const troubles = [...sample.gpus.map((reading) => ofReading(reading, options.now)), ...gpus.flatMap((held) => ofGpu(held, options))];
  const found = troubles.filter((trouble) => trouble !== undefined);
  const safe = found.map((trouble) => ({ ...trouble, words: printable(trouble.words), sentence: printable(trouble.sentence) }));
  return [...safe.filter(({ level }) => level === 'error'), ...safe.filter(({ level }) => level === 'warning')];
}

function ofReading({ vendor, state }: GpuReading, now: number): Trouble | undefined {
  const title = vendorTitle(vendor);
  if (state.kind === 'silent') {
    const since = age(now - state.since);
    return { level: 'warning', icon: 'debug-disconnect', words: `no answer, ${since}`, sentence: `The ${title} driver has not answered for ${since}. Values of its GPUs are not known.` };
  }
  if (state.kind !== 'failed') {
    return undefined;
  }
  const { reason, text } = state.problem;
  switch (reason) {
    case 'driverMismatch':
      return { level: 'warning', icon: 'warning', words: 'GPU driver differs', sentence: text };
    case 'gpuLost':
      return { level: 'error', icon: 'error', words: 'GPU lost', sentence: text };
    case 'powerCable':
      return { level: 'warning', icon: 'warning', words: 'GPU power cable', sentence: text };
    case 'deviceCgroupLost':
      return { level: 'warning', icon: 'warning', words: 'GPU access lost', sentence: text };
    case 'driverNotLoaded':
    case 'noPermission':
    case 'noDevices':
    case 'libraryMissing':
    case 'toolMissing':
    case 'unknown':
      return undefined;
  }
}

function ofGpu(held: HeldGpu, { now, memoryWarning, watch }: TroubleOptions): readonly (Trouble | undefined)[] {
  const { gpu, label } = held;
  const name = `GPU ${label}`;
  const base = { gpu: gpu.uuid, level: 'warning' } as const;
  if (gpu.state === 'lost') {
    return [{ ...base, level: 'error', icon: 'error', words: `${name} lost`, sentence: `${name} no longer answers on its bus${gpu.stateText === undefined ? '' : `: ${gpu.stateText}`}.` }];
  }
  if (gpu.state === 'resetRequired') {
    return [{ ...base, icon: 'warning', words: `${name} needs a reset`, sentence: `The driver wants ${name} reset before anything runs on it.` }];
  }
  if (!held.fresh) {
    return [];
  }
  const recovery = known(gpu.recoveryAction);
  const { errorAt } = watch?.of(gpu.uuid) ?? {};
  return [
    concernsViewer(held) ? slowed(held, name) : undefined,
    errorAt !== undefined && now - errorAt < ERROR_SHOWN ? { ...base, icon: 'warning', words: `${name} memory error`, sentence: `${name} counted a memory error that could not be corrected, ${age(now - errorAt)} ago.` } : undefined,
    recovery !== undefined && recovery !== 'None' ? { ...base, icon: 'warning', words: `${name}: ${recovery.toLowerCase()}`, sentence: `The driver advises for ${name}: ${recovery}.` } : undefined,
    fullMemory(held, name, memoryWarning),
  ];
}

function slowed({ gpu }: HeldGpu, name: string): Trouble | undefined {
  const limit = limitOf(gpu);
  if (limit?.grave !== true) {
    return undefined;
  }
  const degrees = known(gpu.temperature);
  const at = degrees === undefined ? '' : ` at ${whole(degrees)} °C`;
  const base = { level: 'warning', gpu: gpu.uuid } as const;
  switch (limit.kind) {
    case 'heat':
      return { ...base, icon: 'flame', words: degrees === undefined ? `${name} hot` : `${name}${at}`, sentence: `Heat slows ${name} down${at}.` };
    case 'brake':
      return { ...base, icon: 'zap', words: `${name} power brake`, sentence: `The power supply slows ${name} down.` };
    case 'slowdown':
    case 'power':
      return { ...base, icon: isHot(gpu) ? 'flame' : 'zap', words: `${name} slowed`, sentence: `Heat or its power supply slows ${name} down${at}.` };
  }
}

function fullMemory(held: HeldGpu, name: string, memoryWarning: number): Trouble | undefined {
  const share = memoryShare(held);
  if (memoryWarning >= 100 || share === undefined || share < memoryWarning || !concernsViewer(held) || held.gpu.unifiedMemory) {
    return undefined;
  }
  return { level: 'warning', icon: 'database', words: `${name} memory ${Math.floor(share)}%`, sentence: `${Math.floor(share)}% of the memory of ${name} is used.`, gpu: held.gpu.uuid };
}
