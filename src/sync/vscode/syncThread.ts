import { join } from 'node:path';
import type { Handlers } from '../../base/endpoint.ts';
import { WorkerThread } from '../../base/workerThread.ts';
import { bundlePath } from '../../installation.ts';
import type { Services } from '../../platform/services.ts';
import { workspaceFolders } from '../../platform/workspaceFolders.ts';
import type { SyncWorkerData } from '../services.ts';

/** MiB: listings of a million names, twice. */
const HEAP = 1024;

/** A thread with one of the services of syncs; `handlers` answer to what it tells and asks. */
export function createSyncThread<Api, Events>(services: Services, service: SyncWorkerData['service'], handlers: Handlers<Events>): WorkerThread<Api, Events> {
  const { installation, log } = services;
  return new WorkerThread<Api, Events>({
    script: bundlePath(installation, 'syncWorker'),
    name: service,
    data: async (): Promise<SyncWorkerData> => {
      const config = sshConfig(services);
      return { service, context: { storage: join(services.storage, 'sync'), env: { ...process.env }, never: await workspaceFolders(), ...(config !== undefined && { sshConfig: config }) } };
    },
    handlers,
    log: (line) => log.error(line, undefined),
    heap: HEAP,
  });
}

/** The configuration of ssh that a person has named in place of their own. */
export function sshConfig({ config }: Pick<Services, 'config'>): string | undefined {
  const named = config.ofUser('sync.sshConfig');
  return typeof named === 'string' && named.trim() !== '' ? named.trim() : undefined;
}
