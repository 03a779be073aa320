import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConvertRequest, LeftOut, PlanItem } from '../../../../src/convert/job.ts';
import { openLedger } from '../../../../src/convert/ledger.ts';
import { planJob, type JobPlanSetup } from '../../../../src/convert/plan/planJob.ts';
import { definePreset, type Preset } from '../../../../src/convert/preset.ts';
import { fileStamp, outputStamp } from '../../../../src/convert/run/stamps.ts';
import type { FoundTool } from '../../../../src/process/foundTool.ts';
import type { ToolId } from '../../../../src/process/toolPlan.ts';
import type { ToolState } from '../../../../src/process/toolSearch.ts';
import { temporaryFolder } from '../../media/support.ts';
import { SAMPLES } from '../../media/samples.ts';
import { wavBytes } from '../../media/wavBytes.ts';

export const WAV = wavBytes({ tag: 1, channels: 1, sampleRate: 8000, bits: 16, frames: 4000 });
export const GIF = SAMPLES.gif ?? Buffer.alloc(0);

export function aTool(id: ToolId, changes: Partial<FoundTool> = {}): FoundTool {
  return { id, path: `/usr/bin/${id}`, prefix: [], version: '1', banner: id, features: new Set(), buildId: `${id}-1`, ...changes };
}

const rate = { type: 'integer', title: 'Rate', description: 'Hertz.', default: 16_000, min: 1, max: 96_000, unit: 'Hz' } as const;

/** Takes sound with sox and, where sox refuses, with ffmpeg. */
export const toFlac = definePreset({
  id: 'audio.flac',
  title: 'FLAC',
  summary: '',
  kinds: ['audio'],
  options: { rate },
  revision: 1,
  methods: [
    { engine: 'sox', refuse: (media) => (media.container === 'caf' ? 'sox does not read caf' : undefined), convert: () => never() },
    { engine: 'ffmpeg', needs: () => ['libsoxr'], convert: () => never() },
  ],
  output: () => ({ kind: 'file', extension: 'flac' }),
  expect: () => ({}),
});

/** Takes pictures, and makes a file or, for `webp`, whatever the option says. */
export const toWebp = definePreset({
  id: 'image.webp',
  title: 'WebP',
  summary: '',
  kinds: ['image'],
  options: {},
  revision: 1,
  methods: [
    { engine: 'sharp', convert: () => never() },
    { engine: 'imagemagick', convert: () => never() },
  ],
  output: () => ({ kind: 'file', extension: 'webp' }),
  expect: () => ({}),
});

/** Makes a folder of each picture. */
export const toFrames = definePreset({ ...toWebp, id: 'image.frames', options: {}, output: () => ({ kind: 'folder' }) });

function* never(): Generator<never, Record<string, never>> {
  throw new Error('plans run nothing');
}

export interface Planned {
  readonly base: string;
  readonly output: string;
  readonly recipe: string;
  readonly items: readonly PlanItem[];
  readonly leftOut: LeftOut;
}

export interface PlanChanges extends Partial<Omit<JobPlanSetup, 'request'>> {
  readonly request?: Partial<ConvertRequest>;
}

/** A folder with a store of its own, in which files are made, planned and taken for done. */
export class Bench {
  readonly folder = temporaryFolder();
  readonly store = join(this.folder, 'store');
  readonly data = join(this.folder, 'data');

  constructor() {
    mkdirSync(this.store);
    mkdirSync(this.data);
  }

  /** Writes files below `data` and gives their absolute paths. */
  put(names: readonly string[], content: Buffer = WAV): readonly string[] {
    return names.map((name) => {
      const path = join(this.data, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    });
  }

  async plan(inputs: readonly string[], preset: Preset = toFlac, { request, ...changes }: PlanChanges = {}): Promise<Planned> {
    const plan = await planJob({
      request: {
        preset: preset.id, options: {}, inputs, salvage: false, imageEngine: 'auto', toolPaths: {}, customPresets: [], ...request,
      },
      preset,
      tools: new Map((['sox', 'ffmpeg', 'sharp', 'imagemagick'] as const).map((id) => [id, aTool(id, { features: new Set(['libsoxr']) })])),
      states: STATES,
      store: this.store,
      scratch: join(this.store, 'drafts.jsonl'),
      ...changes,
    });
    const items: PlanItem[] = [];
    let step = await plan.items.next();
    for (; step.done !== true; step = await plan.items.next()) {
      items.push(step.value);
    }
    return { base: plan.base, output: plan.output, recipe: plan.recipe, items, leftOut: step.value };
  }

  /** Makes the outputs of a plan and enters them in the ledger, as a run would. */
  async carryOut({ items, output, recipe }: Planned, salvaged = false): Promise<void> {
    const ledger = await openLedger({ store: this.store, output });
    const entries = items.flatMap((item) => {
      if (item.output === undefined || (item.action !== 'write' && item.action !== 'replace')) {
        return [];
      }
      mkdirSync(dirname(item.output), { recursive: true });
      writeFileSync(item.output, `made from ${item.input}`);
      return [{
        input: item.input, output: item.output, inputStamp: fileStamp(item.input), outputStamp: outputStamp(item.output),
        recipe, tool: `${item.engine}-1`, salvaged,
      }];
    });
    await ledger.append(entries);
  }
}

export const STATES: readonly ToolState[] = [
  { id: 'ffmpeg', title: 'ffmpeg', rejected: [], install: 'sudo apt-get install ffmpeg' },
  { id: 'sox', title: 'SoX', rejected: [], install: 'sudo apt-get install sox' },
  { id: 'imagemagick', title: 'ImageMagick', rejected: [], install: 'sudo apt-get install imagemagick' },
  { id: 'sharp', title: 'sharp', rejected: [] },
] as unknown as readonly ToolState[];

/** `write new a.flac` for each item, the output as it lies in the output folder. */
export function lines({ items, output }: Pick<Planned, 'items' | 'output'>): readonly string[] {
  return items.map((item) => [item.action, item.reason, item.output?.slice(output.length + 1)].filter((part) => part !== undefined).join(' · '));
}
