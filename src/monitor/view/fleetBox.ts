import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { BoxState } from '../boxes/boxState.ts';
import type { CollectorState } from '../collectorClient.ts';
import type { HostSample } from '../hostSample.ts';
import type { FleetBox, FleetTile, FleetTone } from '../webview/fleetProtocol.ts';
import { age, whole } from '../webview/quantity.ts';
import { linkTrouble, retryWords } from './boxLink.ts';
import { freedom } from './free.ts';
import { cardsLine, shortName } from './gpuNames.ts';
import { gpuState, heldBy, isHot } from './gpuRow.ts';
import type { HeldGpu, Holdings } from './holders.ts';
import { STALE_AFTER } from './statusBar.ts';
import type { GpuWatch } from './watch.ts';

export interface FleetMachine {
  /** undefined: the machine of this window. */
  readonly alias: string | undefined;
  readonly title: string;
  readonly link: BoxState | undefined;
  readonly collector: CollectorState;
  readonly holdings: Holdings | undefined;
  readonly watch: GpuWatch;
}

const NOT_READ = absent('the box is not read now');

/** Whether a machine's values are of now. */
export function isReadNow({ link, collector, holdings }: FleetMachine, now: number): boolean {
  return holdings !== undefined && collector.kind !== 'stopped' && (link === undefined || link.kind === 'live') && now - holdings.sample.time <= STALE_AFTER;
}

/** A box in one row: one tile for each GPU, in their order. */
export function fleetBox(machine: FleetMachine, now: number): FleetBox {
  const { alias, title, link, holdings, watch } = machine;
  const isRead = isReadNow(machine, now);
  const gpus = holdings?.gpus ?? [];
  const trouble = link && linkTrouble(alias ?? title, link, now);
  const note = noteOf(machine, isRead, now);
  return {
    key: alias ?? '',
    title: printable(title),
    cards: holdings === undefined ? '' : gpus.length > 0 ? cardsLine(gpus.map(({ gpu }) => gpu)) : holdings.sample.gpus.length === 0 ? 'no GPU' : 'GPUs not known',
    ...note,
    isRead,
    seen: holdings?.sample.time ?? null,
    tiles: gpus.map((held) => tile(held, isRead, watch, now)),
    cpu: isRead && holdings ? rounded(holdings.sample.system.cpu.utilization) : NOT_READ,
    memory: isRead && holdings ? memoryShare(holdings.sample.system) : NOT_READ,
    free: isRead && gpus.some(({ fresh }) => fresh) ? gpus.filter((held) => freedom(held) === 'free').length : null,
    message: isRead || link === undefined ? null : messageOf(link, now),
    said: isRead ? null : (trouble?.said ?? null),
    way: isRead ? null : (trouble?.way ?? null),
  };
}

/** What stands in place of values, and beside old ones. */
function messageOf(link: BoxState, now: number): string | null {
  const words = (text: string): string => {
    const line = printable(text.split('\n').findLast((one) => one.trim() !== '') ?? '').trim();
    return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
  };
  switch (link.kind) {
    case 'live':
      return null;
    case 'connecting':
      return 'Over your own ssh, without a question.';
    case 'stale':
      return `The link is cut: what is shown may be wrong. ${retryWords(link.retryAt, now)}`;
    case 'signIn':
      return 'ssh would have to ask you something first. Nothing is read until you sign in; holders and free GPUs are unknown.';
    case 'unreachable':
      return `${words(link.said)} ${retryWords(link.retryAt, now)}`.trim();
    case 'noShell':
      return words(link.said);
  }
}

