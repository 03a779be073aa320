import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ArrayError } from '../../../../src/media/arrays/arrayError.ts';
import { wholeOf } from '../../../../src/media/arrays/arraySource.ts';
import { blocks } from '../../../../src/media/arrays/hdf5Arrays.ts';
import { openArrays } from '../../../../src/media/arrays/openArrays.ts';
import { damaged } from './arrayBytes.ts';
import { fileOf } from './madeFile.ts';

const made = inflateSync(Buffer.from((JSON.parse(readFileSync(new URL('./hdf5.json', import.meta.url), 'utf8')) as { pieces: string[] }).pieces.join(''), 'base64'));
const file = () => fileOf(made, '.h5');

describe('HDF5 files that h5py wrote', () => {
  it('are a tree of groups, arrays and links, with their attributes', async () => {
    const source = await openArrays(file());
    expect(source.facts).toEqual([{ name: 'n', value: '5' }, { name: 'title', value: 'hello' }]);
    const { nodes } = await source.children('', 0, 100);
    const node = (label: string) => nodes.find((other) => other.label === label);
    expect(node('observations')?.group).toMatchObject({ count: 1, attributes: [{ name: 'rate', value: '50' }] });
    expect(node('ext')?.entry?.unreadable).toContain('another file, other.h5');
    expect(node('soft')?.entry?.unreadable).toContain('/nowhere');
    expect(node('empty')?.entry?.unreadable).toContain('empty');
    expect(node('also')?.entry?.shape).toEqual([6]);
    const [qpos] = (await source.children('/observations', 0, 10)).nodes;
    expect(qpos?.entry).toMatchObject({ path: '/observations/qpos', shape: [200, 10], storage: ['chunks of 50 × 10', 'shuffle', 'deflate'] });
    source.close();
  });

  it.each([
    ['/be', [0, 1, 2, 3, 4, 5]],
    ['/f16', [0.5, -2, 65504]],
    ['/b', [1, 0]],
    ['/c', [5, 1]],
    ['/scalar', [3.5]],
    ['/enum', [0, 1]],
    ['/st::a', [1, 3]],
    ['/st::b', [2.5, 4.5]],
  ])('give the numbers of %s', async (path, expected) => {
    const source = await openArrays(file());
    const entry = await source.entry(path);
    expect([...(await source.slice(entry, wholeOf(entry.shape))).values]).toEqual(expected);
    source.close();
  });

  it.each([
    ['/s', ['abc', 'dé']],
    ['/fs', ['"ab"', '"cde"']],
    ['/i64', ['1152921504606846977', '-5']],
    ['/st', ['(1, 2.5)', '(3, 4.5)']],
    ['/vl', ['[0,1,2]', '[0,1]']],
    ['/c', ['3+4j', '0-1j']],
  ])('give the words of %s', async (path, expected) => {
    const source = await openArrays(file());
    const entry = await source.entry(path);
    expect(await source.texts(entry, wholeOf(entry.shape))).toEqual(expected);
    source.close();
  });

  it('give parts of packed chunks, with steps', async () => {
    const source = await openArrays(file());
    const entry = await source.entry('/observations/qpos');
    expect([...(await source.slice(entry, [{ start: 45, stop: 200, step: 50 }, { start: 1, stop: 10, step: 4 }])).values]).toEqual([451, 455, 459, 951, 955, 959, 1451, 1455, 1459, 1951, 1955, 1959]);
    let sum = 0;
    for await (const piece of source.values(entry)) {
      sum += piece.reduce((total, value) => total + value, 0);
    }
    expect(sum).toBe((2000 * 1999) / 2);
    source.close();
  });

  it('say that strings are no numbers', async () => {
    const source = await openArrays(file());
    const entry = await source.entry('/fs');
    await expect(source.slice(entry, wholeOf(entry.shape))).rejects.toMatchObject({ reason: 'unsupported' });
    source.close();
  });

  it('are refused where they are cut short, and where they are none', async () => {
    await expect(openArrays(fileOf(made.subarray(0, 4000), '.h5'))).rejects.toMatchObject({ reason: 'malformed', message: expect.stringContaining('cut short') });
    await expect(openArrays(fileOf(Buffer.from('hello world'), '.h5'))).rejects.toBeInstanceOf(ArrayError);
  });

  it('never make the reader throw anything but its own error, however they are damaged', async () => {
    for (let nth = 0; nth < 200; nth++) {
      try {
        const source = await openArrays(fileOf(damaged(made, nth, 2000), '.h5'));
        for (const { entry } of (await source.children('', 0, 100)).nodes) {
          if (entry && entry.unreadable === undefined) {
            await source.texts(entry, entry.shape.map((size) => ({ start: 0, stop: Math.min(2, size), step: 1 }))).catch((error: unknown) => expect(error).toBeInstanceOf(ArrayError));
          }
        }
        source.close();
      } catch (error) {
        expect(error, `damage ${nth}`).toBeInstanceOf(ArrayError);
      }
    }
  });
});

describe('a walk in blocks', () => {
  it.each([
    [[7, 5], [3, 2], 8],
    [[3000, 2000], [64, 64], 8],
    [[10, 100, 100, 3], [1, 100, 100, 3], 8],
    [[5_000_000], null, 4],
    [[], null, 8],
  ])('covers %j with chunks of %j once', (shape, chunks, bytes) => {
    let covered = 0;
    for (const block of blocks(shape, chunks, bytes)) {
      const size = block.reduce((product, { start, stop }) => product * (stop - start), 1);
      covered += size;
      expect(size * bytes).toBeLessThanOrEqual(4_194_304);
      block.forEach(({ start }, nth) => expect(start % (chunks?.[nth] ?? 1)).toBe(0));
    }
    expect(covered).toBe(shape.reduce((product, size) => product * size, 1));
  });
});
