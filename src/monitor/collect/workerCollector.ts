import { Worker } from 'node:worker_threads';
import type { Event } from '../../base/emitter.ts';
import type { StartCollector } from './client.ts';
import type { CollectorSettings, FromMonitorWorker, MonitorWorkerData, ToMonitorWorker } from './workerMessages.ts';

export interface WorkerCollectorOptions {
  /** Absolute path of the bundled `monitorWorker.js`. */
  readonly script: string;
  readonly folder: string;
  /** As they are now; asked for at each start. */
  readonly settings: () => CollectorSettings;
  /** Whether samples are kept, and how many, may have changed. */
  readonly onDidChangeHistory?: Event<void>;
  readonly log?: (line: string) => void;
}

/** Milliseconds that a worker may take to end in good order. */
const PATIENCE = 3000;

/** Starts collectors in worker threads of this process. */
export function workerCollector({ script, folder, settings, onDidChangeHistory, log }: WorkerCollectorOptions): StartCollector {
  return (turn, before) => {
    const data: MonitorWorkerData = { ...settings(), folder, turn, ...(before && { before }) };
    const worker = new Worker(script, { workerData: data, name: 'trainyard monitor' });
    worker.on('message', (message: FromMonitorWorker) => {
      if (message.kind === 'log') {
        log?.(message.line);
      }
    });
    const tell = (message: ToMonitorWorker): void => worker.postMessage(message);
    const changes = onDidChangeHistory?.(() => tell({ kind: 'history', place: settings().history }));
    const ended = new Promise<string | undefined>((resolve) => {
      let failure: string | undefined;
      worker.on('error', (error) => {
        failure = error.message;
        log?.(`the collector failed: ${error.stack ?? error.message}`);
      });
      worker.on('exit', () => {
        changes?.dispose();
        resolve(failure);
      });
    });
    return {
      ended,
      dispose() {
        tell({ kind: 'stop' });
        const late = setTimeout(() => void worker.terminate(), PATIENCE);
        late.unref();
        void ended.then(() => clearTimeout(late));
      },
    };
  };
}
