import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFilter, FilterFault, parseFilterRules } from '../../../src/base/rsyncFilter.ts';

const FILES = [
  'a', 'b.txt', 'ab', 'a-b', '[x]', 'back\\slash', 'star*', 'a b', '_c', 'é',
  'foo/a', 'foo/bar/a', 'foo/bar/b.txt', 'foo/bar/baz/a', 'bar/foo/a', 'bar/a', 'x/foo/bar/q', 'x/y/z/a', 'x/y/z/b.txt',
  'deep/foo/bar/baz/foo/a', '.hidden/a', '.env', 'x/.env', 'foo.d/a', 'runs/m.pt', 'runs/1/m.pt', 'x/runs/m.pt', 'A/B/a1', 'A/B/a2',
]; // prettier-ignore
const FOLDERS = [...new Set(FILES.flatMap((file) => ancestors(file)))];

function ancestors(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'trainyard-filter-'));
  for (const file of FILES) {
    mkdirSync(dirname(join(root, 'source', file)), { recursive: true });
    writeFileSync(join(root, 'source', file), '');
  }
  mkdirSync(join(root, 'empty'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

/** What rsync sends from the tree under these rules. */
function sentByRsync(rules: readonly string[]): readonly string[] {
  const words = ['-rn', '-8', '--out-format=%n', ...rules.map((rule) => `--filter=${rule}`), `${root}/source/`, `${root}/empty/`];
  const { stdout, stderr, status } = spawnSync('rsync', words, { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } });
  expect(stderr + String(status)).toBe('0');
  return stdout.split('\n').filter((line) => line !== '' && line !== './').map((line) => line.replace(/\/$/, '')).sort();
}

/** What rsync would delete from the tree, were the source empty. */
function deletedByRsync(rules: readonly string[]): readonly string[] {
  const words = ['-rn', '-8', '--delete', '--out-format=%o %n', ...rules.map((rule) => `--filter=${rule}`), `${root}/empty/`, `${root}/source/`];
  const { stdout } = spawnSync('rsync', words, { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } });
  return stdout.split('\n').filter((line) => line.startsWith('del. ')).map((line) => line.slice(5)).filter((line) => !line.endsWith('/')).sort();
}

function takenByUs(rules: readonly string[], side: 'sender' | 'receiver'): readonly string[] {
  const filter = createFilter(parseFilterRules(rules.map(bytes)), side);
  return [...FILES.map((file) => [file, false] as const), ...(side === 'sender' ? FOLDERS.map((folder) => [folder, true] as const) : [])]
    .filter(([path, isFolder]) => filter.leftOutBy(bytes(path), isFolder) === undefined)
    .map(([path]) => path)
    .sort();
}

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'foo', 'bar', 'baz', 'x', 'y', 'runs', '.env', 'm.pt', 'b.txt', 'é', 'A', 'B') },
  { weight: 4, arbitrary: fc.constantFrom('*', '**', '***', '?', '*.txt', '[ab]', '[!a]', '[a-c]*', '[[:alpha:]]', '[^x]', '.*', 'b*', '*a', '\\*', '[]x]', 'a[0-9]', '[\\a]', '[[x]*', '[x') },
);
const pattern = fc
  .tuple(fc.boolean(), fc.array(piece, { minLength: 1, maxLength: 3 }), fc.constantFrom('/', ''), fc.constantFrom('/', '', ''))
  .map(([anchored, pieces, between, end]) => `${anchored ? '/' : ''}${pieces.join(between === '' && pieces.length > 2 ? '/' : between)}${end}`);
const rule = fc.tuple(fc.constantFrom('- ', '- ', '+ ', 'H ', 'S ', 'P ', 'R ', '-! ', '-s ', '-r ', 'exclude ', '+,! '), pattern).map(([kind, text]) => kind + text);

describe('filter rules', () => {
  it('leave out on the sending side what rsync leaves out', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (rules) => {
        expect(takenByUs(rules, 'sender')).toEqual(sentByRsync(rules));
      }),
      { numRuns: 200 },
    );
  });

  it('that have a slash within brackets match no single name, as with rsync', () => {
    const rules = ['- [x/[[x]*/'];
    expect(takenByUs(rules, 'sender')).toEqual(sentByRsync(rules));
    expect(takenByUs(rules, 'receiver')).toEqual(deletedByRsync(rules));
  });

  it('protect on the receiving side what rsync protects', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (rules) => {
        expect(takenByUs(rules, 'receiver')).toEqual(deletedByRsync(rules));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [['- *.txt', '! ', '- /a']],
    [['# nothing', '', '; nothing', '- runs/***']],
    [['+ */', '+ *.pt', '- *']],
    [['+ /foo/bar/***', '- /foo/*', '- .env']],
    [['-_a b', '- back\\slash']],
    [['- back\\\\slas[h]', '- star\\*', '- [[]x]']],
  ])('read %j as rsync does', (rules) => {
    expect(takenByUs(rules, 'sender')).toEqual(sentByRsync(rules.filter((line) => !/^[#;]|^$/.test(line)).map((line) => line.trimEnd())));
  });

  it.each([
    [['- a', 'nonsense'], 1, 'no filter rule'],
    [[':- .gitignore'], 0, 'reads rules from a file'],
    [['merge x'], 0, 'reads rules from a file'],
    [['-C x'], 0, 'modifier “C”'],
    [['-/ x'], 0, 'modifier “/”'],
    [['-'], 0, 'no filter rule'],
  ])('%j is refused with the place and the reason', (rules, index, words) => {
    let fault: unknown;
    try {
      parseFilterRules(rules);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(FilterFault);
    expect((fault as FilterFault).index).toBe(index);
    expect((fault as FilterFault).message).toContain(words);
  });
});
