import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPlace } from '../../../../src/media/archives/openPlace.ts';
import { MADE } from './made.ts';
import { madeFolder, problemsOf, recognised, samplesOf, wav } from './support.ts';
import { parquet } from './writers.ts';

describe.each(Object.entries(MADE))('%s', (id, { files, ids, root = '.' }) => {
  const folder = join(madeFolder(files), root);

  it('is recognised first, among at most three', () => {
    const found = recognised(folder);
    expect(found[0]).toBe(id);
    expect(found.length).toBeLessThanOrEqual(3);
  });

  it('gives its samples in order and at random alike', async () => {
    expect((await samplesOf(folder, id)).map((sample) => sample.id)).toEqual(ids);
  });

  it('has no problem where it is sound', async () => {
    expect(await problemsOf(folder, id)).toEqual([]);
  });
});

describe('a table with sounds inside', () => {
  it('gives each of them as a member of the table, and its bytes can be opened', async () => {
    const sounds = [wav(0.5), wav(0.5, { seed: 2 })];
    const file = join(madeFolder({ 'data/train-00000-of-00001.parquet': parquet([{ name: 'audio', data: sounds, type: 'BYTE_ARRAY' }, { name: 'text', data: ['a cat', 'a dog'], type: 'STRING' }]) }), 'data/train-00000-of-00001.parquet');
    expect(recognised(file)[0]).toBe('table');
    const samples = await samplesOf(file, 'table');
    expect(samples.map(({ text, split }) => [text, split])).toEqual([['a cat', 'train'], ['a dog', 'train']]);
    const [medium] = samples[1]?.media ?? [];
    expect(medium).toMatchObject({ role: 'audio', kind: 'audio', place: { file } });
    const opened = await openPlace(medium?.place ?? { file });
    expect(Buffer.from(opened.source.read(0, 100_000)).equals(sounds[1] ?? Buffer.alloc(0))).toBe(true);
    opened.dispose();
    expect(await problemsOf(file, 'table')).toEqual([]);
  });
});