function noteOf({ link, collector, holdings }: FleetMachine, isRead: boolean, now: number): { readonly tone: FleetTone; readonly note: string; readonly noteIcon: FleetBox['noteIcon'] } {
  if (!isRead) {
    return unread(link, collector, holdings, now);
  }
  const gpus = holdings?.gpus ?? [];
  const lost = gpus.find(({ gpu }) => gpu.state === 'lost' || gpu.state === 'resetRequired');
  if (lost !== undefined) {
    return { tone: 'warn', note: `GPU ${lost.label} ${lost.gpu.state === 'lost' ? 'lost' : 'needs a reset'}`, noteIcon: 'error' };
  }
  const failed = holdings?.sample.gpus.map(({ state }) => state).find((state) => state.kind === 'failed' || state.kind === 'silent');
  if (failed?.kind === 'silent') {
    return { tone: 'bad', note: `Driver not answering for ${age(now - failed.since)}`, noteIcon: 'error' };
  }
  if (failed?.kind === 'failed' && failed.problem.reason !== 'noDevices' && failed.problem.reason !== 'toolMissing') {
    return { tone: 'warn', note: printable(failed.problem.text), noteIcon: 'error' };
  }
  const hot = gpus.find(({ gpu, fresh }) => fresh && isHot(gpu));
  const degrees = hot && known(hot.gpu.temperature);
  return { tone: 'ok', note: hot === undefined ? '' : degrees === undefined ? `GPU ${hot.label} slowed by heat` : `GPU ${hot.label} at ${whole(degrees)} °C`, noteIcon: hot === undefined ? 'none' : 'heat' };
}

function unread(link: BoxState | undefined, collector: CollectorState, holdings: Holdings | undefined, now: number): { readonly tone: FleetTone; readonly note: string; readonly noteIcon: FleetBox['noteIcon'] } {
  if (collector.kind === 'stopped') {
    return { tone: 'off', note: 'Collecting is off', noteIcon: 'none' };
  }
  switch (link?.kind) {
    case 'signIn':
      return { tone: 'off', note: 'Signed out', noteIcon: 'none' };
    case 'unreachable':
      return { tone: 'bad', note: `Not answering for ${age(now - link.since)}`, noteIcon: 'none' };
    case 'noShell':
      return { tone: 'off', note: 'No shell that can be read from', noteIcon: 'none' };
    case 'stale':
      return { tone: 'off', note: `Stale, seen ${age(now - link.since)} ago`, noteIcon: 'stale' };
    case 'connecting':
      return { tone: 'off', note: 'Connecting…', noteIcon: 'none' };
    case 'live':
    case undefined:
      return holdings === undefined ? { tone: 'off', note: 'Not read yet', noteIcon: 'none' } : { tone: 'off', note: `Stale, seen ${age(now - holdings.sample.time)} ago`, noteIcon: 'stale' };
  }
}

function tile(held: HeldGpu, isRead: boolean, watch: GpuWatch, now: number): FleetTile {
  const { gpu, label, fresh } = held;
  const past = watch.of(gpu.uuid);
  const { who, what, tone } = heldBy(held, past);
  const state = gpuState(held, past, now);
  const lost = state.tone === 'bad';
  const holder = gpu.slices.length > 0 && fresh ? `MIG ${what.replace(' of ', '/').replace(/ slices?$/, '')}` : who;
  const shown = lost ? state.words.toLowerCase() : isRead || holder.startsWith('was ') ? holder : tone === 'free' ? 'was free' : holder;
  return {
    key: gpu.uuid,
    label,
    tone: lost ? 'unknown' : tone,
    who: shown,
    busy: isRead && fresh ? rounded(gpu.utilization) : NOT_READ,
    idle: isRead && state.tone === 'idle',
    lost,
    hover: [`GPU ${label} · ${shortName(gpu.name)}`, `${isRead ? state.words : `Last seen: ${state.words.toLowerCase()}`}, ${`${who} ${what}`.trim()}`].map(printable).join('\n'),
  };
}

/** Of what may be used: of a limit of ours where there is one. */
function memoryShare({ memory, limits }: HostSample): Measured<number> {
  const [part, all] = isAbsent(limits.memoryLimit) ? [memory.used, memory.total] : [limits.memoryUsed, limits.memoryLimit];
  if (isAbsent(part)) {
    return part;
  }
  if (isAbsent(all)) {
    return all;
  }
  return all > 0 ? rounded(Math.min(100, (100 * part) / all)) : absent('there is none');
}

function rounded(value: Measured<number>): Measured<number> {
  return isAbsent(value) ? value : Math.round(value);
}
