import { afterEach, describe, expect, it, vi } from 'vitest';
import { Endpoint } from '../../../src/base/endpoint.ts';
import type { Handlers } from '../../../src/base/endpoint.ts';
import { ReplyError } from '../../../src/base/replyError.ts';

interface Host {
  double(params: { readonly value: number }): number;
  slow(): number;
}

interface Page {
  show(text: string): void;
}

/** Two ends on a line that, like VS Code's, copies what is sent. */
function connect(hostHandlers: Partial<Handlers<Host>>, pageHandlers: Partial<Handlers<Page>> = {}) {
  const copy = (message: unknown): unknown => JSON.parse(JSON.stringify(message));
  const page: Endpoint<Host, Page> = new Endpoint<Host, Page>((message) => host.receive(copy(message)), pageHandlers as Handlers<Page>, 5000);
  const host = new Endpoint<Page, Host>((message) => page.receive(copy(message)), hostHandlers as Handlers<Host>, 5000);
  return { page, host };
}

const reasonOf = (promise: Promise<unknown>) => promise.then(() => 'answered', (error: unknown) => (ReplyError.is(error) ? error.reason : 'other'));

afterEach(() => vi.useRealTimers());

describe('the line between a page and its host', () => {
  it('answers a request with the value of its handler', async () => {
    const { page } = connect({ double: (params) => (params as { value: number }).value * 2 });
    await expect(page.request('double', { value: 21 })).resolves.toBe(42);
  });

  it('matches answers to requests, whatever order they come in', async () => {
    const waiting: ((value: number) => void)[] = [];
    const { page } = connect({ slow: () => new Promise<number>((resolve) => waiting.push(resolve)) });
    const first = page.request('slow');
    const second = page.request('slow');
    waiting[1]?.(2);
    waiting[0]?.(1);
    await expect(Promise.all([first, second])).resolves.toEqual([1, 2]);
  });

  it('answers with the words of an error where the handler throws or rejects', async () => {
    const { page } = connect({
      double: () => {
        throw new Error('disk is gone');
      },
      slow: () => Promise.reject(new ReplyError('invalid', 'not like this')),
    });
    await expect(page.request('double', { value: 1 })).rejects.toMatchObject({ reason: 'failed', message: 'disk is gone' });
    await expect(page.request('slow')).rejects.toMatchObject({ reason: 'invalid', message: 'not like this' });
  });

  it.each(['erase', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])('refuses the request "%s", which nobody offers', async (method) => {
    const { page } = connect({});
    await expect(reasonOf(page.request(method as 'slow'))).resolves.toBe('unknown');
  });

  it('tells the handler when its answer is no longer wanted, and settles the request at once', async () => {
    let told: AbortSignal | undefined;
    const { page } = connect({
      slow: (_params, signal) => {
        told = signal;
        return new Promise<number>(() => undefined);
      },
    });
    const wish = new AbortController();
    const answer = reasonOf(page.requestUntil(wish.signal, 'slow'));
    expect(told?.aborted).toBe(false);
    wish.abort();
    await expect(answer).resolves.toBe('cancelled');
    expect(told?.aborted).toBe(true);
  });

  it('sends nothing for a request that is given up before it is made', async () => {
    const slow = vi.fn(() => 1);
    const { page } = connect({ slow });
    await expect(reasonOf(page.requestUntil(AbortSignal.abort(), 'slow'))).resolves.toBe('cancelled');
    expect(slow).not.toHaveBeenCalled();
  });

  it('gives up on an answer that does not come', async () => {
    vi.useFakeTimers();
    const { page } = connect({ slow: () => new Promise<number>(() => undefined) });
    const reason = reasonOf(page.request('slow'));
    await vi.advanceTimersByTimeAsync(5000);
    await expect(reason).resolves.toBe('timeout');
  });

  it('takes no notice of an answer that comes too late', async () => {
    vi.useFakeTimers();
    let answer: (value: number) => void = () => undefined;
    const { page } = connect({ slow: () => new Promise<number>((resolve) => (answer = resolve)) });
    const reason = reasonOf(page.request('slow'));
    await vi.advanceTimersByTimeAsync(5000);
    answer(1);
    await expect(reason).resolves.toBe('timeout');
  });

  it('settles what is open when it is disposed of, and refuses what comes after', async () => {
    const { page } = connect({ slow: () => new Promise<number>(() => undefined) });
    const open = reasonOf(page.request('slow'));
    page.dispose();
    await expect(open).resolves.toBe('disposed');
    await expect(reasonOf(page.request('slow'))).resolves.toBe('disposed');
  });

  it('sends no answer once it is disposed of', async () => {
    const posted: unknown[] = [];
    let answer: (value: number) => void = () => undefined;
    const host = new Endpoint<Page, Pick<Host, 'slow'>>((message) => posted.push(message), { slow: () => new Promise<number>((resolve) => (answer = resolve)) });
    host.receive({ call: 'slow', id: 1 });
    host.dispose();
    answer(1);
    await new Promise(setImmediate);
    expect(posted).toEqual([]);
  });

  it('hands an event on and answers nothing', async () => {
    const shown: unknown[] = [];
    const posted: unknown[] = [];
    const page = new Endpoint<Host, Page>((message) => posted.push(message), { show: (text) => void shown.push(text) });
    page.receive({ call: 'show', params: 'hello' });
    await new Promise(setImmediate);
    expect({ shown, posted }).toEqual({ shown: ['hello'], posted: [] });
  });

  it.each([undefined, null, 7, 'text', [], {}, { call: 3 }, { call: 'show', id: 'x' }, { reply: 'x' }, { reply: 99, value: 1 }])('leaves %j alone', (message) => {
    const { page } = connect({});
    expect(() => page.receive(message)).not.toThrow();
  });
});
