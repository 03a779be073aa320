import { parentPort, workerData } from 'node:worker_threads';
import { Endpoint } from '../base/endpoint.ts';
import { SYNC_SERVICES } from './services.ts';
import type { CreateService, SyncWorkerData } from './services.ts';

/** Milliseconds that a person has for a question: a password is looked up, a code waited for. */
const TIMEOUT = 600_000;

type Anything = Record<string, (params: unknown) => unknown>;

/** Entry of `dist/syncWorker.js`: one service in a thread of its own, until the window ends the thread. */
async function main(): Promise<void> {
  const { service, context } = workerData as SyncWorkerData;
  if (parentPort === null) {
    throw new Error('This runs in a thread of a window.');
  }
  const port = parentPort;
  const create = (await SYNC_SERVICES[service]()) as unknown as CreateService<Anything, Anything>;
  const endpoint: Endpoint<Anything, Anything> = new Endpoint<Anything, Anything>(
    (message) => port.postMessage(message),
    create(context, {
      tell: (event, ...params) => endpoint.notify(event, ...params),
      ask: (method, ...params) => endpoint.request(method, ...params),
    }).handlers,
    TIMEOUT,
  );
  port.on('message', (message) => endpoint.receive(message));
}

await main();
