import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { GpuUse } from '../gpuSample.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { ProcessRow, ProcessScope } from '../webview/protocol.ts';
import { ranges } from '../webview/quantity.ts';
import { isKernelThread, shortCommand } from './commandWords.ts';
import { rounded } from './dashboardGpus.ts';
import { processKey } from './holders.ts';
import type { HeldGpu, Holdings, Run, RunMember } from './holders.ts';
import type { Viewer } from './viewer.ts';

const MEMORY_STEP = 1024 ** 3 / 100;
const RATE_STEP = 5e4;
/** Of those that use no GPU, the ones that take most. */
const MOST_OTHERS = 120;
const MOST_COMMAND = 400;
const NO_ANSWER = absent('its GPU does not answer');

export interface ProcessRowsOptions {
  readonly scope: ProcessScope;
  /** One row for each run. */
  readonly grouped: boolean;
  readonly viewer: Viewer;
}

/** The rows of the process table: those that hold a GPU, with the workers that feed them, and on request the others. */
export function processRows(holdings: Holdings, { scope, grouped, viewer }: ProcessRowsOptions): readonly ProcessRow[] {
  const labels = new Map(holdings.gpus.map((held) => [held.gpu.uuid, held]));
  const rows = holdings.runs.flatMap((run) => (grouped && run.members.length > 1 ? [groupRow(run, labels)] : run.members.map((member) => memberRow(run, member, labels))));
  return [...rows, ...unseenRows(holdings, labels), ...(scope === 'all' ? otherRows(holdings, viewer) : [])];
}

function memberRow(run: Run, member: RunMember, gpus: ReadonlyMap<string, HeldGpu>): ProcessRow {
  const { process, rank, loaders, helpers } = member;
  const rest = helpers.length - loaders;
  return {
    ...factsOf([process, ...helpers], process),
    more: 0,
    owner: run.owner,
    note: [...(rank === undefined ? [] : [`rank ${rank}`]), ...(loaders > 0 ? [`+${loaders} loader ${loaders === 1 ? 'worker' : 'workers'}`] : []), ...(rest > 0 && loaders === 0 ? [`+${rest} more`] : [])].join(' '),
    ...usesOf(member.uses, gpus),
  };
}

function groupRow(run: Run, gpus: ReadonlyMap<string, HeldGpu>): ProcessRow {
  const everything = [...new Set([run.root, ...run.members.flatMap(({ process, helpers }) => [process, ...helpers])])];
  const loaders = run.members.reduce((sum, member) => sum + member.loaders, 0);
  const ranks = run.members.some(({ rank }) => rank !== undefined);
  return {
    ...factsOf(everything, run.root),
    more: run.members.length - 1,
    owner: run.owner,
    note: `${run.members.length} ${ranks ? 'ranks' : 'processes'}${loaders > 0 ? ` +${loaders} loader workers` : ''}`,
    ...usesOf(
      run.members.flatMap(({ uses }) => uses),
      gpus,
    ),
  };
}

/** What the driver names and we cannot see. */
function unseenRows({ gpus }: Holdings, labels: ReadonlyMap<string, HeldGpu>): readonly ProcessRow[] {
  const byPid = new Map<number, GpuUse[]>();
  for (const { use, process } of gpus.flatMap(({ holders }) => known(holders) ?? [])) {
    if (process === undefined) {
      byPid.set(use.pid, [...(byPid.get(use.pid) ?? []), use]);
    }
  }
  const hidden = absent('this process cannot be seen here');
  return [...byPid].map(([pid, uses]) => ({
    key: `${pid}/?`,
    pid,
    more: 0,
    user: 'hidden',
    owner: 'hidden' as const,
    command: printable(known(uses[0]?.name) ?? ''),
    note: 'as the driver names it',
    ...usesOf(uses, labels),
    cpu: hidden,
    memory: hidden,
    read: hidden,
    written: hidden,
    started: null,
  }));
}

