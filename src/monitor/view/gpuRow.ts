import { isAbsent, known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import { age } from '../webview/quantity.ts';
import type { ClockLimit, GpuSample } from '../gpuSample.ts';
import { label } from './commandWords.ts';
import { freedom } from './free.ts';

import type { HeldGpu, Holder } from './holders.ts';
import { isMine } from './viewer.ts';
import type { GpuPast } from './watch.ts';

/** Who holds a GPU, in words: `you` `llama-8b-sft, raj`. Safe to be put into one line. */
export interface HeldBy {
  readonly who: string;
  readonly what: string;
  readonly tone: 'mine' | 'others' | 'free' | 'hidden' | 'unknown';
}

export interface GpuStateWords {
  readonly words: string;
  readonly tone: 'plain' | 'free' | 'idle' | 'bad' | 'unknown';
}

/** What slows a GPU down, the gravest of what is told. */
export interface LimitWords {
  readonly kind: 'heat' | 'brake' | 'slowdown' | 'power';
  readonly words: string;
  /** Whether it is worth a person's attention; a power cap is normal under full load. */
  readonly grave: boolean;
}

const MOST_NAMED = 3;
const IDLE_AFTER = 60_000;

export function heldBy(held: HeldGpu, past: GpuPast = {}): HeldBy {
  if (!held.fresh) {
    const last = past.lastSeen && heldBy(past.lastSeen.held);
    return last === undefined ? { who: 'not known', what: '', tone: 'unknown' } : { who: `was ${last.who}`, what: last.what, tone: 'unknown' };
  }
  if (freedom(held) === 'free') {
    return { who: 'free', what: '', tone: 'free' };
  }
  const holders = (known(held.holders) ?? []).filter(({ use }) => use.kind !== 'graphics');
  if (held.gpu.slices.length > 0) {
    return ofSlices(held, holders);
  }
  const mine = holders.filter(({ owner }) => isMine(owner));
  const others = holders.filter(({ owner }) => owner === 'others');
  const unseen = (known(held.hiddenMemory) ?? 0) > 0 || holders.some(({ owner }) => owner === 'hidden');
  const rest = [...users(others), ...(unseen ? ['hidden'] : [])];
  if (mine.length > 0) {
    return { who: 'you', what: [...titles(mine), ...rest].join(', '), tone: 'mine' };
  }
  if (others.length > 0) {
    const [first = '', ...more] = users(others);
    return { who: first, what: [...titles(others.filter(({ run }) => run?.user === others[0]?.run?.user)), ...more, ...(unseen ? ['hidden'] : [])].join(', '), tone: 'others' };
  }
  if (unseen) {
    return { who: 'hidden', what: names(holders).join(', '), tone: 'hidden' };
  }
  return isAbsent(held.holders) ? { who: 'not told', what: '', tone: 'unknown' } : { who: 'nobody', what: 'memory in use', tone: 'unknown' };
}

function ofSlices({ gpu }: HeldGpu, holders: readonly Holder[]): HeldBy {
  const mine = holders.some(({ owner }) => isMine(owner));
  const people = [...(mine ? ['you'] : []), ...users(holders.filter(({ owner }) => owner === 'others')), ...(holders.some(({ owner }) => owner === 'hidden') ? ['hidden'] : [])];
  const taken = new Set(holders.map(({ use }) => `${use.gpuInstance}/${use.computeInstance ?? 0}`)).size;
  return {
    who: people.length === 0 ? 'free' : people.join(', '),
    what: `${taken} of ${gpu.slices.length} ${gpu.slices.length === 1 ? 'slice' : 'slices'}`,
    tone: mine ? 'mine' : people.length > 0 ? 'others' : 'free',
  };
}

function users(holders: readonly Holder[]): readonly string[] {
  return capped([...new Set(holders.map(({ process, run }) => printable(run?.user ?? process?.user ?? 'hidden')))]);
}

function titles(holders: readonly Holder[]): readonly string[] {
  return capped([...new Set(holders.map(({ run, process }) => run?.title ?? (process === undefined ? '' : label(process))))].filter((text) => text !== ''));
}

/** As the driver calls them, where nothing else is known. */
function names(holders: readonly Holder[]): readonly string[] {
  const told = holders.map(({ use }) => known(use.name)).filter((name) => name !== undefined && name !== '');
  return capped([...new Set(told.map((name) => printable((name ?? '').split('/').at(-1) ?? '')))]);
}

function capped(words: readonly string[]): readonly string[] {
  return words.length > MOST_NAMED ? [...words.slice(0, MOST_NAMED - 1), `${words.length - MOST_NAMED + 1} more`] : words;
}

export function gpuState(held: HeldGpu, past: GpuPast, now: number): GpuStateWords {
  const { gpu, reading } = held;
  switch (gpu.state) {
    case 'lost':
      return { words: 'Lost', tone: 'bad' };
    case 'resetRequired':
      return { words: 'Needs a reset', tone: 'bad' };
    case 'asleep':
      return { words: 'Asleep', tone: 'unknown' };
    case 'ok':
      break;
  }
  if (reading.state.kind !== 'answering') {
    return { words: reading.state.kind === 'starting' ? 'Not read yet' : 'No answer', tone: 'unknown' };
  }
  if (gpu.slices.length > 0) {
    return { words: 'MIG', tone: 'plain' };
  }
  const free = freedom(held);
  if (free === 'free') {
    return { words: past.freeSince !== undefined && now - past.freeSince >= IDLE_AFTER ? `Free, ${age(now - past.freeSince)}` : 'Free', tone: 'free' };
  }
  if (past.idleSince !== undefined && now - past.idleSince >= IDLE_AFTER) {
    return { words: `Held, idle ${age(now - past.idleSince)}`, tone: 'idle' };
  }
  return free === 'unknown' ? { words: 'Not known', tone: 'unknown' } : { words: 'Busy', tone: 'plain' };
}

const LIMITS: readonly (LimitWords & { readonly of: readonly ClockLimit[] })[] = [
  { of: ['softwareThermal', 'hardwareThermal'], kind: 'heat', words: 'Thermal', grave: true },
  { of: ['powerBrake'], kind: 'brake', words: 'Power brake', grave: true },
  { of: ['hardwareSlowdown'], kind: 'slowdown', words: 'Hardware', grave: true },
  { of: ['powerCap'], kind: 'power', words: 'Power cap', grave: false },
];

export function limitOf({ clockLimits }: Pick<GpuSample, 'clockLimits'>): LimitWords | undefined {
  const active = known(clockLimits) ?? [];
  const found = LIMITS.find(({ of }) => of.some((limit) => active.includes(limit)));
  return found && { kind: found.kind, words: found.words, grave: found.grave };
}

/** At or above the temperature from which on it slows itself down. */
export function isHot({ temperature, slowdownTemperature, clockLimits }: GpuSample): boolean {
  const degrees = known(temperature);
  const threshold = known(slowdownTemperature);
  return (degrees !== undefined && threshold !== undefined && degrees >= threshold) || limitOf({ clockLimits })?.kind === 'heat';
}

/** Whether a GPU's troubles cost the person at this window time: theirs, or nobody can tell. */
export function concernsViewer(held: HeldGpu): boolean {
  return isMine(held.owner) || held.owner === 'hidden' || isAbsent(held.holders);
}

/** Percent of its memory; undefined where it is not known. */
export function memoryShare({ gpu }: Pick<HeldGpu, 'gpu'>): number | undefined {
  const used = known(gpu.memoryUsed);
  const total = known(gpu.memoryTotal);
  return used === undefined || total === undefined || total <= 0 ? undefined : Math.min(100, (100 * used) / total);
}

