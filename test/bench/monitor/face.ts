/** A window that shows the dashboard: wants everything each second, and counts what comes. */
import { SocketClient } from '../../../src/monitor/collect/client.ts';

const client = new SocketClient({ folder: process.argv[2] ?? '' });
let samples = 0;
let gpus = 0;
let processes = 0;
client.onSample((sample) => {
  samples++;
  gpus = sample.gpus.reduce((count, reading) => count + reading.gpus.length, 0);
  processes = Array.isArray(sample.processes) ? sample.processes.length : 0;
});
client.wish({ interval: 1000, detail: 'full' });
process.once('SIGTERM', () => {
  client.dispose();
  process.stdout.write(JSON.stringify({ samples, gpus, processes }));
});
