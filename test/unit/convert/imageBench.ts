import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import type { Call, Engine, Verdict } from '../../../src/convert/engine.ts';
import { createImagemagickEngine } from '../../../src/convert/engines/imagemagick.ts';
import { sharpEngine } from '../../../src/convert/engines/sharp.ts';
import type { OptionValues } from '../../../src/recipe/option.ts';
import type { Outcome, Preset } from '../../../src/convert/preset.ts';
import type { Container, Media } from '../../../src/media/media.ts';
import type { ToolOutput, ToolPlan } from '../../../src/process/toolPlan.ts';

export const IMAGES = join(process.env['TRAINYARD_FIXTURES'] ?? resolve(import.meta.dirname, '../../../../shared/fixtures'), 'media/image');
export const policyFolder = resolve(import.meta.dirname, '../../../media/imagemagick-policy');
export const haveFixtures = existsSync(IMAGES);
export const imagemagickEngine = createImagemagickEngine({ policyFolder });

const folders: string[] = [];

/** A new folder, removed by `cleanUp`. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-image-')));
  folders.push(folder);
  return folder;
}

export function cleanUp(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Debian's `convert`, whatever else is called so on PATH. */
export function convert(...args: readonly string[]): void {
  execFileSync('/usr/bin/convert', args);
}

export function identify(format: string, file: string): string {
  return execFileSync('/usr/bin/identify', ['-format', format, file], { encoding: 'utf8' });
}

let built: Promise<string> | undefined;
const made: string[] = [];
// A worker of vitest's is ended without an `exit` of its own.
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The worker as it is shipped: one bundle, with sharp beside it in node_modules. */
export function builtWorker(): Promise<string> {
  built ??= (async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-worker-')));
    made.push(folder);
    symlinkSync(resolve(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
    const outfile = join(folder, 'sharpWorker.mjs');
    await build({
      entryPoints: [resolve(import.meta.dirname, '../../../src/convert/sharpWorker.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      external: ['sharp'],
      logLevel: 'silent',
    });
    return outfile;
  })();
  return built;
}

/** Runs a plan as the runner does: private folder as the current one, its links in it, nothing of our environment. */
export async function runPlan(plan: ToolPlan, worker?: string): Promise<ToolOutput> {
  const folder = newFolder();
  for (const [name, target] of Object.entries(plan.links ?? {})) {
    symlinkSync(target, join(folder, name));
  }
  const [file, prefix] = plan.tool === 'sharp' ? [process.execPath, [worker ?? (await builtWorker())]] : ['/usr/bin/convert', []];
  const child = spawn(file, [...prefix, ...plan.args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TMPDIR: folder, HOME: folder, ...plan.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A tool that ends before it was handed its input is no error of the test's.
  child.stdin.on('error', () => {}).end(plan.stdin ?? '');
  const exitCode = await new Promise<number>((done, fail) => child.once('error', fail).once('close', (code) => done(code ?? 137)));
  return { exitCode, stdout, stderr, ms: 0 };
}

const engines = new Map<string, Engine<never>>([
  ['imagemagick', imagemagickEngine],
  ['sharp', sharpEngine],
]);

export async function runCalls(calls: readonly Call[], salvage = false): Promise<{ output: ToolOutput; verdicts: readonly Verdict[] }> {
  const engine = engines.get(calls[0]?.engine ?? '') as unknown as Engine;
  const output = await runPlan(engine.plan(calls, { salvage, limits: {} }));
  return { output, verdicts: engine.judge(output, calls) };
}

/** Facts for a plan, got without our own probe: by sharp where it reads the file, else as given. */
export async function mediaOf(path: string, given: Partial<NonNullable<Media['image']>> & { container?: Container } = {}): Promise<Media> {
  const { container, ...image } = given;
  const facts = await sharp(path, { failOn: 'none', limitInputPixels: false }).metadata().catch(() => undefined);
  const bits = facts?.depth === 'ushort' ? 16 : 8;
  const space = facts?.space ?? 'srgb';
  return {
    path,
    kind: 'image',
    container: container ?? (facts?.format === 'heif' ? 'avif' : (facts?.format as Container | undefined)) ?? 'unknown',
    size: 0,
    image: {
      width: facts?.autoOrient ? facts.width : 1,
      height: facts?.height ?? 1,
      orientation: facts?.orientation ?? 1,
      frames: facts?.pages ?? 1,
      bitDepth: bits,
      colour: space === 'cmyk' ? 'cmyk' : space === 'b-w' || space === 'grey16' ? 'gray' : facts?.isPalette ? 'palette' : 'rgb',
      alpha: facts?.hasAlpha ?? false,
      profile: facts?.hasProfile ?? false,
      ...image,
    },
    problems: [],
  };
}

export interface Converted {
  readonly output: string;
  readonly verdict: Verdict;
  readonly outcome: Outcome | undefined;
  readonly tool: ToolOutput;
}

export function withDefaults(preset: Preset, options: OptionValues = {}): OptionValues {
  const defaults = Object.fromEntries(Object.entries(preset.options).map(([name, spec]) => [name, spec.default]));
  return { ...defaults, ...options };
}

/** Runs one preset's method for one engine on one file. */
export async function convertOne(
  preset: Preset,
  engine: 'sharp' | 'imagemagick',
  media: Media,
  { options = {}, output = join(newFolder(), '.trainyard-1-1.part'), salvage = false }:
    { options?: OptionValues; output?: string; salvage?: boolean } = {},
): Promise<Converted> {
  const method = preset.methods.find((candidate) => candidate.engine === engine);
  if (!method) {
    throw new Error(`${preset.id} has no method for ${engine}`);
  }
  const values = withDefaults(preset, options);
  const refused = preset.refuse?.(media, values) ?? method.refuse?.(media, values);
  if (refused !== undefined) {
    throw new Error(refused);
  }
  const calls = method.convert({
    input: media.path, media, options: values, output, threads: 1, salvage,
    tool: { id: engine, path: '', prefix: [], version: '', banner: '', features: new Set(), buildId: '' },
  });
  const first = calls.next();
  if (first.done) {
    throw new Error('no call was made');
  }
  const { output: tool, verdicts } = await runCalls([first.value], salvage);
  const verdict = verdicts[0] ?? { state: 'unknown' };
  if (verdict.state !== 'clean') {
    return { output, verdict, outcome: undefined, tool };
  }
  const last = calls.next(tool);
  return { output, verdict, outcome: last.done ? last.value : undefined, tool };
}
