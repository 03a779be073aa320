/** The whole collector in a process of its own, as a window's thread runs it, and one face in this process that wants it all each second. */
import { lead } from '../../../src/monitor/collect/leadingCollector.ts';
import { Leadership } from '../../../src/monitor/collect/leadership.ts';
import { createThisMachine } from '../../../src/monitor/collect/thisMachine.ts';
import { watchLoop } from './loopDelay.ts';

const [folder = '', looks] = process.argv.slice(2);
const leadership = new Leadership(folder);
const turn = leadership.take();
if (turn === undefined) {
  throw new Error(`somebody leads in ${folder}`);
}
const machine = createThisMachine({ search: { paths: {}, env: process.env, never: [], sharpWorker: '' }, log: (line) => process.stderr.write(`${line}\n`) });
const leading = await lead({ leadership, turn, machine, answer: () => machine.inventory(), onOver: (reason) => process.stderr.write(`${reason}\n`) });
const delay = looks === 'delays' ? watchLoop(5000) : undefined;

process.once('SIGTERM', () => {
  if (delay !== undefined) {
    process.stdout.write(JSON.stringify(delay()));
  }
  leading.dispose();
  machine.dispose();
});
