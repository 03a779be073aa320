import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { AS_SHIPPED } from '../../unit/asShipped.ts';
import { getServer } from '../../vscode/getServer.ts';
import type { BenchContext } from '../row.ts';
import { watch, type Watched } from './watched.ts';

export const GPUS = 8;
export const PROCESSES = 300;
/** Of each contender; fewer while somebody works on the bench. */
export const SECONDS = Number(process.env['TRAINYARD_BENCH_SECONDS'] ?? 60);
/** Until what was started has settled: each is left open all day. */
export const WARM_SECONDS = Math.min(30, SECONDS);
/** Until V8 has compiled what runs once a second, which it takes its time for; what is measured then is what goes on all day. */
export const COMPILED_SECONDS = 5 * SECONDS;

export interface CollectorWatch {
  readonly context: BenchContext;
  /** Of `bundle`. */
  readonly bundles: string;
  readonly env: Readonly<Record<string, string>>;
  /** Before it is measured; `WARM_SECONDS` where left out. */
  readonly warmSeconds?: number;
  /** `delays`: also how late its event loop is. */
  readonly looks?: string;
  /** Windows beside the one with a dashboard, each with its status bar alone. */
  readonly statusBars?: number;
  /** Windows beside it that show the dashboard too. */
  readonly dashboards?: number;
}

/** The collector, in the Node that VS Code's server brings and with its history, and a window with a dashboard, which is another process. */
export async function watchCollector({ context, bundles, env, warmSeconds = WARM_SECONDS, looks = '', statusBars = 0, dashboards = 0 }: CollectorWatch): Promise<{ readonly collector: Watched; readonly all: readonly Watched[] }> {
  const { folder, say } = context;
  say(`  ours ${looks}${statusBars > 0 ? `and ${statusBars} status bars ` : ''}${dashboards > 0 ? `and ${dashboards} more dashboards ` : ''}…`);
  const meeting = join(folder, `m${looks}${statusBars}-${dashboards}`);
  mkdirSync(meeting, { mode: 0o700 });
  const face = (...wish: readonly string[]): Promise<Watched> => watch({ argv: [process.execPath, join(bundles, 'face.mjs'), meeting, ...wish], env, keep: true }, warmSeconds, SECONDS - 1);
  const faces = [face('1000', 'full'), ...Array.from({ length: dashboards }, () => face('1000', 'full')), ...Array.from({ length: statusBars }, () => face('5000', 'gpus'))];
  const { node } = await getServer();
  const words = ['--disable-warning=ExperimentalWarning', join(bundles, 'ours.mjs'), meeting, join(meeting, 'history.sqlite'), looks];
  const collector = watch({ argv: [node, ...words], env, keep: true }, warmSeconds, SECONDS);
  const [seen, ...bars] = await Promise.all(faces);
  const { samples, gpus, processes } = told(seen);
  say(`    ${samples} samples came, of ${gpus} GPUs and ${processes} processes`);
  if (samples < SECONDS || gpus !== GPUS || processes < PROCESSES || bars.some((bar) => told(bar).gpus !== GPUS)) {
    throw new Error('the collector did not do what it was to be measured at');
  }
  return { collector: await collector, all: [await collector, ...(await Promise.all(faces))] };
}

function told(face: Watched | undefined): { readonly samples: number; readonly gpus: number; readonly processes: number } {
  return JSON.parse(face?.stdout ?? '') as { samples: number; gpus: number; processes: number };
}

export async function bundle(folder: string): Promise<string> {
  const entries = ['ours', 'face', 'idle', 'wake', 'systemInformation', 'spawnLoop'].map((name) => join(import.meta.dirname, `${name}.ts`));
  const outdir = join(folder, 'bundles');
  await build({ ...AS_SHIPPED, minify: true, entryPoints: entries, outdir, outExtension: { '.js': '.mjs' } });
  return outdir;
}
