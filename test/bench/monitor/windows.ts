import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { simulateGpus } from '../../fakes/simulateGpus.ts';
import { against, type Bench } from '../row.ts';
import { makeProcesses } from './load.ts';
import { bundle, GPUS, PROCESSES, watchCollector } from './watchCollector.ts';
import type { Watched } from './watched.ts';

const WINDOWS = 10;

/** What ten windows of a person cost a machine, of which one or all show the dashboard, beside one that does. */
export const windows: Bench = {
  room: 'monitor',
  name: 'windows',
  async run(context) {
    const folder = join(context.folder, 'windows');
    mkdirSync(folder);
    const bundles = await bundle(folder);
    const env = { PATH: `${await simulateGpus(folder, GPUS)}:${process.env['PATH'] ?? ''}` };
    const load = await makeProcesses(PROCESSES);
    try {
      const one = await watchCollector({ context: { ...context, folder }, bundles, env });
      const ten = await watchCollector({ context: { ...context, folder }, bundles, env, statusBars: WINDOWS - 1 });
      const full = await watchCollector({ context: { ...context, folder }, bundles, env, dashboards: WINDOWS - 1 });
      return [
        against('monitor', `windows, ${WINDOWS} beside 1, all their CPU`, cpu(ten.all), cpu(one.all), 1.15, '% of a core'),
        // To wake each second and read what has changed costs a process a twentieth of what the host's reading does, whoever wrote it.
        against('monitor', `windows, ${WINDOWS} dashboards beside 1`, cpu(full.all), cpu(one.all), 1.75, '% of a core'),
      ];
    } finally {
      await load.end();
    }
  },
};

function cpu(all: readonly Watched[]): number {
  return all.reduce((sum, { share }) => sum + share, 0);
}
