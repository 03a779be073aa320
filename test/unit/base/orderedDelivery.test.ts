import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedDelivery } from '../../../src/base/orderedDelivery.ts';

describe('OrderedDelivery', () => {
  it('hands values on in the order in which they came, whichever is ready first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.boolean(), { maxLength: 40 }), async (scheduler, slow) => {
        const delivered: number[] = [];
        let running = 0;
        let most = 0;
        const delivery = new OrderedDelivery<number>({ running: 3, waiting: 8 }, (value) => delivered.push(value));
        const produce = async (): Promise<void> => {
          for (const [index, isSlow] of slow.entries()) {
            if (isSlow) {
              most = Math.max(most, ++running);
            }
            await delivery.push(isSlow ? scheduler.schedule(Promise.resolve(index)).finally(() => running--) : index);
          }
          await delivery.end();
        };
        const done = produce();
        await scheduler.waitFor(done);
        expect(delivered).toEqual(slow.map((_, index) => index));
        expect(most).toBeLessThanOrEqual(3);
      }),
      { numRuns: 50 },
    );
  });

  it('hands on at once what does not have to wait', () => {
    const delivered: number[] = [];
    const delivery = new OrderedDelivery<number>({ running: 1, waiting: 1 }, (value) => delivered.push(value));
    expect(delivery.push(1)).toBeUndefined();
    expect(delivered).toEqual([1]);
  });

  it('fails as the first value does that fails, and delivers nothing behind it', async () => {
    const delivered: number[] = [];
    const delivery = new OrderedDelivery<number>({ running: 9, waiting: 9 }, (value) => delivered.push(value));
    void delivery.push(1);
    void delivery.push(Promise.reject(new Error('first')));
    void delivery.push(Promise.reject(new Error('second')));
    void delivery.push(2);
    await expect(delivery.end()).rejects.toThrow('first');
    expect(delivered).toEqual([1]);
  });
});
