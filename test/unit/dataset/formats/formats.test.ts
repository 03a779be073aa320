import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MADE } from './made.ts';
import { madeFolder, problemsOf, recognised, samplesOf } from './support.ts';

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
