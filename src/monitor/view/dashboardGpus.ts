import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { GpuSample, GpuSlice } from '../gpuSample.ts';
import type { GpuRow, SliceRow } from '../webview/protocol.ts';
import { shortName } from './gpuNames.ts';
import { gpuState, heldBy, isHot, limitOf } from './gpuRow.ts';
import type { HeldGpu } from './holders.ts';
import { isMine } from './viewer.ts';
import type { GpuPast } from './watch.ts';

/** A hundredth of a GiB: finer than what is shown, so that a value at rest is not sent again. */
const MEMORY_STEP = 1024 ** 3 / 100;

/** A GPU as the dashboard shows it, its numbers no finer than what is seen. */
export function gpuRow(held: HeldGpu, past: GpuPast, now: number): GpuRow {
  const { gpu } = held;
  const { who, what, tone } = heldBy(held, past);
  const state = gpuState(held, past, now);
  const value = held.fresh ? rounded : () => unread(state.words);
  const parts = memoryOf(held);
  return {
    key: gpu.uuid,
    label: held.label,
    name: shortName(gpu.name),
    who,
    what,
    tone,
    busy: value(gpu.utilization, 1),
    memoryUsed: value(gpu.memoryUsed, MEMORY_STEP),
    memoryTotal: rounded(gpu.memoryTotal, MEMORY_STEP),
    ...parts,
    unified: gpu.unifiedMemory,
    power: value(gpu.power, 1),
    powerLimit: rounded(gpu.powerLimit, 1),
    temperature: value(gpu.temperature, 1),
    hot: held.fresh && isHot(gpu),
    clock: value(gpu.clock, 5),
    memoryClock: value(gpu.memoryClock, 1),
    limit: held.fresh ? (limitOf(gpu)?.kind ?? null) : null,
    state: state.words,
    stateTone: state.tone,
    said: gpu.stateText === undefined ? null : printable(gpu.stateText),
    slices: gpu.slices.map((slice) => sliceRow(held, slice)),
    encoder: value(gpu.encoderUtilization, 1),
    decoder: value(gpu.decoderUtilization, 1),
    memoryBusy: value(gpu.memoryUtilization, 1),
    memoryTemperature: value(gpu.memoryTemperature, 1),
    fan: value(gpu.fan, 1),
    link: linkOf(gpu),
    received: value(gpu.pcieReceived, 1e7),
    sent: value(gpu.pcieSent, 1e7),
    errors: value(gpu.uncorrectedErrors, 1),
    performanceState: held.fresh ? gpu.performanceState : unread(state.words),
  };
}

function unread(state: string): { readonly absent: string } {
  return absent(state.toLowerCase());
}

function memoryOf(held: HeldGpu): Pick<GpuRow, 'mine' | 'others' | 'hidden'> {
  const { gpu, fresh, holders } = held;
  const used = fresh ? known(gpu.memoryUsed) : undefined;
  const list = known(holders);
  if (used === undefined || list === undefined) {
    return { mine: 0, others: 0, hidden: 0 };
  }
  const sum = (wanted: (mine: boolean, hidden: boolean) => boolean) => list.reduce((total, { owner, use }) => total + (wanted(isMine(owner), owner === 'hidden') ? (known(use.memoryUsed) ?? 0) : 0), 0);
  const step = (bytes: number) => Math.round(bytes / MEMORY_STEP) * MEMORY_STEP;
  return { mine: step(sum((mine) => mine)), others: step(sum((mine, hidden) => !mine && !hidden)), hidden: step(known(held.hiddenMemory) ?? 0) };
}

function sliceRow({ gpu, holders }: HeldGpu, slice: GpuSlice): SliceRow {
  const inside = (known(holders) ?? []).filter(({ use }) => use.gpuInstance === slice.gpuInstance && (use.computeInstance ?? slice.computeInstance) === slice.computeInstance);
  const [first] = inside;
  const base = { profile: printable(known(slice.profile) ?? `${gpu.index}.${slice.index}`), memoryUsed: rounded(slice.memoryUsed, MEMORY_STEP), memoryTotal: rounded(slice.memoryTotal, MEMORY_STEP) };
  if (first === undefined) {
    return isAbsent(holders) ? { ...base, who: 'not told', tone: 'unknown' } : { ...base, who: 'free', tone: 'free' };
  }
  const title = first.run === undefined ? '' : ` · ${first.run.title}`;
  if (isMine(first.owner)) {
    return { ...base, who: `you${title}`, tone: 'mine' };
  }
  return first.owner === 'hidden' ? { ...base, who: 'hidden', tone: 'hidden' } : { ...base, who: `${printable(first.run?.user ?? '')}${title}`, tone: 'others' };
}

function linkOf({ pcieGeneration, pcieWidth }: GpuSample): Measured<string> {
  return isAbsent(pcieGeneration) ? pcieGeneration : isAbsent(pcieWidth) ? pcieWidth : `${pcieGeneration}.0 ×${pcieWidth}`;
}

export function rounded(value: Measured<number>, step: number): Measured<number> {
  return isAbsent(value) ? value : Math.round(value / step) * step;
}
