import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { simulateGpus } from '../../fakes/simulateGpus.ts';
import { AS_SHIPPED } from '../../unit/asShipped.ts';
import { against, alone, type Bench, type BenchContext, type BenchRow } from '../row.ts';
import { makeProcesses } from './load.ts';
import type { LoopDelay } from './loopDelay.ts';
import { unpack } from './packages.ts';
import { watch, type Watched } from './watched.ts';

const GPUS = 8;
const PROCESSES = 300;
/** Of each contender; fewer while somebody works on the bench. */
const SECONDS = Number(process.env['TRAINYARD_BENCH_SECONDS'] ?? 60);
/** Until what was started has settled, and is compiled: each is left open all day. */
const WARM_SECONDS = Math.min(30, SECONDS);
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
    const load = await makeProcesses(PROCESSES);
    try {
      const ours = await watchOurs(context, bundles, env);
      const idle = { argv: [process.execPath, join(bundles, 'idle.mjs')], keep: true };
      const [delays, noise] = (await Promise.all([watchOurs(context, bundles, env, 'delays'), watch(idle, WARM_SECONDS, SECONDS)])).map(delayOf) as [LoopDelay, LoopDelay];
      const take = (name: string, argv: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Watched> => {
        context.say(`  ${name} …`);
        return watch({ argv, env: { ...env, ...more }, keep: argv[0] === process.execPath }, WARM_SECONDS, SECONDS);
      };
      const rows: BenchRow[] = [
        alone('monitor', 'collector with its nvidia-smi streams, at 1 Hz', ours.share, 1, '% of a core'),
        alone('monitor', 'collector without them', ours.ownShare, null, '% of a core'),
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
      beside('top -d 1', await take('top', ['top', '-b', '-d', '1']), 0.5);
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

/** With one face, which is another process, as another window is. */
async function watchOurs({ folder, say }: BenchContext, bundles: string, env: Readonly<Record<string, string>>, looks = ''): Promise<Watched> {
  say(`  ours ${looks}…`);
  const meeting = join(folder, `m${looks}`);
  mkdirSync(meeting, { mode: 0o700 });
  const face = watch({ argv: [process.execPath, join(bundles, 'face.mjs'), meeting], env, keep: true }, WARM_SECONDS, SECONDS - 1);
  const [ours, seen] = await Promise.all([
    watch({ argv: [process.execPath, join(bundles, 'ours.mjs'), meeting, looks], env, keep: true }, WARM_SECONDS, SECONDS),
    face,
  ]);
  const { samples, gpus, processes } = JSON.parse(seen.stdout) as { samples: number; gpus: number; processes: number };
  say(`    ${samples} samples came, of ${gpus} GPUs and ${processes} processes`);
  if (samples < SECONDS || gpus !== GPUS || processes < PROCESSES) {
    throw new Error('the collector did not do what it was to be measured at');
  }
  return ours;
}

async function bundle(folder: string): Promise<string> {
  const entries = ['ours', 'face', 'idle', 'systemInformation', 'spawnLoop'].map((name) => join(import.meta.dirname, `${name}.ts`));
  const outdir = join(folder, 'bundles');
  await build({ ...AS_SHIPPED, minify: true, entryPoints: entries, outdir, outExtension: { '.js': '.mjs' } });
  return outdir;
}

function delayOf({ stdout }: Watched): LoopDelay {
  return JSON.parse(stdout) as LoopDelay;
}
