import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import { SshFailed } from '../../../../src/process/ssh/link.ts';
import type { SshLink } from '../../../../src/process/ssh/link.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { firstApproval } from '../../../../src/sync/plan.ts';
import type { Guard } from '../../../../src/sync/plan.ts';
import type { SyncProgress } from '../../../../src/sync/run.ts';
import { createHistory } from '../../../../src/sync/history/history.ts';
import { createSnapshots } from '../../../../src/sync/snapshots/snapshots.ts';
import { lockPair, pairKey } from '../../../../src/sync/transfer/lock.ts';
import { undoLast } from '../../../../src/sync/trash/undoLast.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { BOX, OLDER, RSYNC, WRAPPERS, approveAll, listingOf, makeGround, makeTree, putFile, treeOf } from './kit.ts';
import type { Ground } from './kit.ts';

const MEBIBYTE = 1024 * 1024;
let lab: Lab;
let links: ReturnType<typeof createSshLinks>;
let link: SshLink;
let ground: Ground;

beforeAll(async () => {
  lab = await startLab();
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
  link = links.link('fast1');
});
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
});
beforeEach(() => {
  ground = makeGround(link);
});
afterEach(() => {
  rmSync(ground.folder, { recursive: true, force: true });
});

/** Without rsync, with one that has little, with a good one. */
const RSYNCS = {
  rsync: BOX,
  openrsync: { ...BOX, rsync: { ...RSYNC, kind: 'openrsync', version: '2.6.9', protocol: 29, zstd: false, mkpath: false } },
  'rsync 3.0.9': { ...BOX, rsync: { ...RSYNC, version: '3.0.9', protocol: 30, zstd: false, mkpath: false } },
  'no rsync': { ...BOX, rsync: absent('not installed') },
} as const;

