import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpegEngine } from '../../../src/convert/engines/ffmpeg.ts';
import type { Call, Verdict } from '../../../src/convert/engine.ts';
import type { FfmpegCall } from '../../../src/convert/mediaWork.ts';
import type { ToolOutput, ToolPlan } from '../../../src/process/toolPlan.ts';

const folders: string[] = [];

/** A new folder, removed by `cleanUp`. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-video-')));
  folders.push(folder);
  return folder;
}

export function cleanUp(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes media for a test. */
export function make(...args: readonly string[]): void {
  execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

export interface Ran {
  readonly output: ToolOutput;
  readonly verdicts: readonly Verdict[];
  /** Every fraction that the plan's progress reader gave. */
  readonly fractions: readonly number[];
  readonly plan: ToolPlan;
}

/** Runs a plan as the runner does: private folder as the current one, limits, nothing of our environment. */
export async function runPlan(plan: ToolPlan): Promise<{ readonly output: ToolOutput; readonly fractions: readonly number[] }> {
  const folder = newFolder();
  const limits = plan.limits?.memory === undefined ? [] : [`--as=${plan.limits.memory}`];
  const child = spawn('/usr/bin/prlimit', [...limits, '/usr/bin/ffmpeg', ...plan.args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TMPDIR: folder, HOME: folder, ...plan.env },
  });
  const reader = plan.progress?.();
  const fractions: number[] = [];
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const fraction = reader?.read(text);
    if (fraction !== undefined) {
      fractions.push(fraction);
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(plan.stdin ?? '');
  const exitCode = await new Promise<number>((done, fail) => child.once('error', fail).once('close', (code) => done(code ?? 137)));
  return { output: { exitCode, stdout, stderr, ms: 0 }, fractions };
}

export async function runCalls(calls: readonly Call[], salvage = false): Promise<Ran> {
  const plan = ffmpegEngine.plan(calls as readonly FfmpegCall[], { salvage, limits: {} });
  const { output, fractions } = await runPlan(plan);
  return { output, fractions, plan, verdicts: ffmpegEngine.judge(output, calls as readonly FfmpegCall[]) };
}
