import { SocketClient } from '../../../../src/monitor/collect/client.ts';
import { workerCollector } from '../../../../src/monitor/collect/workerCollector.ts';

/**
 * A window for a test to kill: looks at this machine by way of the collector of a folder, which it starts where there is none, and
 * prints a line for each sample: its time, and whether it leads.
 *
 *   killedFace.mjs FOLDER WORKER INTERVAL
 */
const [folder = '', script = '', interval] = process.argv.slice(2);
const settings = () => ({ toolPaths: {}, env: process.env, never: [] });
const log = (line: string): void => void process.stderr.write(process.env['TRAINYARD_TEST_LOG'] ? `${line}\n` : '');
const client = new SocketClient({ folder, startCollector: workerCollector({ script, folder, settings, log }), log });
client.wish({ interval: Number(interval), detail: 'full' });
client.onSample(({ time }) => void process.stdout.write(`${JSON.stringify({ time, leads: client.leads })}\n`));
process.stdin.once('end', () => client.dispose()).resume();
