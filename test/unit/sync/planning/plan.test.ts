import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../../src/sync/entry.ts';
import { firstApproval } from '../../../../src/sync/plan.ts';
import type { SyncPlan } from '../../../../src/sync/plan.ts';
import { withoutNeedlessGuards } from '../../../../src/sync/planning/guards.ts';
import { file, folder, link, listing, planOf, SECOND, snapshotOf, target } from './samples.ts';

const said = ({ items }: SyncPlan): readonly string[] => items.map(({ action, path, reason }) => `${action} ${path}: ${reason}`);
const codes = ({ guards }: SyncPlan): readonly string[] => guards.map(({ code, severity, below }) => `${code} ${severity}${below === undefined ? '' : ` ${below}`}`);

describe('a plan without a last success', () => {
  it.each<[string, readonly Entry[], readonly Entry[], readonly string[]]>([
    ['sends what is new', [folder('d'), file('d/a')], [], ['create d: new', 'create d/a: new']],
    ['has no word of what is alike', [file('a'), folder('d'), link('l', 'x')], [file('a'), { ...folder('d'), mtime: 0 }, link('l', 'x')], []],
    ['updates what has another size, time, target or may be run now', [file('a', { size: 12 }), file('b', { at: SECOND }), link('l', 'x'), file('x', { mode: 0o755 })], [file('a'), file('b'), link('l', 'y'), file('x')],
      ['update a: 2 bytes longer', 'update b: newer', 'update l: points elsewhere', 'update x: may be run now, or no longer']],
    ['takes a time without a fraction for the same second', [file('a', { at: 123_456 })], [file('a')], []],
    ['sees a change within one second', [file('a', { at: 123_456 })], [file('a', { at: 123_999 })], ['update a: of another time']],
    ['does not overwrite what is newer there', [file('a')], [file('a', { at: 60 * SECOND, size: 11 })], ['conflict a: newer on the receiving side, and never synced']],
    ['replaces a link by a file, never a folder by itself', [file('a'), file('b'), folder('c'), file('c/x')], [link('a', 'x'), folder('b'), file('b/y'), link('c', '/etc')],
      ['update a: was a link', 'conflict b: a file on the sending side, a folder on the receiving side', 'delete b/y: only on the receiving side, and never synced', 'conflict c: a folder on the sending side, a link on the receiving side', 'create c/x: new']],
    ['deletes a folder with all that is in it', [], [folder('d'), folder('d/e'), file('d/e/f')],
      ['delete d: only on the receiving side, and never synced', 'delete d/e: only on the receiving side, and never synced', 'delete d/e/f: only on the receiving side, and never synced']],
  ])('%s', (_, source, sink, expected) => {
    expect(said(planOf(source, sink))).toEqual(expected);
  }); // prettier-ignore

  it('never speaks of our own folder', () => {
    expect(planOf([], [folder('.trainyard'), file('.trainyard/id')]).items).toEqual([]);
  });
});

describe('a plan after a success', () => {
  const [a, b] = [file('a'), file('b')];
  const changed = (path: string): Entry => file(path, { size: 99, at: SECOND });
  it.each<[string, readonly Entry[], readonly Entry[], readonly string[]]>([
    ['updates what changed here', [changed('a')], [a], ['update a: 89 bytes longer']],
    ['has a conflict where both changed', [changed('a')], [file('a', { size: 7, at: 2 * SECOND })], ['conflict a: changed on both sides since the last sync']],
    ['has a conflict where only the receiving side changed', [a], [changed('a')], ['conflict a: changed on the receiving side since the last sync']],
    ['has nothing to do where both changed alike', [changed('a')], [changed('a')], []],
    ['deletes what is gone here and unchanged there', [], [a], ['delete a: deleted on the sending side']],
    ['has a conflict where it is gone here and changed there', [], [changed('a')], ['conflict a: deleted on the sending side, changed on the receiving side']],
    ['sends again what is gone there, unless it changed here as well', [a, changed('b')], [], ['create a: gone on the receiving side since the last sync', 'conflict b: changed on the sending side, deleted on the receiving side']],
  ])('%s', (_, source, sink, expected) => {
    expect(said(planOf(source, sink, { snapshot: snapshotOf([a, b].filter(({ path }) => [...source, ...sink].some((entry) => entry.path === path))) }))).toEqual(expected);
  }); // prettier-ignore

  it('of a pull takes the box for the sending side', () => {
    const plan = planOf([changed('a')], [a], { target: target({ direction: 'pull' }), snapshot: new Map([['a', { here: a, there: file('a', { at: 1000 }) }]]) });
    expect(said(plan)).toEqual(['update a: 89 bytes longer']);
  });

  it('that may delete nothing says so once, of what had been synced', () => {
    const plan = planOf([], [a, b], { target: target({ deletions: 'never' }), snapshot: snapshotOf([a]) });
    expect(said(plan)).toEqual(['skip a: deleted on the sending side; this target deletes nothing']);
  });
});

