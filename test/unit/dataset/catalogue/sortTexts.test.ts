import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingTexts, ranksOf, sortTexts } from '../../../../src/dataset/catalogue/sortTexts.ts';

const never = (): Promise<void> => Promise.resolve();

function packed(texts: readonly string[]): GrowingTexts {
  const all = new GrowingTexts();
  texts.forEach((text) => all.add(text));
  return all;
}

it('sorts by the bytes of UTF-8, as SQLite does', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^sample_[0-9]{0,3}$/));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 200 }), async (texts) => {
      const bytes = texts.map((one) => Buffer.from(one));
      const order = await sortTexts(packed(texts), never);
      expect([...order].sort((a, b) => a - b)).toEqual([...texts.keys()]);
      expect([...order].map((at) => bytes[at]!.toString('hex'))).toEqual([...bytes].sort((a, b) => a.compare(b)).map((one) => one.toString('hex')));
    }),
  );
});

it('gives the same rank to the same text, and ranks in order to others', async () => {
  const texts = Array.from({ length: 3000 }, (_, at) => `name ${(at * 7919) % 1000}`);
  const ranks = await ranksOf(packed(texts), never);
  const sorted = [...new Set(texts)].sort();
  expect([...ranks]).toEqual(texts.map((text) => sorted.indexOf(text)));
});

it('gives others their turn, and ends when it is not wanted any more', async () => {
  const texts = packed(Array.from({ length: 100_000 }, (_, at) => String((at * 7919) % 99_991)));
  let turns = 0;
  await sortTexts(texts, () => Promise.resolve(void turns++));
  expect(turns).toBeGreaterThan(20);
  await expect(sortTexts(texts, () => Promise.reject(new Error('unwanted')))).rejects.toThrow('unwanted');
});
