import { Worker } from 'node:worker_threads';
import type { StartCollector } from './client.ts';
import type { CollectorSettings, FromMonitorWorker, MonitorWorkerData, ToMonitorWorker } from './workerMessages.ts';

export interface WorkerCollectorOptions {
  /** Absolute path of the bundled `monitorWorker.js`. */
  readonly script: string;
  readonly folder: string;
  /** As they are now; asked for at each start. */
  readonly settings: () => CollectorSettings;
  readonly log?: (line: string) => void;
}

/** Milliseconds that a worker may take to end in good order. */
const PATIENCE = 3000;

/** Starts collectors in worker threads of this process. */
export function workerCollector({ script, folder, settings, log }: WorkerCollectorOptions): StartCollector {
  return (turn, before) => {
    const data: MonitorWorkerData = { ...settings(), folder, turn, ...(before && { before }) };
    const worker = new Worker(script, { workerData: data, name: 'trainyard monitor' });
    worker.on('message', (message: FromMonitorWorker) => {
      if (message.kind === 'log') {
        log?.(message.line);
      }
    });
    const ended = new Promise<string | undefined>((resolve) => {
      let failure: string | undefined;
      worker.on('error', (error) => {
        failure = error.message;
        log?.(`the collector failed: ${error.stack ?? error.message}`);
      });
      worker.on('exit', () => resolve(failure));
    });
    return {
      ended,
      dispose() {
        const stop: ToMonitorWorker = { kind: 'stop' };
        worker.postMessage(stop);
        const late = setTimeout(() => void worker.terminate(), PATIENCE);
        late.unref();
        void ended.then(() => clearTimeout(late));
      },
    };
  };
}
