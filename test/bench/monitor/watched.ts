import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';

export interface Program {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether what it writes is wanted; else it goes nowhere. */
  readonly keep?: boolean;
}

export interface Watched {
  /** CPU seconds a second, in percent of a core, of it and all that it started. */
  readonly share: number;
  /** Of it alone. */
  readonly ownShare: number;
  /** Largest sum of resident memory of it and all that it started. */
  readonly megabytes: number;
  readonly stdout: string;
}

const TICKS_PER_SECOND = 100;
const NANOSECONDS_PER_TICK = 1e9 / TICKS_PER_SECOND;

/** Lets a program run, and after `warmSeconds` measures it for `seconds`; then ends it. Throws where it ends by itself. */
export async function watch({ argv, env, keep }: Program, warmSeconds: number, seconds: number): Promise<Watched> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', keep ? 'pipe' : 'ignore', 'pipe'], detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-2000)));
  const ended = once(child, 'close');
  await once(child, 'spawn');
  const pid = child.pid as number;
  const check = (): void => {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${argv.slice(0, 4).join(' ')} … ended with ${child.exitCode ?? child.signalCode}: ${stderr}`);
    }
  };
  try {
    await pause(warmSeconds);
    check();
    const first = treeOf(pid);
    const began = performance.now();
    let megabytes = 0;
    for (let second = 0; second < seconds; second += 5) {
      await pause(Math.min(5, seconds - second));
      check();
      megabytes = Math.max(megabytes, treeOf(pid).megabytes);
    }
    const last = treeOf(pid);
    const passed = (performance.now() - began) / 1000;
    const share = (key: 'ticks' | 'ownTicks'): number => ((last[key] - first[key]) / TICKS_PER_SECOND / passed) * 100;
    child.kill('SIGTERM');
    await Promise.race([ended, pause(5)]);
    return { share: share('ticks'), ownShare: share('ownTicks'), megabytes, stdout };
  } finally {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  }
}

/** CPU time and memory of a process and its descendants; the time of those that ended is their parent's. */
function treeOf(root: number): { readonly ticks: number; readonly ownTicks: number; readonly megabytes: number } {
  const all = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statOf(Number(name))),
  );
  let ticks = 0;
  let megabytes = 0;
  for (const [pid, stat] of all) {
    let at: number | undefined = pid;
    while (at !== undefined && at !== root) {
      at = all.get(at)?.parent;
    }
    if (at === root) {
      ticks += stat.ticks + stat.childTicks;
      megabytes += stat.megabytes;
    }
  }
  return { ticks, ownTicks: all.get(root)?.ticks ?? 0, megabytes };
}

interface Stat {
  readonly parent: number;
  readonly ticks: number;
  readonly childTicks: number;
  readonly megabytes: number;
}

function statOf(pid: number): readonly (readonly [number, Stat])[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11);
    return [[pid, { parent: fields[1] ?? 0, ticks: Math.max(ticksOfThreads(pid), user + system), childTicks: childUser + childSystem, megabytes: ((fields[21] ?? 0) * 4096) / 1e6 }]];
  } catch {
    return [];
  }
}

/** The same by the scheduler's own clock, which is finer; less where threads have ended meanwhile, 0 where the kernel keeps none. */
function ticksOfThreads(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + nanosecondsOf(pid, thread), 0) / NANOSECONDS_PER_TICK;
}

function nanosecondsOf(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    // It has ended since it was listed: its process goes on, and is counted.
    return 0;
  }
}

export function pause(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}
