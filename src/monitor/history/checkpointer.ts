import { Worker } from 'node:worker_threads';
import type { Disposable } from '../../base/disposable.ts';
import { LOG_BYTES } from './schema.ts';

/** Brings what a database's log holds into its file. */
export interface Checkpointer extends Disposable {
  /** Resolves when it is done; nothing is to be written meanwhile. False where this one can do it no more. */
  run(): Promise<boolean>;
}

/**
 * Waits for the disk, as long as that takes: for the log, then for the file, then for the first page of the log that begins
 * anew, which would else wait in the next transaction of whoever writes. Passive, so that nobody who reads is waited for: what
 * one still reads stays in the log until the next time. Opened each time, as the writer sets a damaged file aside and begins
 * another under its name. In words, as a thread begun by a file would need that file beside each bundle that keeps a history;
 * what it does is SQL.
 */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { DatabaseSync } = require('node:sqlite');
  parentPort.on('message', (message) => {
    if (message === 'end') {
      parentPort.close();
      return;
    }
    const database = new DatabaseSync(workerData.path);
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 1000; PRAGMA journal_size_limit = ' + workerData.logBytes);
    const { busy, log, checkpointed } = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
    if (busy === 0 && log > 0 && log === checkpointed) {
      const { user_version: version } = database.prepare('PRAGMA user_version').get();
      database.exec('PRAGMA user_version = ' + version);
    }
    database.close();
    parentPort.postMessage('done');
  });
`;

/** In a thread of its own, which is begun when it is needed for the first time. Of a file that has been begun by its writer. */
export function createCheckpointer(path: string, log?: (line: string) => void): Checkpointer {
  let thread: Worker | undefined;
  let failed = false;
  let settle: ((done: boolean) => void) | undefined;

  function begin(): Worker {
    const worker = new Worker(THREAD, { eval: true, workerData: { path, logBytes: LOG_BYTES }, name: 'trainyard history', execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.unref();
    worker.on('message', () => settle?.(true));
    worker.on('error', (error) => log?.(`the history's log has to be brought into its file by who writes it: ${error.message}`));
    worker.on('exit', () => {
      failed = true;
      settle?.(false);
    });
    return worker;
  }

  return {
    run() {
      if (failed) {
        return Promise.resolve(false);
      }
      thread ??= begin();
      thread.postMessage('run');
      return new Promise((resolve) => (settle = resolve));
    },
    dispose: () => thread?.postMessage('end'),
  };
}
