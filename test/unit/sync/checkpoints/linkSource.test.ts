import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLinks } from '../../../../src/process/ssh/links.ts';
import type { SshLink } from '../../../../src/process/ssh/link.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { inspectCheckpoint } from '../../../../src/sync/checkpoints/inspectCheckpoint.ts';
import { openLinkSource } from '../../../../src/sync/checkpoints/sources/linkSource.ts';
import { openLocalSource } from '../../../../src/sync/checkpoints/sources/localSource.ts';
import { startLab } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/lab.ts';
import { fullTorch } from './checkpointBytes.ts';

let lab: Lab;
let links: SshLinks;
let link: SshLink;
let home: string;
beforeAll(async () => {
  lab = await startLab();
  links = createSshLinks({ env: process.env, timers: systemTimers, config: lab.config });
  link = links.link('box1');
  home = lab.boxes[0]?.home ?? '';
});
afterAll(async () => {
  links.dispose();
  await lab[Symbol.asyncDispose]();
});

describe('a source on a box', () => {
  it('gives the same as one here, in five round trips', async () => {
    const path = join(home, "it's $(a) model.pt");
    writeFileSync(path, fullTorch());
    let commands = 0;
    const counted = { host: 'box1', run: (...args: Parameters<SshLink['run']>) => (commands++, link.run(...args)) };
    const there = await inspectCheckpoint(await openLinkSource(counted, path));
    const here = await inspectCheckpoint(await openLocalSource(path));
    expect({ ...there.facts, path: '' }).toEqual({ ...here.facts, path: '' });
    expect(there.inspection).toEqual(here.inspection);
    // What it is, its names, its head, its tail, its pickle.
    expect(commands).toBe(5);
  });

  it('reads parts from both ends, past the end and of what is not there, as a source here does', async () => {
    const folder = join(home, 'parts');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    writeFileSync(join(folder, '-n'), Buffer.from('0123456789\n\0\n'));
    writeFileSync(join(folder, 'sub', 'line\nbreak'), Buffer.alloc(3000, 7));
    const [there, here] = [await openLinkSource(link, folder), await openLocalSource(folder)];
    const ranges = [
      { file: '-n', offset: 2, length: 4 },
      { file: '-n', offset: -5, length: 5 },
      { file: '-n', offset: -500, length: 500 },
      { file: '-n', offset: 500, length: 5 },
      { file: 'absent', offset: 0, length: 5 },
      { file: '../parts/-n', offset: 0, length: 5 },
      { file: 'sub/line\nbreak', offset: 2990, length: 50 },
    ];
    expect(await there.read(ranges)).toEqual(await here.read(ranges));
    const whole = ranges.filter(({ file }) => file === '-n');
    expect(await there.digest(whole)).toEqual(await here.digest(whole));
    const names = async (source: typeof there) => (await source.list(3)).files.map(({ name, size, folder: isFolder }) => `${name} ${size} ${isFolder}`).sort();
    expect(await names(there)).toEqual(await names(here));
  });

  it('says so where there is nothing', async () => {
    await expect(openLinkSource(link, '/no/such')).rejects.toMatchObject({ reason: 'target', message: 'There is no box1:/no/such.' });
  });
});

describe('a box that answers what it was not asked', () => {
  const answering = (read: string) => ({
    host: 'hostile',
    run: (command: string) => Promise.resolve({ exitCode: 0, stderr: '', stdout: Buffer.from(command.includes('cut_part') ? read : 'f') }),
  });

  it.each(['', 'Welcome!\n', '99999999999\nshort', '-4\n\n\n', '5\n01234\nnot the mark\n'])('is not believed: %j', async (answer) => {
    const source = await openLinkSource(answering(answer), '/a.pt');
    await expect(source.read([{ file: 'a.pt', offset: 0, length: 5 }])).rejects.toMatchObject({ reason: 'failed' });
  });
});
