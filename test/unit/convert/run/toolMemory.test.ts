import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findJobTools } from '../../../../src/convert/run/toolMemory.ts';
import type { ToolSearch } from '../../../../src/process/toolSearch.ts';
import { cleanUp, newFolder } from './runBench.ts';

let folder: string;
let memory: string;
let asked: string;

/** A sox that counts how often it is asked what it is. */
function install(name: string): string {
  const path = join(folder, name, 'sox');
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho x >> ${asked}\nexec /usr/bin/sox "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

const timesAsked = (): number => (existsSync(asked) ? readFileSync(asked, 'utf8').length / 2 : 0);

beforeEach(() => {
  folder = newFolder();
  memory = join(folder, 'tools.json');
  asked = join(folder, 'asked');
});
afterEach(cleanUp);

const search = (...paths: string[]): ToolSearch => ({ paths: {}, env: { PATH: paths.join(':') }, sharpWorker: '', never: [] });

describe('the memory of tools', () => {
  it('gives what was found before, without asking again', async () => {
    const path = install('bin');
    const first = await findJobTools({ ...search(), paths: { sox: path } }, ['sox'], memory);
    expect(first.states[0]?.found?.path).toBe(path);
    const times = timesAsked();
    expect(await findJobTools({ ...search(), paths: { sox: path } }, ['sox'], memory)).toEqual(first);
    expect([times > 0, timesAsked()]).toEqual([true, times]);
  });

  it.each<[string, (path: string) => void]>([
    ['the program has changed', (path) => appendFileSync(path, '# new\n')],
    ['a program was put into a folder of PATH', () => writeFileSync(join(folder, 'first/other'), '')],
    ['the memory is damaged', () => writeFileSync(memory, '{')],
    ['the memory is gone', () => rmSync(memory)],
  ])('is not relied on where %s', async (what, change) => {
    mkdirSync(join(folder, 'first'));
    const path = install('bin');
    const asking = { ...search(join(folder, 'first')), paths: { sox: path } };
    const before = await findJobTools(asking, ['sox'], memory);
    const times = timesAsked();
    change(path);
    const after = await findJobTools(asking, ['sox'], memory);
    expect(timesAsked()).toBeGreaterThan(times);
    expect(after.states[0]?.found?.buildId === before.states[0]?.found?.buildId).toBe(what !== 'the program has changed');
  });

  it('notices that a program is gone', async () => {
    const path = install('bin');
    const asking = { ...search(), paths: { sox: path } };
    await findJobTools(asking, ['sox'], memory);
    rmSync(path);
    expect((await findJobTools(asking, ['sox'], memory)).states[0]?.found).toBeUndefined();
  });

  it('does not answer one question with the answer to another', async () => {
    const path = install('bin');
    const asking = { ...search(), paths: { sox: path } };
    await findJobTools(asking, ['sox'], memory);
    expect((await findJobTools({ ...asking, never: [folder] }, ['sox'], memory)).states[0]?.found).toBeUndefined();
    expect((await findJobTools(asking, ['sox', 'ffprobe'], memory)).states).toHaveLength(2);
    const times = timesAsked();
    expect((await findJobTools(asking, ['sox'], memory)).states[0]?.found?.path).toBe(path);
    expect(timesAsked()).toBe(times);
  });
});
