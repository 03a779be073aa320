import type { Entry, Listing } from '../../../../src/sync/entry.ts';
import type { SyncPlan } from '../../../../src/sync/plan.ts';
import { makePlan } from '../../../../src/sync/planning/makePlan.ts';
import type { PlanInput } from '../../../../src/sync/planning/makePlan.ts';
import type { Target } from '../../../../src/sync/target.ts';

export const SECOND = 1e6;
const NOON = 1_700_000_000 * SECOND;

export function file(path: string, { size = 10, at = 0, mode = 0o644 }: { size?: number; at?: number; mode?: number } = {}): Entry {
  return { path, kind: 'file', size, mtime: NOON + at, mode };
}

export function folder(path: string): Entry {
  return { path, kind: 'folder', size: 0, mtime: NOON, mode: 0o755 };
}

export function link(path: string, to: string): Entry {
  return { path, kind: 'link', size: 0, mtime: NOON, mode: 0o777, link: to };
}

export function listing(entries: readonly Entry[], more: Partial<Listing> = {}): Listing {
  return { entries: entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)), unread: [], skipped: [], root: { kind: 'folder', device: '1', inode: '2', freeBytes: 1e12, foldsCase: false }, ...more };
}

export function target(more: Partial<Target> = {}): Target {
  return {
    name: 'asr', boxes: ['box1'], local: '/home/ada/asr', remote: '/data/asr', direction: 'push', send: { list: 'all', rules: [] },
    deletions: 'plan', runsUnasked: false, checkpoints: [], from: 'user', ...more,
  }; // prettier-ignore
}

/** Both sides as they were after the last success. */
export function snapshotOf(entries: readonly Entry[]): NonNullable<PlanInput['snapshot']> {
  return new Map(entries.map((entry) => [entry.path, { here: entry, there: entry }]));
}

export function planOf(source: readonly Entry[] | Listing, sink: readonly Entry[] | Listing, more: Partial<PlanInput> = {}): SyncPlan {
  return makePlan({
    target: target(),
    box: 'box1',
    remoteRoot: '/data/asr',
    source: 'root' in source ? source : listing(source),
    sink: 'root' in sink ? sink : listing(sink),
    alike: { count: 0, paths: () => [] },
    snapshot: undefined,
    ignored: undefined,
    guards: { localHome: '/home/ada', remoteHome: '/home/ada', others: [] },
    notes: [],
    now: 0,
    ...more,
  });
}
