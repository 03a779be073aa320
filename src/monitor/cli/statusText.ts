import { known } from '../../base/absent.ts';
import { formatDuration } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { HostSample, Pressure } from '../hostSample.ts';
import { cardsLine } from '../view/gpuNames.ts';
import type { Holdings } from '../view/holders.ts';
import { gibibytes, oneDecimal, whole } from '../webview/quantity.ts';
import { driverLines, gpuLines, NOT_KNOWN, ofWhole, percent } from './gpuTable.ts';
import type { Paint } from './paint.ts';
import { processLines } from './processTable.ts';
import { cut } from './table.ts';

/** For a person: GPUs, who uses them, and the host. `width`: the terminal's columns, where it is one. */
export function statusText(holdings: Holdings, paint: Paint, width: number | undefined): string {
  const { sample, gpus } = holdings;
  const cards = gpus.length === 0 ? [] : [cardsLine(gpus.map(({ gpu }) => gpu))];
  const [name, ...rest] = [printable(sample.host), localTime(sample.time), ...cards];
  const blocks = [
    [paint(name ?? '', 'strong') + rest.map((part) => `  ${part}`).join('')],
    [...gpuLines(holdings, sample.time, paint, width), ...driverLines(holdings, paint), ...(sample.gpus.length === 0 ? [paint('No GPU was found here.', 'dim')] : [])],
    processLines(holdings, paint, width),
    hostLines(sample.system).map((line) => (width === undefined ? line : cut(line, width))),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function hostLines({ cpu, memory, pressure, limits, uptime }: HostSample): readonly string[] {
  const cores = known(cpu.cores)?.length;
  const load = known(cpu.load);
  const seconds = known(uptime);
  const first = [
    `CPU ${percent(cpu.utilization).padStart(4)}${cores === undefined ? '' : ` of ${cores}`}`,
    `load ${load === undefined ? NOT_KNOWN : load.map((value) => value.toFixed(2)).join(' ')}`,
    `up ${seconds === undefined ? NOT_KNOWN : formatDuration(seconds)}`,
    `pressure cpu ${stalled(known(pressure.cpu))}, memory ${stalled(known(pressure.memory))}, io ${stalled(known(pressure.io))}`,
  ];
  const second = [
    `Memory ${ofWhole(memory.used, memory.total, gibibytes)} GiB`,
    ...(known(limits.memoryLimit) === undefined ? [] : [`limit ${ofWhole(limits.memoryUsed, limits.memoryLimit, gibibytes)} GiB`]),
    ...(known(limits.cpuLimit) === undefined ? [] : [`${oneDecimal(known(limits.cpuLimit) ?? 0)} cores allowed`]),
    ...((known(memory.swapTotal) ?? 0) > 0 ? [`swap ${ofWhole(memory.swapUsed, memory.swapTotal, gibibytes)} GiB`] : []),
    ...(known(memory.sharedTotal) === undefined ? [] : [`/dev/shm ${ofWhole(memory.sharedUsed, memory.sharedTotal, gibibytes)} GiB`]),
  ];
  return [first.join('  '), second.join('  ')];
}

function stalled(pressure: Pressure | undefined): string {
  const some = pressure && known(pressure.some);
  return some === undefined ? NOT_KNOWN : `${whole(some)}%`;
}

function localTime(time: number): string {
  const date = new Date(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
