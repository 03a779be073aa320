import { describe, expect, it } from 'vitest';
import { PlanTree } from '../../../../src/sync/view/planTree.ts';
import type { PlanRow } from '../../../../src/sync/webview/planProtocol.ts';
import { HELD, inventedItems, item, planOf } from './inventedPlan.ts';

const all = (tree: PlanTree): readonly PlanRow[] => tree.rows(0, tree.total);
const row = (tree: PlanTree, name: string): PlanRow => {
  const found = all(tree).find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`There is no row ${name}`);
  }
  return found;
};

describe('the tree of a plan', () => {
  it('starts with what is new and changed ticked, and deletions and conflicts not', () => {
    const tree = new PlanTree(planOf('forge-3'), 'home-mm');
    const { ticked, overwrite } = tree.approval();
    const wanted = inventedItems().filter(({ action }) => action === 'create' || action === 'update');
    expect(ticked).toEqual(new Set(wanted.map(({ path }) => path)));
    expect(overwrite.size).toBe(0);
    expect(tree.sums).toMatchObject({ create: 2383, update: 820, delete: 1204, conflict: 1, skip: 1 });
    expect(tree.sums.ticked).toMatchObject({ changes: 3203, deletions: 0, conflicts: 0, files: 3202 });
  });

  it('sums what is ticked below each folder, folders themselves not being files', () => {
    const tree = new PlanTree(planOf('forge-3'), 'home-mm');
    expect(row(tree, 'take021')).toMatchObject({ files: 2267, ticked: 2267, bytes: 2267 * 3_043_000, tick: 'on', action: 'create', note: 'folder is new on forge-3' });
    expect(row(tree, 'images')).toMatchObject({ files: 3084, ticked: 3084, tick: 'on' });
    expect(row(tree, 'images').action).toBeUndefined();
    expect(row(tree, 'labels')).toMatchObject({ files: 2, ticked: 1, tick: 'on' });
  });

  it('ticks a folder’s changes with it, and leaves its conflicts to be decided one by one', () => {
    const tree = new PlanTree(planOf('forge-3'), 'home-mm');
    tree.tick(row(tree, 'labels').id, false);
    expect(row(tree, 'splits.json').tick).toBe('off');
    tree.tick(row(tree, 'labels').id, true);
    expect(row(tree, 'instances_train.json')).toMatchObject({ tick: 'off', keeps: 'undecided' });
    tree.keep(row(tree, 'instances_train.json').id, 'source');
    expect([...tree.approval().overwrite]).toEqual(['labels/instances_train.json']);
    tree.keep(row(tree, 'instances_train.json').id, 'sink');
    expect(tree.approval().overwrite.size).toBe(0);
  });

  it('keeps deletions that a guard holds back from being ticked until it is released', () => {
    const tree = new PlanTree(planOf('forge-3'), 'home-mm');
    tree.tick(row(tree, 'val').id, true);
    expect(tree.sums.ticked.deletions).toBe(0);
    expect(row(tree, 'val')).toMatchObject({ tick: 'none', held: true });
    expect(tree.release(HELD.code)).toBe(true);
    tree.tick(row(tree, 'walk_old').id, true);
    expect(tree.sums.ticked.deletions).toBe(1180);
    expect(row(tree, 'walk_old').bytes).toBe(-1180 * 6_525_000);
    expect(row(tree, 'val').tick).toBe('mixed');
    expect(tree.approval().released).toEqual([HELD.code]);
  });

  it('holds back a name that a guard is about, and no other', () => {
    const guards = [{ code: 'secret', severity: 'held', below: '.env', message: '.env looks like a secret' }] as const;
    const tree = new PlanTree(planOf('forge-3', { items: [item('create', '.env', 5, 'new'), item('create', 'a.py', 5, 'new')], guards }), 'home-mm');
    tree.tick(0, true);
    expect([...tree.approval().ticked]).toEqual(['a.py']);
    tree.release('secret');
    tree.tick(row(tree, '.env').id, true);
    expect([...tree.approval().ticked].sort()).toEqual(['.env', 'a.py']);
  });

  it('never lets what is skipped be ticked', () => {
    const tree = new PlanTree(planOf('forge-3', { items: [item('skip', 'runs/last.ckpt', 5, 'larger than 1 B')], guards: [] }), 'home-mm');
    tree.tick(0, true);
    expect(tree.approval().ticked.size).toBe(0);
    expect(row(tree, 'last.ckpt').tick).toBe('none');
  });

  it('filters by action and text, and ticks only what is shown', () => {
    const tree = new PlanTree(planOf('forge-3'), 'home-mm');
    tree.filter(['update'], 'TAKE014/0000');
    expect(all(tree).map(({ name }) => name).slice(0, 3)).toEqual(['home-mm', 'images', 'take014']);
    expect(tree.total).toBe(3 + 10);
    tree.tick(0, false);
    tree.filter([], '');
    expect(tree.sums.ticked.changes).toBe(3203 - 10);
  });

  it('puts folders first and opens no more than fits a screen', () => {
    const tree = new PlanTree(planOf('forge-3'), 'home-mm');
    expect(tree.total).toBeLessThan(60);
    expect(all(tree).filter(({ depth }) => depth === 1).map(({ name }) => name)).toEqual(['images', 'labels', 'runs', 'sensor', 'val', 'video']);
  });

  it('shows names of any bytes in one line', () => {
    const items = [{ ...item('create', 'x', 1, 'only here'), path: 'a\nb' }, { ...item('create', 'x', 1, 'only here'), path: '\xff\xfe' }];
    const tree = new PlanTree(planOf('forge-3', { items, guards: [] }), 'home-mm');
    expect(all(tree).map(({ name }) => name)).toEqual(['home-mm', 'a\\u000ab', '\\xff\\xfe']);
  });
});
