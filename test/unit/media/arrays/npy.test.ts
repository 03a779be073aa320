import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ArrayError } from '../../../../src/media/arrays/arrayError.ts';
import type { ArraySource } from '../../../../src/media/arrays/arraySource.ts';
import { wholeOf } from '../../../../src/media/arrays/arraySource.ts';
import { valuesOf } from '../../../../src/media/arrays/floatFormats.ts';
import type { FloatFormatName } from '../../../../src/media/arrays/floatFormats.ts';
import { openArrays } from '../../../../src/media/arrays/openArrays.ts';
import { damaged, floats, npyBytes, zipBytes } from './arrayBytes.ts';
import { fileOf } from './madeFile.ts';

interface Made {
  readonly cases: Readonly<Record<string, { readonly npy: string; readonly shape: number[]; readonly values?: (number | string | null)[]; readonly texts?: string[] }>>;
  readonly small: Readonly<Record<FloatFormatName, { sum: number | null; abs: number | null; nan: number; inf: number; max: number; tiny: number }>>;
  readonly struct: string;
  readonly aligned: string;
  readonly object: string;
}

const made = JSON.parse(readFileSync(new URL('./numpy.json', import.meta.url), 'utf8')) as Made;
const unpack = (text: string) => inflateSync(Buffer.from(text, 'base64'));

async function whole(source: ArraySource, path: string): Promise<Float64Array> {
  const entry = await source.entry(path);
  return (await source.slice(entry, wholeOf(entry.shape))).values;
}

async function walked(source: ArraySource, path: string): Promise<number[]> {
  const all: number[] = [];
  for await (const piece of source.values(await source.entry(path))) {
    all.push(...piece);
  }
  return all;
}

describe('NPY files that NumPy wrote', () => {
  it.each(Object.entries(made.cases).filter(([, { values }]) => values !== undefined))('are read value by value: %s', async (_, { npy, shape, values = [] }) => {
    const source = await openArrays(fileOf(unpack(npy), '.npy'));
    expect((await source.entry('array')).shape).toEqual(shape);
    const expected = values.map((value) => (value === null ? NaN : value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value)));
    const got = await whole(source, 'array');
    expect(got.length).toBe(expected.length);
    got.forEach((value, index) => expect(Object.is(value, expected[index]) || Math.abs(value - (expected[index] ?? NaN)) <= Math.abs(value) * 1e-15, `element ${index}: ${value}`).toBe(true));
    source.close();
  });

  it.each(Object.entries(made.cases).filter(([, { texts }]) => texts !== undefined))('are read as text: %s', async (name, { npy, texts = [] }) => {
    const source = await openArrays(fileOf(unpack(npy), '.npy'));
    const entry = await source.entry('array');
    const got = await source.texts(entry, wholeOf(entry.shape));
    const plain = name === 'S' ? got.map((text) => `b'${JSON.parse(text) as string}'`) : name.endsWith('U') ? got.map((text) => JSON.parse(text) as string) : name === 'm8' ? got.map((text) => text.replace('ms', 'milliseconds')) : got;
    expect(plain).toEqual(texts);
    source.close();
  });

  it('give the fields of structs as arrays of their own', async () => {
    const source = await openArrays(fileOf(unpack(made.struct), '.npy'));
    const { nodes } = await source.children('', 0, 100);
    expect(nodes.map(({ path }) => path)).toEqual(['array', 'array']);
    expect([...(await whole(source, 'array.a'))]).toEqual([1, 3]);
    expect([...(await whole(source, 'array.b'))]).toEqual([2.5, 4.5]);
    expect([...(await whole(source, 'array.m'))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await source.entry('array.m')).shape).toEqual([2, 2, 2]);
    expect([...(await whole(source, 'array.in.y'))]).toEqual([0.5, -1.5]);
    expect(await walked(source, 'array.b')).toEqual([2.5, 4.5]);
    expect((await walked(source, 'array.m')).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const entry = await source.entry('array');
    expect((await source.texts(entry, wholeOf(entry.shape)))[0]).toBe('(1, 2.5, "ab", [1, 2, 3, 4], (7, 0.5))');
    source.close();
  });

  it('skip the padding of aligned structs', async () => {
    const source = await openArrays(fileOf(unpack(made.aligned), '.npy'));
    expect([...(await whole(source, 'array.b'))]).toEqual([0, 0, 0]);
    source.close();
  });

  it('are refused where they hold objects, and are told why', async () => {
    await expect(openArrays(fileOf(unpack(made.object), '.npy'))).rejects.toMatchObject({ reason: 'pickle', message: expect.stringContaining('pickle') });
  });
});

