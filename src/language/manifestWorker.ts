import { parentPort, workerData } from 'node:worker_threads';
import { LargeCheck } from './manifest/large/largeCheck.ts';
import type { LargeWorkerData, LargeWorkerMessage } from './manifest/large/largeMessages.ts';
import { LOOK_AGAIN, STOP } from './manifest/large/largeMessages.ts';

/** Entry of `dist/manifestWorker.js`: goes through one large manifest, and on when it is told that the file may have grown. */
function main(): void {
  const { path, workspace, control } = workerData as LargeWorkerData;
  const port = parentPort;
  if (port === null) {
    throw new Error('It runs as a thread of the language server alone.');
  }
  const flag = new Int32Array(control);
  const say = (message: LargeWorkerMessage): void => port.postMessage(message);
  let check = new LargeCheck(path, workspace);
  let told = 0;
  let isGone = false;
  const run = (): void => {
    const started = performance.now();
    let last = -Infinity;
    const tell = (isEnd: boolean): void => {
      const { problems } = check;
      const added = problems.since(told);
      told = problems.keptCount;
      last = performance.now();
      say({ rows: check.rows, bytes: check.offset, size: check.size, total: problems.total, added, isEnd, seconds: (performance.now() - started) / 1000 });
    };
    check.run(() => {
      if (performance.now() - last > 250) {
        tell(false);
      }
      return Atomics.load(flag, 0) !== STOP;
    });
    tell(true);
  };
  run();
  port.on('message', (message: unknown) => {
    if (message !== LOOK_AGAIN) {
      return;
    }
    const change = check.refresh();
    if (change === 'gone') {
      if (!isGone) {
        isGone = true;
        say({ keep: 0, total: 0 });
      }
    } else if (change === 'replaced' || isGone) {
      isGone = false;
      check.dispose();
      check = new LargeCheck(path, workspace);
      told = 0;
      say({ keep: 0, total: 0 });
      run();
    } else if (change === 'grown') {
      const { problems } = check;
      told = Math.min(told, problems.keptCount);
      say({ keep: told, total: problems.total });
      run();
    }
  });
}

main();
