import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toBytePath } from '../../../../src/base/bytePath.ts';
import { createGit } from '../../../../src/process/git.ts';
import { sentNames } from '../../../../src/sync/engine/sentNames.ts';
import type { Selection } from '../../../../src/sync/target.ts';
import { temporary } from '../temporary.ts';
import { TARGET } from '../view/inventedPlan.ts';

const git = createGit(process.env, []);
const bytes = (...names: readonly string[]) => names.map((name) => toBytePath(name));
const sent = async (local: string, send: Selection, names: readonly string[]) => {
  const found = await sentNames({ ...TARGET, local, send }, bytes(...names), git, new AbortController().signal);
  return found && [...found].sort();
};

describe('which saved names are sent', () => {
  it('leaves out what a rule leaves out, whatever letters it is written in', async () => {
    const folder = temporary();
    mkdirSync(join(folder, 'geheim-ä'));
    expect(await sent(folder, { list: 'all', rules: ['- geheim-ä/', '- *.é'] }, ['geheim-ä', 'geheim-ä/key', 'a.é', 'a.e'])).toEqual(bytes('a.e'));
  });

  it('leaves out what git ignores, and takes what it does not', async () => {
    const folder = temporary();
    execFileSync('git', ['init', '--quiet', folder]);
    writeFileSync(join(folder, '.gitignore'), 'läufe/\n');
    expect(await sent(folder, { list: 'git', rules: [] }, ['läufe/m.pt', 'träin.py'])).toEqual(bytes('träin.py'));
  });

  it('takes a name below what has become a file for none that is there', async () => {
    const folder = temporary();
    writeFileSync(join(folder, 'a'), '');
    expect(await sent(folder, { list: 'all', rules: ['- b/'] }, ['a/b'])).toEqual(bytes('a/b'));
  });
});
