import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { getServer } from '../../vscode/getServer.ts';
import { take } from '../measure.ts';
import { alone, type Bench } from '../row.ts';
import type { HistoryFigures } from './keepDay.ts';

const HOUR = 3600;

/**
 * A day at 1 Hz of a machine with 8 GPUs, 112 cores and 300 processes, kept as fast as it can be, in the Node that VS Code's
 * server brings.
 */
export const history: Bench = {
  room: 'monitor',
  name: 'history',
  async run({ root, folder }) {
    const { node } = await getServer();
    const script = join(folder, 'keepDay.mjs');
    const file = join(folder, 'history.db');
    await build({ entryPoints: [join(root, 'test/bench/monitor/keepDay.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const { stdout } = await take({ argv: [node, '--disable-warning=ExperimentalWarning', script, file, String(24 * HOUR)] });
    const figures = JSON.parse(stdout) as HistoryFigures;
    return [
      alone('monitor', 'history: a day of 8 GPUs, kept', statSync(file).size / 1e6, 200, 'MB'),
      alone('monitor', 'history: CPU to keep a sample', figures.cpuPerSample, 1, 'ms'),
      alone('monitor', 'history: a write, median', figures.writeMedian, null, 'ms'),
      alone('monitor', 'history: a write, p99', figures.writeP99, null, 'ms'),
      alone('monitor', 'history: a write, longest', figures.writeLongest, null, 'ms'),
      alone('monitor', 'history: the log into the file, in a thread of its own, longest', figures.checkpointLongest, null, 'ms'),
      alone('monitor', 'history: bytes a GPU and sample', figures.bytesPerGpu, 100, 'B'),
      alone('monitor', 'history: 24 h of 8 GPUs and the host, by the minute', figures.dayByMinutes, 300, 'ms'),
      alone('monitor', 'history: 24 h of 8 GPUs, 7 series, in 2,000 columns', figures.dayOfGpus, 300, 'ms'),
      alone('monitor', 'history: a moment with its processes', figures.moment, 50, 'ms'),
    ];
  },
};
