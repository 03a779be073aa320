import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinPath, shownName } from '../../../../src/dataset/walk/pathBytes.ts';
import { walkTree, type WalkedFolder, type WalkOptions } from '../../../../src/dataset/walk/walkTree.ts';

let root: string;
beforeEach(() => (root = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-walk-')))));
afterEach(() => {
  spawnSync('chmod', ['-R', 'u+rwx', root]);
  rmSync(root, { recursive: true, force: true });
});

function make(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '');
  }
}

interface Walked {
  readonly files: readonly string[];
  readonly skipped: Readonly<Record<string, number>>;
  readonly parts: readonly WalkedFolder[];
}

async function walked(options?: WalkOptions, visit: (part: WalkedFolder) => void = () => undefined): Promise<Walked> {
  const parts: WalkedFolder[] = [];
  const skipped: Record<string, number> = {};
  for await (const part of walkTree(root, options)) {
    parts.push(part);
    visit(part);
    Object.entries(part.skipped).forEach(([reason, count]) => (skipped[reason] = (skipped[reason] ?? 0) + count));
  }
  const files = parts.flatMap((part) => part.files.map(shownName).sort().map((name) => (part.path === '' ? name : `${part.path}/${name}`)));
  return { files, skipped, parts };
}

describe('a walk', () => {
  it('comes to folders depth first and in byte order', async () => {
    make('b/2', 'a/x/1', 'a/1', 'top', 'B/1', 'é/1', 'a-b/1');
    expect((await walked()).files).toEqual(['top', 'B/1', 'a/1', 'a/x/1', 'a-b/1', 'b/2', 'é/1']);
  });

  it('leaves out what is hidden and other people’s code, and counts it', async () => {
    make('.git/config', '.hidden', 'node_modules/a.js', 'x/__pycache__/a.pyc', 'x/a');
    expect(await walked()).toMatchObject({ files: ['x/a'], skipped: { hidden: 2, leftOut: 2 } });
  });

  it('takes links to files, and follows a link to a folder elsewhere', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'trainyard-elsewhere-'));
    writeFileSync(join(elsewhere, 'far.jpg'), '');
    make('real.jpg');
    symlinkSync(join(root, 'real.jpg'), join(root, 'link.jpg'));
    symlinkSync(join(root, 'real.jpg'), join(root, 'link'));
    symlinkSync(elsewhere, join(root, 'train'));
    expect((await walked()).files).toEqual(['link', 'link.jpg', 'real.jpg', 'train/far.jpg']);
    rmSync(elsewhere, { recursive: true });
  });

  it('goes round no circle, and takes nothing twice', async () => {
    make('a/b/file', 'c/other');
    symlinkSync(root, join(root, 'a', 'b', 'up'));
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync(join(root, 'c'), join(root, 'a', 'to-c'));
    const { files, skipped } = await walked();
    expect(files).toEqual(['a/b/file', 'c/other']);
    expect(skipped).toEqual({ linkedAgain: 2, unreadable: 1 });
  });

  it('survives folders that vanish while it walks', async () => {
    make('a/1', 'b/1', 'c/1', 'd/1', 'e/1', 'f/1', 'g/1');
    const { files, skipped } = await walked({}, ({ path }) => path === 'a' && rmSync(join(root, 'g'), { recursive: true }));
    expect(files).toEqual(['a/1', 'b/1', 'c/1', 'd/1', 'e/1', 'f/1']);
    expect(skipped).toEqual({ vanished: 1 });
  });

  it('shows names that are not UTF-8 escaped, and keeps their bytes so that they can be opened', async () => {
    const odd = Buffer.from([0x61, 0xff, 0x2e, 0x74, 0x78, 0x74]);
    const folder = joinPath(root, Buffer.from([0xe9])) as Buffer;
    mkdirSync(folder);
    writeFileSync(joinPath(folder, odd), 'here');
    writeFileSync(join(root, 'replaced \ufffd.txt'), '');
    const { files, parts } = await walked();
    expect(files).toEqual(['replaced \ufffd.txt', String.raw`\xe9/a\xff.txt`]);
    const { absolute, files: names } = parts[1]!;
    expect(readFileSync(joinPath(absolute, names[0]!), 'utf8')).toBe('here');
  });

  it('reads a large folder in parts', async () => {
    mkdirSync(join(root, 'flat'));
    // Long names make the folder itself large with fewer files.
    for (let at = 0; at < 6000; at++) {
      writeFileSync(join(root, 'flat', `${String(at).padStart(6, '0')}-${'x'.repeat(240)}`), '');
    }
    const { parts, files } = await walked();
    const flat = parts.filter(({ path }) => path === 'flat');
    expect(files).toHaveLength(6000);
    expect(new Set(files).size).toBe(6000);
    expect(flat.map(({ more }) => more)).toEqual([...flat.slice(1).map(() => true), false]);
  });

  it('tells that a folder is as it was, and goes into its subfolders all the same', async () => {
    make('a/1', 'a/b/2');
    spawnSync('touch', ['-d', '1 hour ago', join(root, 'a'), join(root, 'a', 'b'), root]);
    const first = await walked();
    const known = new Map(first.parts.map((part) => [part.path, { modified: part.modified!, folders: part.folders }]));
    make('a/b/3');
    const { parts, files } = await walked({ known: (path) => known.get(path) });
    expect(parts.map(({ path, unchanged }) => [path, unchanged])).toEqual([['', true], ['a', true], ['a/b', false]]);
    expect(files).toEqual(['a/b/2', 'a/b/3']);
  });

  it('trusts no time that is younger than the grain of file systems', async () => {
    make('a/1');
    expect((await walked()).parts.map(({ modified }) => modified)).toEqual([undefined, undefined]);
  });

  it('ends at once when it is cancelled', async () => {
    make('a/1', 'b/1', 'c/1');
    const abort = new AbortController();
    await expect(walked({ signal: abort.signal }, () => abort.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  it('rejects where the root itself is not there', async () => {
    rmSync(root, { recursive: true });
    await expect(walked()).rejects.toThrow('ENOENT');
  });
});

// Root may read everything, so another user walks, where that one may run Node.
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const mayRun = spawnSync(process.execPath, ['--version'], { ...user, cwd: '/' }).status === 0;

it.skipIf(!mayRun)('counts what may not be read', async () => {
  make('open/1', 'shut/2');
  chmodSync(join(root, 'shut'), 0);
  chmodSync(root, 0o755);
  const script = mkdtempSync(join(tmpdir(), 'trainyard-walk-script-'));
  chmodSync(script, 0o755);
  const bundle = join(script, 'walk.mjs');
  await build({ stdin: { contents: WALK, resolveDir: import.meta.dirname, loader: 'ts' }, outfile: bundle, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  const { stdout, stderr } = spawnSync(process.execPath, [bundle, root], { ...user, cwd: '/', encoding: 'utf8' });
  rmSync(script, { recursive: true });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ files: ['1'], skipped: [{ permission: 1 }] });
});

const WALK = `
  import { walkTree } from '../../../../src/dataset/walk/walkTree.ts';
  const files = [];
  const skipped = [];
  for await (const part of walkTree(process.argv[2]!)) {
    files.push(...part.files);
    if (Object.keys(part.skipped).length > 0) {
      skipped.push(part.skipped);
    }
  }
  process.stdout.write(JSON.stringify({ files, skipped }));
`;
