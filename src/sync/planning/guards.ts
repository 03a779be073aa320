import { shownPath } from '../../base/bytePath.ts';
import type { BytePath } from '../../base/bytePath.ts';
import { formatBytes, formatCount, formatCountOf, formatPercent } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { Listing } from '../entry.ts';
import type { Approval, Guard, PlanItem, SyncPlan } from '../plan.ts';
import type { Direction } from '../target.ts';
import type { Sentinel } from './sentinel.ts';

/** What guards look at beside the items. */
export interface GuardFacts {
  readonly box: string;
  readonly direction: Direction;
  /** Absolute paths. */
  readonly localRoot: string;
  readonly remoteRoot: string;
  readonly localHome: string;
  readonly remoteHome: string;
  readonly source: Listing;
  readonly sink: Listing;
  /** Names on each side, those that are alike among them. */
  readonly names: { readonly source: number; readonly sink: number };
  /** Names of the last success; 0 where there was none. */
  readonly known: number;
  /** Of a push: what stands there, and what would. */
  readonly sentinel?: { readonly found: Sentinel | undefined; readonly own: Sentinel };
  /** Remote roots of other targets on this box. */
  readonly others: readonly { readonly name: string; readonly root: string }[];
}

export type RootFacts = Pick<GuardFacts, 'box' | 'localRoot' | 'remoteRoot' | 'localHome' | 'remoteHome' | 'others'>;

const MANY = 100;
const SHARE = 0.25;
/** Fewer deletions than that are few, of however small a folder. */
const FEW = 5;

const SYSTEM_FOLDERS = ['/', '/bin', '/boot', '/dev', '/etc', '/home', '/lib', '/lib64', '/proc', '/root', '/run', '/sbin', '/sys', '/usr', '/var', '/Users', '/System', '/Library'];

/** Everything that stands in the way of a plan. */
export function checkGuards(items: readonly PlanItem[], facts: GuardFacts): readonly Guard[] {
  return [...rootGuards(facts), ...treeGuards(facts), ...deletionGuards(items, facts), ...spaceGuards(items, facts), ...unreadGuards(facts)];
}

/** What can be told before anything is listed. */
export function rootGuards({ box, localRoot, remoteRoot, localHome, remoteHome, others }: RootFacts): readonly Guard[] {
  const dangerous = [
    [remoteRoot, remoteHome, `on ${box}`],
    [localRoot, localHome, 'on this machine'],
  ].filter(([root = '', home = '']) => SYSTEM_FOLDERS.includes(root) || isWithin(home, root));
  const overlaps = others.filter(({ root }) => isWithin(root, remoteRoot) || isWithin(remoteRoot, root));
  return [
    ...dangerous.map(([root = '', , where]): Guard => refused('dangerousRoot', `${printable(root)} ${where} is ${root === '/' ? 'the whole disk' : 'a home or a folder of the system'}: choose a folder of its own below it`)),
    ...overlaps.map(({ name, root }): Guard => refused('overlap', `${printable(remoteRoot)} on ${box} and ${printable(root)} of the target “${printable(name)}” lie in one another`)),
  ];
}

function treeGuards({ box, direction, localRoot, remoteRoot, source, sink, names, known, sentinel }: GuardFacts): readonly Guard[] {
  const from = direction === 'push' ? printable(localRoot) : `${printable(remoteRoot)} on ${box}`;
  const to = direction === 'push' ? `${printable(remoteRoot)} on ${box}` : printable(localRoot);
  const guards: Guard[] = [];
  if (source.root.kind !== 'folder') {
    guards.push(refused('rootMissing', source.root.kind === 'missing' ? `${from} is not there` : `${from} is no folder`));
  } else if (names.source === 0 && (known > 1 || names.sink > 1)) {
    guards.push(held('rootEmptied', `${from} is empty, and ${to} is not: is a disk not mounted?`));
  }
  if (sink.root.kind === 'notAFolder') {
    guards.push(refused('rootMissing', `${to} is no folder`));
  } else if (sink.root.kind === 'missing' && known > 0) {
    guards.push(held('rootMissing', `${to} is gone, where ${formatCountOf(known, 'name')} had been synced: all would be sent again`));
  } else if (sink.root.kind === 'folder' && names.sink === 0 && known > 1) {
    guards.push(held('rootUnmounted', `${to} is empty, where ${formatCountOf(known, 'name')} had been synced: is a disk not mounted?`));
  }
  const { found, own } = sentinel ?? {};
  if (found !== undefined && found.workspace !== own?.workspace) {
    guards.push(held('otherWorkspace', `${to} is kept in step with ${found.from}, not with this folder`));
  }
  return guards;
}

function deletionGuards(items: readonly PlanItem[], { direction, box, names }: GuardFacts): readonly Guard[] {
  const count = items.filter(({ action }) => action === 'delete').length;
  const where = direction === 'push' ? `on ${box}` : 'here';
  return isMany(count, names.sink)
    ? [held('manyDeletions', `${formatCount(count)} of ${formatCountOf(names.sink, 'name')} ${where} would be deleted${names.sink > 0 ? ` (${formatPercent(count / names.sink)})` : ''}`)]
    : [];
}

function isMany(count: number, of: number): boolean {
  return count > MANY || (count >= FEW && count > of * SHARE);
}

function spaceGuards(items: readonly PlanItem[], { sink, direction, box }: GuardFacts): readonly Guard[] {
  const free = sink.root.kind === 'notAFolder' ? undefined : sink.root.freeBytes;
  // What is replaced lies in the trash: all of it needs room.
  const wanted = items.reduce((sum, { action, bytes }) => sum + (action === 'create' || action === 'update' ? bytes : 0), 0);
  return free !== undefined && wanted > free
    ? [held('space', `${formatBytes(wanted)} are to be sent, and ${direction === 'push' ? box : 'this machine'} has ${formatBytes(free)} free at the target: leave something out`)]
    : [];
}

function unreadGuards({ source, sink }: GuardFacts): readonly Guard[] {
  return (['sending', 'receiving'] as const).flatMap((side): readonly Guard[] => {
    const { unread } = side === 'sending' ? source : sink;
    const whole = unread.find(({ path }) => path === '');
    if (whole !== undefined) {
      return [refused('unread', `The ${side} side could not be read: ${printable(whole.reason)}`)];
    }
    const [first] = unread;
    return first === undefined ? [] : [{ code: 'unread', severity: 'note', message: `${formatCountOf(unread.length, 'name')} on the ${side} side could not be read (${shownPath(first.path)}: ${printable(first.reason)}) and ${unread.length === 1 ? 'is' : 'are'} left alone` }];
  });
}

/** An approval under which nothing, or little, is deleted needs no word on how much could be. */
export function withoutNeedlessGuards(plan: SyncPlan, approval: Approval): Approval {
  const deletions = plan.items.filter(({ action, path }) => action === 'delete' && approval.ticked.has(path)).length;
  return deletions === 0 ? { ...approval, released: [...approval.released, 'manyDeletions'] } : approval;
}

function isWithin(path: BytePath, folder: BytePath): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function refused(code: Guard['code'], message: string): Guard {
  return { code, severity: 'refused', message };
}

function held(code: Guard['code'], message: string): Guard {
  return { code, severity: 'held', message };
}