describe('floats of 16 bits and less', () => {
  it.each(Object.entries(made.small))('have the values that ml_dtypes gives them: %s', (name, { sum, abs, nan, inf, max, tiny }) => {
    const bits = { float6_e2m3fn: 64, float6_e3m2fn: 64, float4_e2m1fn: 16 }[name];
    const values = [...(valuesOf(name as FloatFormatName) ?? [])].slice(0, bits);
    const finite = values.filter(Number.isFinite);
    expect(values.filter(Number.isNaN).length).toBe(nan);
    expect(values.length - finite.length - nan).toBe(inf);
    expect(Math.max(...finite)).toBe(max);
    expect(Math.min(...finite.filter((value) => value > 0))).toBe(tiny);
    if (sum !== null && abs !== null) {
      expect(finite.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 6);
      expect(finite.reduce((total, value) => total + Math.abs(value), 0)).toBe(abs);
    }
  });
});

describe('NPY headers', () => {
  it.each([1, 2, 3])('of version %i are read', async (version) => {
    const source = await openArrays(fileOf(npyBytes("'<f4'", [3], floats(1, 2, 3), { version }), '.npy'));
    expect([...(await whole(source, 'array'))]).toEqual([1, 2, 3]);
    source.close();
  });

  it('may name fields with any letters in version 3', async () => {
    const source = await openArrays(fileOf(npyBytes("[('größe', '<f4')]", [2], floats(1, 2), { version: 3 }), '.npy'));
    expect([...(await whole(source, 'array.größe'))]).toEqual([1, 2]);
    source.close();
  });

  it('of Python 2 are read', async () => {
    const bytes = npyBytes("'<f4'", [3], floats(1, 2, 3));
    const source = await openArrays(fileOf(Buffer.from(bytes.toString('latin1').replace('(3,), ', '(3L,),'), 'latin1'), '.npy'));
    expect((await source.entry('array')).shape).toEqual([3]);
    source.close();
  });

  it.each([
    ['a type that is not known', "'<q9'", 'unsupported'],
    ['objects', "'|O'", 'pickle'],
    ['objects within structs', "[('a', '<f4'), ('o', '|O')]", 'pickle'],
    ['no type', 'None', 'malformed'],
  ])('with %s are refused by their reason', async (_, descr, reason) => {
    await expect(openArrays(fileOf(npyBytes(descr, [1], floats(1)), '.npy'))).rejects.toMatchObject({ reason });
  });

  it('never make a reader throw anything but its own error, however they are damaged', async () => {
    const seeds = [npyBytes("[('a', '<f4'), ('b', '<U2', (2, 2))]", [2], new Uint8Array(80)), npyBytes("'<f8'", [4, 4], new Uint8Array(128), { version: 2, fortran: true })];
    for (let nth = 0; nth < 200; nth++) {
      const file = fileOf(damaged(seeds[nth % 2] ?? floats(), nth, 130), '.npy');
      try {
        const source = await openArrays(file);
        await source.texts(await source.entry('array'), (await source.entry('array')).shape.map((size) => ({ start: 0, stop: Math.min(2, size), step: 1 })));
        source.close();
      } catch (error) {
        expect(error, `damage ${nth}`).toBeInstanceOf(ArrayError);
      }
    }
  });
});

