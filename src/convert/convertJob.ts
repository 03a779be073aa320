import { dirname } from 'node:path';
import { jobFiles } from './run/jobFiles.ts';
import { openJobLog } from './run/jobLog.ts';
import { createJobRunner } from './run/jobRunner.ts';

/**
 * Entry of `dist/convertJob.js`: `convertJob STORE ID plan|run`, the process of one job. It has no terminal and no parent to talk
 * to: all that it has to say stands in the job's status. SIGTERM cancels the job. Exit code 0 where the status tells how it ended.
 */
async function main([store, id, what]: readonly string[]): Promise<void> {
  if (store === undefined || id === undefined || (what !== 'plan' && what !== 'run')) {
    throw new TypeError('usage: convertJob STORE ID plan|run');
  }
  process.on('uncaughtException', (error) => {
    const log = openJobLog(jobFiles(store, id).log);
    log.write(`the process ended: ${error.stack ?? error.message}`);
    process.exit(1);
  });
  const cancel = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => cancel.abort());
  }
  // The terminal or the connection that it came from has gone: the job goes on.
  process.on('SIGHUP', () => {});
  const runner = createJobRunner({ store, installation: { root: dirname(import.meta.dirname) }, env: process.env });
  await runner[what](id, { signal: cancel.signal });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