describe.each(['push', 'pull'] as const)('%s', (direction) => {
  const ends = (): readonly [string, string] => (direction === 'push' ? [ground.here, ground.there] : [ground.there, ground.here]);

  it.each(Object.entries(RSYNCS))('brings new, changed, deleted and replaced names with %s, and has nothing left to do', async (_, facts) => {
    const [from, to] = ends();
    makeTree(from, { 'a.txt': 'one', 'b/c.txt': 'two', 'b/deep/d': 'three', 'l': '->b/c.txt', 'out': '->/etc/passwd', 'empty': '/', 'was a file': '/', 'was a file/x': 'x', 'was a folder': 'now a file', 'was a link': 'file' });
    makeTree(to, { 'a.txt': 'old', 'gone.txt': 'gone', 'gone/e/f': 'gone too', 'was a file': 'f', 'was a folder/y': 'y', 'was a link': '->a.txt' }, OLDER);
    [from, to].forEach((root) => makeTree(root, { same: 'same' }));
    const outcome = await ground.run(ground.plan(direction), { context: { facts } });
    expect(outcome).toMatchObject({ state: 'done', left: [] });
    expect(treeOf(to)).toEqual(treeOf(from));
    expect(ground.plan(direction).items).toEqual([]);
    const kept = treeOf(join(to, outcome.trash ?? ''));
    expect(Object.keys(kept)).toEqual(expect.arrayContaining(['a.txt', 'gone.txt', 'gone/e/f', 'was a file', 'was a folder/y', 'was a link']));
    expect(readFileSync(join(to, outcome.trash ?? '', 'a.txt'), 'utf8')).toBe('old');
  });

  it('brings a tree into a folder that is not there', async () => {
    const [from, to] = ends();
    rmSync(to, { recursive: true, force: true });
    makeTree(from, { ...Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index % 9}/n${index}`, `content ${index}`])), closed: '/' });
    chmodSync(join(from, 'closed'), 0o550);
    chmodSync(join(from, 'f1/n1'), 0o4711);
    expect(await ground.run(ground.plan(direction))).toMatchObject({ state: 'done', created: 160, left: [] });
    expect(treeOf(to)).toEqual(treeOf(from));
  });

  it.each(Object.entries(RSYNCS).filter(([name]) => name !== 'rsync 3.0.9'))('brings names of every kind with %s', async (_, facts) => {
    const [from, to] = ends();
    const names = hostileNames();
    mkdirSync(from, { recursive: true });
    names.forEach((name, index) => putFile(from, name, `content ${index}`));
    putFile(to, 'a', 'x');
    names.filter((_name, index) => index % 3 === 0).forEach((name) => putFile(to, name, 'other'));
    putFile(to, '-gone\n\\#012 \xff', 'other');
    expect(await ground.run(ground.plan(direction), { context: { facts } })).toMatchObject({ state: 'done', left: [] });
    expect(treeOf(to)).toEqual(treeOf(from));
    expect(ground.plan(direction).items).toEqual([]);
  });

  it('brings large files by ranges, with their holes, and replaces one at a stroke', async () => {
    const [from, to] = ends();
    const bytes = Buffer.alloc(65 * MEBIBYTE + 12_345, 'large file ');
    makeTree(from, { big: bytes, small: 's' });
    writeFileSync(join(from, 'holes'), 'x');
    truncateSync(join(from, 'holes'), 80 * MEBIBYTE);
    makeTree(to, { big: 'older' }, OLDER);
    const outcome = await ground.run(ground.plan(direction));
    expect(outcome).toMatchObject({ state: 'done', left: [] });
    expect(treeOf(to)).toEqual(treeOf(from));
    expect(statSync(join(to, 'holes')).blocks * 512).toBeLessThan(33 * MEBIBYTE);
    expect(readFileSync(join(to, outcome.trash ?? '', 'big'), 'utf8')).toBe('older');
    expect(Object.keys(treeOf(to, { own: true })).filter((name) => /parts-\w+\//.test(name))).toEqual([]);
  });

  it('brings large files over the warm connection alone where no other can be signed in to', async () => {
    const [from, to] = ends();
    makeTree(from, { big: Buffer.alloc(65 * MEBIBYTE + 12_345, 'large file ') });
    const asks: SshLink = { ...link, transport: async (own) => (own ? { words: ['/bin/sh', '-c', 'sleep 0.05; echo "me@box: Permission denied (keyboard-interactive)." >&2; exit 255', 'ssh'], env: {} } : link.transport(false)) };
    const outcome = await ground.run(ground.plan(direction), { context: { link: asks } });
    expect(outcome).toMatchObject({ state: 'done', left: [] });
    expect(treeOf(to)).toEqual(treeOf(from));
  });

  it('leaves what has changed on either side since the plan, and says so', async () => {
    const [from, to] = ends();
    makeTree(from, { a: 'a2', b: 'b2', c: 'c2', d: 'new', e: 'new' });
    makeTree(to, { a: 'a1', b: 'b1', c: 'c1', x: 'to go', y: 'to go' }, OLDER);
    const plan = ground.plan(direction);
    putFile(from, 'a', 'a3, later', 1_700_000_001);
    putFile(to, 'b', 'b by others', 1_700_000_001);
    putFile(to, 'd', 'd by others');
    rmSync(join(from, 'e'));
    putFile(to, 'x', 'x by others, just now', 1_700_000_001);
    const before = treeOf(to);
    const outcome = await ground.run(plan);
    expect(outcome.state).toBe('partial');
    expect(outcome.left.map(({ path }) => path)).toEqual(['a', 'b', 'd', 'e', 'x']);
    expect(outcome.left[0]?.reason).toMatch(/changed since the plan/);
    expect(treeOf(to)).toEqual({ ...before, c: treeOf(from)['c'], y: undefined });
  });

  it('touches nothing that was not ticked, and no conflict that was not decided', async () => {
    const [from, to] = ends();
    makeTree(from, { a: 'a2', b: 'b2', c: 'c2', new: 'new' });
    makeTree(to, { a: 'a1', b: 'b1', c: 'c1', gone: 'gone' }, OLDER);
    const before = treeOf(to);
    const planned = ground.plan(direction);
    const plan = { ...planned, items: planned.items.map((item) => (item.path === 'b' || item.path === 'c' ? { ...item, action: 'conflict' as const } : item)) };
    const approval = { ...firstApproval(plan), ticked: new Set(['a', 'b', 'c']), overwrite: new Set(['c']) };
    await ground.run(plan, { approval });
    expect(treeOf(to)).toEqual({ ...before, a: treeOf(from)['a'], c: treeOf(from)['c'] });
  });

  it('goes through no link on the way to a name, on either side', async () => {
    const [from, to] = ends();
    const outside = join(ground.folder, 'outside');
    makeTree(outside, { 'f': 'outside', 'old': 'old outside' });
    makeTree(from, { 'd/f': 'inside!', 'e/g': 'inside!', 'd/new': 'n' });
    makeTree(to, { 'd/f': 'earlier', 'd/old': 'old outside', 'e/g': 'earlier' }, OLDER);
    const plan = ground.plan(direction);
    rmSync(join(to, 'd'), { recursive: true });
    symlinkSync(outside, join(to, 'd'));
    rmSync(join(from, 'e'), { recursive: true });
    symlinkSync(outside, join(from, 'e'));
    const before = treeOf(outside);
    const outcome = await ground.run(plan);
    expect(outcome.left.map(({ path }) => path)).toEqual(['d/f', 'd/new', 'd/old', 'e/g']);
    expect(treeOf(outside)).toEqual(before);
  });

  it('touches nothing where a link leads our trash elsewhere', async () => {
    const [from, to] = ends();
    const outside = join(ground.folder, 'outside');
    makeTree(outside, { empty: '/' });
    makeTree(from, { a: 'a2' });
    makeTree(to, { 'a': 'a1', '.trainyard': '/', '.trainyard/trash': `->${outside}` }, OLDER);
    await expect(ground.run(ground.plan(direction))).rejects.toThrow(/trash is in the way/);
    expect(Object.keys(treeOf(outside))).toEqual(['empty']);
  });

  it('deletes no folder that holds more than was planned, and keeps what was deleted', async () => {
    const [from, to] = ends();
    [from, to].forEach((root) => makeTree(root, { keep: 'k' }));
    makeTree(to, { 'd/e/f': 'f', 'd/e/g': 'g' }, OLDER);
    const plan = ground.plan(direction);
    putFile(to, 'd/e/appeared', 'new');
    const outcome = await ground.run(plan);
    expect(outcome.left.map(({ path }) => path)).toEqual(['d', 'd/e']);
    expect(Object.keys(treeOf(to))).toEqual(['d', 'd/e', 'd/e/appeared', 'keep']);
    expect(Object.keys(treeOf(join(to, outcome.trash ?? '')))).toEqual(['d', 'd/e', 'd/e/f', 'd/e/g']);
  });

  it.each(Object.entries(RSYNCS))('leaves the other names of a replaced file as they were, and brings each name of one as a file of its own, with %s', async (_, facts) => {
    const [from, to] = ends();
    makeTree(from, { a: 'new', b: 'other', one: 'hard' });
    linkSync(join(from, 'one'), join(from, 'two'));
    makeTree(to, { a: 'old' }, OLDER);
    linkSync(join(to, 'a'), join(to, 'also'));
    const { items, ...plan } = ground.plan(direction);
    expect(await ground.run({ ...plan, items: items.filter(({ path }) => path !== 'also') }, { context: { facts } })).toMatchObject({ state: 'done', left: [] });
    expect(readFileSync(join(to, 'also'), 'utf8')).toBe('old');
    expect(readFileSync(join(to, 'a'), 'utf8')).toBe('new');
    expect(statSync(join(to, 'two')).nlink).toBe(1);
  });

  it('puts the last sync back, and nothing that has changed since', async () => {
    const [from, to] = ends();
    makeTree(from, { a: 'a2', b: 'b2', 'n/new': 'new', kind: '/', 'kind/x': 'x' });
    makeTree(to, { a: 'a1', b: 'b1', 'gone/f': 'gone', kind: 'a file' }, OLDER);
    const before = treeOf(to);
    const run = await ground.run(ground.plan(direction));
    expect(run.state).toBe('done');
    putFile(to, 'b', 'b3 by others', 1_700_000_009);
    const context = { link, facts: BOX, wrappers: WRAPPERS, storage: ground.storage, snapshots: createSnapshots(ground.storage), history: createHistory(ground.storage) };
    const { target } = ground.plan(direction);
    const undone = await undoLast(target, link.host, ground.there, context, new AbortController().signal);
    expect(undone.left).toEqual([{ path: 'b', reason: 'changed since the sync' }]);
    expect(treeOf(to)).toEqual({ ...before, b: expect.stringContaining('1700000009') });
    expect(readFileSync(join(to, undone.trash ?? '', 'n/new'), 'utf8')).toBe('new');
    await expect(undoLast(target, link.host, ground.there, context, new AbortController().signal)).rejects.toMatchObject({ reason: 'target' });
  });

  it('moves what a reader looks for first after all else', async () => {
    const [from, to] = ends();
    makeTree(from, { '.metadata': 'marker', 'latest': 'second marker', 'w0': 'weights', 'w1': 'weights' });
    mkdirSync(to, { recursive: true });
    const seen: string[] = [];
    await ground.run(ground.plan(direction), { context: { last: ['latest', '.metadata'] }, onProgress: () => seen.push(['w0', 'w1', 'latest', '.metadata'].filter((name) => existsSync(join(to, name))).join()) });
    expect(seen.filter((names) => names.includes('latest') && !names.startsWith('w0,w1'))).toEqual([]);
    expect(statSync(join(to, '.metadata')).ctimeMs).toBeGreaterThanOrEqual(statSync(join(to, 'latest')).ctimeMs);
    expect(treeOf(to)).toEqual(treeOf(from));
  });

  it('tells progress that is true from its first word to its last', async () => {
    const [from] = ends();
    makeTree(from, Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, Buffer.alloc(1000 * (index + 1), 'x')])));
    const told: SyncProgress[] = [];
    await ground.run(ground.plan(direction), { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toMatchObject({ phase: 'connecting', bytes: 0, totalBytes: 820_000, files: 0, totalFiles: 40 });
    expect(told.at(-1)).toMatchObject({ bytes: 820_000, totalBytes: 820_000, files: 40, totalFiles: 40 });
    expect(told.every(({ bytes }, index) => bytes >= (told[index - 1]?.bytes ?? 0))).toBe(true);
  });

  it('leaves what may not be read and brings the rest', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may read everything');
    const [from, to] = ends();
    makeTree(from, { open: 'o', closed: 'c' });
    chmodSync(join(from, 'closed'), 0);
    const outcome = await ground.run(ground.plan(direction));
    expect(outcome.left).toEqual([{ path: 'closed', reason: expect.stringMatching(/permission denied/i) as string }]);
    expect(existsSync(join(to, 'open'))).toBe(true);
  });

  it('goes by times as they are written, however far ahead a clock is', async () => {
    const [from, to] = ends();
    makeTree(from, { a: 'now' });
    makeTree(to, { a: 'future' }, OLDER);
    utimesSync(join(to, 'a'), 4_000_000_000, 4_000_000_000);
    utimesSync(join(from, 'a'), 1, 1);
    expect(await ground.run(ground.plan(direction))).toMatchObject({ state: 'done', updated: 1 });
    expect(treeOf(to)).toEqual(treeOf(from));
  });
});

it('refuses, before anything moves, what a guard holds, and lets pass what was released', async () => {
  makeTree(ground.here, { 'a': 'a', 'b/c': 'c' });
  const held: Guard = { code: 'manyDeletions', severity: 'held', message: 'Many deletions.' };
  const plan = { ...ground.plan(), guards: [held] };
  await expect(ground.run(plan)).rejects.toMatchObject({ reason: 'guard', message: 'Many deletions.' });
  await expect(ground.run({ ...plan, guards: [{ ...held, severity: 'refused' }] }, { approval: { ...approveAll(plan), released: ['manyDeletions'] } })).rejects.toMatchObject({ reason: 'guard' });
  expect(existsSync(ground.there)).toBe(false);
  const part = await ground.run({ ...plan, guards: [{ ...held, below: 'b' }] });
  expect(part.left.map(({ path }) => path)).toEqual(['b', 'b/c']);
  expect(await ground.run({ ...ground.plan(), guards: [held] }, { approval: { ...approveAll(plan), released: ['manyDeletions'] } })).toMatchObject({ state: 'done' });
});

it('asks for a connection once where one has to be signed in to, and says so before anything moves', async () => {
  makeTree(ground.here, { a: 'a' });
  let opened = 0;
  const refuse = async (): Promise<never> => {
    throw opened > 20 ? new Error('asked for ever') : new SshFailed('signIn', 'Permission denied (publickey).');
  };
  const closed: SshLink = { ...link, run: refuse, start: refuse, open: () => (opened++, refuse()) };
  await expect(ground.run(ground.plan(), { context: { link: closed } })).rejects.toMatchObject({ reason: 'signIn' });
  expect(opened).toBe(1);
});

it('leaves a large file that the disk does not give, and brings the rest', async () => {
  makeTree(ground.here, { big: Buffer.alloc(66 * MEBIBYTE, 'abc'), small: 's' });
  const handle = await open(join(ground.here, 'small'));
  const reading = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read').mockRejectedValue(new Error('EIO: i/o error, read'));
  await handle.close();
  try {
    expect(await ground.run(ground.plan())).toMatchObject({ state: 'partial', created: 1, left: [{ path: 'big', reason: 'i/o error' }] });
  } finally {
    reading.mockRestore();
  }
  expect(await ground.run(ground.plan())).toMatchObject({ state: 'done' });
  expect(treeOf(ground.there)).toEqual(treeOf(ground.here));
});

it('counts as out of the way what the shell of a cut try takes away late', async () => {
  makeTree(ground.here, { 'kind/x': 'x' });
  makeTree(ground.there, { kind: 'a file' }, OLDER);
  let cuts = 0;
  const late: SshLink = {
    ...link,
    run(command, options) {
      if (cuts === 1) {
        cuts++;
        return Promise.reject(new SshFailed('unreachable', 'Broken pipe'));
      }
      if (cuts === 0 && /mv -f -- '?\.\/kind/.test(String(options?.stdin))) {
        cuts++;
        rmSync(join(ground.there, 'kind'));
      }
      return link.run(command, options);
    },
  };
  expect(await ground.run(ground.plan(), { context: { link: late } })).toMatchObject({ state: 'done', left: [] });
  expect(cuts).toBe(2);
  expect(treeOf(ground.there)).toEqual(treeOf(ground.here));
});

it('refuses names that lead out of the folder, or into our own', async () => {
  makeTree(ground.here, { a: 'a' });
  const plan = ground.plan();
  const source = { path: '', kind: 'file', size: 1, mtime: 1, mode: 0o644 } as const;
  const items = ['../x', '/etc/x', 'a/../../x', '', '.trainyard/x', 'a//b'].map((path) => ({ action: 'create' as const, path, source: { ...source, path }, bytes: 1, reason: '' }));
  const outcome = await ground.run({ ...plan, items });
  expect(outcome.left).toHaveLength(6);
  expect(treeOf(ground.folder)).not.toHaveProperty('x');
});

it('lets one window at a time work on a pair of folders, and takes over from one that died', async () => {
  makeTree(ground.here, { a: 'a' });
  const plan = ground.plan();
  const key = pairKey(ground.here, link.host, ground.there);
  const lock = lockPair(ground.storage, key);
  await expect(ground.run(plan)).rejects.toMatchObject({ reason: 'busy' });
  lock.dispose();
  writeFileSync(join(ground.storage, 'locks', key), JSON.stringify({ pid: process.pid, startTime: 'an earlier boot:1' }));
  expect(await ground.run(plan)).toMatchObject({ state: 'done' });
  expect(existsSync(join(ground.storage, 'locks', key))).toBe(false);
});

it('remembers both sides after a success, also of what was alike before', async () => {
  makeTree(ground.here, { same: 's', new: 'n' });
  makeTree(ground.there, { same: 's' });
  const listings = { source: listingOf(ground.here), sink: listingOf(ground.there) };
  await ground.run(ground.plan(), { context: { listings } });
  const snapshot = createSnapshots(ground.storage).read(pairKey(ground.here, link.host, ground.there));
  expect([...(snapshot?.keys() ?? [])].sort()).toEqual(['new', 'same']);
  expect(snapshot?.get('new')?.there).toMatchObject({ size: 1, mtime: 1_700_000_000_250_000 });
});

/** What breaks programs that are not careful; bytes as characters. */
function hostileNames(): readonly string[] {
  const plain = ['-rf', '--delete', '-', ' ', '  x  ', '.hidden', '...', 'a b', "it's", '"quoted"', '`id`', '$(id)', '$HOME', '${x}', ';id', '|id', '&', '>out', '<in', '*', '?', '[a-z]', '{a,b}', '~', '~root', '!x', '#hash', '%s%n', '\\', '\\\\n', 'back\\slash', '\\#012', '\\#134#012', 'a|b|c', 'x:y', 'host:/x', '=', ',', '@', '^', 'rsync://x', 'TAB\there', 'new\nline', '\nfirst', 'last\n', 'cr\rhere', 'bell\x07', 'esc\x1b[31m', 'del\x7f', 'dir/-x', 'dir/new\nline/f', '-dir/f', 'x.tmp', '.x.AbCdEf', 'CON', 'nul.txt'];
  const bytes = ['\xff\xfe', 'caf\xe9', '\xe6\x97\xa5\xe6\x9c\xac', 'e\xcc\x81', '\xc3\xa9', '\x80', '\xf0\x9f\x9a\x82', 'n'.repeat(255), `${'m'.repeat(254)}\xff`, `${'long/'.repeat(40)}end`];
  return [...plain, ...bytes];
}

