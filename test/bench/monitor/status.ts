import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { simulateGpus } from '../../fakes/simulateGpus.ts';
import { against, alone, type Bench, type BenchRow } from '../row.ts';
import { bundle, COMPILED_SECONDS, GPUS, PROCESSES, SECONDS, WARM_SECONDS, watchCollector } from './watchCollector.ts';
import { makeProcesses } from './load.ts';
import type { LoopDelay } from './loopDelay.ts';
import { unpack } from './packages.ts';
import { watch, type Watched } from './watched.ts';

/** What starting nvidia-smi costs on a machine of 8 GPUs, of which 0.1 s is work (influxdata/telegraf#8534). */
const STARTUP = { TRAINYARD_FAKE_STARTUP_MS: '490', TRAINYARD_FAKE_STARTUP_CPU_MS: '100' };

/** What it costs to look at a machine of 8 GPUs and 300 processes each second, beside what else people leave open all day. */
export const status: Bench = {
  room: 'monitor',
  name: 'status',
  async run(context) {
    const folder = join(context.folder, 'status');
    mkdirSync(folder);
    const bundles = await bundle(folder);
    const env = { PATH: `${await simulateGpus(folder, GPUS, STARTUP)}:${process.env['PATH'] ?? ''}` };
    const watchOurs = async (warmSeconds: number, looks = ''): Promise<Watched> => (await watchCollector({ context, bundles, env, warmSeconds, looks })).collector;
    const load = await makeProcesses(PROCESSES);
    try {
      const ours = await watchOurs(COMPILED_SECONDS);
      const idle = { argv: [process.execPath, join(bundles, 'idle.mjs')], keep: true };
      const [early, resting] = await Promise.all([watchOurs(WARM_SECONDS, 'delays'), watch(idle, WARM_SECONDS, SECONDS)]);
      const [delays, noise] = [delayOf(early), delayOf(resting)];
      const take = (name: string, argv: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Watched> => {
        context.say(`  ${name} …`);
        return watch({ argv, env: { ...env, ...more }, keep: argv[0] === process.execPath }, WARM_SECONDS, SECONDS);
      };
      const rows: BenchRow[] = [
        alone('monitor', 'collector with its nvidia-smi streams, at 1 Hz', ours.share, 1, '% of a core'),
        alone('monitor', 'collector without them', ours.ownShare, null, '% of a core'),
        alone('monitor', 'collector with them, while V8 still compiles it', early.share, null, '% of a core'),
        alone('monitor', 'collector, memory', ours.megabytes, null, 'MB'),
        alone('monitor', 'collector, event loop late, p99', delays.late, 20, 'ms'),
        alone('monitor', 'collector, event loop late, at most', delays.latest, null, 'ms'),
        alone('monitor', 'a process that does nothing, event loop late, p99', noise.late, null, 'ms'),
        alone('monitor', 'a process that does nothing, event loop late, at most', noise.latest, null, 'ms'),
      ];
      const beside = (name: string, peer: Watched, target: number | null): void => {
        rows.push(against('monitor', `CPU, beside ${name}`, ours.share, peer.share, target, '% of a core'));
      };
      beside('nvidia-smi -q -x each second', await take('nvidia-smi -q -x', [process.execPath, join(bundles, 'spawnLoop.mjs')]), null);
      beside('systeminformation', await take('systeminformation', [process.execPath, join(bundles, 'systemInformation.mjs')]), 0.05);
      const top = await take('top', ['top', '-b', '-d', '1']);
      beside('top -d 1', top, 0.5);
      // A real nvidia-smi has other costs than the stand-in's Perl, and top has none of them.
      rows.push(against('monitor', 'CPU without the nvidia-smi streams, beside top -d 1', ours.ownShare, top.share, null, '% of a core'));
      const htop = unpack('htop', ['htop', 'libnl-3-200', 'libnl-genl-3-200'], folder);
      const atop = unpack('atop', ['atop'], folder);
      if (htop === undefined || atop === undefined) {
        context.say('  htop or atop cannot be had here: left out');
      }
      if (htop !== undefined) {
        // It wants a terminal.
        const words = ['script', '--quiet', '--command', `${htop.path} -d 10`, '/dev/null'];
        beside('htop -d 10', await take('htop', words, { ...htop.env, TERM: 'xterm', COLUMNS: '160', LINES: '50' }), null);
      }
      if (atop !== undefined) {
        beside('atop 1', await take('atop', [atop.path, '1'], atop.env), null);
      }
      return rows;
    } finally {
      await load.end();
    }
  },
};

function delayOf({ stdout }: Watched): LoopDelay {
  return JSON.parse(stdout) as LoopDelay;
}
