import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isManifest, readManifest } from '../../../src/media/manifest.ts';
import { temporaryFolder } from './support.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'clips'));
for (const name of ['a.wav', 'b.wav', 'c, d.wav']) {
  writeFileSync(join(folder, 'clips', name), 'x');
}

async function rows(name: string, text: string | Buffer): Promise<unknown[]> {
  writeFileSync(join(folder, name), text);
  const found: unknown[] = [];
  for await (const row of readManifest(join(folder, name))) {
    found.push('path' in row ? row.path.replace(`${folder}/`, '') : row);
  }
  return found;
}

const PAIR = ['clips/a.wav', 'clips/b.wav'];

describe('a manifest', () => {
  it.each([
    ['JSONL by a known name', 'm.jsonl', '{"text":"x","audio_filepath":"clips/a.wav"}\n\n{"audio_filepath":"clips/b.wav","text":""}\n'],
    ['JSONL with a nested path', 'm.jsonl', '{"audio":{"path":"clips/a.wav","bytes":null}}\n{"audio":{"path":"clips/b.wav"}}\n'],
    ['JSONL by what exists', 'm.jsonl', '{"text":"hello","clip":"clips/a.wav"}\n{"text":"x","clip":"clips/b.wav"}\n'],
    ['JSONL of bare texts', 'm.jsonl', '{"path":"clips/a.wav"}\n"clips/b.wav"\n'],
    ['CSV by a known name, however spelled', 'm.csv', '\ufefflabel,File_Name\r\nx,clips/a.wav\r\n"y, z",clips/b.wav\r\n'],
    ['CSV by what exists', 'm.csv', 'label,clip\nx,clips/a.wav\ny,clips/b.wav\n'],
    ['CSV without a header', 'm.csv', 'x,clips/a.wav\ny,clips/b.wav\n'],
    ['TSV', 'm.tsv', 'path\ttext\nclips/a.wav\tone, "two\nclips/b.wav\tthree\n'],
    ['one column', 'm.csv', 'path\nclips/a.wav\nclips/b.wav\n'],
    ['absolute paths and file addresses', 'm.jsonl', `{"path":"${folder}/clips/a.wav"}\n{"path":"file://${folder}/clips/b.wav"}\n`],
  ])('names its files: %s', async (_, name, text) => {
    expect(await rows(name, text)).toEqual(PAIR);
  });

  it('keeps quoted separators in a name', async () => {
    expect(await rows('q.csv', 'path,label\n"clips/c, d.wav",x\nclips/a.wav,y\n')).toEqual(['clips/c, d.wav', 'clips/a.wav']);
  });

  it('tells the row that names no file, and goes on', async () => {
    const text = ['{"path":"clips/a.wav"}', '{"path":""}', '{"text":"x"}', '{broken', '{"path":"https://example.org/b.wav"}', '{"path":"clips/b.wav"}'].join('\n');
    expect(await rows('p.jsonl', text)).toEqual([
      'clips/a.wav',
      { row: 2, problem: 'the column "path" is empty' },
      { row: 3, problem: 'the column "path" is empty' },
      { row: 4, problem: 'the row is not JSON' },
      { row: 5, problem: '"https://example.org/b.wav" is an address and not a file' },
      'clips/b.wav',
    ]);
  });

  it('says so for every row when no column names a file', async () => {
    expect(await rows('n.csv', 'x,y\n1,2\n3,4\n')).toEqual([
      { row: 1, problem: 'no column names a file' },
      { row: 2, problem: 'no column names a file' },
    ]);
  });

  it('is read in order however long it is', async () => {
    const text = Array.from({ length: 5000 }, (_, row) => `{"path":"clips/${row}.wav"}\n`).join('');
    expect(await rows('long.jsonl', text)).toEqual(Array.from({ length: 5000 }, (_, row) => `clips/${row}.wav`));
  });

  it('rejects with a MediaError when it is not there', async () => {
    await expect(readManifest(join(folder, 'gone.csv')).next()).rejects.toMatchObject({ reason: 'notFound' });
  });

  it.each([
    ['jsonl', 'x', true], ['csv', 'x.txt', true], ['tsv', 'x', true], ['json', 'one.jsonl', true], ['plaintext', 'list.csv', true],
    ['json', 'config.json', false], ['plaintext', 'readme.md', false], ['wav', 'a.csv', false],
  ] as const)('%s named %s: %s', (container, name, expected) => {
    expect(isManifest(container, name)).toBe(expected);
  });
});
