import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { candidateAt, searchFolders } from '../../../src/process/candidates.ts';
import { visitedPaths } from '../../../src/process/visitedPaths.ts';
import { temporaryFolder } from './support.ts';

function program(folder: string, mode = 0o755): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'tool');
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

describe('a program', () => {
  it('is none where there is a folder, a dangling link, a loop of links, or a file in the place of its folder', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('nowhere', join(folder, 'dangling'));
    symlinkSync('loop', join(folder, 'loop'));
    for (const name of ['folder', 'dangling', 'loop', 'file/tool']) {
      expect(candidateAt(join(folder, name), [])).toBeUndefined();
    }
  });

  it('keeps its own name where it is a link, as programs go by it, and not the name of a folder that is one', () => {
    const folder = temporaryFolder();
    const path = program(join(folder, 'real'));
    symlinkSync('real', join(folder, 'linked'));
    symlinkSync('tool', join(folder, 'real', 'alias'));
    expect(candidateAt(join(folder, 'linked', 'alias'), [])).toMatchObject({ path: join(folder, 'real', 'alias'), target: path });
  });

  it('is distrusted where nobody may execute it', () => {
    expect(candidateAt(program(temporaryFolder(), 0o644), [])?.distrusted).toBe('it may not be executed');
  });

  it('is distrusted where anybody may write to a folder on the way, and what lies in it is neither root’s nor ours', () => {
    const open = join(temporaryFolder(), 'open');
    const path = program(join(open, 'bin'));
    chmodSync(open, 0o1777);
    expect(candidateAt(path, [])?.distrusted).toBeUndefined();
    expect(candidateAt(path, [], [])?.distrusted).toMatch(/^anybody may write to .+, and .+ in it belongs to another user$/);
    // Owners do not matter where only they may write.
    expect(candidateAt('/usr/bin/env', [], [])?.distrusted).toBeUndefined();
  });
});

describe('the folders to look in', () => {
  it('are those of PATH in its order, then the usual places, each once and absolute', () => {
    const folders = searchFolders({
      PATH: '/opt/a/bin:relative:.::/usr/bin/../bin:/opt/a/bin',
      HOME: '/home/me',
      CONDA_PREFIX: '/envs/audio',
    });
    expect(folders.slice(0, 2)).toEqual(['/opt/a/bin', '/usr/bin']);
    expect(folders).toEqual(expect.arrayContaining(['/usr/local/bin', '/bin', '/home/me/.local/bin', '/envs/audio/bin', '/snap/bin']));
    expect(new Set(folders).size).toBe(folders.length);
    expect(folders.every((folder) => folder.startsWith('/'))).toBe(true);
  });

  it('have no relative one where HOME or a conda environment is relative', () => {
    expect(searchFolders({ HOME: 'home', CONDA_PREFIX: 'env' }).every((folder) => folder.startsWith('/'))).toBe(true);
  });
});

describe('the way to a file', () => {
  it('has every folder, every link and what it leads to', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    writeFileSync(join(folder, 'a', 'b', 'file'), '');
    symlinkSync('a/../a/b', join(folder, 'relative'));
    symlinkSync(join(folder, 'relative', 'file'), join(folder, 'absolute'));
    const visited = visitedPaths(join(folder, 'absolute'));
    expect(visited).toEqual(expect.arrayContaining(['absolute', 'relative', 'a', 'a/b', 'a/b/file'].map((name) => join(folder, name))));
    expect(visited.at(-1)).toBe(join(folder, 'a/b/file'));
  });
});