describe('a part of an array', () => {
  const data = Uint8Array.from({ length: 4000 }, (_, index) => index % 251);
  const at = (...index: number[]) => data[index.reduce((sum, nth, dimension) => sum * ([20, 10, 20][dimension] ?? 1) + nth, 0)];

  it('is read with steps in every dimension, in either order', async () => {
    const selection = [{ start: 1, stop: 20, step: 7 }, { start: 0, stop: 10, step: 3 }, { start: 5, stop: 6, step: 1 }];
    const c = await openArrays(fileOf(npyBytes("'|u1'", [20, 10, 20], data), '.npy'));
    const { values, shape } = await c.slice(await c.entry('array'), selection);
    expect(shape).toEqual([3, 4, 1]);
    expect([...values]).toEqual([1, 8, 15].flatMap((first) => [0, 3, 6, 9].map((second) => at(first, second, 5))));
    const f = await openArrays(fileOf(npyBytes("'|u1'", [20, 10, 20], Uint8Array.from(data, (_, index) => at(index % 20, Math.floor(index / 20) % 10, Math.floor(index / 200)) ?? 0), { fortran: true }), '.npy'));
    expect([...(await f.slice(await f.entry('array'), selection)).values]).toEqual([...values]);
    c.close();
    f.close();
  });

  it('outside of the array is refused', async () => {
    const source = await openArrays(fileOf(npyBytes("'|u1'", [20, 10, 20], data), '.npy'));
    const entry = await source.entry('array');
    await expect(source.slice(entry, [{ start: 0, stop: 21, step: 1 }, { start: 0, stop: 1, step: 1 }, { start: 0, stop: 1, step: 1 }])).rejects.toMatchObject({ reason: 'bounds' });
    source.close();
  });

  it('that is there is read although the file ends early, and what is missing is told', async () => {
    const source = await openArrays(fileOf(npyBytes("'<f4'", [1000], floats(...Array.from({ length: 10 }, (_, index) => index))), '.npy'));
    expect(source.problems[0]).toContain('10 of 1000 elements');
    const entry = await source.entry('array');
    expect([...(await source.slice(entry, [{ start: 0, stop: 10, step: 1 }])).values]).toHaveLength(10);
    await expect(source.slice(entry, wholeOf([1000]))).rejects.toMatchObject({ reason: 'truncated' });
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const piece of source.values(entry)) {
          seen.push(...piece);
        }
      })(),
    ).rejects.toMatchObject({ reason: 'truncated', message: expect.stringContaining('10 of 1000') });
    expect(seen).toHaveLength(10);
    source.close();
  });
});

describe('NPZ files', () => {
  const big = Int32Array.from({ length: 3_000_000 }, (_, index) => index);
  const members = [
    { name: 'a.npy', data: npyBytes("'<f4'", [2, 2], floats(1, 2, 3, 4)) },
    { name: 'group/b.npy', data: npyBytes("'<i4'", [big.length], new Uint8Array(big.buffer)), deflated: true },
    { name: 'o.npy', data: npyBytes("'|O'", [1], floats(1)) },
    { name: 'readme.txt', data: Buffer.from('no array') },
  ];

  it('show their members as a tree, and what cannot be read with its reason', async () => {
    const source = await openArrays(fileOf(zipBytes(members), '.npz'));
    const { nodes } = await source.children('', 0, 100);
    expect(nodes.map(({ label }) => label)).toEqual(['a', 'group/b', 'o', 'readme.txt']);
    expect(nodes[2]?.entry?.unreadable).toContain('pickle');
    expect(nodes[3]?.entry?.unreadable).toContain('NumPy');
    expect([...(await whole(source, 'a'))]).toEqual([1, 2, 3, 4]);
    source.close();
  });

  it('give parts of a deflated member from any place, forwards and backwards', async () => {
    const source = await openArrays(fileOf(zipBytes(members), '.npz'));
    const entry = await source.entry('group/b');
    const read = async (start: number, stop: number, step = 1) => [...(await source.slice(entry, [{ start, stop, step }])).values];
    expect(await read(2_500_000, 2_500_003)).toEqual([2_500_000, 2_500_001, 2_500_002]);
    expect(await read(5, 8)).toEqual([5, 6, 7]);
    expect(await read(0, 3_000_000, 1_000_000)).toEqual([0, 1_000_000, 2_000_000]);
    let sum = 0;
    for await (const piece of source.values(entry)) {
      sum += piece.reduce((total, value) => total + value, 0);
    }
    expect(sum).toBe((3_000_000 * 2_999_999) / 2);
    source.close();
  });

  it('without their end are told to be cut short', async () => {
    const bytes = zipBytes(members.slice(0, 1));
    await expect(openArrays(fileOf(bytes.subarray(0, bytes.length - 30), '.npz'))).rejects.toMatchObject({ reason: 'truncated' });
  });

  it('never make a reader throw anything but its own error, however they are damaged', async () => {
    const seed = zipBytes([{ name: 'a.npy', data: npyBytes("'<f4'", [2, 2], floats(1, 2, 3, 4)), deflated: true }, { name: 'b.npy', data: npyBytes("'<f4'", [2, 2], floats(1, 2, 3, 4)) }]);
    for (let nth = 0; nth < 200; nth++) {
      try {
        const source = await openArrays(fileOf(damaged(seed, nth, seed.length), '.npz'));
        for (const { entry } of (await source.children('', 0, 10)).nodes) {
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
