import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ArrayError } from '../../../../src/media/arrays/arrayError.ts';
import { wholeOf } from '../../../../src/media/arrays/arraySource.ts';
import { openArrays } from '../../../../src/media/arrays/openArrays.ts';
import { readSafetensorsHeader } from '../../../../src/media/arrays/safetensorsHeader.ts';
import { bytesInMemory } from '../../../../src/media/byteSource.ts';
import { fixtures, hasFixtures } from '../support.ts';
import { damaged, floats, safetensorsBytes } from './arrayBytes.ts';
import { fileOf } from './madeFile.ts';

const header = (value: object | string, data: Uint8Array = new Uint8Array()) => readSafetensorsHeader(bytesInMemory(safetensorsBytes(value, data)));
const tensor = (dtype: string, shape: number[], start: number, end: number) => ({ dtype, shape, data_offsets: [start, end] });

describe('a safetensors header', () => {
  it('gives tensors in the order of their bytes, and the metadata', () => {
    const { tensors, metadata, problems } = header({ __metadata__: { format: 'pt' }, b: tensor('F32', [2], 8, 16), a: tensor('BF16', [2, 2], 0, 8) }, new Uint8Array(16));
    expect(tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([['a', 'BF16', [2, 2]], ['b', 'F32', [2]]]);
    expect(metadata).toEqual({ format: 'pt' });
    expect(problems).toEqual([]);
  });

  it.each([
    ['bytes that two share', { a: tensor('U8', [8], 0, 8), b: tensor('U8', [8], 4, 12) }, 12, ['overlap']],
    ['bytes of nobody', { a: tensor('U8', [4], 0, 4), b: tensor('U8', [4], 8, 12) }, 12, ['hole']],
    ['a shape of another size', { a: tensor('F32', [3], 0, 8) }, 8, ['size']],
    ['an end beyond the file', { a: tensor('F32', [2], 0, 8) }, 5, ['truncated']],
    ['an end before its start', { a: tensor('U8', [0], 4, 0) }, 4, ['size', 'range', 'hole', 'trailing']],
    ['more bytes than tensors', { a: tensor('U8', [4], 0, 4) }, 9, ['trailing']],
    ['a type that is not known', { a: tensor('Q7', [4], 0, 4) }, 4, ['dtype']],
    ['metadata that is no text', { __metadata__: { n: 1 }, a: tensor('U8', [4], 0, 4) }, 4, ['metadata']],
  ])('tells of %s', (_, value, size, codes) => {
    expect(header(value, new Uint8Array(size)).problems.map(({ code }) => code)).toEqual(codes);
  });

  it('tells a thousand problems of a kind in few words', () => {
    const value = Object.fromEntries(Array.from({ length: 1000 }, (_, nth) => [`t${nth}`, tensor('F32', [3], nth * 4, nth * 4 + 4)]));
    const { problems } = header(value, new Uint8Array(4000));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toContain('980 more');
  });

  it.each([
    ['a length beyond what is valid', Buffer.from('ffffffffffffff7f00', 'hex'), 'malformed'],
    ['a length beyond the file', safetensorsBytes('{}', new Uint8Array()).subarray(0, 9), 'truncated'],
    ['less than a length', Buffer.from([1, 2]), 'truncated'],
    ['no JSON', safetensorsBytes('{"a":', new Uint8Array()), 'malformed'],
    ['a list', safetensorsBytes('[]', new Uint8Array()), 'malformed'],
    ['negative offsets', safetensorsBytes({ a: tensor('U8', [1], -1, 0) }, new Uint8Array()), 'malformed'],
    ['a size that is no number', safetensorsBytes({ a: { dtype: 'U8', shape: ['1'], data_offsets: [0, 1] } }, new Uint8Array()), 'malformed'],
  ])('with %s is refused by its reason', (_, bytes, reason) => {
    expect(() => readSafetensorsHeader(bytesInMemory(bytes))).toThrow(expect.objectContaining({ reason }));
  });

  it('never makes the reader throw anything but its own error, however it is damaged', async () => {
    const seed = safetensorsBytes({ __metadata__: { format: 'pt' }, a: tensor('F32', [2, 2], 0, 16), b: tensor('F4', [4], 16, 18) }, new Uint8Array(18));
    for (let nth = 0; nth < 200; nth++) {
      try {
        const source = await openArrays(fileOf(damaged(seed, nth, seed.length), '.safetensors'));
        for (const { entry } of (await source.children('', 0, 10)).nodes) {
          if (entry) {
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

describe('safetensors files', () => {
  it('are a tree by the parts of their names, layers in the order of their numbers', async () => {
    const names = ['model.layers.10.w', 'model.layers.2.w', 'model.layers.2.b', 'lm_head'];
    const source = await openArrays(fileOf(safetensorsBytes(Object.fromEntries(names.map((name, nth) => [name, tensor('F32', [1], nth * 4, nth * 4 + 4)])), floats(1, 2, 3, 4)), '.safetensors'));
    const root = (await source.children('', 0, 10)).nodes;
    // A group of one group is one line with it.
    expect(root.map(({ label, group }) => [label, group?.count])).toEqual([['model.layers', 3], ['lm_head', undefined]]);
    const layers = (await source.children('model.layers', 0, 10)).nodes;
    expect(layers.map(({ label }) => label)).toEqual(['2', '10.w']);
    expect((await source.children('model.layers.2', 0, 10)).nodes.map(({ label }) => label)).toEqual(['w', 'b']);
    source.close();
  });

  it('hold values of every width, two in a byte included', async () => {
    const value = { h: tensor('F16', [2], 0, 4), e: tensor('F8_E4M3', [2], 4, 6), q: tensor('F4', [4], 6, 8), n: tensor('I64', [1], 8, 16) };
    const source = await openArrays(fileOf(safetensorsBytes(value, Buffer.from('003c00c0387e21f3ffffffffffffff7f', 'hex')), '.safetensors'));
    const values = async (path: string) => {
      const entry = await source.entry(path);
      return [...(await source.slice(entry, wholeOf(entry.shape))).values];
    };
    expect(await values('h')).toEqual([1, -2]);
    expect(await values('e')).toEqual([1, 448]);
    expect(await values('q')).toEqual([0.5, 1, 1.5, -6]);
    const wide = await source.entry('n');
    expect(await source.texts(wide, wholeOf(wide.shape))).toEqual(['9223372036854775807']);
    source.close();
  });

  it('that end early still give the tensors that are whole', async () => {
    const bytes = safetensorsBytes({ a: tensor('F32', [2], 0, 8), b: tensor('F32', [2], 8, 16) }, floats(1, 2, 3, 4));
    const source = await openArrays(fileOf(bytes.subarray(0, bytes.length - 4), '.safetensors'));
    expect(source.problems).toEqual(['"b" ends 4 bytes beyond the end of the file.']);
    const [a, b] = [await source.entry('a'), await source.entry('b')];
    expect([...(await source.slice(a, wholeOf(a.shape))).values]).toEqual([1, 2]);
    expect([...(await source.slice(b, [{ start: 0, stop: 1, step: 1 }])).values]).toEqual([3]);
    await expect(source.slice(b, wholeOf(b.shape))).rejects.toMatchObject({ reason: 'truncated' });
    source.close();
  });
});

describe.skipIf(!hasFixtures)('the real safetensors files', () => {
  it('are read', async () => {
    const simple = await openArrays(join(fixtures, 'safetensors/hf_test_simple.safetensors'));
    const entry = (await simple.children('', 0, 10)).nodes[0]?.entry;
    expect([entry?.path, entry?.type.name, entry?.shape]).toMatchInlineSnapshot(`
      [
        "test",
        "int32",
        [
          2,
          2,
        ],
      ]
    `);
    simple.close();
    const metadata = await openArrays(join(fixtures, 'safetensors/hf_test_metadata.safetensors'));
    expect(metadata.facts).toMatchInlineSnapshot(`
      [
        {
          "name": "Parameters",
          "value": "4",
        },
        {
          "name": "framework",
          "value": "pt",
        },
      ]
    `);
    metadata.close();
  });

  it('tell that the truncated one ends early', async () => {
    const source = await openArrays(join(fixtures, 'safetensors/hf_test_truncated_DERIVED.safetensors')).catch((error: unknown) => error);
    expect(source instanceof ArrayError ? source.message : (source as { problems: unknown }).problems).toMatchInlineSnapshot(`
      [
        ""test1" ends 9 bytes beyond the end of the file.",
      ]
    `);
  });
});
