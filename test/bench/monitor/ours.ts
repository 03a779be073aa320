/** The whole collector in a process of its own, as a window's thread runs it, with all that it keeps. */
import { lead } from '../../../src/monitor/collect/leadingCollector.ts';
import { Leadership } from '../../../src/monitor/collect/leadership.ts';
import { createThisMachine } from '../../../src/monitor/collect/thisMachine.ts';
import { createHistoryKeeper } from '../../../src/monitor/history/historyKeeper.ts';
import { watchLoop } from './loopDelay.ts';

const [folder = '', history = '', looks] = process.argv.slice(2);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const leadership = new Leadership(folder);
const turn = leadership.take();
if (turn === undefined) {
  throw new Error(`somebody leads in ${folder}`);
}
const machine = createThisMachine({ search: { paths: {}, env: process.env, never: [], sharpWorker: '' }, log: say });
const leading = await lead({ leadership, turn, machine, answer: () => machine.inventory(), onOver: say });
leading.setKeeper(createHistoryKeeper({ path: history }, say));
const delay = looks === 'delays' ? watchLoop(5000) : undefined;

process.once('SIGTERM', () => {
  if (delay !== undefined) {
    process.stdout.write(JSON.stringify(delay()));
  }
  leading.dispose();
  machine.dispose();
});
