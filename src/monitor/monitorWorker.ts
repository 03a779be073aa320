import { parentPort, workerData } from 'node:worker_threads';
import { lead } from './collect/leadingCollector.ts';
import { Leadership } from './collect/leadership.ts';
import type { Question } from './collect/protocol.ts';
import { createThisMachine } from './collect/thisMachine.ts';
import type { ToMonitorWorker, FromMonitorWorker, MonitorWorkerData } from './collect/workerMessages.ts';

/**
 * Entry of `dist/monitorWorker.js`, the thread of the window that leads: collects for all windows of this user on this machine.
 * Ends when it is told to, when a newer version takes over, or with its window.
 */
async function main(): Promise<void> {
  const { folder, turn, toolPaths, env, never, before } = workerData as MonitorWorkerData;
  const tell = (message: FromMonitorWorker): void => parentPort?.postMessage(message);
  const log = (line: string): void => tell({ kind: 'log', line });
  const search = { paths: toolPaths, env, never, sharpWorker: '' };
  const machine = createThisMachine({ search, log, ...(before && { before }) });
  const answer = async (question: Question): Promise<unknown> => {
    switch (question.what) {
      case 'inventory':
        return machine.inventory();
      case 'history':
        throw new Error('no history is kept');
    }
  };
  const leading = await lead({ leadership: new Leadership(folder), turn, machine, answer, onOver: end });

  function end(reason: string): void {
    log(`the collector ends: ${reason}`);
    leading.dispose();
    machine.dispose();
    parentPort?.close();
  }
  parentPort?.on('message', (message: ToMonitorWorker) => {
    if (message.kind === 'stop') {
      end('its window closes');
    }
  });
  tell({ kind: 'leads' });
}

void main();
