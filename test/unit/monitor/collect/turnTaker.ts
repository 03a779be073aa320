import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Leadership } from '../../../../src/monitor/collect/leadership.ts';

/**
 * For a test: takes the turn in a folder and says which, or null.
 *
 *   turnTaker.mjs FOLDER, which ends then, or as a worker thread, which stays
 */
if (isMainThread) {
  process.stdout.write(JSON.stringify(new Leadership(process.argv[2] ?? '').take() ?? null));
} else {
  parentPort?.on('message', () => {});
  parentPort?.postMessage(new Leadership((workerData as { readonly folder: string }).folder).take() ?? null);
}
