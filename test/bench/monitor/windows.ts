import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { simulateGpus } from '../../fakes/simulateGpus.ts';
import { against, alone, type Bench } from '../row.ts';
import { makeProcesses } from './load.ts';
import { bundle, GPUS, PROCESSES, SECONDS, WARM_SECONDS, watchCollector } from './watchCollector.ts';
import { watch, type Watched } from './watched.ts';

const WINDOWS = 10;
/** How much more than one all of them were to cost at most. */
const ASKED_FOR = 1.15;

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
      const wake = { argv: [process.execPath, join(bundles, 'wake.mjs')], keep: true };
      const waking = cpu(await Promise.all(Array.from({ length: WINDOWS }, () => watch(wake, WARM_SECONDS, SECONDS)))) / WINDOWS;
      const { share } = one.collector;
      const further = (cpu(full.all) - cpu(one.all)) / (WINDOWS - 1);
      return [
        against('monitor', `windows, ${WINDOWS} beside 1, all their CPU`, cpu(ten.all), cpu(one.all), ASKED_FOR, '% of a core'),
        against('monitor', `windows, ${WINDOWS} dashboards beside 1`, cpu(full.all), cpu(one.all), ASKED_FOR, '% of a core'),
        // What this ratio would be if a dashboard did nothing but wake: the less the collector costs the higher it is.
        against('monitor', `windows, ${WINDOWS} processes beside 1 that only wake each second, with the collector`, share + WINDOWS * waking, share + waking, null, '% of a core'),
        alone('monitor', 'windows, each further dashboard', further, 0.1, '% of a core'),
        against('monitor', 'windows, each further dashboard beside a process that only wakes each second', further, waking, null, '% of a core'),
      ];
    } finally {
      await load.end();
    }
  },
};

function cpu(all: readonly Watched[]): number {
  return all.reduce((sum, { share }) => sum + share, 0);
}
