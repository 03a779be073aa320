import { readdirSync, readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatById } from '../../../../src/dataset/formats/index.ts';
import type { Dataset } from '../../../../src/dataset/format.ts';
import { nuscenesFiles } from './made.ts';
import type { Files } from './support.ts';
import { lines, madeFolder, png } from './support.ts';

function opened(format: string, root: string): Promise<Dataset> {
  return formatById(format)!.open(root);
}

/** Files below a folder that this process holds open. */
function heldIn(root: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(root) ? [target] : [];
    } catch {
      return [];
    }
  });
}

it('lets go of the tables of nuScenes where one of them cannot be read', async () => {
  const root = madeFolder({ ...nuscenesFiles(), 'v1.0-mini/visibility.json': Buffer.of(0x1f, 0x8b, 1, 2) });
  await expect(opened('nuscenes', root)).rejects.toThrow('visibility.json');
  await expect.poll(() => heldIn(root)).toEqual([]);
});

it('opens a data set of YOLO of which one split lists no pictures', async () => {
  const files: Files = { 'data.yaml': 'train: train.txt\nval: val.txt\nnames: [cat]\n', 'train.txt': './images/a.png\n', 'val.txt': '\n', 'images/a.png': png(8, 8), 'labels/a.txt': '0 0.5 0.5 0.2 0.2\n' };
  const root = madeFolder(files);
  const dataset = await opened('yolo', root);
  expect(dataset).toMatchObject({ count: 1, splits: ['train', 'val'] });
  dataset.close();
  expect(heldIn(root)).toEqual([]);
});

it('looks for the shards of a manifest of NeMo only where a row has one', async () => {
  const files: Files = { 'train_manifest.json': lines({ audio_filepath: 'in.wav', duration: 1, text: 'x', shard_id: 0 }, { audio_filepath: 'a.wav', duration: 1, text: 'x' }) };
  const root = madeFolder({ ...files, 'audio_0.tar': '' });
  const dataset = await opened('nemo', root);
  expect((await dataset.at(0))?.media).toEqual([{ role: 'audio_filepath', kind: 'audio', place: { file: `${root}/audio_0.tar`, member: 'in.wav' } }]);
  expect((await dataset.at(1))?.media).toEqual([{ role: 'audio_filepath', kind: 'audio', place: { file: `${root}/a.wav` } }]);
  dataset.close();
});