describe('what is never deleted', () => {
  const there = [folder('runs'), file('runs/m.pt'), file('x.tmp'), folder('d'), file('d/y')];
  it.each<[string, Parameters<typeof planOf>, readonly string[]]>([
    ['what rules leave out, nor the folder it is in', [[], there, { target: target({ send: { list: 'all', rules: ['- *.pt', 'P x.tmp'] } }) }], ['d', 'd/y']],
    ['what git would ignore', [[], there, { target: target({ send: { list: 'git', rules: [] } }), ignored: new Set(['runs/', 'runs/m.pt']) }], ['d', 'd/y', 'x.tmp']],
    ['a repository', [[], [folder('.git'), file('.git/HEAD'), folder('m'), folder('m/.git'), file('m/.git/HEAD')], { target: target({ send: { list: 'git', rules: [] } }) }], []],
    ['what could not be read here', [listing([], { unread: [{ path: 'd', reason: 'Permission denied' }] }), there], ['runs', 'runs/m.pt', 'x.tmp']],
    ['what is here and was skipped', [listing([], { skipped: [{ path: 'runs/m.pt', reason: 'larger', bytes: 1 }, { path: 'd', reason: 'ignored', bytes: 0 }] }), there], ['x.tmp']],
    ['a folder with names that could not be read there', [[], listing(there, { unread: [{ path: 'd', reason: 'Permission denied' }] })], ['d/y', 'runs', 'runs/m.pt', 'x.tmp']],
    ['a folder above one that could not be read there', [[], listing([folder('a'), folder('a/b'), folder('a/b/c'), folder('e')], { unread: [{ path: 'a/b', reason: 'x' }, { path: 'a/b/c', reason: 'x' }] })], ['e']],
  ])('is %s', (_, input, deleted) => {
    expect(planOf(...input).items.filter(({ action }) => action === 'delete').map(({ path }) => path)).toEqual(deleted);
  }); // prettier-ignore

  it('is anything, before a person ticks it', () => {
    const plan = planOf([file('new')], [file('old')]);
    expect([...firstApproval(plan).ticked]).toEqual(['new']);
  });
});

describe('guards', () => {
  const many = Array.from({ length: 200 }, (_, index) => file(`f${index}`));
  it.each<[string, Parameters<typeof planOf>, readonly string[]]>([
    ['a root that is gone', [listing([], { root: { kind: 'missing' } }), many], ['rootMissing refused', 'manyDeletions held']],
    ['a root that is a file', [listing([], { root: { kind: 'notAFolder' } }), []], ['rootMissing refused']],
    ['an emptied root', [[], many.slice(0, 3)], ['rootEmptied held']],
    ['a receiving root that is gone, after a success', [[file('a')], listing([], { root: { kind: 'missing' } }), { snapshot: snapshotOf([file('a')]) }], ['rootMissing held']],
    ['a receiving root that is empty, after a success', [many, [], { snapshot: snapshotOf(many) }], ['rootUnmounted held']],
    ['more than 100 deletions', [many.slice(101), many], ['manyDeletions held']],
    ['more than a quarter', [many.slice(0, 15), many.slice(0, 21)], ['manyDeletions held']],
    ['no few deletions', [many.slice(0, 160), many], []],
    ['a folder of another workspace', [[], [], { guards: { localHome: '/h', remoteHome: '/h', others: [], sentinel: { found: { workspace: 'x', from: 'bob@desk:/p' }, own: { workspace: 'y', from: '' } } } }], ['otherWorkspace held']],
    ['the whole disk', [[], [], { remoteRoot: '/' }], ['dangerousRoot refused']],
    ['a home', [[], [], { remoteRoot: '/home/ada' }], ['dangerousRoot refused']],
    ['a folder of homes', [[], [], { target: target({ local: '/home' }) }], ['dangerousRoot refused']],
    ['a folder within that of another target', [[], [], { guards: { localHome: '/h', remoteHome: '/h', others: [{ name: 'o', root: '/data' }, { name: 'p', root: '/data/asr2' }] } }], ['overlap refused']],
    ['more than there is room for', [[file('a', { size: 1e12 }), file('b')], []], ['space held', 'largeFile note a']],
    ['a side that could not be read', [listing([], { unread: [{ path: '', reason: 'x' }] }), []], ['unread refused']],
    ['names that could not be read', [listing([], { unread: [{ path: 'a', reason: 'x' }] }), []], ['unread note']],
    ['old programs', [[], [], { notes: ['rsync 3.1 has holes'] }], ['oldRsync note']],
    ['secrets that are new there', [['.env', 'x/id_rsa', 'id_rsa.pub', '.env.example', 'tls.KEY', 'old.pem', 'kaggle.json'].map((path) => file(path)), [file('old.pem')]], ['secret held .env', 'secret held kaggle.json', 'secret held tls.KEY', 'secret held x/id_rsa']],
    ['a crowded folder', [Array.from({ length: 10_000 }, (_, index) => file(`d/${index}`)), []], ['crowdedFolder note d']],
    ['names that are one to a Mac', [[file('Readme'), file('README')], []], ['caseClash note']],
    ['names that are one to this disk', [[file('e\xcc\x81'), file('z')], listing([file('\xc3\x89')], { root: { kind: 'folder', device: '', inode: '', freeBytes: 1e12, foldsCase: true } })], ['caseClash refused e\xcc\x81', 'caseClash refused \xc3\x89']],
  ])('tell of %s', (_, input, expected) => {
    expect(codes(planOf(...input)).toSorted()).toEqual(expected.toSorted());
  }); // prettier-ignore

  it('lint nothing that is pulled', () => {
    expect(planOf([file('.env')], [], { target: target({ direction: 'pull' }) }).guards).toEqual([]);
  });

  it('on deletions do not hold a run that deletes nothing', () => {
    const plan = planOf(many.slice(150), many);
    expect(withoutNeedlessGuards(plan, firstApproval(plan)).released).toEqual(['manyDeletions']);
    expect(withoutNeedlessGuards(plan, { ...firstApproval(plan), ticked: new Set(['f1']) }).released).toEqual([]);
  });
});

it('two plans have one id when they would do the same to the same', () => {
  const id = (entry: Entry, name = 'asr'): string => planOf([entry], [], { target: target({ name }), now: Math.random() }).id;
  expect(id(file('a'))).toBe(id(file('a')));
  expect(new Set([id(file('a')), id(file('b')), id(file('a', { at: 1 })), id(file('a'), 'other')]).size).toBe(4);
});
