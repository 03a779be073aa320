import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGit } from '../../../../src/process/git.ts';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLinks } from '../../../../src/process/ssh/links.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { parseFindErrors } from '../../../../src/sync/listing/findErrors.ts';
import { listLocal } from '../../../../src/sync/listing/listLocal.ts';
import { listRemote } from '../../../../src/sync/listing/listRemote.ts';
import { ignoredByGit } from '../../../../src/sync/listing/gitNames.ts';
import type { Selection } from '../../../../src/sync/target.ts';
import { HOSTILE_NAMES, makeHostileTree } from '../../../lab/hostileNames.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { temporary } from '../temporary.ts';

let lab: Lab;
let links: SshLinks;
beforeAll(async () => {
  lab = await startLab();
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
});
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
});

const git = createGit(process.env, []);
const select = (selection: Partial<Selection>): Selection => ({ list: 'all', rules: [], ...selection });

function hardTree(): string {
  const root = temporary();
  makeHostileTree(root);
  symlinkSync('/etc', join(root, 'out'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('a\nb -> c\n', join(root, 'odd link'));
  linkSync(join(root, '-rf'), join(root, 'hard'));
  writeFileSync(join(root, 'sparse'), '');
  truncateSync(join(root, 'sparse'), 5_000_000_000);
  writeFileSync(join(root, 'old'), '');
  // Node takes a negative time for now.
  execFileSync('touch', ['-d', '@-1.5', join(root, 'old')]);
  chmodSync(join(root, 'old'), 0o4751);
  mkdirSync(join(root, '.trainyard/trash'), { recursive: true });
  return root;
}

describe('a listing', () => {
  it.each([
    ['of GNU find', { find: 'gnu', zstd: false }],
    ['of GNU find, packed', { find: 'gnu', zstd: true }],
  ] as const)('%s on a box says the same as a walk here, byte for byte, and nothing of our own folder', async (_, facts) => {
    const root = hardTree();
    const here = await listLocal(root, undefined);
    const there = await listRemote(links.link('box1'), facts, root);
    expect(there.entries).toEqual(here.entries);
    expect(here.entries.length).toBeGreaterThan(HOSTILE_NAMES.length * 1.3);
    expect(here.entries.find(({ path }) => path === 'odd link')).toMatchObject({ kind: 'link', link: 'a\nb -> c\n' });
    expect(here.entries.find(({ path }) => path === 'old')).toMatchObject({ mtime: -1_500_000, mode: 0o4751 });
    expect(here.entries.find(({ path }) => path === 'sparse')?.size).toBe(5_000_000_000);
    expect(here.entries.some(({ path }) => path.startsWith('.trainyard'))).toBe(false);
    expect(here.entries.map(({ path }) => path)).toEqual(here.entries.map(({ path }) => path).sort());
    expect({ ...there.root, freeBytes: 0 }).toEqual({ ...here.root, freeBytes: 0, foldsCase: false });
    expect([here.unread, there.unread]).toEqual([[], []]);
  });

  it('of a find that knows no -printf says the same, times by the second', async () => {
    const root = hardTree();
    const here = await listLocal(root, undefined);
    const there = await listRemote(links.link('box1'), { find: 'other', zstd: true }, root);
    expect(there.entries).toEqual(here.entries.map((entry) => ({ ...entry, mtime: Math.floor(entry.mtime / 1e6) * 1e6 })));
  });

  it('tells a missing root with the free space above it, and a root that is no folder', async () => {
    const root = temporary();
    writeFileSync(join(root, 'file'), '');
    const link = links.link('box1');
    for (const list of [(path: string) => listLocal(path, undefined), (path: string) => listRemote(link, { find: 'gnu', zstd: true }, path)]) {
      expect((await list(join(root, 'a/b'))).root).toEqual({ kind: 'missing', freeBytes: expect.any(Number) });
      expect((await list(join(root, 'file'))).root).toEqual({ kind: 'notAFolder' });
      expect((await list(root)).entries.map(({ path }) => path)).toEqual(['file']);
    }
  });

  it('is refused where it is cut short', async () => {
    const link = links.link('box1');
    const cut = { ...link, host: 'box1', run: (command: string, options: object) => link.run(command.replace("printf '=end", "exit 1; printf '=end"), options) };
    await expect(listRemote(cut, { find: 'gnu', zstd: false }, temporary())).rejects.toMatchObject({ reason: 'failed', message: expect.stringContaining('did not list all') });
  });

  it('leaves out by rules, size and kind, and says so', async () => {
    const root = temporary();
    for (const file of ['keep/a.txt', 'drop/b.txt', 'c.tmp', 'big']) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      writeFileSync(join(root, file), 'x'.repeat(file === 'big' ? 2000 : 10));
    }
    const server = createServer().listen(join(root, 'socket'));
    await once(server, 'listening');
    const { entries, skipped } = await listLocal(root, select({ rules: ['- /drop/', '- *.tmp'], largest: 1000 }));
    server.close();
    expect(entries.map(({ path }) => path)).toEqual(['keep', 'keep/a.txt']);
    expect(skipped).toEqual([
      { path: 'big', bytes: 2000, reason: 'larger than 1.00 kB' },
      { path: 'c.tmp', bytes: 10, reason: 'left out by the rule “- *.tmp”' },
      { path: 'drop', bytes: 0, reason: 'left out by the rule “- /drop/”' },
      { path: 'socket', bytes: 0, reason: 'neither file, folder nor link' },
    ]);
  });

  it.each([
    ["find: './d\\'x\\\\y\\001\\377\\n': Permission denied\n", [{ path: "d'x\\y\x01\xff\n", reason: 'Permission denied' }]],
    ['find: ./a b: Permission denied', [{ path: 'a b', reason: 'Permission denied' }]],
    ['sh: find: not found', [{ path: '', reason: 'sh: find: not found' }]],
  ])('reads from %j what could not be read', (stderr, unread) => {
    expect(parseFindErrors(stderr)).toEqual(unread);
  });
});

describe('what git lists', () => {
  function gitIn(folder: string, ...words: readonly string[]): void {
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...words], { stdio: 'ignore' });
  }
  function write(root: string, files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  }
  function workTree(): string {
    const root = temporary();
    write(root, { '.gitignore': 'out/\n*.pt\n!keep.pt\n/data\n', 'a.py': '', 'keep.pt': '', 'm.pt': '', 'out/x': '', 'sub/b.py': '', 'tracked.pt': '', 'gone.py': '' });
    gitIn(root, 'init', '-q');
    gitIn(root, 'add', '-f', 'tracked.pt', 'gone.py', 'a.py');
    execFileSync('rm', [join(root, 'gone.py')]);
    symlinkSync('/mnt', join(root, 'data'));
    write(root, { 'nested/.gitignore': '*.log\n', 'nested/n.py': '', 'nested/n.log': '' });
    gitIn(join(root, 'nested'), 'init', '-q');
    const other = temporary();
    write(other, { 's.py': '', '.gitignore': '*.bin\n' });
    gitIn(other, 'init', '-q');
    gitIn(other, 'add', '.');
    gitIn(other, 'commit', '-q', '-m', 'x');
    gitIn(root, 'submodule', 'add', '-q', other, 'module');
    write(root, { 'module/w.bin': '', 'module/new.py': '' });
    return root;
  }

  it('is sent: what is tracked or not ignored, of submodules and nested repositories too, and none of their own folders', async () => {
    const root = workTree();
    const { entries, skipped } = await listLocal(root, select({ list: 'git' }), { git });
    expect(entries.filter(({ kind }) => kind !== 'folder').map(({ path }) => path)).toEqual(
      ['.gitignore', '.gitmodules', 'a.py', 'keep.pt', 'module/.gitignore', 'module/new.py', 'module/s.py', 'nested/.gitignore', 'nested/n.py', 'sub/b.py', 'tracked.pt'],
    ); // prettier-ignore
    expect(entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path)).toEqual(['module', 'nested', 'sub']);
    expect(skipped.map(({ path }) => path)).toEqual(['data', 'm.pt', 'module/w.bin', 'nested/n.log', 'out']);
  });

  it('knows what it would ignore there though it is not here, beyond links and in submodules', async () => {
    const { git: asked } = await listLocal(workTree(), select({ list: 'git' }), { git });
    const paths = ['x.pt', 'x.py', 'out/', 'out/y/z', 'sub/new/', 'nested/out/', 'data/train/1', 'module/q.bin', 'module/q.py', 'nested/q.log', 'nested/q.pt', 'sub/keep.pt', 'gone.py'];
    const ignored = await ignoredByGit(asked!.run, asked!.names, asked!.kindAt, paths);
    expect([...ignored].sort()).toEqual(['data/train/1', 'module/q.bin', 'nested/q.log', 'out/', 'out/y/z', 'x.pt']);
  });

  it('of a folder that is itself ignored, or in no work tree, is all of it', async () => {
    const root = workTree();
    expect((await listLocal(join(root, 'out'), select({ list: 'git' }), { git })).entries.map(({ path }) => path)).toEqual(['x']);
    const plain = temporary();
    writeFileSync(join(plain, 'f'), '');
    expect((await listLocal(plain, select({ list: 'git' }), { git })).entries.map(({ path }) => path)).toEqual(['f']);
  });

  it('is not guessed where git is not here, and nothing of a repository’s configuration is run', async () => {
    const root = workTree();
    await expect(listLocal(root, select({ list: 'git' }))).rejects.toMatchObject({ reason: 'target', message: expect.stringContaining('Install git') });
    gitIn(root, 'config', 'core.fsmonitor', `touch ${root}/ran; false`);
    await listLocal(root, select({ list: 'git' }), { git });
    expect(spawnSync('ls', [join(root, 'ran')]).status).not.toBe(0);
  });
});
