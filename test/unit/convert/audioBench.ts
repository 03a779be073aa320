import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call, Engine, EngineId, Verdict } from '../../../src/convert/engine.ts';
import { ffmpegEngine } from '../../../src/convert/engines/ffmpeg.ts';
import { soxEngine } from '../../../src/convert/engines/sox.ts';
import type { OptionValues } from '../../../src/recipe/option.ts';
import { resolveOptions } from '../../../src/convert/optionValues.ts';
import { createEngineChooser } from '../../../src/convert/plan/engineChoice.ts';
import type { Outcome, Preset } from '../../../src/convert/preset.ts';
import { unmatched } from '../../../src/convert/run/verify.ts';
import type { Media } from '../../../src/media/media.ts';
import { createProber } from '../../../src/media/probe.ts';
import { createToolRunner } from '../../../src/process/createToolRunner.ts';
import type { Toolbox } from '../../../src/process/foundTool.ts';
import { createToolFinder, toolboxOf } from '../../../src/process/toolFinder.ts';
import type { ToolOutput, ToolPlan } from '../../../src/process/toolPlan.ts';

const folders: string[] = [];

/** A new folder, removed by `cleanUp` unless it is to be kept. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-audio-')));
  folders.push(folder);
  return folder;
}

export function cleanUp(keep: readonly string[] = []): void {
  for (const folder of folders.splice(0)) {
    if (keep.includes(folder)) {
      folders.push(folder);
    } else {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

export function sox(...args: readonly string[]): string {
  return execFileSync('/usr/bin/sox', ['-D', '-R', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function ffmpeg(...args: readonly string[]): void {
  execFileSync('/usr/bin/ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

export interface Told {
  readonly codec: string;
  readonly rate: number;
  readonly channels: number;
  readonly seconds: number;
  /** Names in lower case. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What ffprobe, a reader other than ours, says of the first audio stream. */
export function ffprobe(path: string): Told {
  const args = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', '-i', `file:${path}`];
  const text = execFileSync('/usr/bin/ffprobe', args, { encoding: 'utf8' });
  const { streams, format } = JSON.parse(text) as {
    streams: { codec_name: string; sample_rate: string; channels: number; tags?: Record<string, string> }[];
    format: { duration: string; tags?: Record<string, string> };
  };
  const [stream] = streams;
  return {
    codec: stream?.codec_name ?? '',
    rate: Number(stream?.sample_rate),
    channels: stream?.channels ?? 0,
    seconds: Number(format.duration),
    tags: Object.fromEntries(Object.entries({ ...format.tags, ...stream?.tags }).map(([name, text]) => [name.toLowerCase(), text])),
  };
}

