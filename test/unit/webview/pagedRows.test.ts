import { describe, expect, it } from 'vitest';
import { PagedRows } from '../../../src/webview/pagedRows.ts';
import type { RowPage } from '../../../src/webview/pagedRows.ts';

interface Request {
  readonly offset: number;
  answer(page?: RowPage<number>): Promise<void>;
  fail(words: string): Promise<void>;
}

const TOTAL = 1_000_000;

/** Rows that are their own index, and requests that are answered by hand. */
function rowsByHand(maxPages = 5) {
  const requests: Request[] = [];
  const changes: number[] = [];
  const settle = () => new Promise<void>(setImmediate);
  const rows = new PagedRows<number>({
    pageSize: 100,
    maxPages,
    onChange: () => changes.push(1),
    fetch: (offset, count) =>
      new Promise((resolve, reject) => {
        requests.push({
          offset,
          answer: (page = { items: Array.from({ length: count }, (_, index) => offset + index), total: TOTAL }) => {
            resolve(page);
            return settle();
          },
          fail: (words) => {
            reject(new Error(words));
            return settle();
          },
        });
      }),
  });
  return { rows, requests, changes, offsets: () => requests.map(({ offset }) => offset) };
}

describe('rows that stay with the host', () => {
  it('are fetched by the page when they are looked at, and once', async () => {
    const { rows, requests, changes, offsets } = rowsByHand();
    rows.show(90, 30);
    expect(offsets()).toEqual([0, 100]);
    expect(rows.at(95)).toBeUndefined();
    await requests[0]?.answer();
    await requests[1]?.answer();
    expect([rows.at(95), rows.at(119), rows.total, changes.length]).toEqual([95, 119, TOTAL, 2]);
    rows.show(95, 30);
    expect(requests).toHaveLength(2);
  });

  it('are not asked for where they were scrolled past', async () => {
    const { rows, requests, offsets } = rowsByHand();
    rows.show(0, 150);
    for (let first = 1000; first <= 900_000; first += 1000) {
      rows.show(first, 30);
    }
    await requests[0]?.answer();
    expect(offsets()).toEqual([0, 100, 900_000]);
  });

  it('are forgotten, the longest unused first', async () => {
    const { rows, requests, offsets } = rowsByHand(2);
    for (const first of [0, 100, 0, 200]) {
      rows.show(first, 10);
      await requests.at(-1)?.answer();
    }
    expect([rows.at(0), rows.at(100), rows.at(200)]).toEqual([0, undefined, 200]);
    expect(offsets()).toEqual([0, 100, 200]);
  });

  it('say why they are not there, and come when asked again', async () => {
    const { rows, requests } = rowsByHand();
    rows.show(0, 10);
    await requests[0]?.fail('plan.jsonl is gone');
    expect(rows.problem).toBe('plan.jsonl is gone');
    rows.show(0, 10);
    expect(requests).toHaveLength(1);
    rows.retry();
    await requests[1]?.answer();
    expect([rows.problem, rows.at(3)]).toEqual([undefined, 3]);
  });

  it('drop an answer to what was asked before a reset', async () => {
    const { rows, requests, changes } = rowsByHand();
    rows.show(0, 10);
    rows.reset();
    await requests[1]?.answer({ items: [7], total: 1 });
    await requests[0]?.answer();
    expect([rows.at(0), rows.total, changes.length]).toEqual([7, 1, 1]);
  });

  it('are there though they are renewed faster than they are answered, and are the new ones in the end', async () => {
    const { rows, requests, offsets } = rowsByHand();
    rows.show(0, 10);
    for (let nth = 0; nth < 5; nth++) {
      rows.renew();
      await requests[nth]?.answer({ items: [nth], total: nth + 1 });
      expect([rows.at(0), rows.total]).toEqual([nth, nth + 1]);
    }
    await requests[5]?.answer({ items: [77], total: 6 });
    expect([rows.at(0), rows.total, offsets()]).toEqual([77, 6, [0, 0, 0, 0, 0, 0]]);
  });

  it('do not go back to an older total, and ask again where only the older answer failed', async () => {
    const { rows, requests, offsets } = rowsByHand();
    rows.show(90, 30);
    rows.renew();
    await requests[0]?.answer({ items: [1], total: 10 });
    expect(offsets()).toEqual([0, 100, 0]);
    await requests[2]?.answer({ items: [2], total: 20 });
    await requests[1]?.fail('It was read before.');
    expect([rows.total, rows.problem, offsets()]).toEqual([20, undefined, [0, 100, 0, 100]]);
    await requests[3]?.fail('It is gone.');
    expect([rows.total, rows.at(0), rows.problem]).toEqual([20, 2, 'It is gone.']);
  });

  it('keep the old total until the new one is known, so that nothing jumps', async () => {
    const { rows, requests } = rowsByHand();
    rows.show(0, 10);
    await requests[0]?.answer();
    rows.reset();
    expect(rows.total).toBe(TOTAL);
    await requests[1]?.answer({ items: [], total: 0 });
    expect(rows.total).toBe(0);
  });
});
