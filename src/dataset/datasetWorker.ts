import { parentPort, workerData } from 'node:worker_threads';
import { Endpoint } from '../base/endpoint.ts';
import type { CreateService, ServiceContext } from './service.ts';
import { SERVICES } from './services.ts';

export interface DatasetWorkerData {
  readonly service: string;
  readonly context: ServiceContext;
}

type Anything = Record<string, (params: unknown) => unknown>;

/** Entry of `dist/datasetWorker.js`: one service in a thread of its own, until the window ends the thread. */
async function main(): Promise<void> {
  const { service: name, context } = workerData as DatasetWorkerData;
  const load = SERVICES[name];
  if (load === undefined || parentPort === null) {
    throw new Error(`There is no service "${name}".`);
  }
  const port = parentPort;
  const create = (await load()) as unknown as CreateService<Anything, Anything>;
  // Whoever asks keeps the time.
  const endpoint: Endpoint<Anything, Anything> = new Endpoint<Anything, Anything>(
    (message) => port.postMessage(message),
    create({ ...context, log: (line) => endpoint.notify('log', line) }, (event, params) => endpoint.notify(event, params)).handlers,
  );
  port.on('message', (message) => endpoint.receive(message));
}

await main();
