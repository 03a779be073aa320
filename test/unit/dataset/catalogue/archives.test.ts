import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CatalogueItem } from '../../../../src/dataset/catalogue/catalogueApi.ts';
import { npyBytes, zipBytes } from '../../media/arrays/arrayBytes.ts';
import { ffmpeg } from '../../media/support.ts';
import { Bed, bmp, wav } from './harness.ts';

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
  expect(items[0]).toMatchObject({ place: { file: join(bed.root, 'train-0.tar'), member: 'dog/a.wav' }, size: wav(1).length, container: 'wav', duration: 1, sampleRate: 8000, channels: 1 });
  expect(summary.seconds).toBe(2);
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

/** Text that packs badly, so that more than a first part is packed. */
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => (Math.imul(index + 1, 2_654_435_761) >>> 24) & 0xff));

const PACKED = ['tar', 'tar.gz', 'stored.zip', 'deflated.zip'] as const;
function packAll(kind: (typeof PACKED)[number], members: Readonly<Record<string, Uint8Array>>): void {
  const file = join(bed.root, `all.${kind}`);
  if (kind.endsWith('.zip')) {
    bed.write(`all.${kind}`, zipBytes(Object.entries(members).map(([name, data]) => ({ name, data, deflated: kind === 'deflated.zip' }))));
    return;
  }
  Object.entries(members).forEach(([name, data]) => bed.write(`../pack/${name}`, data));
  expect(spawnSync('tar', [kind === 'tar' ? '-cf' : '-czf', file, '-C', join(bed.folder, 'pack'), ...Object.keys(members)]).status).toBe(0);
}

describe.each(PACKED)('the members of %s', (kind) => {
  const facts = async (filter = ''): Promise<Record<string, CatalogueItem>> => {
    const { items } = await bed.ask('items', { root: bed.root, filter, offset: 0, count: 100 });
    return Object.fromEntries(items.flatMap((item) => (item.place.member === undefined ? [] : [[item.place.member, item]])));
  };

  it('have their facts and rows as files have, and are looked at once', async () => {
    const film = join(bed.folder, 'film.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=64x32:r=10:d=2', '-c:v', 'mpeg4', film);
    packAll(kind, {
      'in/a.wav': wav(3),
      'in/a.bmp': bmp(40, 30),
      'in/rows.jsonl': Buffer.from('{"a":1}\n{"a":2}\n{"a":3}\n'),
      'in/rows.csv': Buffer.from('a,b\n1,2\n3,4\n'),
      'in/array.npy': npyBytes("'<f4'", [7, 2], new Uint8Array(56)),
      'in/film.mp4': readFileSync(film),
      'in/empty.wav': new Uint8Array(),
    });
    const summary = await bed.open();
    const found = await facts();
    expect(found).toMatchObject({
      'in/a.wav': { kind: 'audio', container: 'wav', duration: 3, sampleRate: 8000, channels: 1, codec: 'pcm_s16le' },
      'in/a.bmp': { kind: 'image', width: 40, height: 30 },
      'in/rows.jsonl': { container: 'jsonl', rows: 3 },
      'in/rows.csv': { container: 'csv', rows: 2 },
      'in/array.npy': { container: 'npy', rows: 7 },
      'in/film.mp4': { kind: 'video', width: 64, height: 32, duration: 2, codec: 'mpeg4' },
      'in/empty.wav': { kind: 'audio', health: { severity: 'error' } },
    });
    expect(summary).toMatchObject({ files: 1, probed: 1, members: { count: 7, probed: 7 }, seconds: 5, problems: { error: 1, warning: 0 } });
    expect(Object.keys(await facts('rows > 2'))).toEqual(['in/array.npy', 'in/rows.jsonl']);
    await bed.restart();
    const told = bed.told.length;
    expect(await bed.open()).toMatchObject({ files: 1, members: { count: 7, probed: 7 }, seconds: 5, problems: { error: 1 } });
    expect(bed.told.slice(told).map(({ generation }) => generation).every((generation) => generation <= 2)).toBe(true);
    const copies = join(bed.storage, 'members');
    while (existsSync(copies) && readdirSync(copies).length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('that tell only at their end are unpacked for it', async () => {
    const film = join(bed.folder, 'late.mp4');
    // Its header lies behind more than the first part.
    ffmpeg('-f', 'rawvideo', '-s', '64x64', '-r', '10', '-pix_fmt', 'gray', '-i', fileWith(noise(64 * 64 * 400)), '-c:v', 'mjpeg', '-q:v', '1', film);
    expect(statSync(film).size).toBeGreaterThan(600_000);
    packAll(kind, { 'late.mp4': readFileSync(film) });
    await bed.open();
    expect((await facts())['late.mp4']).toMatchObject({ container: 'mp4', duration: 40, width: 64 });
  });
});

function fileWith(bytes: Uint8Array): string {
  const file = join(bed.folder, 'raw');
  writeFileSync(file, bytes);
  return file;
}

it('says of a member that cannot be read why', async () => {
  const zip = zipBytes([{ name: 'a.wav', data: wav(1) }, { name: 'b.wav', data: wav(1) }]);
  // The second one's own header is broken.
  zip.write('XX', zip.indexOf('PK\x03\x04', 10, 'latin1'));
  bed.write('some.zip', zip);
  expect(await bed.open()).toMatchObject({ state: 'complete', problems: { error: 1 }, seconds: 1 });
  const { items } = await bed.ask('items', { root: bed.root, filter: 'name:b.wav', offset: 0, count: 1 });
  expect(items[0]).toMatchObject({ container: { absent: 'cannot be read' }, health: { severity: 'error', message: expect.stringContaining('not where the archive') as string } });
});

it('counts the rows of files, and of what is no table says none', async () => {
  bed.write('a.jsonl', '{"a":1}\n{"a":2}\n');
  bed.write('b.tsv', 'a\tb\n1\t2\n');
  bed.write('c.npy', npyBytes("'<f4'", [5], new Uint8Array(20)));
  bed.write('d.parquet', Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'a', data: [1, 2, 3, 4] }] })));
  bed.write('e.parquet', 'PAR1 and no more PAR1');
  bed.write('f.txt', 'words');
  await bed.open();
  const { items } = await bed.ask('items', { root: bed.root, filter: '', offset: 0, count: 10 });
  expect(Object.fromEntries(items.map(({ path, rows }) => [path, rows]))).toEqual({ 'a.jsonl': 2, 'b.tsv': 1, 'c.npy': 5, 'd.parquet': 4, 'e.parquet': undefined, 'f.txt': undefined });
  bed.write('a.jsonl', '{"a":1}\n{"a":2}\n{"a":3}\n');
  await bed.refresh();
  expect((await bed.ask('items', { root: bed.root, filter: 'name:a.jsonl', offset: 0, count: 1 })).items[0]?.rows).toBe(3);
});
