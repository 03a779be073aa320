import { toBytePath } from '../../../../src/base/bytePath.ts';
import type { Entry } from '../../../../src/sync/entry.ts';
import type { Guard, PlanItem, SyncPlan } from '../../../../src/sync/plan.ts';
import type { Target } from '../../../../src/sync/target.ts';

export const TARGET: Target = {
  name: 'home-mm',
  boxes: ['forge-3', 'forge-4', 'anvil-1'],
  local: '/data/home-mm',
  remote: '/data/home-mm',
  direction: 'push',
  send: { list: 'git', rules: [] },
  deletions: 'plan',
  runsUnasked: false,
  checkpoints: [],
  from: 'workspace',
};

const MADE_AT = Date.UTC(2026, 10, 2, 14, 29);

export function entry(path: string, size: number, kind: Entry['kind'] = 'file'): Entry {
  return { path: toBytePath(path), kind, size, mtime: MADE_AT * 1000, mode: 0o644 };
}

export function item(action: PlanItem['action'], path: string, bytes: number, reason: string, kind: Entry['kind'] = 'file'): PlanItem {
  const here = entry(path, bytes, kind);
  return {
    action,
    path: here.path,
    ...(action !== 'delete' && { source: here }),
    ...(action !== 'create' && action !== 'skip' && { sink: entry(path, action === 'delete' ? bytes : bytes + 12, kind) }),
    bytes,
    reason,
  };
}

export const HELD: Guard = { code: 'manyDeletions', severity: 'held', below: toBytePath('val'), message: 'Deletions are held back. This plan would delete 1,204 of 3,180 files in val on forge-3, which is 38 %. The guard stops at 25 %. Type the folder’s name to release them.' };

/** A dataset with new, changed, conflicting, gone and skipped names. */
export function inventedItems(): readonly PlanItem[] {
  const many = (count: number, make: (index: number) => PlanItem): PlanItem[] => Array.from({ length: count }, (_, index) => make(index));
  const number = (index: number): string => String(index).padStart(5, '0');
  return [
    item('create', 'images/take021', 0, 'folder is new on forge-3', 'folder'),
    ...many(2267, (index) => item('create', `images/take021/${number(index)}.jpg`, 3_043_000, 'only here')),
    ...many(817, (index) => item('update', `images/take014/${number(index)}.jpg`, 3_304_000, 'newer here')),
    item('create', 'video/bench-cam_014.mp4', 11_350_000, 'only here'),
    item('update', 'video/pour_0102.mov', 4_800_000_000, 'newer here'),
    item('update', 'video/walk_0031.mp4', 188_000_000, 'same size, time differs'),
    item('conflict', 'labels/instances_train.json', 214_000, 'changed on both sides'),
    item('update', 'labels/splits.json', 214_000, 'newer here'),
    ...many(1180, (index) => item('delete', `val/walk_old/${number(index)}.jpg`, 6_525_000, 'only on forge-3')),
    ...many(24, (index) => item('delete', `val/tmp/${number(index)}.npy`, 12_900_000, 'only on forge-3')),
    ...many(114, (index) => item('create', `sensor/${number(index)}.mcap`, 63_100_000, 'only here')),
    item('skip', 'runs/last.ckpt', 15_200_000_000, 'larger than 10 GB'),
  ];
}

export function planOf(box: string, { items = inventedItems(), guards = [HELD], target = TARGET }: { readonly items?: readonly PlanItem[]; readonly guards?: readonly Guard[]; readonly target?: Target } = {}): SyncPlan {
  const root = { kind: 'folder', device: '8:1', inode: '2', freeBytes: 4e12 } as const;
  return { id: `plan-${box}`, target, box, direction: target.direction, remoteRoot: toBytePath(target.remote), madeAt: MADE_AT, items, guards, alike: 43_594, source: root, sink: root };
}
