/** The whole collector in a process of its own, as a window's thread runs it, and one face in this process that wants it all each second. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { lead } from '../../../src/monitor/collect/leadingCollector.ts';
import { Leadership } from '../../../src/monitor/collect/leadership.ts';
import { createThisMachine } from '../../../src/monitor/collect/thisMachine.ts';

/** Milliseconds. Looking oftener would cost more than what is looked at. */
const RESOLUTION = 5;

const [folder = '', looks] = process.argv.slice(2);
const leadership = new Leadership(folder);
const turn = leadership.take();
if (turn === undefined) {
  throw new Error(`somebody leads in ${folder}`);
}
const machine = createThisMachine({ search: { paths: {}, env: process.env, never: [], sharpWorker: '' }, log: (line) => process.stderr.write(`${line}\n`) });
const leading = await lead({ leadership, turn, machine, answer: () => machine.inventory(), onOver: (reason) => process.stderr.write(`${reason}\n`) });
const delays = looks === 'delays' ? monitorEventLoopDelay({ resolution: RESOLUTION }) : undefined;
// What starts up is not what goes on.
setTimeout(() => delays?.enable(), 5000);

process.once('SIGTERM', () => {
  if (delays !== undefined) {
    // It tells the time from one look to the next, which is the resolution where nothing comes between.
    const [middle, late, latest] = [delays.percentile(50), delays.percentile(99), delays.max].map((nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION));
    process.stdout.write(JSON.stringify({ middle, late, latest }));
  }
  leading.dispose();
  machine.dispose();
});
