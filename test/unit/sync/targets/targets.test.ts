import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELDS, targetsSchema } from '../../../../src/sync/targets/fields.ts';
import { parseBytes, parseTargets } from '../../../../src/sync/targets/parseTargets.ts';
import { parseTargetsFile, readTargetsFile } from '../../../../src/sync/targets/readTargets.ts';
import { localRoot, remoteRoot } from '../../../../src/sync/targets/roots.ts';
import { temporary } from '../temporary.ts';

const parse = (...targets: readonly object[]) => parseTargets(targets, { from: 'user', folder: '/home/me/asr', path: 'trainyard.sync.targets' });
const faults = (target: object, from: 'user' | 'workspace' = 'user'): readonly string[] =>
  parseTargets([target], { from, folder: '/w', path: 'targets' }).problems.map(({ key, message }) => `${key} ${message}`);

describe('a written target', () => {
  it('needs a box and a folder, and is complete', () => {
    expect(parse({ box: 'gpu1', remote: '~/asr' })).toEqual({
      targets: [{ name: 'gpu1', boxes: ['gpu1'], local: '/home/me/asr', remote: '~/asr', direction: 'push', send: { list: 'git', rules: [] }, deletions: 'never', runsUnasked: false, checkpoints: [], from: 'user' }],
      problems: [],
    });
  });

  it('says all that can be said', () => {
    const all = { name: 'runs', box: 'a', remote: '/data/runs', local: 'runs', direction: 'pull', send: 'git', rules: ['- *.tmp'], largest: '2 GiB', deletions: 'plan', runUnasked: true, checkpoints: ['*/checkpoint-*'], bandwidth: 5000, rsyncPath: 'sudo rsync' };
    expect(Object.keys(all).sort()).toEqual(Object.keys(FIELDS).sort());
    expect(parse(all).targets).toEqual([
      { name: 'runs', boxes: ['a'], local: '/home/me/asr/runs', remote: '/data/runs', direction: 'pull', send: { list: 'git', rules: ['- *.tmp'], largest: 2 * 1024 ** 3 }, deletions: 'plan', runsUnasked: true, checkpoints: ['*/checkpoint-*'], bandwidth: 5000, rsyncPath: 'sudo rsync', from: 'user' },
    ]);
  });

  it('pulls everything unless it says otherwise, and may go to several boxes', () => {
    expect(parse({ box: 'a', remote: '/x', direction: 'pull' }).targets[0]?.send.list).toBe('all');
    expect(parse({ box: ['a', 'me@b'], remote: '/x' }).targets[0]).toMatchObject({ name: 'a', boxes: ['a', 'me@b'] });
  });

  it.each<[object, string]>([
    [{ remote: '/x' }, 'targets[0].box is missing'],
    [{ box: 'a' }, 'targets[0].remote is missing'],
    [{ box: '-oProxyCommand=x', remote: '/x' }, 'targets[0].box “-oProxyCommand=x” is no host'],
    [{ box: ['a', 'a'], remote: '/x' }, 'targets[0].box names a box twice'],
    [{ box: [], remote: '/x' }, 'targets[0].box is text, or a list of texts'],
    [{ box: ['a', 'b'], remote: '/x', direction: 'pull' }, 'targets[0].box is one box'],
    [{ box: 'a', remote: 'x' }, 'targets[0].remote is a folder from / or from ~/'],
    [{ box: 'a', remote: '/x/../../etc' }, 'targets[0].remote is a folder from / or from ~/'],
    [{ box: 'a', remote: '/x', direction: 'both' }, 'targets[0].direction is “push” or “pull”'],
    [{ box: 'a', remote: '/x', runUnasked: 'yes' }, 'targets[0].runUnasked is true or false'],
    [{ box: 'a', remote: '/x', rules: ['- ok', ':- .gitignore'] }, 'targets[0].rules[1] “:- .gitignore” reads rules from a file'],
    [{ box: 'a', remote: '/x', largest: '5 parsecs' }, 'targets[0].largest is a number of bytes'],
    [{ box: 'a', remote: '/x', bandwidth: 0 }, 'targets[0].bandwidth is a number above 0'],
    [{ box: 'a', remote: '/x', deletion: 'plan' }, 'targets[0].deletion is no key of a target: is “deletions” meant?'],
    [{ box: 'a', remote: '/x', constructor: 1 }, 'targets[0].constructor is no key'],
    [{ box: 'a', remote: '/x', name: 'a:b' }, 'targets[0].name has no “:”'],
  ])('%j is refused with its key', (target, fault) => {
    expect(faults(target)).toEqual([expect.stringContaining(fault)]);
  });

  it('names no program where it comes from a workspace', () => {
    expect(faults({ box: 'a', remote: '/x', rsyncPath: 'evil; rsync' }, 'workspace')).toEqual([expect.stringContaining('user settings alone')]);
  });

  it('with a problem leaves the others in peace, as do two of one name', () => {
    const { targets, problems } = parse({ box: 'a', remote: 'bad' }, { box: 'b', remote: '/x' }, { box: 'b', remote: '/y' });
    expect(targets.map(({ remote }) => remote)).toEqual(['/x']);
    expect(problems.map(({ key }) => key)).toEqual(['trainyard.sync.targets[0].remote', 'trainyard.sync.targets[2].name']);
  });

  it.each([['500 MB', 500e6], ['1.5GiB', 1.5 * 1024 ** 3], ['10k', 10_000], ['7', 7], [12, 12], ['x', undefined], ['-1', undefined], [0, undefined]])('%j is a size of %s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  }); // prettier-ignore
});

describe('.vscode/trainyard.json', () => {
  it('has comments and trailing commas, and its problems name file, line and key', () => {
    const folder = temporary();
    mkdirSync(join(folder, '.vscode'));
    writeFileSync(join(folder, '.vscode/trainyard.json'), '// ours\n{\n  "targets": [\n    { "box": "a", "remote": "~/x", },\n    { "box": "b", "remote": "/y",\n      "direction": "up" },\n  ],\n  "tragets": 1\n}\n');
    const { targets, problems } = readTargetsFile(folder);
    expect(targets).toEqual([expect.objectContaining({ name: 'a', local: folder, from: 'workspace' })]);
    expect(problems.map(({ message }) => message)).toEqual([
      '.vscode/trainyard.json, line 8: tragets is no key of this file: it has “targets”',
      '.vscode/trainyard.json, line 6: targets[1].direction is “push” or “pull”',
    ]);
  });

  it('that is broken says where, and one that is not there says nothing', () => {
    expect(parseTargetsFile('{\n "targets": [\n', '/w').problems).toEqual([expect.objectContaining({ message: expect.stringMatching(/trainyard\.json, line \d: this is no JSON/) })]);
    expect(parseTargetsFile('[]', '/w').problems).toHaveLength(1);
    expect(readTargetsFile(temporary())).toEqual({ targets: [], problems: [] });
  });

  it('has a schema that is made from what the parser takes', () => {
    expect(JSON.parse(readFileSync('syntaxes/trainyard.schema.json', 'utf8'))).toEqual(targetsSchema());
  });
});

describe('folders', () => {
  it.each([['~', '/home/a'], ['~/x/', '/home/a/x'], ['/x//y/.', '/x/y'], ['/', '/']])('%s on a box is %s', (remote, root) => {
    expect(remoteRoot(remote, '/home/a')).toBe(root);
  }); // prettier-ignore

  it.each(['x', '', '~bob/x', '/a/../b', '-x', '/a\nb'])('%j is none on a box', (remote) => {
    expect(() => remoteRoot(remote, '/home/a')).toThrow('no folder on a box');
  });

  it('here start from the workspace’s', () => {
    expect([localRoot('.', '/w'), localRoot('a/..//b/', '/w'), localRoot('/x', '/w'), localRoot('~/y', '/w')]).toEqual(['/w', '/w/b', '/x', `${homedir()}/y`]);
  });
});
