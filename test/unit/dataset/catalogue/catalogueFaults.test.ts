import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, unlinkSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSqlite, nodeSqlite } from '../../../../src/base/sqlite.ts';
import { openCatalogueFile, prune } from '../../../../src/dataset/catalogue/catalogueFile.ts';
import { Bed, wav } from './harness.ts';

let bed: Bed;
beforeEach(() => (bed = new Bed()));
afterEach(() => bed.dispose());

function fill(count: number): void {
  for (let at = 0; at < count; at++) {
    bed.write(`folder${at % 5}/${String(at).padStart(5, '0')}.wav`, wav(0.01));
  }
}

function file(): string {
  return join(bed.storage, readdirSync(bed.storage).find((name) => name.endsWith('.db'))!);
}

describe('a catalogue survives', () => {
  it('a file whose pages were written over', async () => {
    fill(300);
    await bed.open();
    const { size } = statSync(file());
    // Its first page stays, so that it opens; what it leads to is broken.
    const fd = openSync(file(), 'r+');
    writeSync(fd, Buffer.alloc(size - 4096, 'broken '), 0, size - 4096, 4096);
    closeSync(fd);
    await bed.restart();
    const summary = await bed.open();
    expect(summary).toMatchObject({ state: 'complete', files: 300, probed: 300 });
    expect(await bed.paths('folder == folder1 duration > 0')).toHaveLength(60);
  });

  it('a file that was cut', async () => {
    fill(300);
    await bed.open();
    await bed.restart();
    for (const end of ['-wal', '-shm']) {
      rmSync(file() + end, { force: true });
    }
    truncateSync(file(), 10_000);
    expect(await bed.open()).toMatchObject({ state: 'complete', files: 300, probed: 300, problem: expect.stringMatching(/damaged/) });
    expect(await bed.open()).toMatchObject({ files: 300 });
  });

  it('a place where nothing can be kept', async () => {
    fill(3);
    writeFileSync(bed.storage, 'a file where the folder should be');
    expect(await bed.open()).toMatchObject({ state: 'complete', files: 3, probed: 3, problem: expect.stringMatching(/in memory alone/) });
    expect(await bed.paths('folder == folder1')).toEqual(['folder1/00001.wav']);
  });

  it('files that vanish between the walk and the look, and such that come back as something else', async () => {
    fill(20);
    await bed.open();
    unlinkSync(join(bed.root, 'folder0/00000.wav'));
    // The folder's time is put back, as if nothing had happened.
    utimesSync(join(bed.root, 'folder0'), new Date(0), new Date(0));
    rmSync(join(bed.root, 'folder1/00001.wav'));
    mkdirSync(join(bed.root, 'folder1/00001.wav'));
    const summary = await bed.refresh();
    expect(summary).toMatchObject({ state: 'complete', files: 18, probed: 18 });
    expect(await bed.paths('name:00001.wav or name:00000.wav')).toEqual([]);
  });

  it('links that lead nowhere, and says so of each', async () => {
    symlinkSync('/nowhere/at/all.wav', join(bed.root, 'broken.wav'));
    expect(await bed.open()).toMatchObject({ files: 1, problems: { error: 1 } });
    const { items } = await bed.ask('items', { root: bed.root, filter: '', offset: 0, count: 1 });
    expect(items[0]?.health).toEqual({ severity: 'error', message: `${bed.root}/broken.wav is a link that leads nowhere` });
    expect(items[0]?.duration).toEqual({ absent: 'cannot be read' });
  });

  it('names that are not UTF-8, and looks at their files', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${bed.root}/a`), Buffer.from([0xff]), Buffer.from('.wav')]), wav(3));
    await bed.open();
    expect(await bed.paths('duration == 3')).toEqual([String.raw`a\xff.wav`]);
  });

  it('being killed while it fills: what was found is kept, and the rest is found later', async () => {
    fill(1500);
    const script = join(bed.folder, 'fill.mjs');
    await build({ stdin: { contents: FILL, resolveDir: import.meta.dirname, loader: 'ts' }, outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error', external: ['sharp', 'node-sqlite3-wasm'], banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } });
    symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(bed.folder, 'node_modules'));
    const child = spawn(process.execPath, ['--no-warnings', script, bed.root, bed.storage], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(file())).toBe(true);
    const summary = await bed.open();
    expect(summary).toMatchObject({ state: 'complete', files: 1500, probed: 1500 });
    expect(summary.problem).toBeUndefined();
    expect(await bed.paths('duration is unknown')).toEqual([]);
  });

  const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
  it.skipIf(!canMount)('a disk that fills up', async () => {
    fill(3000);
    mkdirSync(bed.storage);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160k', 'tmpfs', bed.storage]);
    expect(mounted.status).toBe(0);
    try {
      const summary = await bed.open();
      expect(summary).toMatchObject({ state: 'complete', files: 3000, probed: 3000 });
      expect(summary.problem).toMatch(/in memory alone.*Is the disk of .*storage full\?/);
    } finally {
      await bed.restart();
      spawnSync('umount', ['-l', bed.storage]);
    }
  });
});

const FILL = `
  import { createCatalogues } from '../../../../src/dataset/catalogue/catalogueService.ts';
  const [root, storage] = process.argv.slice(2) as [string, string];
  const service = createCatalogues({ storage, root, cacheBytes: 0 }, (summary) => {
    if (summary.probed > 0 && summary.probed < summary.files) {
      process.stdout.write('filling');
    }
  });
  await service.handlers.open({ root }, new AbortController().signal);
  await service.settled(root);
  process.stdout.write('done');
`;

it('lets the catalogues go that were used longest ago, and never the one in use', async () => {
  mkdirSync(bed.storage);
  const sqlite = await loadSqlite();
  const paths = ['a', 'b', 'c'].map((root, at) => {
    openCatalogueFile(sqlite, bed.storage, `/${root}`).database.close();
    const newest = readdirSync(bed.storage).map((name) => join(bed.storage, name)).filter((path) => path.endsWith('.db')).find((path) => !seen.has(path))!;
    seen.add(newest);
    utimesSync(newest, 1000 + at, 1000 + at);
    return newest;
  });
  prune(bed.storage, paths[0]!, 100);
  expect(readdirSync(bed.storage).filter((name) => name.endsWith('.db')).map((name) => join(bed.storage, name))).toEqual([paths[0]]);
});

const seen = new Set<string>();

it.skipIf(nodeSqlite() === undefined)('takes in what another window finds in the same dataset', async () => {
  fill(20);
  await bed.open();
  const other = bed.another();
  await other.handlers.open({ root: bed.root }, new AbortController().signal);
  await other.settled(bed.root);
  bed.write('folder0/new.wav', wav(4));
  await other.handlers.refresh({ root: bed.root }, new AbortController().signal);
  await other.settled(bed.root);
  other.dispose();
  expect(await bed.paths('name:new.wav')).toEqual(['folder0/new.wav']);
  expect((await bed.ask('summary', { root: bed.root })).files).toBe(21);
});

it('says that a folder may not be read', async () => {
  fill(5);
  chmodSync(join(bed.root, 'folder1'), 0);
  const summary = await bed.open();
  chmodSync(join(bed.root, 'folder1'), 0o755);
  expect(summary.state).toBe('complete');
  // Root reads it all the same.
  expect([summary.files, summary.skipped]).toEqual(process.getuid?.() === 0 ? [5, {}] : [4, { permission: 1 }]);
});
