import { isAbsent, known, type Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { GpuSlice } from '../gpuSample.ts';
import { shortName, vendorTitle } from '../view/gpuNames.ts';
import { gpuState, heldBy, isHot, limitOf, memoryShare } from '../view/gpuRow.ts';
import type { HeldGpu, Holdings } from '../view/holders.ts';
import { gibibytes, whole } from '../webview/quantity.ts';
import type { Paint, Tone } from './paint.ts';
import { tableLines, type Cell, type Column } from './table.ts';

export const NOT_KNOWN = '–';

const COLUMNS: readonly Column[] = [
  { title: 'GPU', align: 'right' },
  { title: 'Name', align: 'left', most: 28 },
  { title: 'Busy', align: 'right', least: 4 },
  { title: 'Memory GiB', align: 'right' },
  { title: 'Power W', align: 'right' },
  { title: 'Temp', align: 'right', least: 5 },
  { title: 'State', align: 'left', least: 10, most: 28 },
  { title: 'Held by', align: 'left' },
];

/** Percent of its memory from which on it is told in colour. */
const FULL = 98;

/** A line a GPU, and one a MIG slice. Nothing where there are none. */
export function gpuLines({ gpus }: Holdings, now: number, paint: Paint, width: number | undefined): readonly string[] {
  const rows = gpus.flatMap((held) => [gpuRow(held, now), ...held.gpu.slices.map(sliceRow)]);
  return rows.length === 0 ? [] : tableLines(COLUMNS, rows, paint, width);
}

function gpuRow(held: HeldGpu, now: number): readonly Cell[] {
  const { gpu, label } = held;
  const state = gpuState(held, {}, now);
  const limit = limitOf(gpu);
  const words = limit === undefined ? state.words : `${state.words}, ${limit.words.toLowerCase()}`;
  const { who, what, tone } = heldBy(held);
  return [
    { text: label, tone: 'strong' },
    { text: shortName(gpu.name) },
    { text: percent(gpu.utilization) },
    { text: ofWhole(gpu.memoryUsed, gpu.memoryTotal, gibibytes), tone: (memoryShare(held) ?? 0) >= FULL ? 'warning' : 'plain' },
    { text: ofWhole(gpu.power, gpu.powerLimit, whole) },
    { text: isAbsent(gpu.temperature) ? NOT_KNOWN : `${whole(gpu.temperature)}°C`, tone: isHot(gpu) ? 'bad' : 'plain' },
    { text: words, tone: limit?.grave === true ? 'warning' : STATE_TONES[state.tone] },
    { text: `${who} ${what}`.trim(), tone: HOLDER_TONES[tone] },
  ];
}

const STATE_TONES: Readonly<Record<ReturnType<typeof gpuState>['tone'], Tone>> = { plain: 'plain', free: 'good', idle: 'warning', bad: 'bad', unknown: 'dim' };
const HOLDER_TONES: Readonly<Record<ReturnType<typeof heldBy>['tone'], Tone>> = { mine: 'own', others: 'plain', free: 'good', hidden: 'dim', unknown: 'dim' };

function sliceRow({ index, profile, memoryUsed, memoryTotal }: GpuSlice): readonly Cell[] {
  const name = known(profile);
  return [
    { text: '' },
    { text: `MIG ${index}${name === undefined ? '' : ` ${printable(name)}`}` },
    { text: NOT_KNOWN },
    { text: ofWhole(memoryUsed, memoryTotal, gibibytes) },
    { text: NOT_KNOWN },
    { text: NOT_KNOWN },
    { text: '' },
    { text: '' },
  ];
}

/** What is wrong with a vendor's driver, a line each. */
export function driverLines({ sample }: Holdings, paint: Paint): readonly string[] {
  return sample.gpus.flatMap(({ vendor, state }) => {
    switch (state.kind) {
      case 'failed':
        return [paint(`${vendorTitle(vendor)}: ${printable([state.problem.text, state.problem.remedy ?? ''].join(' ').trim())}`, 'bad')];
      case 'silent':
        return [paint(`${vendorTitle(vendor)}: its driver has not answered since ${new Date(state.since).toTimeString().slice(0, 8)}.`, 'bad')];
      case 'starting':
        return [paint(`${vendorTitle(vendor)}: nothing was heard yet.`, 'dim')];
      case 'answering':
        return [];
    }
  });
}

export function percent(value: Measured<number>): string {
  return isAbsent(value) ? NOT_KNOWN : `${whole(value)}%`;
}

/** `71.4/80.0`, the first as wide as the second, so that it does not move. */
export function ofWhole(part: Measured<number>, all: Measured<number>, format: (value: number) => string): string {
  const limit = known(all);
  const text = isAbsent(part) ? NOT_KNOWN : format(part);
  return limit === undefined ? text : `${text.padStart(format(limit).length)}/${format(limit)}`;
}
