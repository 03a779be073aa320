import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ServiceContext } from '../../../src/dataset/service.ts';
import { ServiceThread } from '../../../src/dataset/serviceThread.ts';
import { temporaryFolder } from '../media/support.ts';

interface Api {
  thread(): number;
}

/** A thread that answers with its number. */
function threadOf(context: () => Promise<ServiceContext>): ServiceThread<Api, object> {
  const script = join(temporaryFolder(), 'worker.mjs');
  writeFileSync(script, "import { parentPort, threadId } from 'node:worker_threads';\nparentPort.on('message', ({ id }) => parentPort.postMessage({ reply: id, value: threadId }));\n");
  const thread = new ServiceThread<Api, object>({ script, service: 'any', context, events: {}, log: () => undefined });
  onTestFinished(() => thread.dispose());
  return thread;
}

const CONTEXT: ServiceContext = { storage: '/nowhere', root: '/nowhere', cacheBytes: 0 };

it('starts one thread, whether ahead or for the first request', async () => {
  let started = 0;
  const thread = threadOf(() => Promise.resolve(CONTEXT).finally(() => started++));
  thread.startAhead();
  thread.startAhead();
  const [one, other] = await Promise.all([thread.request('thread'), thread.request('thread')]);
  expect([started, one === other]).toEqual([1, true]);
});

it('starts anew for the next request where a start failed', async () => {
  let fails = true;
  const thread = threadOf(() => (fails ? Promise.reject(new Error('no settings')) : Promise.resolve(CONTEXT)));
  thread.startAhead();
  await expect(thread.request('thread')).rejects.toThrow('no settings');
  fails = false;
  expect(await thread.request('thread')).toBeGreaterThan(0);
});

it('starts none once it is disposed', async () => {
  let started = 0;
  const thread = threadOf(() => Promise.resolve(CONTEXT).finally(() => started++));
  thread.dispose();
  thread.startAhead();
  await new Promise((resolve) => setImmediate(resolve));
  expect(started).toBe(0);
});

it('writes to the log what its service says', async () => {
  const script = join(temporaryFolder(), 'worker.mjs');
  writeFileSync(script, "import { parentPort } from 'node:worker_threads';\nparentPort.on('message', ({ id }) => { parentPort.postMessage({ call: 'log', params: 'the disk is full' }); parentPort.postMessage({ reply: id, value: 1 }); });\n");
  const said: string[] = [];
  const thread = new ServiceThread<Api, object>({ script, service: 'any', context: () => Promise.resolve(CONTEXT), events: {}, log: (line) => said.push(line) });
  onTestFinished(() => thread.dispose());
  await thread.request('thread');
  expect(said).toEqual(['any: the disk is full']);
});
