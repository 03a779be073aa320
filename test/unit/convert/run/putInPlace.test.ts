import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameByClaim, nameFile, nameFolder, replaceFile, replaceFolder } from '../../../../src/convert/run/putInPlace.ts';
import { cleanUp, newFolder, tree } from './runBench.ts';

let folder: string;
let temporary: string;
let target: string;

beforeEach(() => {
  folder = newFolder();
  temporary = join(folder, '.part');
  target = join(folder, 'out');
});
afterEach(cleanUp);

describe.each([
  ['by hard link', nameFile],
  ['without hard links', nameByClaim],
])('a file that gets its name %s', (_, name) => {
  beforeEach(() => writeFileSync(temporary, 'new'));

  it('has it, and no other one', () => {
    name(temporary, target);
    expect(tree(folder)).toEqual(['out']);
    expect(readFileSync(target, 'utf8')).toBe('new');
  });

  it.each<[string, () => void]>([
    ['a file', () => writeFileSync(target, 'theirs')],
    ['an empty file', () => writeFileSync(target, '')],
    ['a folder', () => mkdirSync(target)],
    ['a dangling link', () => symlinkSync(join(folder, 'nowhere'), target)],
  ])('never takes it from %s', (__, taken) => {
    taken();
    const before = tree(folder);
    expect(() => name(temporary, target)).toThrow('something else has taken the output’s name');
    expect(tree(folder)).toEqual(before);
  });
});

describe('a file that replaces an old output', () => {
  beforeEach(() => writeFileSync(temporary, 'new'));

  it('takes its place', () => {
    writeFileSync(target, 'old');
    replaceFile(temporary, target, () => true);
    expect(readFileSync(target, 'utf8')).toBe('new');
  });

  it('leaves one alone that was changed', () => {
    writeFileSync(target, 'edited');
    expect(() => replaceFile(temporary, target, () => false)).toThrow('has been changed');
    expect(readFileSync(target, 'utf8')).toBe('edited');
  });

  it('gets the name where the old one is gone', () => {
    replaceFile(temporary, target, () => false);
    expect(readFileSync(target, 'utf8')).toBe('new');
  });
});

describe('a folder', () => {
  beforeEach(() => {
    mkdirSync(temporary);
    writeFileSync(join(temporary, 'a'), 'new');
  });

  it('gets its name', () => {
    nameFolder(temporary, target);
    expect(tree(folder)).toEqual(['out/', 'out/a']);
  });

  it('does not take the name of an empty folder', () => {
    mkdirSync(target);
    expect(() => nameFolder(temporary, target)).toThrow('something else has taken');
  });

  it('replaces an old one with all that was in it', () => {
    mkdirSync(target);
    writeFileSync(join(target, 'b'), 'old');
    replaceFolder(temporary, target, join(folder, '.old'), () => true);
    expect(tree(folder)).toEqual(['out/', 'out/a']);
  });

  it('is put back where something was added at the last moment', () => {
    mkdirSync(target);
    writeFileSync(join(target, 'b'), 'old');
    const isUntouched = (path: string): boolean => path === target;
    expect(() => replaceFolder(temporary, target, join(folder, '.old'), isUntouched)).toThrow('has been changed');
    expect(tree(folder)).toEqual(['.part/', '.part/a', 'out/', 'out/b']);
  });
});
