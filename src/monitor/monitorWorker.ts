import { parentPort, workerData } from 'node:worker_threads';
import { systemTimers } from '../process/timers.ts';
import { createSshClient } from '../process/ssh/client.ts';
import { createBox } from './boxes/box.ts';
import { wallClock } from './collect/clock.ts';
import { lead } from './collect/leadingCollector.ts';
import { Leadership } from './collect/leadership.ts';
import type { Question } from './collect/protocol.ts';
import { createThisMachine } from './collect/thisMachine.ts';
import type { FromMonitorWorker, HistoryPlace, MonitorWorkerData, ToMonitorWorker } from './collect/workerMessages.ts';
import { WatchedBoxes } from './collect/watchedBoxes.ts';
import { GPU_VENDORS } from './gpu/index.ts';
import { createHistoryKeeper } from './history/historyKeeper.ts';
import type { HistoryKeeper } from './history/historyKeeper.ts';

/**
 * Entry of `dist/monitorWorker.js`, the thread of the window that leads: collects for all windows of this user on this machine.
 * Ends when it is told to, when a newer version takes over, or with its window.
 */
async function main(): Promise<void> {
  const { folder, turn, toolPaths, env, never, before, history } = workerData as MonitorWorkerData;
  const tell = (message: FromMonitorWorker): void => parentPort?.postMessage(message);
  const log = (line: string): void => tell({ kind: 'log', line });
  const search = { paths: toolPaths, env, never, sharpWorker: '' };
  const machine = createThisMachine({ search, log, ...(before && { before }) });
  const ssh = createSshClient({ env, timers: systemTimers, never });
  const boxes = new WatchedBoxes({ open: (alias, interval) => createBox(alias, { ssh, vendors: GPU_VENDORS, interval, log: (line) => log(`box ${line}`) }), clock: wallClock });
  let keeper: HistoryKeeper | undefined;
  let kept: HistoryPlace | undefined;
  const answer = async (question: Question): Promise<unknown> => {
    switch (question.what) {
      case 'inventory':
        return machine.inventory();
      case 'boxes':
        return boxes.answering;
      case 'history':
        if (keeper === undefined) {
          throw new Error('Nothing is kept of this machine.');
        }
        return keeper.answer(question.query);
    }
  };
  const leading = await lead({ leadership: new Leadership(folder), turn, machine, boxes, answer, onOver: end });

  function keepIn(place: HistoryPlace | undefined): void {
    // The one before is closed first: a file has one writer.
    leading.setKeeper(undefined);
    keeper = undefined;
    kept = place;
    try {
      keeper = place === undefined ? undefined : createHistoryKeeper(place, log);
      leading.setKeeper(keeper);
    } catch (error) {
      log(`no history is kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  keepIn(history);

  function end(reason: string): void {
    log(`the collector ends: ${reason}`);
    leading.dispose();
    boxes.dispose();
    machine.dispose();
    parentPort?.close();
  }
  parentPort?.on('message', (message: ToMonitorWorker) => {
    if (message.kind === 'stop') {
      end('its window closes');
    } else if (message.place?.path !== kept?.path || message.place?.bound !== kept?.bound) {
      keepIn(message.place);
    }
  });
  tell({ kind: 'leads' });
}

void main();
