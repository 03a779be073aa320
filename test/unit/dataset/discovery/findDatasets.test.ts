import { mkdtempSync, rmSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeDataset, findDatasets } from '../../../../src/dataset/discovery/findDatasets.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'find-datasets-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path.endsWith('.jsonl') ? '{"file_name":"1.jpg","text":"a"}\n' : 'x');
  }
}
const pictures = (folder: string) => [1, 2, 3, 4].map((number) => `${folder}/${number}.jpg`);
const found = () => findDatasets([root]).datasets.map((dataset) => dataset.root.slice(root.length + 1));

it('finds the highest folders that are a dataset, by format or by the media in them', () => {
  write('train.py', ...pictures('data/pets/images'), 'data/pets/metadata.jsonl', ...pictures('data/flowers/rose'), ...pictures('data/flowers/tulip'), ...pictures('clips'));
  expect(found()).toEqual(['clips', 'data/flowers', 'data/pets']);
});

it('takes classes in splits for one dataset, and not each split for one', () => {
  write(...['train', 'val'].flatMap((split) => ['owl', 'wren'].flatMap((label) => pictures(`birds/${split}/${label}`))));
  expect(found()).toEqual(['birds']);
});

it('takes class folders with captions beside the pictures for one dataset', () => {
  write(...['cat', 'dog'].flatMap((name) => [...pictures(`pets/${name}`), ...[1, 2, 3, 4].map((number) => `pets/${name}/${number}.txt`)]));
  expect(found()).toEqual(['pets']);
});

it('takes the workspace itself for one only where it looks like one', () => {
  write(...pictures('.'), 'notes.md');
  expect(found()).toEqual(['']);
});

it('finds nothing in code, in what tools keep, and in hidden folders', () => {
  write('src/main.py', ...pictures('node_modules/x/img'), ...pictures('.git/img'), ...pictures('venv/img'), 'docs/logo.png');
  expect(found()).toEqual([]);
});

it('follows no links, and says how much it looked at', () => {
  write('a/b/notes.md');
  symlinkSync(root, join(root, 'a/loop'));
  const { datasets, folders, more, unreadable } = findDatasets([root]);
  expect({ datasets, folders, more, unreadable }).toEqual({ datasets: [], folders: 3, more: false, unreadable: [] });
});

it('leaves out what was excluded, and ends when it is no longer wanted', () => {
  write(...pictures('clips'));
  expect(findDatasets([root], { excluded: [join(root, 'clips')] }).datasets).toEqual([]);
  expect(findDatasets([root], { isOver: () => true }).folders).toBe(0);
});

it('names a folder that is not there as unreadable', () => {
  expect(findDatasets([join(root, 'gone')]).unreadable).toEqual([join(root, 'gone')]);
});

it('names the files that describe a dataset', () => {
  write(...pictures('images'), 'metadata.jsonl', 'annotations/instances_train.json');
  expect(describeDataset(root).manifests).toEqual(['metadata.jsonl', 'annotations/instances_train.json']);
});
