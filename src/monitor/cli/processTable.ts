import { isAbsent, known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { ProcessSample } from '../hostSample.ts';
import { commandOf } from '../view/commandWords.ts';
import type { Holder, Holdings } from '../view/holders.ts';
import { isMine } from '../view/viewer.ts';
import { gibibytes, ranges, runtime, whole } from '../webview/quantity.ts';
import { NOT_KNOWN, percent } from './gpuTable.ts';
import type { Paint } from './paint.ts';
import { tableLines, type Cell, type Column } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'GPU', align: 'right' },
  { title: 'PID', align: 'right', least: 7 },
  { title: 'User', align: 'left', least: 8, most: 16 },
  { title: 'GPU GiB', align: 'right' },
  { title: 'Util', align: 'right', least: 4 },
  { title: 'CPU', align: 'right', least: 5 },
  { title: 'RSS GiB', align: 'right' },
  { title: 'Time', align: 'right', least: 8 },
  { title: 'Command', align: 'left' },
];

/** Characters of a command line where no terminal cuts it. */
const LONGEST_COMMAND = 4096;

interface Row {
  readonly labels: string[];
  readonly first: Holder;
  memory: number | undefined;
  utilization: number | undefined;
}

/** A line for each process that uses a GPU, those of the first GPU first. */
export function processLines({ gpus, sample }: Holdings, paint: Paint, width: number | undefined): readonly string[] {
  const rows = new Map<number, Row>();
  for (const { label, holders } of gpus) {
    for (const holder of known(holders) ?? []) {
      const { pid, memoryUsed, utilization } = holder.use;
      const row = rows.get(pid) ?? { labels: [], first: holder, memory: undefined, utilization: undefined };
      row.labels.push(label);
      row.memory = sum(row.memory, known(memoryUsed));
      row.utilization = sum(row.utilization, known(utilization));
      rows.set(pid, row);
    }
  }
  return rows.size === 0 ? [] : tableLines(COLUMNS, [...rows.values()].map((row) => cellsOf(row, sample.time)), paint, width);
}

function cellsOf({ labels, first, memory, utilization }: Row, now: number): readonly Cell[] {
  const { owner, use, process } = first;
  const tone = isMine(owner) ? 'own' : owner === 'hidden' ? 'dim' : 'plain';
  return [
    { text: labelsOf(labels) },
    { text: String(use.pid) },
    { text: process === undefined ? NOT_KNOWN : printable(process.user), tone },
    { text: memory === undefined ? NOT_KNOWN : gibibytes(memory) },
    { text: utilization === undefined ? NOT_KNOWN : `${whole(utilization)}%` },
    { text: process === undefined ? NOT_KNOWN : percent(process.cpu) },
    { text: process === undefined || isAbsent(process.memory) ? NOT_KNOWN : gibibytes(process.memory) },
    { text: process === undefined ? NOT_KNOWN : runtime((now - process.started) / 1000) },
    { text: process === undefined ? `${printable(known(use.name) ?? '')} (cannot be seen here)`.trim() : commandLine(process), tone: process === undefined ? 'dim' : 'plain' },
  ];
}

function commandLine(process: ProcessSample): string {
  return printable(commandOf(process).join(' ').slice(0, LONGEST_COMMAND)) || printable(process.name);
}

function labelsOf(labels: readonly string[]): string {
  return labels.every((label) => /^\d+$/.test(label)) ? ranges(labels.map(Number)).replaceAll(' ', '') : labels.join(',');
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a + b;
}
