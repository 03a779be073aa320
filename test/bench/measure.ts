import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Taken {
  /** Wall time. */
  readonly seconds: number;
  /** Largest resident set of the process that was started, by GNU time. */
  readonly megabytes: number;
  readonly stdout: string;
}

/** Runs a command to its end under GNU time. Throws where it does not exit with 0: a failed run is no figure. */
export async function take({ argv, stdin, env, cwd }: Command): Promise<Taken> {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-time-'));
  try {
    const report = join(folder, 'report');
    const child = spawn('/usr/bin/time', ['-q', '-o', report, '-f', '%e %M', ...argv], { cwd, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-2000)));
    child.stdin.end(stdin ?? '');
    const started = process.hrtime.bigint();
    const code = await new Promise<number>((done, fail) => child.once('error', fail).once('close', (value) => done(value ?? -1)));
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (code !== 0) {
      throw new Error(`${argv.slice(0, 6).join(' ')} … ended with ${code}: ${stderr}`);
    }
    const [, kilobytes] = readFileSync(report, 'utf8').trim().split(' ');
    return { seconds, megabytes: Number(kilobytes) / 1000, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Contender {
  /** Makes the ground level again; not timed. */
  readonly prepare: () => Promise<void> | void;
  readonly command: Command;
  /** Run in the last round alone: so much slower that a second time would tell nothing more. */
  readonly once?: boolean;
  /** What counts of a run, where it is not the whole process's wall time. */
  readonly seconds?: (taken: Taken) => number;
}

/** Medians of `rounds` runs each, the contenders in turn, after one round that does not count. */
export async function race<K extends string>(contenders: Readonly<Record<K, Contender>>, rounds: number): Promise<Record<K, number>> {
  const names = Object.keys(contenders) as K[];
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names.filter((candidate) => round === rounds || !contenders[candidate].once)) {
      await contenders[name].prepare();
      const taken = await take(contenders[name].command);
      if (round > 0) {
        times.get(name)?.push(contenders[name].seconds?.(taken) ?? taken.seconds);
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<K, number>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
