import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

import { absent, type Measured } from '../../../../src/base/absent.ts';
import type { KernelFiles } from '../../../../src/monitor/kernelFiles.ts';
import { createLocalFiles } from '../../../../src/monitor/localFiles.ts';
import type { Spaces } from '../../../../src/monitor/host/spaces.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true });
  }
});

/** A tree of files in a folder of its own, for one test. */
export interface Tree {
  readonly files: KernelFiles;
  write(path: string, text: string): void;
  link(path: string, target: string): void;
  remove(path: string): void;
}

export function createTree(texts: Readonly<Record<string, string>> = {}): Tree {
  const root = mkdtempSync(join(tmpdir(), 'trainyard-tree-'));
  folders.push(root);
  const tree: Tree = {
    files: createLocalFiles(root),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    link(path, target) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(target, join(root, path));
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
  };
  for (const [path, text] of Object.entries(texts)) {
    tree.write(path, text);
  }
  return tree;
}

/** Files of another machine, as a box sends them: texts alone. */
export function sentFiles(texts: Readonly<Record<string, Measured<string>>>, lists: Readonly<Record<string, readonly string[]>> = {}): KernelFiles {
  return {
    text: (path) => texts[path] ?? absent('not there'),
    list: (path) => lists[path] ?? absent('not there'),
    link: () => absent('not there'),
  };
}

export const NO_SPACES: Spaces = { of: () => absent('not asked') };

/** Every number in a value, with the way to it; fails to be plain data where it is none. */
export function numbersIn(value: unknown, path = ''): readonly (readonly [string, number])[] {
  if (typeof value === 'number') {
    return [[path, value]];
  }
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => numbersIn(item, `${path}.${key}`)) : [];
}
