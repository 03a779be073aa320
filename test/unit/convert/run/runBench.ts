import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { absent } from '../../../../src/base/absent.ts';
import type { Engine, EngineId } from '../../../../src/convert/engine.ts';
import { createEngines } from '../../../../src/convert/engines/index.ts';
import type { JobStatus, PlanItem } from '../../../../src/convert/job.ts';
import type { LedgerEntry } from '../../../../src/convert/ledger.ts';
import type { OptionValues } from '../../../../src/recipe/option.ts';
import type { Preset } from '../../../../src/convert/preset.ts';
import { imageFit } from '../../../../src/convert/presets/image/fit.ts';
import { jobFiles, newJobId, writeStatus, type JobFiles } from '../../../../src/convert/run/jobFiles.ts';
import { runJob, type RunSetup } from '../../../../src/convert/run/jobRun.ts';
import { limitsFor } from '../../../../src/convert/run/limits.ts';
import type { JournalLine } from '../../../../src/convert/run/journal.ts';
import { readJsonBlocks } from '../../../../src/convert/run/lines.ts';
import { writePlan } from '../../../../src/convert/run/planFile.ts';
import { StatusFile } from '../../../../src/convert/run/statusFile.ts';
import { cost } from '../../../../src/media/cost.ts';
import { createProber } from '../../../../src/media/probe.ts';
import { createToolRunner } from '../../../../src/process/createToolRunner.ts';
import type { Toolbox } from '../../../../src/process/foundTool.ts';
import { createToolFinder, toolboxOf } from '../../../../src/process/toolFinder.ts';
import type { ToolId } from '../../../../src/process/toolPlan.ts';
import { builtWorker } from '../imageBench.ts';

export const ROOT = resolve(import.meta.dirname, '../../../..');

const folders: string[] = [];

/** A new folder, removed by `cleanUp` with what lies beside it: default output folders do. */
export function newFolder(): string {
  const around = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-run-')));
  folders.push(around);
  const folder = join(around, 'files');
  mkdirSync(folder);
  return folder;
}

export function cleanUp(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

const finder = createToolFinder();

export async function findToolbox(ids: readonly ToolId[], paths: Partial<Record<ToolId, string>> = {}): Promise<Toolbox> {
  return toolboxOf(await finder.find({ paths, env: process.env, sharpWorker: await builtWorker(), never: [] }, ids));
}

/** JPEGs of noise, 64 x 48 pixels unless said otherwise. */
export function makeImages(folder: string, names: readonly string[], size = '64x48'): readonly string[] {
  const [first, ...others] = names.map((name) => join(folder, name));
  if (first === undefined) {
    return [];
  }
  execFileSync('/usr/bin/convert', ['-size', size, 'plasma:red-blue', `jpeg:${first}`]);
  const bytes = readFileSync(first);
  others.forEach((path) => writeFileSync(path, bytes));
  return [first, ...others];
}

/** The plan for these inputs: `NAME.jpg` in `output` for each, by one engine. */
export function planFor(
  inputs: readonly string[],
  output: string,
  engine: EngineId,
  change: (item: PlanItem) => PlanItem = (item) => item,
): PlanItem[] {
  const prober = createProber();
  return inputs.map((input, seq) => {
    const media = prober.probeFast(input);
    const name = input.slice(input.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
    return change({
      seq,
      engine,
      input,
      action: 'write',
      reason: 'new',
      output: join(output, `${name}.jpg`),
      size: statSync(input).size,
      cost: media ? cost(media) : 0,
    });
  });
}

export class MemoryLedger {
  readonly entries: LedgerEntry[] = [];

  append(entries: readonly LedgerEntry[]): Promise<void> {
    this.entries.push(...entries);
    return Promise.resolve();
  }

  stampOf(output: string): string | undefined {
    return this.entries.findLast((entry) => entry.output === output)?.outputStamp;
  }
}

export interface TestJob {
  readonly files: JobFiles;
  readonly ledger: MemoryLedger;
  readonly setup: RunSetup;
  run(signal?: AbortSignal, onStatus?: (status: JobStatus) => void): Promise<JobStatus>;
  journal(): Promise<readonly JournalLine[]>;
}

export interface TestJobOptions {
  readonly plan: readonly PlanItem[];
  readonly output: string;
  readonly preset?: Preset;
  readonly options?: OptionValues;
  readonly salvage?: boolean;
  readonly workers?: number;
  readonly toolbox?: Toolbox;
  /** Stands before the real engines. */
  readonly engines?: readonly Engine[];
  readonly change?: (setup: RunSetup) => RunSetup;
}

/** A planned job in a folder of its own, to be run by `runJob` in this process. */
export async function newJob(options: TestJobOptions): Promise<TestJob> {
  const { preset = imageFit, plan, output, workers = 2 } = options;
  const id = newJobId(Date.now());
  const files = jobFiles(newFolder(), id);
  mkdirSync(files.folder);
  await writePlan(files, itemsOf(plan), () => {});
  const toolbox = options.toolbox ?? (await findToolbox(['sharp', 'imagemagick']));
  const prober = createProber();
  const ledger = new MemoryLedger();
  const defaults = Object.fromEntries(Object.entries(preset.options).map(([name, spec]) => [name, spec.default]));
  const plain: RunSetup = {
    preset,
    toolbox,
    ledger,
    output,
    workers,
    states: [],
    imageEngine: 'auto',
    options: { ...defaults, ...options.options },
    salvage: options.salvage ?? false,
    runner: createToolRunner({ tools: toolbox }),
    engines: new Map([...createEngines({ root: ROOT }), ...(options.engines ?? []).map((engine) => [engine.id, engine] as const)]),
    recipe: 'recipe-1',
    inspect: (path) => prober.probeFast(path) ?? prober.probe(path),
    cpus: 2,
    limitsFor,
  };
  const setup = options.change?.(plain) ?? plain;
  return {
    files,
    ledger,
    setup,
    async run(signal = new AbortController().signal, onStatus) {
      const status = new StatusFile(files, emptyStatus(id, output), onStatus);
      writeStatus(files, status.current);
      await runJob(files, status, setup, signal);
      return JSON.parse(readFileSync(files.status, 'utf8')) as JobStatus;
    },
    async journal() {
      const lines: JournalLine[] = [];
      for await (const block of readJsonBlocks<JournalLine>(files.journal)) {
        lines.push(...block);
      }
      return lines;
    },
  };
}

async function* itemsOf(plan: readonly PlanItem[]): AsyncGenerator<PlanItem> {
  yield* plan;
}

export function emptyStatus(id: string, output: string): JobStatus {
  return {
    id,
    output,
    state: 'planned',
    preset: 'image.fit',
    title: 'Fit',
    base: '/',
    salvage: false,
    createdAt: 0,
    counts: { write: 0, replace: 0, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0 },
    bytes: 0,
    freeBytes: absent('not measured'),
    progress: 0,
    secondsLeft: absent('not running'),
    running: [],
    failures: [],
    notes: [],
  };
}

/** Paths of everything under a folder, hidden things too, relative and sorted; folders end in a slash. */
export function tree(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => `${relative(folder, join(entry.parentPath, entry.name))}${entry.isDirectory() ? '/' : ''}`)
    .sort();
}

export function hashes(paths: readonly string[]): readonly string[] {
  return paths.map((path) => createHash('sha256').update(readFileSync(path)).digest('hex'));
}
