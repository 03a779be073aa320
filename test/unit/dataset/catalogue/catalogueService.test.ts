import { existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAbsent } from '../../../../src/base/absent.ts';
import { Bed, bmp, wav } from './harness.ts';

let bed: Bed;
beforeEach(() => (bed = new Bed()));
afterEach(() => bed.dispose());

function fill(): void {
  bed.write('train/cat/a.bmp', bmp(4, 3));
  bed.write('train/cat/b.wav', wav(2));
  bed.write('train/dog/c.wav', wav(1, 16_000));
  bed.write('val/dog/d.bmp', bmp(640, 480));
  bed.write('notes.txt', 'hello');
}

describe('a catalogue', () => {
  it('knows what lies in a folder, and what it is', async () => {
    fill();
    const summary = await bed.open();
    expect(summary).toMatchObject({
      state: 'complete',
      files: 5,
      probed: 5,
      kinds: { image: 2, audio: 2, text: 1 },
      seconds: 3,
      splits: { train: 3, val: 1 },
      problems: { error: 0, warning: 0, info: 0 },
    });
    expect(summary.bytes).toBe(summaryBytes());
    const { items } = await bed.ask('items', { root: bed.root, filter: 'name:b.wav', offset: 0, count: 10 });
    expect(items).toMatchObject([
      { path: 'train/cat/b.wav', place: { file: join(bed.root, 'train/cat/b.wav') }, kind: 'audio', container: 'wav', duration: 2, sampleRate: 8000, channels: 1, codec: 'pcm_s16le', label: 'cat', split: 'train' },
    ]);
  });

  it('brings items of one value together, sorted within each, those without one last', async () => {
    fill();
    await bed.open();
    const { items } = await bed.ask('items', { root: bed.root, filter: '', group: 'label', sort: { column: 'name', descending: true }, offset: 0, count: 100 });
    const labels = items.map(({ label }) => label);
    const sums = await bed.ask('sums', { root: bed.root, filter: '', column: 'label' });
    const inOrder = [...sums].sort((a, b) => Number(a.value === null) - Number(b.value === null) || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
    expect(labels).toEqual(inOrder.flatMap(({ value, items: count }) => Array.from({ length: count }, () => value ?? undefined)));
    expect(new Set(labels).size).toBeGreaterThan(1);
    const last = items[items.length - 1]?.id ?? 0;
    expect(await bed.ask('indexOf', { root: bed.root, filter: '', group: 'label', sort: { column: 'name', descending: true }, id: last })).toBe(items.length - 1);
  });

  it('lists by path as a tree does, and by any column with what is not known last', async () => {
    fill();
    await bed.open();
    expect(await bed.paths()).toEqual(['notes.txt', 'train/cat/a.bmp', 'train/cat/b.wav', 'train/dog/c.wav', 'val/dog/d.bmp']);
    expect(await bed.paths('', { column: 'duration', descending: true })).toEqual(['train/cat/b.wav', 'train/dog/c.wav', 'notes.txt', 'train/cat/a.bmp', 'val/dog/d.bmp']);
    expect(await bed.paths('', { column: 'name', descending: true })).toEqual(['notes.txt', 'val/dog/d.bmp', 'train/dog/c.wav', 'train/cat/b.wav', 'train/cat/a.bmp']);
    expect(await bed.paths('', { column: 'label', descending: false })).toEqual(['train/cat/a.bmp', 'train/cat/b.wav', 'train/dog/c.wav', 'val/dog/d.bmp', 'notes.txt']);
  });

  it.each([
    ['duration > 1.5', ['train/cat/b.wav']],
    ['kind:image', ['train/cat/a.bmp', 'val/dog/d.bmp']],
    ['split == train and label != cat', ['train/dog/c.wav']],
    ['not (label == cat)', ['notes.txt', 'train/dog/c.wav', 'val/dog/d.bmp']],
    ['label is none', ['notes.txt']],
    ['path:train/*.wav', ['train/cat/b.wav', 'train/dog/c.wav']],
    ['folder == val/dog', ['val/dog/d.bmp']],
    ['width:100..1k or rate == 16k', ['train/dog/c.wav', 'val/dog/d.bmp']],
    ['dog', ['train/dog/c.wav', 'val/dog/d.bmp']],
    ['"DOG/C"', ['train/dog/c.wav']],
    ['duration is unknown', []],
    ['modified > yesterday size < 1MB kind:text', ['notes.txt']],
    ["label == \"' OR 1=1 --\"", []],
    ['durration > 2', ['There is no column “durration”. Did you mean duration?']],
  ])('filters: %s', async (filter, wanted) => {
    fill();
    await bed.open();
    expect(await bed.paths(filter)).toEqual(wanted);
  });

  it('finds an item in the order of a query, and none that is not in it', async () => {
    fill();
    await bed.open();
    const { items } = await bed.ask('items', { root: bed.root, filter: 'dog', offset: 1, count: 1 });
    const [{ id } = { id: -1 }] = items;
    expect(await bed.ask('indexOf', { root: bed.root, filter: 'dog', id })).toBe(1);
    expect(await bed.ask('indexOf', { root: bed.root, filter: 'cat', id })).toBe(-1);
    expect(await bed.ask('item', { root: bed.root, id })).toMatchObject({ path: 'val/dog/d.bmp' });
    expect(await bed.ask('item', { root: bed.root, id: 999 })).toBeNull();
  });

  it('counts for facets what passes all else of the filter', async () => {
    fill();
    await bed.open();
    const [label, duration, width] = await bed.ask('facets', { root: bed.root, filter: 'label:cat split:train', columns: ['label', 'duration', 'width'] });
    expect(label).toEqual({ column: 'label', kind: 'values', values: [{ value: 'cat', count: 2 }, { value: 'dog', count: 1 }], more: 0 });
    expect(duration).toMatchObject({ column: 'duration', kind: 'histogram', applies: 1, known: 1 });
    expect(width).toMatchObject({ applies: 1, known: 1 });
  });

  it('sums items, seconds and bytes by the values of a column', async () => {
    fill();
    await bed.open();
    const sums = await bed.ask('sums', { root: bed.root, filter: 'kind:audio,text', column: 'label' });
    expect(sums.map(({ value, items, seconds }) => [value, items, seconds])).toEqual([['cat', 1, 2], ['dog', 1, 1], [null, 1, 0]]);
    expect(sums.at(-1)?.bytes).toBe(5);
  });

  it('lists folders with the files below them', async () => {
    fill();
    await bed.open();
    const { folders, items, total } = await bed.ask('children', { root: bed.root, folder: '', offset: 0, count: 10 });
    expect(folders).toEqual([{ path: 'train', files: 3 }, { path: 'val', files: 1 }]);
    expect(items.map(({ path }) => path)).toEqual(['notes.txt']);
    expect(total).toBe(1);
  });

  it('finds what came, went and changed, and keeps the numbers of the others', async () => {
    fill();
    await bed.open();
    const before = await bed.ask('items', { root: bed.root, filter: '', offset: 0, count: 10 });
    bed.write('train/dog/new.wav', wav(5));
    rmSync(join(bed.root, 'train/cat/a.bmp'));
    renameSync(join(bed.root, 'val'), join(bed.root, 'test'));
    writeFileSync(join(bed.root, 'train/cat/b.wav'), wav(7));
    const summary = await bed.refresh();
    expect(await bed.paths()).toEqual(['notes.txt', 'test/dog/d.bmp', 'train/cat/b.wav', 'train/dog/c.wav', 'train/dog/new.wav']);
    expect(summary).toMatchObject({ files: 5, kinds: { image: 1, audio: 3, text: 1 }, seconds: 13, splits: { train: 3, test: 1 } });
    const after = await bed.ask('items', { root: bed.root, filter: '', offset: 0, count: 10 });
    const idOf = (page: typeof before, path: string): number | undefined => page.items.find((item) => item.path === path)?.id;
    expect(idOf(after, 'train/dog/c.wav')).toBe(idOf(before, 'train/dog/c.wav'));
    expect(before.items.map(({ id }) => id)).not.toContain(idOf(after, 'train/dog/new.wav'));
  });

  it('reads only folders that have changed when it is opened again', async () => {
    fill();
    const cats = join(bed.root, 'train/cat');
    utimesSync(cats, 1000, 1000);
    const before = await bed.open();
    await bed.restart();
    // Nothing tells that this one is gone: the folder's time is put back. It shows that the folder was not read.
    rmSync(join(cats, 'a.bmp'));
    utimesSync(cats, 1000, 1000);
    rmSync(join(bed.root, 'val/dog/d.bmp'));
    expect(await bed.open()).toMatchObject({ files: 4, seconds: before.seconds, kinds: { image: 1, audio: 2, text: 1 } });
    expect(await bed.paths('kind:image')).toEqual(['train/cat/a.bmp']);
  });

  it('begins a damaged catalogue anew, and says so', async () => {
    fill();
    await bed.open();
    await bed.restart();
    const { readdirSync } = await import('node:fs');
    const file = readdirSync(bed.storage).find((name) => name.endsWith('.db'))!;
    writeFileSync(join(bed.storage, file), Buffer.alloc(20_000, 'broken '));
    const summary = await bed.open();
    expect(summary.problem).toMatch(/^The catalogue was damaged and is made anew/);
    expect(summary).toMatchObject({ state: 'complete', files: 5, probed: 5 });
  });

  it('says why there is nothing to see where the folder is gone', async () => {
    rmSync(bed.root, { recursive: true });
    expect(await bed.open()).toMatchObject({ state: 'failed', problem: `${bed.root} is not there, or is no folder`, files: 0 });
  });

  it('names what cannot be read and goes on', async () => {
    bed.write('a.wav', '');
    bed.write('b.jpg', 'no picture');
    const summary = await bed.open();
    expect(summary).toMatchObject({ state: 'complete', files: 2, problems: { error: 1 } });
    expect(await bed.paths('health:error')).toEqual(['a.wav']);
  });
});

describe('a note of a check', () => {
  it('is kept, counted and found, until the file is another', async () => {
    fill();
    await bed.open();
    const place = { file: join(bed.root, 'train/cat/b.wav') };
    const notes = [{ place, hash: 'ab12', health: { severity: 'error' as const, message: 'The same as c.wav' } }, { place: { file: join(bed.root, 'nowhere.wav') }, hash: 'x' }];
    expect(await bed.ask('annotate', { root: bed.root, notes })).toBe(1);
    expect((await bed.ask('summary', { root: bed.root })).problems).toEqual({ error: 1, warning: 0, info: 0 });
    expect(await bed.paths('health:error hash == ab12')).toEqual(['train/cat/b.wav']);
    expect((await bed.refresh()).problems.error).toBe(1);
    writeFileSync(place.file, wav(9));
    expect((await bed.refresh()).problems.error).toBe(0);
    expect(await bed.paths('hash == ab12')).toEqual([]);
  });
});

describe('an export', () => {
  it('writes a manifest of what a filter finds, and writes nothing over', async () => {
    fill();
    await bed.open();
    const file = join(bed.folder, 'out.jsonl');
    expect(await bed.ask('exportManifest', { root: bed.root, filter: 'kind:audio', form: 'jsonl', file })).toBe(2);
    const rows = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows[0]).toMatchObject({ path: join(bed.root, 'train/cat/b.wav'), duration: 2, label: 'cat' });
    await expect(bed.ask('exportManifest', { root: bed.root, filter: '', form: 'jsonl', file })).rejects.toThrow(`${file} is there already and is not written over`);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('names files for Hugging Face from the manifest’s own folder, and removes it where that cannot be', async () => {
    fill();
    await bed.open();
    const file = join(bed.root, 'pictures.jsonl');
    await bed.ask('exportManifest', { root: bed.root, filter: 'kind:image', form: 'hf', file });
    expect(readFileSync(file, 'utf8')).toBe('{"file_name":"train/cat/a.bmp","label":"cat"}\n{"file_name":"val/dog/d.bmp","label":"dog"}\n');
    const above = join(bed.root, 'metadata.jsonl');
    await expect(bed.ask('exportManifest', { root: bed.root, filter: 'kind:image', form: 'hf', file: above })).rejects.toThrow('load_dataset makes a split of train');
    expect(existsSync(above)).toBe(false);
    const within = join(bed.root, 'train', 'metadata.jsonl');
    expect(await bed.ask('exportManifest', { root: bed.root, filter: 'kind:image split:train', form: 'hf', file: within })).toBe(1);
    expect(readFileSync(within, 'utf8')).toBe('{"file_name":"cat/a.bmp","label":"cat"}\n');
    const elsewhere = join(bed.root, 'val', 'metadata.jsonl');
    await expect(bed.ask('exportManifest', { root: bed.root, filter: 'kind:image', form: 'hf', file: elsewhere })).rejects.toThrow('does not lie below');
    expect(existsSync(elsewhere)).toBe(false);
  });

  it('quotes cells of CSV that need it', async () => {
    bed.write('a, "b".txt', 'x');
    await bed.open();
    const file = join(bed.folder, 'out.csv');
    await bed.ask('exportManifest', { root: bed.root, filter: '', form: 'csv', file });
    expect(readFileSync(file, 'utf8').split('\n')[1]).toContain(`"${bed.root}/a, ""b"".txt",,text,`);
  });
});

function summaryBytes(): number {
  return bmp(4, 3).length + wav(2).length + wav(1, 16_000).length + bmp(640, 480).length + 'hello'.length;
}

it('tells of what is not known yet that it is not', async () => {
  bed.write('a.wav', wav(1));
  const summary = await bed.ask('open', { root: bed.root });
  expect(summary.state).toBe('walking');
  expect(isAbsent(summary.bytes)).toBe(true);
  await bed.settled();
  expect(bed.told.at(-1)?.state).toBeDefined();
});
