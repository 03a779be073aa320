import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { createToolStreams } from '../../../src/process/createToolStreams.ts';

/**
 * A process for a test to kill: streams a script with /bin/sh in a worker thread, and passes on what it prints. Ends the thread,
 * and lives on, when it is told to on stdin.
 *
 *   killedStreams.js SCRIPT
 */
if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
  process.stdin.once('data', () => void worker.terminate());
} else {
  const tool = { path: '/bin/sh', prefix: [], version: '', banner: '', features: new Set<string>(), buildId: '' };
  const streams = createToolStreams({ find: async (id) => ({ id, title: id, found: { ...tool, id }, rejected: [] }) });
  streams.open(
    { tool: 'nvidia-smi', args: ['-c', String(workerData)], silence: 600_000 },
    { onLine: (line) => void process.stdout.write(`${line}\n`), onSilent: () => {}, onEnd: () => {} },
  );
}
