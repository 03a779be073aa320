import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ffmpegEngine } from '../../../src/convert/engines/ffmpeg.ts';
import type { Call, Engine, Verdict } from '../../../src/convert/engine.ts';
import { createImagemagickEngine } from '../../../src/convert/engines/imagemagick.ts';
import { soxEngine } from '../../../src/convert/engines/sox.ts';
import type { OptionValues } from '../../../src/recipe/option.ts';
import { resolveOptions } from '../../../src/convert/optionValues.ts';
import type { Outcome, OutputShape, Preset, Task } from '../../../src/convert/preset.ts';
import { unmatched } from '../../../src/convert/run/verify.ts';
import type { Media } from '../../../src/media/media.ts';
import { createProber } from '../../../src/media/probe.ts';
import type { FoundTool } from '../../../src/process/foundTool.ts';
import type { ToolOutput, ToolPlan } from '../../../src/process/toolPlan.ts';

const imagemagickEngine = createImagemagickEngine({ policyFolder: resolve(import.meta.dirname, '../../../media/imagemagick-policy') });
const ENGINES = new Map([ffmpegEngine, soxEngine, imagemagickEngine].map((engine) => [engine.id, engine as unknown as Engine]));

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
  for (const [name, target] of Object.entries(plan.links ?? {})) {
    symlinkSync(target, join(folder, name));
  }
  const child = spawn('/usr/bin/prlimit', [...limits, plan.tool === 'imagemagick' ? '/usr/bin/convert' : `/usr/bin/${plan.tool}`, ...plan.args], {
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
  // A tool that ends before it was handed its input is no error of the test's.
  child.stdin.on('error', () => {}).end(plan.stdin ?? '');
  const exitCode = await new Promise<number>((done, fail) => child.once('error', fail).once('close', (code) => done(code ?? 137)));
  return { output: { exitCode, stdout, stderr, ms: 0 }, fractions };
}

export async function runCalls(calls: readonly Call[], salvage = false): Promise<Ran> {
  const engine = ENGINES.get(calls[0]?.engine ?? 'ffmpeg') as Engine;
  const plan = engine.plan(calls, { salvage, limits: {} });
  const { output, fractions } = await runPlan(plan);
  return { output, fractions, plan, verdicts: engine.judge(output, calls) };
}

const prober = createProber();

/** What a file is by our own probe, with Debian's ffprobe for what the libraries do not read. */
export function inspect(path: string): Promise<Media> {
  return prober.probe(path, {
    ffprobe: async (plan) => plan.parse({ exitCode: 0, stdout: execFileSync('/usr/bin/ffprobe', plan.args, { encoding: 'utf8' }), stderr: '', ms: 0 }),
  });
}

/** The values of one entry of each frame or stream, as `ffprobe -show_entries` prints them. */
export function ffprobe(entries: string, path: string, ...more: readonly string[]): readonly string[] {
  const text = execFileSync('/usr/bin/ffprobe', ['-v', 'error', ...more, '-show_entries', entries, '-of', 'csv=p=0', path], { encoding: 'utf8' });
  return text.split('\n').map((line) => line.replace(/^,+|,+$/g, '')).filter((line) => line !== '');
}

export const DEBIANS_FFMPEG: FoundTool = {
  id: 'ffmpeg', path: '/usr/bin/ffmpeg', prefix: [], version: '5.1.9-0+deb12u1', banner: '', buildId: '',
  features: new Set(['libx264', 'libvpx', 'libopus', 'libwebp', 'libsoxr', 'libzimg']),
};

export interface Converted {
  /** Absolute path of the output file or folder. */
  readonly output: string;
  readonly shape: OutputShape;
  readonly outcome: Outcome;
  /** Where the output is otherwise than the preset promised. */
  readonly unmatched: readonly string[];
  readonly media: Media;
  /** The output's own; of the first file of a folder. */
  readonly made: Media;
}

/** Does a preset to one file as a batch does, strictly: rejects where a call does not run clean. */
export async function convertFile(preset: Preset, input: string, set: OptionValues = {}, tool = DEBIANS_FFMPEG): Promise<Converted> {
  const media = await inspect(input);
  const options = resolveOptions(preset.options, set);
  const refusal = preset.refuse?.(media, options);
  if (refusal !== undefined) {
    throw new Error(`refused: ${refusal}`);
  }
  const shape = preset.output(media, options);
  const output = join(newFolder(), '.trainyard-7-0123456789ab-1.part');
  if (shape.kind === 'folder') {
    mkdirSync(output);
  }
  const task: Task = { input, media, options, output, threads: 1, tool, salvage: false };
  const outcome = await finish(preset.methods[0]?.convert(task) as Generator<Call, Outcome, ToolOutput>);
  const expected = preset.expect(media, options, preset.methods[0]?.engine ?? 'ffmpeg');
  const files = shape.kind === 'file' ? [output] : readdirSync(output).sort().map((name) => join(output, name));
  const found = await Promise.all(files.map(inspect));
  const faults = 'files' in expected
    ? [...(files.length < expected.files.min || files.length > expected.files.max ? [`${files.length} files`] : []), ...found.flatMap((one) => unmatched(expected.each, one))]
    : unmatched(expected, found[0] as Media);
  return { output, shape, outcome, media, made: found[0] as Media, unmatched: faults.map((fault) => (typeof fault === 'string' ? fault : fault.text)) };
}

async function finish(steps: Generator<Call, Outcome, ToolOutput>): Promise<Outcome> {
  let step = steps.next();
  while (!step.done) {
    const { output, verdicts } = await runCalls([step.value]);
    if (verdicts[0]?.state !== 'clean') {
      throw new Error(`did not run clean: ${JSON.stringify(verdicts[0])}`);
    }
    step = steps.next(output);
  }
  return step.value;
}
