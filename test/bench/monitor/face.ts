/** A window: wants samples at an interval in milliseconds and a detail, and counts what comes. */
import { SocketClient } from '../../../src/monitor/collect/client.ts';

const [folder = '', interval, detail] = process.argv.slice(2);
const client = new SocketClient({ folder });
let samples = 0;
let gpus = 0;
let processes = 0;
client.onSample((sample) => {
  samples++;
  gpus = sample.gpus.reduce((count, reading) => count + reading.gpus.length, 0);
  processes = Array.isArray(sample.processes) ? sample.processes.length : 0;
});
client.wish({ interval: Number(interval), detail: detail === 'gpus' ? 'gpus' : 'full' });
process.once('SIGTERM', () => {
  client.dispose();
  process.stdout.write(JSON.stringify({ samples, gpus, processes }));
});