function otherRows({ sample, runs }: Holdings, viewer: Viewer): readonly ProcessRow[] {
  const taken = new Set(runs.flatMap(({ members }) => members.flatMap(({ process, helpers }) => [process.pid, ...helpers.map(({ pid }) => pid)])));
  const others = (known(sample.processes) ?? []).filter((process) => !taken.has(process.pid) && !isKernelThread(process));
  const weight = ({ cpu, memory }: ProcessSample) => (known(cpu) ?? 0) + (known(memory) ?? 0) / 1024 ** 3;
  return others
    .map((process) => ({ process, weight: weight(process) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_OTHERS)
    // The page sorts by itself; here an order that lasts keeps the line quiet.
    .sort((a, b) => a.process.pid - b.process.pid)
    .map(({ process }) => ({
      ...factsOf([process], process),
      more: 0,
      owner: process.uid === viewer.uid ? ('mine' as const) : ('others' as const),
      note: '',
      gpus: '',
      gpuKeys: [],
      vram: null,
      gpu: null,
    }));
}

function factsOf(all: readonly ProcessSample[], speaker: ProcessSample) {
  const command = shortCommand(speaker);
  return {
    key: processKey(speaker),
    pid: speaker.pid,
    user: printable(speaker.user),
    command: command.length > MOST_COMMAND ? `${command.slice(0, MOST_COMMAND)}…` : command,
    cpu: sum(all, ({ cpu }) => cpu, 1),
    memory: sum(all, ({ memory }) => memory, MEMORY_STEP),
    read: sum(all, ({ read }) => read, RATE_STEP),
    written: sum(all, ({ written }) => written, RATE_STEP),
    started: Math.round(speaker.started / 1000) * 1000,
  };
}

function usesOf(uses: readonly GpuUse[], gpus: ReadonlyMap<string, HeldGpu>): Pick<ProcessRow, 'gpus' | 'gpuKeys' | 'vram' | 'gpu'> {
  const held = [...new Set(uses.map(({ gpuUuid }) => gpuUuid))].map((uuid) => gpus.get(uuid)).filter((gpu) => gpu !== undefined);
  const stale = held.find(({ fresh }) => !fresh);
  return {
    gpus: gpuWords(uses, held),
    gpuKeys: held.map(({ gpu }) => gpu.uuid),
    vram: stale === undefined ? sum(uses, ({ memoryUsed }) => memoryUsed, MEMORY_STEP) : NO_ANSWER,
    gpu: stale === undefined ? mean(uses.map(({ utilization }) => utilization)) : NO_ANSWER,
  };
}

/** `0–3`; of a slice `6 · 3g`. */
function gpuWords(uses: readonly GpuUse[], held: readonly HeldGpu[]): string {
  const [only] = held;
  const slice = held.length === 1 ? only?.gpu.slices.find(({ gpuInstance }) => gpuInstance === uses[0]?.gpuInstance) : undefined;
  const profile = known(slice?.profile);
  if (only !== undefined && profile !== undefined) {
    return `${only.label} · ${printable(profile.split('.')[0] ?? profile)}`;
  }
  return held.every(({ label, gpu }) => label === String(gpu.index)) ? ranges(held.map(({ gpu }) => gpu.index)) : held.map(({ label }) => label).join(', ');
}

/** Absent where one of several is: a sum without it would be too small. */
function sum<T>(all: readonly T[], value: (one: T) => Measured<number>, step: number): Measured<number> {
  let total = 0;
  for (const one of all) {
    const part = value(one);
    if (isAbsent(part)) {
      return part;
    }
    total += part;
  }
  return rounded(total, step);
}

function mean(values: readonly Measured<number>[]): Measured<number> {
  const [first] = values;
  const numbers = values.map(known).filter((value) => value !== undefined);
  return numbers.length < values.length || first === undefined ? (first !== undefined && isAbsent(first) ? first : absent('not told')) : Math.round(numbers.reduce((a, b) => a + b, 0) / numbers.length);
}
