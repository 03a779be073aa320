import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal, type Journal } from '../../../../src/convert/run/journal.ts';
import { readJournal } from '../../../../src/convert/run/journalState.ts';
import { OutputFolders } from '../../../../src/convert/run/outputFolders.ts';
import { cleanUp, newFolder, tree } from './runBench.ts';

let root: string;
let file: string;
let journal: Journal;

beforeEach(() => {
  root = newFolder();
  file = join(newFolder(), 'journal.jsonl');
  journal = openJournal(file);
});
afterEach(() => {
  journal.close();
  cleanUp();
});

describe('output folders', () => {
  it('are made with those above them, and entered before anything is put into them', async () => {
    mkdirSync(join(root, 'there'));
    const folders = new OutputFolders(journal, []);
    folders.ensure(join(root, 'a/b/c'));
    folders.ensure(join(root, 'there'));
    const state = await readJournal(file);
    expect([...state.folders].sort()).toEqual(['a', 'a/b', 'a/b/c', 'there'].map((path) => join(root, path)));
    expect([...state.madeFolders].sort()).toEqual(['a', 'a/b', 'a/b/c'].map((path) => join(root, path)));
  });

  it('go again where they stayed empty, unless they were there before', () => {
    mkdirSync(join(root, 'theirs'));
    const folders = new OutputFolders(journal, []);
    ['a/b/empty', 'a/used', 'theirs', 'a/b/other'].forEach((path) => folders.ensure(join(root, path)));
    writeFileSync(join(root, 'a/used/out'), '');
    folders.use(join(root, 'a/used'));
    writeFileSync(join(root, 'a/b/other/theirs'), '');
    folders.removeUnused();
    expect(tree(root)).toEqual(['a/', 'a/b/', 'a/b/other/', 'a/b/other/theirs', 'a/used/', 'a/used/out', 'theirs/']);
  });

  it('are removed also after the run that made them has died', () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    new OutputFolders(journal, [join(root, 'a'), join(root, 'a/b')]).removeUnused();
    expect(tree(root)).toEqual([]);
  });

  it('say at once where nothing can be written into them', () => {
    writeFileSync(join(root, 'file'), '');
    const folders = new OutputFolders(journal, []);
    expect(() => folders.ensure(join(root, 'file'))).toThrow('is not a folder');
    expect(() => folders.ensure(join(root, 'file/sub'))).toThrow(/ENOTDIR/);
  });

  it('are synced also where they are gone', async () => {
    const folders = new OutputFolders(journal, []);
    await expect(folders.sync([join(root, 'gone'), root])).resolves.toBeUndefined();
  });
});
