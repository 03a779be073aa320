import type { Handlers } from '../base/endpoint.ts';
import { WorkerThread } from '../base/workerThread.ts';
import type { DatasetWorkerData } from './datasetWorker.ts';
import type { ServiceContext } from './service.ts';
import type { ServiceName } from './services.ts';

export interface ServiceThreadOptions<Events> {
  /** Absolute path of the bundled `datasetWorker.js`. */
  readonly script: string;
  readonly service: ServiceName;
  /** As it is at each start. */
  readonly context: () => Promise<ServiceContext>;
  readonly events: Handlers<Events>;
  readonly log: (line: string) => void;
}

/** MiB. */
const HEAP = 512;

/** A service in a worker thread of its own. */
export class ServiceThread<Api, Events> extends WorkerThread<Api, Events> {
  constructor({ script, service, context, events, log }: ServiceThreadOptions<Events>) {
    super({
      script,
      name: service,
      data: async (): Promise<DatasetWorkerData> => ({ service, context: await context() }),
      handlers: { ...events, log: (line: unknown) => log(`${service}: ${String(line)}`) },
      log,
      heap: HEAP,
    });
  }
}
