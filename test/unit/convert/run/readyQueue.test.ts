import { describe, expect, it } from 'vitest';
import { ReadyQueue, type Ready } from '../../../../src/convert/run/readyQueue.ts';

const limits = {
  sox: { calls: 20, cost: 120 },
  ffmpeg: { calls: 1, cost: 0 },
  imagemagick: { calls: 16, cost: 64 },
  sharp: { calls: 64, cost: 256 },
};

function queueOf(items: readonly Partial<Ready>[]): ReadyQueue<Ready> {
  const queue = new ReadyQueue<Ready>((engine) => limits[engine]);
  items.forEach((item, seq) => queue.add({ seq, engine: 'sox', cost: 3, weight: 3.5, groupable: true, ...item }));
  return queue;
}

const plenty = { items: 1000, weight: 1e6, least: 1000 };

describe('a queue of ready items', () => {
  it('gives two workers half each of what is left', () => {
    const queue = queueOf(Array.from({ length: 20 }, () => ({})));
    const share = { items: 10, weight: (20 * 3.5) / 2, least: 10 };
    expect([queue.take(share, false)?.length, queue.take(share, false)?.length, queue.take(share, false)]).toEqual([10, 10, undefined]);
  });

  it('splits the last ones no further than pays, unless the whole job is that small', () => {
    const tail = { items: 1, weight: 3.5 };
    expect(queueOf(Array.from({ length: 20 }, () => ({}))).take({ ...tail, least: 200 }, false)).toHaveLength(3);
    expect(queueOf(Array.from({ length: 20 }, () => ({}))).take({ ...tail, least: 2 }, false)).toHaveLength(2);
  });

  it('lays no more into a process than the engine takes, by count and by cost', () => {
    expect(queueOf(Array.from({ length: 50 }, () => ({}))).take(plenty, false)).toHaveLength(20);
    expect(queueOf(Array.from({ length: 50 }, () => ({ cost: 50 }))).take(plenty, false)).toHaveLength(2);
    expect(queueOf([{ cost: 1000 }, { cost: 1000 }]).take(plenty, false)).toHaveLength(1);
  });

  it('waits for more to come, unless there is enough', () => {
    const queue = queueOf(Array.from({ length: 19 }, () => ({})));
    expect(queue.take(plenty, true)).toBeUndefined();
    queue.add({ seq: 19, engine: 'sox', cost: 3, weight: 3.5, groupable: true });
    expect(queue.take(plenty, true)).toHaveLength(20);
  });

  it('keeps to the order of the plan over all engines', () => {
    const queue = queueOf([{ engine: 'ffmpeg' }, {}, { groupable: false }, {}, { engine: 'sharp' }]);
    const taken = Array.from({ length: 5 }, () => queue.take(plenty, false)?.map(({ seq }) => seq));
    expect(taken).toEqual([[0], [1, 3], [2], [4], undefined]);
  });

  it('gives the largest of the last ones first', () => {
    const queue = queueOf([
      { groupable: false, cost: 1 },
      { groupable: false, cost: 9 },
      { groupable: false, cost: 5 },
    ]);
    queue.orderSinglesBySize();
    expect(Array.from({ length: 3 }, () => queue.take(plenty, false)?.[0]?.cost)).toEqual([9, 5, 1]);
  });

  it('is full when every worker could take twice', () => {
    expect(queueOf(Array.from({ length: 79 }, () => ({}))).isFull(2)).toBe(false);
    expect(queueOf(Array.from({ length: 80 }, () => ({}))).isFull(2)).toBe(true);
    expect(queueOf(Array.from({ length: 4 }, () => ({ groupable: false }))).isFull(2)).toBe(true);
  });
});
