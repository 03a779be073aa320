import { spawnSync } from 'node:child_process';
import { rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bed, wav } from './harness.ts';

let bed: Bed;
beforeEach(() => (bed = new Bed()));
afterEach(() => bed.dispose());

function pack(tar: string, ...members: readonly string[]): void {
  members.forEach((member) => bed.write(`../pack/${member}`, wav(1)));
  bed.write('keep.txt');
  expect(spawnSync('tar', ['-cf', join(bed.root, tar), '-C', join(bed.folder, 'pack'), ...members]).status).toBe(0);
  rmSync(join(bed.folder, 'pack'), { recursive: true });
}

it('lists the members of archives among the files, and reads them again only when the archive has changed', async () => {
  pack('train-0.tar', 'dog/a.wav', 'b.wav');
  const summary = await bed.open();
  expect(await bed.paths()).toEqual(['keep.txt', 'train-0.tar', 'train-0.tar!/b.wav', 'train-0.tar!/dog/a.wav']);
  expect(summary).toMatchObject({ state: 'complete', kinds: { audio: 2, text: 1, other: 1 }, splits: { train: 2 } });
  const { items } = await bed.ask('items', { root: bed.root, filter: 'name:a.wav', offset: 0, count: 1 });
  expect(items[0]).toMatchObject({ place: { file: join(bed.root, 'train-0.tar'), member: 'dog/a.wav' }, size: wav(1).length, container: { absent: 'not looked into' } });
  expect(await bed.ask('children', { root: bed.root, folder: '', offset: 0, count: 5 })).toMatchObject({ folders: [{ path: 'train-0.tar!', files: 2 }] });
  expect(await bed.refresh()).toMatchObject({ files: 2, probed: 2, kinds: { audio: 2 }, bytes: statSync(join(bed.root, 'train-0.tar')).size });
  expect((await bed.ask('items', { root: bed.root, filter: 'name:a.wav', offset: 0, count: 1 })).items[0]?.id).toBe(items[0]?.id);
  pack('train-0.tar', 'dog/c.wav');
  utimesSync(join(bed.root, 'train-0.tar'), 1, 1);
  await bed.refresh();
  expect(await bed.paths('kind:audio')).toEqual(['train-0.tar!/dog/c.wav']);
  rmSync(join(bed.root, 'train-0.tar'));
  expect(await bed.refresh()).toMatchObject({ files: 1, kinds: { text: 1 } });
});

it('passes over what only calls itself an archive, and one that is cut', async () => {
  bed.write('no.tar', 'no archive, whatever its name says');
  pack('cut.tar', 'a.wav', 'b.wav');
  spawnSync('truncate', ['-s', '20000', join(bed.root, 'cut.tar')]);
  expect(await bed.open()).toMatchObject({ state: 'complete' });
  expect(await bed.paths('kind:audio')).toContain('cut.tar!/a.wav');
});
