import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLink } from '../../../../src/process/ssh/link.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import type { SyncProgress } from '../../../../src/sync/run.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { BOX, OLDER, RSYNC, makeGround, makeTree, treeOf } from './kit.ts';
import type { Ground } from './kit.ts';

const MEBIBYTE = 1024 * 1024;
const SETUP = join(import.meta.dirname, '../../../setup/typescript.mjs');
/** Mounts of a few megabytes need root. */
const MAY_MOUNT = process.getuid?.() === 0;
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

/** Nothing stands under a name that is neither what it was nor what it is to be. */
function halves(to: string, before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(treeOf(to)).flatMap(([path, what]) => (what === before[path] || what === after[path] || what.startsWith('folder') ? [] : [`${path}: ${what}`]));
}

/** Ids of processes of this ground whose words fit. */
function processesOf(pattern: RegExp): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      return pid !== process.pid && words.includes(ground.folder) && pattern.test(words);
    } catch {
      return false;
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with another one.
  }
}

describe.each(['push', 'pull'] as const)('%s', (direction) => {
  const ends = (): readonly [string, string] => (direction === 'push' ? [ground.here, ground.there] : [ground.there, ground.here]);
  const slow = { bandwidth: 8_000 };

  it.each([
    ['small files', { a: Buffer.alloc(4 * MEBIBYTE, 'a'), b: Buffer.alloc(4 * MEBIBYTE, 'b'), c: Buffer.alloc(4 * MEBIBYTE, 'c') }],
    ['a large file', { a: Buffer.alloc(66 * MEBIBYTE, 'abc'), b: 'small' }],
  ])('goes on after we were killed in the middle of %s', async (_, files) => {
    const [from, to] = ends();
    makeTree(from, files);
    makeTree(to, { a: 'old a', gone: 'gone' }, OLDER);
    const [before, after] = [treeOf(to), treeOf(from)];
    const child = spawn(process.execPath, ['--import', SETUP, join(import.meta.dirname, 'killedRun.ts'), lab.config, ground.folder, direction], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => child.stdout.on('data', (chunk: Buffer) => chunk.includes('sending') && resolve()));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(halves(to, before, after)).toEqual([]);
    // What the link still held may have come in between.
    await ground.run(ground.plan(direction));
    expect(await ground.run(ground.plan(direction))).toMatchObject({ state: 'done', left: [] });
    expect(treeOf(to)).toEqual(after);
  });

  it.each([
    ['rsync here', 'files', /^\S*rsync -lptR.* --$|rsync -lptR.* -- /],
    ['rsync there', 'files', /rsync --server/],
    ['a range', 'large', /while read -r op|dd (?:of|if)=/],
  ] as const)('goes on by itself after a SIGKILL of %s', async (_, what, pattern) => {
    const [from, to] = ends();
    makeTree(from, what === 'large' ? { a: Buffer.alloc(66 * MEBIBYTE, 'abc') } : { a: Buffer.alloc(9 * MEBIBYTE, 'a'), b: Buffer.alloc(9 * MEBIBYTE, 'b') });
    makeTree(to, { a: 'old a' }, OLDER);
    const [before, after] = [treeOf(to), treeOf(from)];
    let killed: readonly number[] = [];
    const outcome = await ground.run(ground.plan(direction, slow), {
      onProgress: ({ phase, bytes }) => {
        if (phase === 'sending' && bytes > 0 && killed.length === 0) {
          killed = processesOf(pattern);
          killed.forEach(kill);
          expect(halves(to, before, after)).toEqual([]);
        }
      },
    });
    expect(killed.length).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ state: 'done', left: [] });
    expect(treeOf(to)).toEqual(after);
  });

  it('ends within a second of being cancelled, with nothing half-written, and goes on later', async () => {
    const [from, to] = ends();
    makeTree(from, { a: Buffer.alloc(20 * MEBIBYTE, 'a'), big: Buffer.alloc(66 * MEBIBYTE, 'b') });
    makeTree(to, { a: 'old a' }, OLDER);
    const [before, after] = [treeOf(to), treeOf(from)];
    const stop = new AbortController();
    const outcome = await ground.run(ground.plan(direction, slow), { signal: stop.signal, onProgress: ({ phase, bytes }) => phase === 'sending' && bytes > 0 && stop.abort() });
    expect(outcome).toMatchObject({ state: 'cancelled' });
    expect(outcome.left.map(({ path }) => path)).toEqual(['a', 'big']);
    expect(halves(to, before, after)).toEqual([]);
    expect(await ground.run(ground.plan(direction))).toMatchObject({ state: 'done' });
    expect(treeOf(to)).toEqual(after);
  });

  it('says what grew, changed and vanished under its hands, and brings it the next time', async () => {
    const [from, to] = ends();
    makeTree(from, { grows: Buffer.alloc(6 * MEBIBYTE, 'g'), stays: 's', vanishes: 'v' });
    mkdirSync(to, { recursive: true });
    let meddled = false;
    const outcome = await ground.run(ground.plan(direction, slow), {
      onProgress: ({ phase }) => {
        if (phase === 'sending' && !meddled) {
          meddled = true;
          appendFileSync(join(from, 'grows'), 'more');
          rmSync(join(from, 'vanishes'));
        }
      },
    });
    expect(outcome.left.map(({ path }) => path)).toEqual(['grows', 'vanishes']);
    expect(existsSync(join(to, 'stays'))).toBe(true);
    expect(await ground.run(ground.plan(direction))).toMatchObject({ state: 'done' });
    expect(treeOf(to)).toEqual(treeOf(from));
  });

  it.skipIf(!MAY_MOUNT).each([['small files', 3], ['a large file', 66]] as const)('stops at a full disk with %s, loses nothing, and goes on when there is room', async (_, size) => {
    const [from, to] = ends();
    makeTree(from, { a: 'new a', z: Buffer.alloc(size * MEBIBYTE, 'abcd') });
    mkdirSync(to, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size - 1}m`, 'tmpfs', to]);
    try {
      makeTree(to, { a: 'old a', other: 'other' }, OLDER);
      const plan = ground.plan(direction);
      const outcome = await ground.run({ ...plan, items: plan.items.filter(({ path }) => path !== 'other') });
      expect(outcome.left).toEqual([{ path: 'z', reason: expect.stringMatching(/disk is full/) as string }]);
      expect(readFileSync(join(to, 'other'), 'utf8')).toBe('other');
      expect(Object.keys(treeOf(to))).toEqual(['a', 'other']);
      execFileSync('mount', ['-o', `remount,size=${size * 3}m`, to]);
      expect(await ground.run(ground.plan(direction))).toMatchObject({ state: 'done' });
      expect(treeOf(to)).toEqual(treeOf(from));
    } finally {
      execFileSync('umount', [to]);
    }
  });

  it('refuses a disk that may not be written to, before anything moves', async ({ skip }) => {
    skip(!MAY_MOUNT, 'a disk is mounted by root');
    const [from, to] = ends();
    makeTree(from, { a: 'a' });
    mkdirSync(to, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', to]);
    try {
      await expect(ground.run(ground.plan(direction))).rejects.toThrow(/read-only/i);
    } finally {
      execFileSync('umount', [to]);
    }
  });
});

it('tells a shell that prints text from a link that is cut', async () => {
  makeTree(ground.here, { a: 'a' });
  const outcome = await ground.run(ground.plan('push', { rsyncPath: 'echo Welcome; rsync' }));
  expect(outcome.left).toEqual([{ path: 'a', reason: expect.stringMatching(/shell of the box prints text/) as string }]);
  expect(treeOf(ground.there)).toEqual({});
});

it('honours no rsync-path that a workspace names', async () => {
  makeTree(ground.here, { a: 'a' });
  const mark = join(ground.folder, 'run');
  await ground.run(ground.plan('push', { rsyncPath: `touch ${mark}; rsync`, from: 'workspace' }));
  expect(existsSync(mark)).toBe(false);
});

it('says that there is no rsync where the box has lost it', async () => {
  makeTree(ground.here, { a: 'a' });
  const outcome = await ground.run(ground.plan('push', { rsyncPath: '/no/such/rsync' }));
  expect(outcome.left).toEqual([{ path: 'a', reason: 'There is no rsync on the box.' }]);
});

it.each([
  ['openrsync', { ...RSYNC, kind: 'openrsync', version: '2.6.9', protocol: 29, zstd: false, mkpath: false }],
  ['rsync 3.0.9', { ...RSYNC, version: '3.0.9', protocol: 30, zstd: false, mkpath: false }],
] as const)('gives %s no option that it does not know', async (_, facts) => {
  const old = join(ground.folder, 'old-rsync');
  writeFileSync(old, '#!/bin/sh\nfor word; do case $word in --info*|--mkpath|--backup*|--temp-dir*|--compress-choice*|--zc*|--secluded*|-s|--append-verify|--no-inc*) echo "unknown option $word" >&2; exit 1;; esac; done\nexec /usr/bin/rsync --old-args "$@"\n');
  chmodSync(old, 0o755);
  makeTree(ground.here, { a: 'new', b: 'b' });
  makeTree(ground.there, { a: 'old' }, OLDER);
  const outcome = await ground.run(ground.plan('push'), { context: { facts: { ...BOX, rsync: facts }, rsync: { path: old, facts } } });
  expect(outcome).toMatchObject({ state: 'done', left: [] });
  expect(readFileSync(join(ground.there, outcome.trash ?? '', 'a'), 'utf8')).toBe('old');
});

it('keeps to a limit of bytes a second, and tells the rate that it sees', async () => {
  makeTree(ground.here, { big: Buffer.alloc(66 * MEBIBYTE, 'x') });
  const told: SyncProgress[] = [];
  const outcome = await ground.run(ground.plan('push', { bandwidth: 40_000 }), { context: { timers: systemTimers }, onProgress: (progress) => told.push(progress) });
  expect(outcome.seconds).toBeGreaterThan(1.6);
  expect(Math.max(...told.map(({ rate }) => rate))).toBeLessThan(80e6);
  expect(told.some(({ left }) => left !== undefined && left > 0)).toBe(true);
  expect(statSync(join(ground.there, 'big')).size).toBe(66 * MEBIBYTE);
});