/** The samples of a file as ffmpeg decodes them, interleaved, full scale being 1. */
export function samplesOf(path: string): Float64Array {
  const args = ['-v', 'error', '-nostdin', '-i', `file:${path}`, '-map', '0:a:0', '-f', 'f64le', '-c:a', 'pcm_f64le', '-'];
  const bytes = execFileSync('/usr/bin/ffmpeg', args, { maxBuffer: 2 ** 28 });
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

export function peakOf(samples: Float64Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** Root mean square of the differences of two sounds, in dB. */
export function differenceOf(one: Float64Array, other: Float64Array): number {
  const sum = one.reduce((total, sample, index) => total + (sample - (other[index] ?? 0)) ** 2, 0);
  return 10 * Math.log10(sum / one.length);
}

let found: Promise<Toolbox> | undefined;

/** The tools of this machine, found as the product finds them. */
export function toolbox(): Promise<Toolbox> {
  found ??= createToolFinder()
    .find({ paths: {}, env: process.env, sharpWorker: '/nowhere', never: [] }, ['sox', 'ffmpeg', 'ffprobe'])
    .then(toolboxOf);
  return found;
}

export async function runPlan(plan: ToolPlan): Promise<ToolOutput> {
  return (await createToolRunner({ tools: await toolbox() }).execute(plan)).output;
}

const ENGINES = new Map<EngineId, Engine>([soxEngine, ffmpegEngine].map((engine) => [engine.id, engine as unknown as Engine]));

export interface Ran {
  readonly output: ToolOutput;
  readonly verdicts: readonly Verdict[];
}

export async function runCalls(calls: readonly Call[], salvage = false): Promise<Ran> {
  const engine = ENGINES.get(calls[0]?.engine ?? 'sox') as Engine;
  const output = await runPlan(engine.plan(calls, { salvage, limits: {} }));
  return { output, verdicts: engine.judge(output, calls) };
}

export async function probe(path: string): Promise<Media> {
  const runner = createToolRunner({ tools: await toolbox() });
  return createProber().probe(path, { ffprobe: (plan) => runner.run(plan) });
}

interface Refused {
  readonly refused: string;
}

/** The engine that the planner takes for a file, or why it takes none. */
export async function choose(preset: Preset, media: Media, options: OptionValues = {}, tools?: Toolbox): Promise<EngineId | Refused> {
  const chooser = createEngineChooser({
    preset, options: resolveOptions(preset.options, options), imageEngine: 'auto', tools: tools ?? (await toolbox()), states: [],
  });
  const choice = chooser.choose(media);
  return 'refused' in choice ? choice : choice.engine;
}

export interface Converted {
  readonly engine: EngineId;
  readonly output: string;
  readonly outcome: Outcome;
  /** What salvage let pass. */
  readonly damage: readonly string[];
  /** How the output fails its post-condition. */
  readonly faults: readonly string[];
  readonly calls: number;
}

export interface ConvertOptions {
  readonly options?: OptionValues;
  readonly output?: string;
  readonly salvage?: boolean;
  /** Instead of the one that the planner takes. */
  readonly engine?: EngineId;
  readonly media?: Media;
}

/** One file through a preset as a job does it: engine, calls, verdicts, post-condition. Throws what stops it. */
export async function convert(preset: Preset, path: string, more: ConvertOptions = {}): Promise<Converted> {
  const { salvage = false, output = join(newFolder(), '.trainyard-1-1.part') } = more;
  const media = more.media ?? (await probe(path));
  const options = resolveOptions(preset.options, more.options ?? {});
  const choice = more.engine ?? (await choose(preset, media, options));
  if (typeof choice === 'object') {
    throw new Error(choice.refused);
  }
  const method = preset.methods.find(({ engine }) => engine === choice);
  const tool = (await toolbox()).get(choice);
  const refused = preset.refuse?.(media, options) ?? method?.refuse?.(media, options);
  if (!method || !tool || refused !== undefined) {
    throw new Error(refused ?? `there is no ${choice}`);
  }
  if (preset.output(media, options).kind === 'folder') {
    mkdirSync(output);
  }
  const steps = method.convert({ input: path, media, options, output, threads: 1, tool, salvage });
  const damage: string[] = [];
  let step = steps.next();
  let calls = 0;
  for (; step.done !== true; calls++) {
    const { output: said, verdicts } = await runCalls([step.value], salvage);
    const verdict = verdicts[0] ?? { state: 'unknown' };
    if (verdict.state === 'complained' && salvage) {
      damage.push(...verdict.lines);
    } else if (verdict.state !== 'clean') {
      throw new Error(`${verdict.state}: ${'lines' in verdict ? verdict.lines.join('\n') : ''}`);
    }
    step = steps.next(said);
  }
  return { engine: choice, output, outcome: step.value, damage, calls, faults: await faultsOf(preset, media, options, choice, output) };
}

async function faultsOf(preset: Preset, media: Media, options: OptionValues, engine: EngineId, output: string): Promise<readonly string[]> {
  const expected = preset.expect(media, options, engine);
  if (!('files' in expected)) {
    return unmatched(expected, await probe(output)).map(({ text }) => text);
  }
  const names = readdirSync(output).sort();
  const count = names.length < expected.files.min || names.length > expected.files.max ? [`${names.length} files`] : [];
  const faults = await Promise.all(
    names.map(async (name, index) => {
      const wanted = index === names.length - 1 ? (expected.last ?? expected.each) : expected.each;
      return unmatched(wanted, await probe(join(output, name))).map(({ text }) => `${name}: ${text}`);
    }),
  );
  return [...count, ...faults.flat()];
}

/** A WAV of 16-bit samples, written byte by byte. */
export function writeWav(path: string, samples: readonly number[], rate = 16_000, channels = 1): void {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * channels * 2, 28);
  bytes.writeUInt16LE(channels * 2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => bytes.writeInt16LE(sample, 44 + index * 2));
  writeFileSync(path, bytes);
}
